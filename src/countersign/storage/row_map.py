"""Says how the records of one dataclass lie in one table: unsealed fields are columns, sealed ones share one BLOB."""

import types
import typing
from collections.abc import Mapping
from dataclasses import Field, fields
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Integer, LargeBinary, MetaData, Table, Text


class Record(Protocol):
    """A dataclass with an identity."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]

    @property
    def id(self) -> str:
        """Give the row's id."""
        ...


Row = TypeVar("Row", bound=Record)

PLACE = "place"
"""Primary key of every table: the order in which rows were added."""

ColumnType = type[Text] | type[Boolean] | type[BigInteger] | type[Double[float]]

_SCALARS: dict[object, ColumnType] = {
    str: Text,
    bool: Boolean,
    int: BigInteger,
    float: Double,
    datetime: Text,
    date: Text,
}


class RowMap(Generic[Row]):
    """How one kind of record is kept.

    Attributes:
        name: The table's.
        row: The dataclass; it has an ``id``, and a ``key`` when fields are sealed.
        sealed: Fields that are encrypted together under the row's key.
        raw: The one sealed field is bytes and is sealed as it is, without JSON around it.
        indexed: Columns by which rows are looked for.
        references: Column that must name an existing row, checked at commit: ``{"entry_seq": "ledger_entry.seq"}``.
    """

    def __init__(
        self,
        name: str,
        row: type[Row],
        *,
        sealed: tuple[str, ...] = (),
        raw: bool = False,
        indexed: tuple[str, ...] = (),
        references: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.row = row
        self.sealed = sealed
        self.raw = raw
        self._indexed = indexed
        self._references = references or {}
        self._hints = typing.get_type_hints(row)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Give the unsealed fields, in the order of the dataclass."""
        return tuple(field.name for field in fields(self.row) if field.name not in self.sealed)

    @cached_property
    def structured(self) -> frozenset[str]:
        """Give the columns that hold JSON text: tuples and records within the record."""
        return frozenset(name for name in self.columns if _scalar(self._hints[name]) is None)

    def table(self, metadata: MetaData) -> Table:
        """Declare the table."""
        number = BigInteger().with_variant(Integer, "sqlite")
        table = Table(self.name, metadata, Column(PLACE, number, primary_key=True, autoincrement=True))
        for name in self.columns:
            table.append_column(self._column(name))
        if self.sealed:
            table.append_column(Column("sealed", LargeBinary, nullable=False))
        return table

    def _column(self, name: str) -> Column[object]:
        kind = _scalar(self._hints[name]) or Text
        target = self._references.get(name)
        # Deferred: an operation may write the effect first and its entry after; neither commits without the other.
        extra = [ForeignKey(target, deferrable=True, initially="DEFERRED")] if target else []
        nullable = types.NoneType in typing.get_args(self._hints[name])
        return Column(
            name, kind, *extra, nullable=nullable, unique=name == "id" or None, index=name in self._indexed or None
        )


def _scalar(kind: object) -> ColumnType | None:
    """Give the column type of a scalar, looking through NewType and optional; None for what is kept as JSON text."""
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return _scalar(next(arg for arg in typing.get_args(kind) if arg is not types.NoneType))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Text
    return _SCALARS.get(kind)
