"""The one repository: writes and reads the records of any `RowMap`, sealing and opening what is sealed.

The sealed fields of a row are bound to (table, row id, key id, field names): the BLOB of one row does not open in
another.
"""

import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, Generic, cast

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update
from sqlalchemy.engine import RowMapping

from countersign.errors import Invalid, NotFound
from countersign.primitives.codec import from_plain, to_plain
from countersign.storage.record_keys import SqlKeys
from countersign.storage.row_map import PLACE, Row, RowMap
from countersign.storage.sealing import place, seal, unseal
from countersign.storage.tables import RECORD_KEY, TABLES

_AT_ONCE = 500  # values in one question


class RowMissingError(NotFound):
    """There is no such row, or its key was destroyed."""

    code = "row_missing"

    def __init__(self, table: str, row_id: str) -> None:
        super().__init__(f"expected a {table} {row_id}, got none")


class UnsealedColumnsOnlyError(Invalid):
    """Rows are looked for by a field that is sealed, structured or unknown: SQL cannot see into it."""

    code = "unsealed_columns_only"


class SqlRepository(Generic[Row]):
    """Rows of one kind inside one open transaction; see `countersign.primitives.repository.Repository`."""

    def __init__(self, rows: RowMap[Row], connection: Connection, keys: SqlKeys) -> None:
        self._rows = rows
        self._table = TABLES[rows.name]
        self._connection = connection
        self._keys = keys

    def get(self, row_id: str, /) -> Row:
        """Give the row; ``RowMissingError`` when there is none or its key was destroyed."""
        row = self.find(row_id)
        if row is None:
            raise RowMissingError(self._rows.name, row_id)
        return row

    def find(self, row_id: str, /) -> Row | None:
        """Give the row, or None."""
        found = self._connection.execute(_wanted(self._rows, ("id",)), {"id_wanted": row_id}).mappings().first()
        return None if found is None else self._read(found)

    def where(self, **equal: str | int | bool) -> list[Row]:
        """Give all rows whose unsealed columns equal the given values, in the order they were added.

        Raises:
            UnsealedColumnsOnlyError: A name is no unsealed column.
        """
        self._check_unsealed(equal.keys())
        values = {f"{name}_wanted": to_plain(value) for name, value in equal.items()}
        found = self._connection.execute(_wanted(self._rows, tuple(equal)), values).mappings()
        return [self._read(row) for row in found]

    def where_any(self, column: str, values: Iterable[str], /) -> list[Row]:
        """Give all rows whose unsealed column has one of the values, as added; errors as `where`."""
        self._check_unsealed({column})
        wanted = list(dict.fromkeys(values))
        found: list[RowMapping] = []
        for first in range(0, len(wanted), _AT_ONCE):
            among = self._table.c[column].in_(wanted[first : first + _AT_ONCE])
            found += self._connection.execute(_wanted(self._rows, ()).where(among)).mappings()
        return [self._read(row) for row in sorted(found, key=lambda row: int(row[PLACE]))]

    def _check_unsealed(self, names: AbstractSet[str]) -> None:
        allowed = set(self._rows.columns) - self._rows.structured
        if not names <= allowed:
            got = sorted(names - allowed)
            table = self._rows.name
            raise UnsealedColumnsOnlyError(f"expected unsealed columns of {table}, {sorted(allowed)}, got {got}")

    def add(self, row: Row, /) -> None:
        """Write a new row; ``RowTakenError`` when its id is taken, ``KeyDestroyedError`` when its key is gone."""
        self.add_all((row,))

    def add_all(self, rows: Iterable[Row], /) -> None:
        """Write many new rows; errors as `add`."""
        written = [self._write(row) for row in rows]
        if written:
            self._connection.execute(insert(self._table), written)

    def replace(self, row: Row, /) -> None:
        """Write the row in place of the one with its id; ``RowMissingError`` when there is none."""
        change = update(self._table).where(self._table.c.id == row.id).values(self._write(row))
        if self._connection.execute(change).rowcount == 0:
            raise RowMissingError(self._rows.name, row.id)

    def remove(self, row_id: str, /) -> None:
        """Delete the row, readable or not; ``RowMissingError`` when there is none."""
        if self._connection.execute(delete(self._table).where(self._table.c.id == row_id)).rowcount == 0:
            raise RowMissingError(self._rows.name, row_id)

    def _where_sealed(self, row_id: str, key: str) -> bytes:
        return place(self._rows.name, row_id, key, *self._rows.sealed)

    def _write(self, row: Row) -> dict[str, object]:
        columns: dict[str, object] = {name: self._column(name, getattr(row, name)) for name in self._rows.columns}
        if self._rows.sealed:
            key = str(columns["key"])
            columns["sealed"] = seal(self._keys.cipher(key), self._secret(row), self._where_sealed(row.id, key))
        return columns

    def _column(self, name: str, value: object) -> object:
        if name in self._rows.structured:
            return _json(value) if value is not None else None
        return value if isinstance(value, float) else to_plain(value)

    def _secret(self, row: Row) -> bytes:
        if self._rows.raw:
            return cast("bytes", getattr(row, self._rows.sealed[0]))
        return _json({name: getattr(row, name) for name in self._rows.sealed}).encode()

    def _read(self, found: RowMapping) -> Row:
        plain: dict[str, object] = {name: found[name] for name in self._rows.columns}
        for name in self._rows.structured:
            plain[name] = json.loads(found[name]) if found[name] is not None else None
        if self._rows.sealed:
            cipher = self._keys.unwrapped(found["key"], found["epoch"], found["wrapped"])
            plain |= self._opened(unseal(cipher, found["sealed"], self._where_sealed(found["id"], found["key"])))
        return cast("Row", from_plain(self._rows.row, plain))

    def _opened(self, secret: bytes) -> dict[str, object]:
        if self._rows.raw:
            return {self._rows.sealed[0]: secret.hex()}
        return cast("dict[str, object]", json.loads(secret))


@cache
def _wanted(rows: "RowMap[Any]", names: tuple[str, ...]) -> "Select[*tuple[object, ...]]":
    """Build the question for rows whose named columns have given values, as added; building takes long, so once."""
    table, keys = TABLES[rows.name], RECORD_KEY.c
    # The inner join leaves out the rows whose key was destroyed, and brings the keys of all others along.
    sealed = select(table, keys.epoch, keys.wrapped).join(RECORD_KEY, table.c.key == keys.id) if rows.sealed else None
    query = select(table) if sealed is None else sealed
    return query.where(*(table.c[name] == bindparam(f"{name}_wanted") for name in names)).order_by(table.c[PLACE])


def _json(value: object) -> str:
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
