"""Every record comes back as it went in; what is sealed opens in its own row and under its own key only."""

# ruff: noqa: SLF001  the tests look behind the port, at what lies in the tables
import dataclasses
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from countersign.errors import Conflict, Invalid, NotFound
from countersign.governance.programme import Programme
from countersign.primitives.ids import KeyId
from countersign.storage import rows as storage_rows
from countersign.storage.archive import SqlArchive, SqlWork
from countersign.storage.engine import WRITES, open_engine
from countersign.storage.row_map import Record
from countersign.storage.rows import SqlRepository
from countersign.storage.sealing import SealBrokenError
from countersign.storage.tables import ENTITIES
from tests.storage.installation import Installation, make_person
from tests.strategies import records

R = TypeVar("R", bound=Record)


def repositories(work: SqlWork) -> list[SqlRepository[Record]]:
    return [part for part in vars(work).values() if isinstance(part, SqlRepository)]


def test_every_entity_has_one_repository(shared_archive: SqlArchive):
    with shared_archive.read() as work:
        assert sorted(part._rows.name for part in repositories(work)) == sorted(rows.name for rows in ENTITIES)


@pytest.mark.parametrize("at", range(len(ENTITIES)), ids=[rows.name for rows in ENTITIES])
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_record_comes_back_as_it_went_in(shared_archive: SqlArchive, at: int, data: st.DataObject):
    with shared_archive.begin() as work:
        repository = next(part for part in repositories(work) if part._rows is ENTITIES[at])
        first, second = (_with_key(data.draw(records(ENTITIES[at].row)), work, row_id) for row_id in ("1", "2"))
        repository.add(first)
        assert repository.get("1") == first
        changed = _named(second, "1")
        repository.replace(changed)
        repository.add(second)
        assert repository.where() == [changed, second]
        repository.remove("1")
        assert repository.find("1") is None


def _named(row: R, row_id: str) -> R:
    return dataclasses.replace(row, id=row_id)


def _with_key(row: R, work: SqlWork, row_id: str) -> R:
    has_key = any(field.name == "key" for field in dataclasses.fields(row))
    return dataclasses.replace(row, id=row_id, **({"key": work.keys.create()} if has_key else {}))


def test_rows_are_found_by_unsealed_columns_in_the_order_in_which_they_were_added(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        people = [make_person(work.keys.create(), name) for name in ("c", "a", "b")]
        elsewhere = dataclasses.replace(make_person(work.keys.create()), organisation="south")
        work.people.add_all([*people, elsewhere])
        assert work.people.where(organisation="north", rank=people[0].rank) == people


@pytest.mark.parametrize("at_once", [2, 500])
def test_rows_are_found_by_any_of_many_values(
    shared_archive: SqlArchive, monkeypatch: pytest.MonkeyPatch, at_once: int
):
    monkeypatch.setattr(storage_rows, "_AT_ONCE", at_once)
    with shared_archive.begin() as work:
        people = [make_person(work.keys.create(), name) for name in ("c", "a", "b", "d")]
        work.people.add_all(people)
        wanted = [people[place].id for place in (3, 0, 2, 0)]

        assert work.people.where_any("id", [*wanted, "nobody's"]) == [people[0], people[2], people[3]]
        assert work.people.where_any("id", []) == []
        with pytest.raises(Invalid, match=r"expected unsealed columns of person"):
            work.people.where_any("name", ["a"])


@pytest.mark.parametrize("column", ["name", "roles", "nothing"])
def test_sealed_structured_and_unknown_fields_cannot_be_looked_for(shared_archive: SqlArchive, column: str):
    with shared_archive.read() as work, pytest.raises(Invalid, match=r"expected unsealed columns of person"):
        work.people.where(**{column: "x"})


def test_missing_rows_are_not_found_and_taken_ids_are_a_conflict(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        ada = make_person(work.keys.create())
        with pytest.raises(NotFound):
            work.people.get(ada.id)
        with pytest.raises(NotFound):
            work.people.replace(ada)
        with pytest.raises(NotFound):
            work.people.remove(ada.id)
        work.people.add(ada)
        with pytest.raises(Conflict) as refusal:
            work.people.add(ada)
        assert refusal.value.code == "row_taken"
        assert work.people.get(ada.id) == ada


def test_a_row_cannot_be_written_under_a_key_that_does_not_exist(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        with pytest.raises(NotFound, match="expected a key"):
            work.people.add(make_person(KeyId("none")))
        assert work.people.where() == []


@pytest.mark.row("ENG-09")
def test_destroying_a_key_hides_its_rows_and_leaves_their_number(archive: SqlArchive):
    with archive.begin() as work:
        ada, bob = make_person(work.keys.create(), "Ada"), make_person(work.keys.create(), "Bob")
        work.people.add_all([ada, bob])
        work.commit()
    with archive.begin() as work:
        work.keys.destroy(ada.key)
        assert not work.keys.exists(ada.key)
        work.commit()
    with archive.read() as work:
        assert work.people.where() == [bob]
        with pytest.raises(NotFound):
            work.people.get(ada.id)
        assert work._connection.scalar(text("SELECT count(*) FROM person")) == 2
    with archive.begin() as work:
        with pytest.raises(NotFound):
            work.keys.destroy(ada.key)
        work.people.remove(ada.id)
        assert work.people.where() == [bob]


@pytest.mark.row("SEC-02")
@pytest.mark.parametrize("column", ["sealed", "key", "id"])
def test_swapped_rows_do_not_open(archive: SqlArchive, column: str):
    with archive.begin() as work:
        ada, bob = make_person(work.keys.create(), "Ada"), make_person(work.keys.create(), "Bob")
        work.people.add_all([ada, bob])
        swap = f"UPDATE person SET {column} = (SELECT {column} FROM person WHERE place = :of) WHERE place = :at"  # noqa: S608
        if column == "id":
            work._connection.execute(text("UPDATE person SET id = 'x' WHERE place = 2"))
            with pytest.raises(SealBrokenError):
                work.people.get("x")
            return
        work._connection.execute(text(swap), {"of": 1, "at": 2})
        with pytest.raises(SealBrokenError):
            work.people.get(bob.id)
        assert work.people.get(ada.id) == ada


def test_an_altered_sealed_field_does_not_open(archive: SqlArchive):
    with archive.begin() as work:
        ada = make_person(work.keys.create())
        work.people.add(ada)
        work._connection.execute(text("UPDATE person SET sealed = x'00'"))
        with pytest.raises(SealBrokenError):
            work.people.get(ada.id)


def test_reading_works_from_another_connection_only_after_the_commit(installation: Installation):
    with installation.archive.begin() as work:
        ada = make_person(work.keys.create())
        work.people.add(ada)
        with installation.archive.read() as other:
            assert other.people.find(ada.id) is None
        work.commit()
    reopened = installation.reopened()
    with reopened.read() as other:
        assert other.people.get(ada.id) == ada
    reopened.close()


def test_writing_no_rows_is_no_error(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        work.people.add_all([])
        assert work.people.where() == []


def test_the_engine_writes_only_when_asked(installation: Installation):
    engine = open_engine(installation.database)
    with engine.connect() as connection, pytest.raises(Exception, match="readonly"):
        connection.execute(text("DELETE FROM person"))
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        assert connection.execute(text("DELETE FROM person")).rowcount == 0
    engine.dispose()


def test_programmes_have_no_key_and_nothing_sealed(shared_archive: SqlArchive):
    with shared_archive.read() as work:
        assert work.programmes.where(kind="test") == []
        assert "key" not in {field.name for field in dataclasses.fields(Programme)}
