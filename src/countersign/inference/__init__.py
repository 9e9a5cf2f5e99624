"""Runs networks: files with digests, folded once, at pinned precision."""
