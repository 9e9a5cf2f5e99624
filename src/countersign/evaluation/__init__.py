"""Measurements of the flow: identification and verification error rates with intervals."""
