"""The engine is opened the durable way, or not at all."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from countersign.errors import Conflict, IntegrityBroken, Invalid
from countersign.storage import engine as engine_module
from countersign.storage.engine import WRITES, open_engine


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_path_and_url_open_the_same_file(tmp_path: Path, form: str):
    path = tmp_path / "some.db"
    engine = open_engine(form.format(path))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT file FROM pragma_database_list")) == str(path)
    engine.dispose()


@pytest.mark.parametrize("address", ["postgresql://h/db", "sqlite://", "sqlite:///:memory:", "://"])
def test_what_is_no_sqlite_file_is_refused(address: str):
    with pytest.raises(Invalid, match="expected a path or sqlite:///path"):
        open_engine(address)


def test_a_password_in_an_address_is_not_repeated():
    with pytest.raises(Invalid) as refusal:
        open_engine("postgresql://me:letmein@h/db")
    assert "letmein" not in str(refusal.value)


def test_a_library_with_the_wal_reset_bug_is_refused(tmp_path: Path):
    with pytest.raises(IntegrityBroken, match=r"expected SQLite \(3, 51, 3\) or later, got \(3, 40, 1\)"):
        open_engine(tmp_path / "some.db", sqlite_version=(3, 40, 1))


def test_every_connection_is_durable_and_strict(tmp_path: Path):
    engine = open_engine(tmp_path / "some.db")
    with engine.connect() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "query_only")
        }
        busy = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "query_only": 1}
    assert busy == 60000
    engine.dispose()


def test_a_second_writer_that_waits_too_long_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine_module, "_PRAGMAS", ("busy_timeout=0", "journal_mode=WAL"))
    engine = open_engine(tmp_path / "some.db")
    with engine.connect().execution_options(**{WRITES: True}) as first:
        first.execute(text("CREATE TABLE t (a)"))
        with engine.connect().execution_options(**{WRITES: True}) as second, pytest.raises(Conflict) as refusal:
            second.begin()
    assert refusal.value.code == "archive_busy"
    engine.dispose()


def test_a_file_that_is_no_database_is_a_failed_storage(tmp_path: Path):
    (tmp_path / "no.db").write_bytes(b"no database" * 100)
    engine = open_engine(tmp_path / "no.db")
    with pytest.raises(IntegrityBroken) as refusal, engine.connect():
        pass
    assert refusal.value.code == "storage_failed"
    engine.dispose()


def test_a_mistake_of_ours_is_not_taken_for_a_failing_disk(tmp_path: Path):
    engine = open_engine(tmp_path / "some.db")
    with engine.connect() as connection, pytest.raises(ProgrammingError):
        connection.exec_driver_sql("SELECT ?")
    engine.dispose()
