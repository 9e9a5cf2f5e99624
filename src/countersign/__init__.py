"""Countersign: retrospective face search that has to account for itself."""

__version__ = "0.1.0"
