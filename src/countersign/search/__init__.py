"""One-to-many comparison: the probe, exact scores, fusion, the candidate list."""
