"""Names for the smallest things: identifiers, digests, the clock, arrays."""
