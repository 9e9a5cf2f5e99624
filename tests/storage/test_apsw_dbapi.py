"""The adapter speaks PEP 249."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from countersign.storage import apsw_dbapi
from countersign.storage.apsw_dbapi import Connection


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    opened = apsw_dbapi.connect(str(tmp_path / "some.db"))
    opened.cursor().execute("CREATE TABLE letter (place INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, data BLOB)")
    yield opened
    opened.close()


def test_the_module_says_what_it_is():
    assert (apsw_dbapi.apilevel, apsw_dbapi.threadsafety, apsw_dbapi.paramstyle) == ("2.0", 1, "qmark")
    assert apsw_dbapi.sqlite_version_info >= (3, 51, 3)
    assert apsw_dbapi.TimeFromTicks(0.0) == apsw_dbapi.TimestampFromTicks(0.0).time()


def test_one_statement_gives_count_and_row_id(connection: Connection):
    cursor = connection.cursor().execute("INSERT INTO letter (name, data) VALUES (?, ?)", ("a", b"\x00\xff"))
    assert (cursor.rowcount, cursor.lastrowid, cursor.description) == (1, 1, None)
    cursor.execute("UPDATE letter SET data = NULL")
    assert cursor.rowcount == 1
    cursor.execute("DELETE FROM letter WHERE name = 'b'")
    assert cursor.rowcount == 0


def test_many_rows_are_written_by_one_call(connection: Connection):
    cursor = connection.cursor().executemany("INSERT INTO letter (name) VALUES (?)", [[name] for name in "abc"])
    assert cursor.rowcount == 3
    cursor.execute("SELECT name FROM letter ORDER BY name")
    assert (cursor.rowcount, cursor.fetchone(), cursor.fetchmany(), cursor.fetchall()) == (
        -1,
        ("a",),
        [("b",)],
        [("c",)],
    )
    assert cursor.fetchone() is None


def test_rows_can_be_walked_through(connection: Connection):
    cursor = connection.cursor().executemany("INSERT INTO letter (name) VALUES (?)", [["a"], ["b"]])
    cursor.execute("SELECT name FROM letter")
    assert list(cursor) == [("a",), ("b",)]
    assert cursor.execute("SELECT name FROM letter").fetchmany(5) == [("a",), ("b",)]


def test_a_result_without_rows_still_has_its_columns(connection: Connection):
    cursor = connection.cursor().execute("SELECT name, data AS content FROM letter WHERE 0")
    assert [column[0] for column in cursor.description or ()] == ["name", "content"]
    assert cursor.fetchall() == []


def test_returning_gives_rows(connection: Connection):
    cursor = connection.cursor().execute("INSERT INTO letter (name) VALUES (?) RETURNING place", ("a",))
    assert cursor.fetchall() == [(1,)]


def test_sizes_are_accepted_and_ignored(connection: Connection):
    cursor = connection.cursor()
    cursor.setinputsizes([1])
    cursor.setoutputsize(1, 0)
    cursor.close()
    with pytest.raises(apsw_dbapi.ProgrammingError):
        cursor.execute("SELECT 1")


@pytest.mark.parametrize(
    ("statement", "parameters", "error"),
    [
        ("INSERT INTO letter (name) VALUES (NULL)", (), apsw_dbapi.IntegrityError),
        ("INSERT INTO letter (place, name) VALUES ('x', 'a')", (), apsw_dbapi.IntegrityError),
        ("SELEC", (), apsw_dbapi.OperationalError),
        ("SELECT ?", (), apsw_dbapi.ProgrammingError),
        ("SELECT ?", (object(),), apsw_dbapi.ProgrammingError),
        ("SELECT zeroblob(2000000000)", (), apsw_dbapi.DataError),
    ],
)
def test_errors_have_their_place_in_the_tree(
    connection: Connection, statement: str, parameters: tuple[apsw_dbapi.Value, ...], error: type[Exception]
):
    with pytest.raises(error) as raised:
        connection.cursor().execute(statement, parameters)
    assert isinstance(raised.value, connection.Error)


def test_a_file_that_is_no_database_is_a_database_error(tmp_path: Path):
    (tmp_path / "no.db").write_bytes(b"no database" * 100)
    connection = apsw_dbapi.connect(str(tmp_path / "no.db"))
    with pytest.raises(apsw_dbapi.DatabaseError) as raised:
        connection.cursor().execute("SELECT * FROM sqlite_schema")
    assert raised.value.result == apsw.SQLITE_NOTADB
    connection.close()
    with pytest.raises(apsw_dbapi.ProgrammingError):
        connection.cursor()


def test_a_statement_outside_a_transaction_commits_by_itself(connection: Connection):
    connection.cursor().execute("INSERT INTO letter (name) VALUES ('a')")
    connection.rollback()
    assert connection.cursor().execute("SELECT name FROM letter").fetchall() == [("a",)]


@pytest.mark.parametrize(("end", "left"), [("commit", [("a",)]), ("rollback", [])])
def test_a_transaction_is_kept_or_undone(connection: Connection, end: str, left: list[object]):
    connection.cursor().execute("BEGIN IMMEDIATE")
    connection.cursor().execute("INSERT INTO letter (name) VALUES ('a')")
    getattr(connection, end)()
    assert connection.cursor().execute("SELECT name FROM letter").fetchall() == left


def test_after_sqlite_rolled_back_by_itself_nothing_is_written_until_the_caller_knows(connection: Connection):
    connection.cursor().execute("BEGIN IMMEDIATE")
    connection.raw.execute("ROLLBACK")
    for attempt in (lambda: connection.cursor().execute("INSERT INTO letter (name) VALUES ('a')"), connection.commit):
        with pytest.raises(apsw_dbapi.OperationalError, match="expected an open transaction"):
            attempt()
    connection.rollback()
    assert connection.cursor().execute("SELECT name FROM letter").fetchall() == []
