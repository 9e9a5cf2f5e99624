"""Rows, keys and blobs on disk: the SQL behind the rooms' Protocols."""
