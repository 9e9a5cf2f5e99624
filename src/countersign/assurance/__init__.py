"""The catalogue of requirements, row by row: what enforces each, which tests prove it, and when that was last seen."""
