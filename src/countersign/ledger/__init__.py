"""What was done, provably: entries, the tree over them, signed checkpoints, witnesses, a verifier that stands alone."""
