"""What a fact in an entry may be: a whole number in a range, one of a closed set of codes, or a named pattern.

There is no fourth kind, above all no free text: what cannot hold a name cannot leak one (LOG-08).
"""

import re
from dataclasses import dataclass
from typing import Protocol

from countersign.ledger.canonical import MAX_INTEGER


class Fact(Protocol):
    """One kind of fact."""

    def admits(self, value: object) -> bool:
        """Say whether a value is of this kind."""
        ...

    def describe(self) -> str:
        """Say in words what is admitted, for documents and messages."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number, both ends included."""

    low: int
    high: int

    def admits(self, value: object) -> bool:
        """Say whether a value is a whole number in range; a boolean is not a number here."""
        return type(value) is int and self.low <= value <= self.high

    def describe(self) -> str:
        """Say which numbers are admitted."""
        return f"a whole number from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """One code of a closed set."""

    codes: tuple[str, ...]

    def admits(self, value: object) -> bool:
        """Say whether a value is one of the codes."""
        return isinstance(value, str) and value in self.codes

    def describe(self) -> str:
        """List the codes."""
        return "one of " + ", ".join(self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """Text of a named pattern."""

    name: str
    pattern: re.Pattern[str]

    def admits(self, value: object) -> bool:
        """Say whether a value is text of this pattern, from its first character to its last."""
        return isinstance(value, str) and self.pattern.fullmatch(value) is not None

    def describe(self) -> str:
        """Name the pattern."""
        return self.name


def one_of(codes: str) -> OneOf:
    """Give the closed set of codes that stand in ``codes``, separated by spaces."""
    return OneOf(codes=tuple(codes.split()))


def up_to(high: int, *, low: int = 0) -> Whole:
    """Give the whole numbers from ``low`` (0) to ``high``, both included."""
    return Whole(low=low, high=high)


COUNT = Whole(low=0, high=MAX_INTEGER)
INTEGER = Whole(low=-MAX_INTEGER, high=MAX_INTEGER)
SHA256 = Spelled(name="a SHA-256 of 64 lower-case hexadecimal digits", pattern=re.compile("[0-9a-f]{64}"))
ID = Spelled(name="an identifier of 32 lower-case hexadecimal digits", pattern=re.compile("[0-9a-f]{32}"))
CODE = Spelled(
    name="a code of a-z, 0-9, underscore and full stop, 1 to 64 long", pattern=re.compile("[a-z0-9_.]{1,64}")
)
