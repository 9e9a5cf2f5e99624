"""Opens the database: which library, which pragmas, how a transaction begins, and what an error of the disk means here.

Per connection: ``journal_mode=WAL`` and ``synchronous=FULL`` (a commit is on the disk when it returns; with ``NORMAL``
a power cut loses acknowledged commits), ``foreign_keys=ON``, ``secure_delete=ON`` (deleted keys are overwritten with
zeros). A writer begins with ``BEGIN IMMEDIATE``, so that two writers queue instead of one of them failing half way; a
reader gets ``query_only``.
"""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, Pool, PoolProxiedConnection, QueuePool

from countersign.errors import Conflict, CountersignError, IntegrityBroken, Invalid
from countersign.storage import apsw_dbapi
from countersign.storage.durable import StorageFailedError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import ConnectArgsType, DBAPIConnection, DBAPIModule

WRITES = "countersign_writes"
"""Execution option of a connection that will write."""

_OLDEST = (3, 51, 3)
_DRIVER = "sqlite+countersign_apsw"
_PATIENCE = "busy_timeout=60000"
_PRAGMAS = (
    _PATIENCE,
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
)
_BUSY, _LOCKED, _UNIQUE, _PRIMARY_KEY, _FOREIGN_KEY = 5, 6, 2067, 1555, 787


class ArchiveBusyError(Conflict):
    """Another process held the database for longer than a minute."""

    code = "archive_busy"


class RowTakenError(Conflict):
    """A row with this identity is there already."""

    code = "row_taken"


class RowWithoutEntryError(IntegrityBroken):
    """A row names a ledger entry, run or authorisation that does not exist: an effect without its entry."""

    code = "row_without_entry"


class DatabaseAddressError(Invalid):
    """The address names no database that can be opened here."""

    code = "database_address"


class ApswDialect(SQLiteDialect):
    """SQLAlchemy's SQLite dialect over `apsw_dbapi`."""

    driver = "countersign_apsw"
    default_paramstyle = "qmark"
    supports_statement_cache = True
    returns_native_bytes = True

    @classmethod
    def import_dbapi(cls) -> "DBAPIModule":
        """Give the adapter."""
        return cast("DBAPIModule", apsw_dbapi)

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003  SQLAlchemy passes it
        """Keep a few connections open."""
        return QueuePool

    def create_connect_args(self, url: URL) -> "ConnectArgsType":
        """Give the file's path."""
        return ([url.database or ""], {})

    def do_commit(self, dbapi_connection: "PoolProxiedConnection") -> None:
        """Commit, or undo: SQLite leaves a transaction open whose commit failed, and the pool would lend it again."""
        try:
            dbapi_connection.commit()
        except apsw_dbapi.Error:
            dbapi_connection.rollback()
            raise

    def _get_server_version_info(self, _connection: object) -> tuple[int, ...]:
        return apsw_dbapi.sqlite_version_info


registry.register("sqlite.countersign_apsw", __name__, "ApswDialect")


def open_engine(address: str | Path, *, sqlite_version: tuple[int, ...] = apsw_dbapi.sqlite_version_info) -> Engine:
    """Open the database at an address.

    Args:
        address: Path of a SQLite file, or a URL ``sqlite:///path``.
        sqlite_version: Version of the library; a test passes an old one.

    Raises:
        DatabaseAddressError: The address is no SQLite file; other databases are not served.
        StorageFailedError: The SQLite library has the bug that corrupts a write-ahead log (before 3.51.3).
    """
    if sqlite_version < _OLDEST:
        raise StorageFailedError(f"expected SQLite {_OLDEST} or later, got {sqlite_version}")
    engine = create_engine(_url(address), pool_reset_on_return="rollback")
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _translate)
    return engine


def _url(address: str | Path) -> URL:
    text = str(address)
    if "://" not in text:
        return URL.create(_DRIVER, database=str(Path(text).absolute()))
    try:
        url = make_url(text)
    except ArgumentError as reason:
        raise DatabaseAddressError(f"expected a path or sqlite:///path, got {text!r}") from reason
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise DatabaseAddressError(
            f"expected a path or sqlite:///path, got {url.render_as_string(hide_password=True)!r}"
        )
    return url.set(drivername=_DRIVER)


def _prepare(connection: "DBAPIConnection", _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
        cursor.fetchall()
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = bool(connection.get_execution_options().get(WRITES, False))
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _translate(context: ExceptionContext) -> CountersignError | None:
    """Say what a database error means to an operation; SQLAlchemy raises what this gives in place of its own."""
    reason = context.original_exception
    if not isinstance(reason, apsw_dbapi.DatabaseError) or isinstance(reason, apsw_dbapi.ProgrammingError):
        return None  # our own mistake, not the disk's
    match reason.result:
        case code if code in (_UNIQUE, _PRIMARY_KEY):
            return RowTakenError(f"expected a row that is not there yet, got: {reason}")
        case code if code == _FOREIGN_KEY:
            return RowWithoutEntryError(f"expected every row's entry to exist, got: {reason}")
        case code if code > 0 and code & 0xFF in (_BUSY, _LOCKED):
            return ArchiveBusyError(f"expected the database to be free within a minute, got: {reason}")
        case _:
            return StorageFailedError(f"expected the database to work, got: {reason}")


def checkpoint(engine: Engine) -> bool:
    """Move the write-ahead log into the database and empty it; say whether no reader stood in the way."""
    pooled = engine.raw_connection()
    try:
        cursor = pooled.cursor()
        # Not a minute: whoever erases must not wait for somebody else's report.
        cursor.execute("PRAGMA busy_timeout=1000")
        cursor.fetchall()
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchall()[0][0]
        except apsw_dbapi.OperationalError:
            # A statement that somebody has not read to its end. What is erased is committed already: the answer is no.
            busy = 1
        cursor.execute(f"PRAGMA {_PATIENCE}")
        cursor.close()
    finally:
        pooled.close()
    return not busy
