"""PEP 249 over apsw, so that SQLAlchemy meets the current SQLite that apsw carries.

Python's own `sqlite3` links whatever library the machine has; before 3.51.3 that library can corrupt a write-ahead log
which several connections write ("the WAL-reset bug", https://www.sqlite.org/wal.html). This adapter adds nothing to
SQLite but the names of PEP 249:

- No implicit transaction. A statement outside ``BEGIN`` commits by itself; `engine` opens each transaction.
- SQLite may roll a transaction back on its own (disk full, I/O error). What followed would then commit statement by
  statement, so a connection that has begun refuses everything but `Connection.rollback` from that moment on.

Source: PEP 249, Python Database API 2.0.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import ClassVar, Literal

import apsw

apilevel = "2.0"
threadsafety = 1
paramstyle = "qmark"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))

Value = str | int | float | bytes | None
Row = tuple[Value, ...]
Column = tuple[str, str | None, None, None, None, None, None]

Binary = bytes
Date = date
Time = time
Timestamp = datetime
DateFromTicks = date.fromtimestamp
TimestampFromTicks = datetime.fromtimestamp
STRING, BINARY, NUMBER, DATETIME, ROWID = "TEXT", "BLOB", "NUMERIC", "TEXT", "INTEGER"


def TimeFromTicks(ticks: float) -> time:  # noqa: N802  PEP 249 names it
    """Give the local time of day of a POSIX time in seconds."""
    return datetime.fromtimestamp(ticks).time()  # noqa: DTZ006  PEP 249 means local time


class Warning(Exception):  # noqa: A001, N818  PEP 249 names it
    """Something important happened, short of an error."""


class Error(Exception):
    """Root of PEP 249's tree.

    Attributes:
        result: SQLite's extended result code, -1 when SQLite was not asked.
    """

    def __init__(self, message: str, *, result: int = -1) -> None:
        super().__init__(message)
        self.result = result


class InterfaceError(Error):
    """The adapter was used wrongly."""


class DatabaseError(Error):
    """The database said no."""


class DataError(DatabaseError):
    """A value is too big."""


class OperationalError(DatabaseError):
    """Disk, memory, locks, or a statement that SQLite cannot read."""


class IntegrityError(DatabaseError):
    """A constraint does not hold."""


class InternalError(DatabaseError):
    """SQLite found a mistake of its own."""


class ProgrammingError(DatabaseError):
    """Closed connection, wrong number or kind of parameters."""


class NotSupportedError(DatabaseError):
    """SQLite has no such thing."""


_TREE: dict[int, type[DatabaseError]] = {
    apsw.SQLITE_CONSTRAINT: IntegrityError,
    apsw.SQLITE_MISMATCH: IntegrityError,
    apsw.SQLITE_TOOBIG: DataError,
    apsw.SQLITE_INTERNAL: InternalError,
    apsw.SQLITE_NOTFOUND: InternalError,
    apsw.SQLITE_CORRUPT: DatabaseError,
    apsw.SQLITE_NOTADB: DatabaseError,
    apsw.SQLITE_MISUSE: ProgrammingError,
    apsw.SQLITE_RANGE: ProgrammingError,
}
_OUR_FAULT = (
    apsw.BindingsError,
    apsw.ConnectionClosedError,
    apsw.CursorClosedError,
    apsw.ExecutionCompleteError,
    apsw.ForkingViolationError,
    apsw.ThreadingViolationError,
    TypeError,
)


@contextmanager
def _pep249() -> Iterator[None]:
    """Turn apsw's errors into the tree above, keeping SQLite's extended result code."""
    try:
        yield
    except _OUR_FAULT as reason:
        raise ProgrammingError(str(reason) or type(reason).__name__) from reason
    except apsw.Error as reason:
        result, extended = getattr(reason, "result", -1), getattr(reason, "extendedresult", -1)
        raise _TREE.get(result, OperationalError)(str(reason), result=extended) from reason


class Cursor:
    """PEP 249 cursor."""

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.arraysize = 1
        self.description: tuple[Column, ...] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        with _pep249():
            self._raw = connection.raw.cursor()
        # Only a trace can see the columns of a SELECT that gives no row.
        self._raw.exec_trace = self._trace

    def _trace(self, raw: object, _sql: str, _bindings: object) -> bool:
        columns: Iterable[tuple[str, str | None]] = raw.get_description()  # type: ignore[attr-defined]
        self.description = tuple((name, kind, None, None, None, None, None) for name, kind in columns) or None
        return True

    def execute(self, operation: str, parameters: Sequence[Value] = ()) -> "Cursor":
        """Run one statement."""
        with self._statement(operation):
            self._raw.execute(operation, tuple(parameters))
        return self

    def executemany(self, operation: str, seq_of_parameters: Iterable[Sequence[Value]]) -> "Cursor":
        """Run one statement for every sequence of parameters."""
        with self._statement(operation):
            self._raw.executemany(operation, (tuple(parameters) for parameters in seq_of_parameters))
        return self

    @contextmanager
    def _statement(self, operation: str) -> Iterator[None]:
        self.connection.refuse_outside_transaction()
        self.description, self.rowcount = None, -1
        with _pep249():
            raw = self.connection.raw
            before = raw.total_changes()
            yield
            self.rowcount = raw.total_changes() - before if self._wrote(operation) else -1
            self.lastrowid = raw.last_insert_rowid()
        if operation.lstrip()[:5].upper() == "BEGIN":
            self.connection.begun = True

    @staticmethod
    def _wrote(operation: str) -> bool:
        return operation.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE", "REPLAC"}

    def fetchone(self) -> Row | None:
        """Give the next row, None at the end."""
        with _pep249():
            row: Row | None = self._raw.fetchone()
            return row

    def fetchmany(self, size: int | None = None) -> list[Row]:
        """Give up to ``size`` rows."""
        rows: list[Row] = []
        while len(rows) < (size or self.arraysize) and (row := self.fetchone()) is not None:
            rows.append(row)
        return rows

    def fetchall(self) -> list[Row]:
        """Give all remaining rows."""
        with _pep249():
            rows: list[Row] = self._raw.fetchall()
            return rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self.fetchone, None)

    def setinputsizes(self, sizes: object, /) -> None:
        """Do nothing, as PEP 249 allows."""

    def setoutputsize(self, size: int, column: int | None = None, /) -> None:
        """Do nothing, as PEP 249 allows."""

    def close(self) -> None:
        """Give up what was not fetched."""
        self._raw.close(True)


class Connection:
    """PEP 249 connection.

    Attributes:
        raw: apsw's own connection.
        begun: Whether a transaction was opened here and neither committed nor rolled back by the caller.
    """

    Warning: ClassVar[type[Warning]] = Warning
    Error: ClassVar[type[Error]] = Error
    InterfaceError: ClassVar[type[InterfaceError]] = InterfaceError
    DatabaseError: ClassVar[type[DatabaseError]] = DatabaseError
    DataError: ClassVar[type[DataError]] = DataError
    OperationalError: ClassVar[type[OperationalError]] = OperationalError
    IntegrityError: ClassVar[type[IntegrityError]] = IntegrityError
    InternalError: ClassVar[type[InternalError]] = InternalError
    ProgrammingError: ClassVar[type[ProgrammingError]] = ProgrammingError
    NotSupportedError: ClassVar[type[NotSupportedError]] = NotSupportedError

    def __init__(self, database: str) -> None:
        with _pep249():
            self.raw = apsw.Connection(database)
        self.begun = False

    def cursor(self) -> Cursor:
        """Give a new cursor."""
        return Cursor(self)

    def refuse_outside_transaction(self) -> None:
        """Raise when SQLite has ended the transaction by itself: what follows would commit piece by piece."""
        if self.begun and not self.raw.in_transaction:
            raise OperationalError("expected an open transaction, got one that SQLite rolled back after an error")

    def commit(self) -> None:
        """Commit; do nothing outside a transaction. A failed commit leaves the transaction to `rollback`."""
        self.refuse_outside_transaction()
        self._end("COMMIT")

    def rollback(self) -> None:
        """Undo; do nothing outside a transaction."""
        self._end("ROLLBACK")

    def _end(self, verb: Literal["COMMIT", "ROLLBACK"]) -> None:
        with _pep249():
            if self.raw.in_transaction:
                self.raw.execute(verb)
        self.begun = False

    def close(self) -> None:
        """Close; an open transaction is undone."""
        with _pep249():
            self.raw.close(True)


def connect(database: str) -> Connection:
    """Open a database file, made when it is missing."""
    return Connection(database)
