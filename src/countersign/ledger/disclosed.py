"""Rows of an export that say of each commitment whether its opening is shown, withheld, or erased by which entry."""

from dataclasses import dataclass
from enum import StrEnum

from countersign.errors import Invalid
from countersign.ledger.canonical import Json, encode, parse
from countersign.ledger.commitment import Opening
from countersign.ledger.event import COMMITMENT_NAMES
from countersign.ledger.fact import COUNT
from countersign.ledger.note import from_base64, to_base64


class DisclosedFormError(Invalid):
    """A row of openings is not one."""

    code = "disclosed_form"

    def __init__(self) -> None:
        super().__init__("expected a row of openings: shown, withheld or erased, got something else")


class OpeningState(StrEnum):
    """What became of an opening."""

    SHOWN = "shown"
    WITHHELD = "withheld"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """What an export says of one commitment.

    Attributes:
        seq: Place of the entry that bears it.
        name: Name of the commitment.
        opening: The opening, if it is shown.
        erased_by: Place of the erasure entry, if it was erased.

    Raises:
        DisclosedFormError: A place or a name is not one.
    """

    seq: int
    name: str
    opening: Opening | None = None
    erased_by: int | None = None

    def __post_init__(self) -> None:
        places = (self.seq,) if self.erased_by is None else (self.seq, self.erased_by)
        if not all(map(COUNT.admits, places)) or not COMMITMENT_NAMES.admits(self.name):
            raise DisclosedFormError

    @property
    def state(self) -> OpeningState:
        """Give what became of the opening."""
        if self.opening is not None:
            return OpeningState.SHOWN
        return OpeningState.WITHHELD if self.erased_by is None else OpeningState.ERASED

    def to_bytes(self) -> bytes:
        """Write the row as canonical JSON."""
        row: dict[str, Json] = {"seq": self.seq, "name": self.name, "state": self.state}
        if self.opening is not None:
            row |= {"key": self.opening.key.hex(), "value": to_base64(self.opening.value)}
        elif self.erased_by is not None:
            row |= {"by": self.erased_by}
        return encode(row)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Disclosed":
        """Read a row; what `to_bytes` would not write is refused.

        Raises:
            Invalid: Not such a row.
        """
        match parse(data):
            case {"seq": int(seq), "name": str(name), "key": str(key), "value": str(value)}:
                row = cls(seq=seq, name=name, opening=Opening(key=_from_hex(key), value=from_base64(value)))
            case {"seq": int(seq), "name": str(name), "by": int(by)}:
                row = cls(seq=seq, name=name, erased_by=by)
            case {"seq": int(seq), "name": str(name)}:
                row = cls(seq=seq, name=name)
            case _:
                raise DisclosedFormError
        if row.to_bytes() != data:
            raise DisclosedFormError
        return row


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise DisclosedFormError from error
