"""Commitments: what lets a value be proved later, and forgotten when it must be.

A commitment is HMAC-SHA256 of the value under 32 fresh random bytes. A plain hash, or one salt for all, would not do:
names, case numbers and face identifiers can be guessed and tried (EDPB Guidelines 02/2025). A key for each value also
keeps two entries about one person from being linked. Destroy the opening and the entry says nothing about the value.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes

from countersign.errors import Invalid

KEY_BYTES = 32


class OpeningFormError(Invalid):
    """An opening has a key of the wrong length."""

    code = "opening_form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What proves a commitment: kept encrypted outside the log, under a key that erasure destroys.

    Attributes:
        key: 32 random bytes, used for this value alone.
        value: The canonical bytes of the value.
    """

    key: bytes
    value: bytes

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise OpeningFormError(f"expected a key of {KEY_BYTES} bytes, got {len(self.key)}")

    def commitment(self) -> str:
        """Give the commitment that this opens: 64 lower-case hexadecimal digits."""
        return hmac.digest(self.key, self.value, "sha256").hex()


def commit(value: bytes, *, draw: Callable[[int], bytes] = token_bytes) -> tuple[str, Opening]:
    """Commit to a value.

    Args:
        value: Canonical bytes of the value.
        draw: Source of that many random bytes; tests pass their own.

    Returns:
        The commitment for the entry, and the opening for the erasable store.
    """
    opening = Opening(key=draw(KEY_BYTES), value=value)
    return opening.commitment(), opening


def opens(commitment: str, opening: Opening) -> bool:
    """Say whether an opening proves a commitment."""
    return hmac.compare_digest(commitment.encode(), opening.commitment().encode())
