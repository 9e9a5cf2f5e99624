"""One way to keep records: every room's rows go through this Protocol, which `storage` implements once."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

Row = TypeVar("Row")


class Repository(Protocol[Row]):
    """Rows of one kind inside one open transaction.

    Obligations: a write is visible to later reads of the same transaction at once, to others only after its commit, and
    durable when the commit returns. Sealed fields of a row whose key was destroyed cannot be read: `get` raises
    ``NotFound`` for it, `where` leaves it out.
    """

    def get(self, row_id: str, /) -> Row:
        """Give the row; ``NotFound`` when there is none."""
        ...

    def find(self, row_id: str, /) -> Row | None:
        """Give the row, or None."""
        ...

    def where(self, **equal: str | int | bool) -> list[Row]:
        """Give all rows whose unsealed columns equal the given values, in the order they were added."""
        ...

    def where_any(self, column: str, values: Iterable[str], /) -> list[Row]:
        """Give all rows whose unsealed column has one of the values, in the order they were added."""
        ...

    def add(self, row: Row, /) -> None:
        """Write a new row; ``Conflict`` when its id is taken."""
        ...

    def add_all(self, rows: Iterable[Row], /) -> None:
        """Write many new rows."""
        ...

    def replace(self, row: Row, /) -> None:
        """Write the row in place of the one with its id; ``NotFound`` when there is none."""
        ...

    def remove(self, row_id: str, /) -> None:
        """Delete the row; ``NotFound`` when there is none."""
        ...
