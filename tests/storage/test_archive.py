"""Transactions: all or nothing, one writer at a time, through kills and full disks, and nothing personal in clear."""

# ruff: noqa: SLF001  the tests look behind the port, at what lies in the tables
import multiprocessing
import threading
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import event, text

from countersign.errors import Conflict, IntegrityBroken
from countersign.governance.request import Case
from countersign.ledger.commitment import commit
from countersign.ledger.merkle import Frontier, leaf_hash, root_at
from countersign.operations.work import Archive
from countersign.primitives.ids import CaseId, CollectionId, EntrySeq, ImageId, RecordId, RunId, SubjectId, new_id
from countersign.search.probe import Candidate, SealedList
from countersign.storage import tables
from countersign.storage.apsw_dbapi import Connection as SqliteConnection
from countersign.storage.archive import SqlArchive, SqlWork, create_archive, open_archive
from countersign.storage.engine import open_engine
from countersign.templates.reference import ReferenceTemplate
from tests.storage.installation import Installation, make_person


def append(work: SqlWork, entry: bytes) -> EntrySeq:
    seq = work.ledger.head()
    work.ledger.append(seq, entry, Frontier.of(work.ledger, seq).append(leaf_hash(entry)))
    return EntrySeq(seq)


def test_the_archive_is_what_operations_ask_for(archive: SqlArchive):
    port: Archive = archive
    with port.begin() as work:
        ada = make_person(work.keys.create())
        work.people.add(ada)
        assert work.people.get(ada.id) == ada


def test_leaving_without_a_commit_undoes_rows_log_keys_nonces_and_blobs(installation: Installation):
    with installation.archive.begin() as work:
        ada = make_person(work.keys.create())
        work.people.add(ada)
        append(work, b"entry")
        work.nonces.use("n")
        work.gallery.changed("c", [("t", "shown")])
        work.blobs.put(b"data", key=ada.key)
    with installation.archive.begin() as work:
        assert (work.people.where(), work.ledger.head(), work.gallery.version("c")[0]) == ([], 0, 0)
        assert not work.keys.exists(ada.key)
        work.nonces.use("n")
    assert [path for path in installation.blobs.rglob("*") if path.is_file()] == []


def test_an_error_inside_a_transaction_undoes_it_and_comes_through(archive: SqlArchive):
    def fail() -> None:
        with archive.begin() as work:
            work.people.add(make_person(work.keys.create()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with archive.read() as work:
        assert work.people.where() == []


def test_a_work_cannot_be_used_after_its_commit(archive: SqlArchive):
    with archive.begin() as work:
        work.commit()
        with pytest.raises(Exception, match="closed"):
            work.people.where()


def test_a_reading_transaction_writes_nothing(archive: SqlArchive):
    with archive.read() as work:
        with pytest.raises(IntegrityBroken):
            work.keys.create()
        work.commit()
    with archive.read() as work:
        assert work._connection.scalar(text("SELECT count(*) FROM record_key")) == 0


def test_a_reading_transaction_sees_one_state(archive: SqlArchive):
    with archive.read() as reader:
        assert reader.people.where() == []
        with archive.begin() as work:
            work.people.add(make_person(work.keys.create()))
            work.commit()
        assert reader.people.where() == []
    with archive.read() as reader:
        assert len(reader.people.where()) == 1


def test_a_list_without_its_entry_and_run_cannot_be_committed(archive: SqlArchive):
    with archive.begin() as work:
        work.lists.add(
            SealedList(
                id=RunId("run"),
                case=CaseId("case"),
                key=work.keys.create(),
                entry_seq=EntrySeq(0),
                weight_sum=1,
                candidates=(),
                probe_codes=b"",
            )
        )
        with pytest.raises(IntegrityBroken) as refusal:
            work.commit()
        assert refusal.value.code == "row_without_entry"
    with archive.read() as work:
        assert work.lists.where() == []


def test_a_database_of_another_revision_is_not_opened(installation: Installation):
    empty = installation.folder / "empty.db"
    with pytest.raises(Conflict, match="got None"):
        open_archive(empty, installation.ring, installation.blobs)
    with installation.archive.begin() as work:
        work._connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
        work.commit()
    with pytest.raises(Conflict, match="got future"):
        installation.reopened()


def test_creating_again_keeps_what_is_there(installation: Installation):
    with installation.archive.begin() as work:
        work.people.add(make_person(work.keys.create()))
        work.commit()
    again = create_archive(installation.database, installation.ring, installation.blobs)
    with again.read() as work:
        assert len(work.people.where()) == 1
    again.close()


def test_two_threads_that_write_get_one_place_each(archive: SqlArchive):
    def write() -> None:
        for _ in range(15):
            with archive.begin() as work:
                seq = append(work, b"entry")
                work.nonces.use(str(seq))
                work.commit()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with archive.read() as work:
        assert work.ledger.head() == 30
        assert len(root_at(work.ledger, 30)) == 32


def _write_until_killed(installation: Installation, acknowledged: Connection) -> None:
    archive = installation.reopened()
    while True:
        with archive.begin() as work:
            seq = append(work, b"entry")
            work.people.add(make_person(work.keys.create(), str(seq)))
            work.nonces.use(str(seq))
            work.commit()
        acknowledged.send(seq)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_killed_writers_lose_nothing_that_was_acknowledged_and_leave_nothing_half(installation: Installation):
    installation.archive.close()
    fork = multiprocessing.get_context("fork")
    last = -1
    for _ in range(20):
        ours, theirs = fork.Pipe(duplex=False)
        writers = [fork.Process(target=_write_until_killed, args=(installation, theirs)) for _ in range(2)]
        for writer in writers:
            writer.start()
        last = max(last, *(ours.recv() for _ in range(3)))
        for writer in writers:
            writer.kill()
            writer.join()
            writer.close()
        ours.close()
        theirs.close()
    archive = installation.reopened()
    with archive.read() as work:
        head = work.ledger.head()
        assert head > last
        assert [row.name for row in work.people.where()] == [str(seq) for seq in range(head)]
        assert work._connection.scalar(text("SELECT count(*) FROM nonce")) == head
        assert work._connection.scalar(text("PRAGMA integrity_check")) == "ok"
        frontier = Frontier()
        for entry in work.ledger.entry_bytes(0, head):
            frontier.append(leaf_hash(entry))
        assert root_at(work.ledger, head) == frontier.root()
    archive.close()


def test_a_full_disk_keeps_what_was_committed_and_nothing_of_the_rest(installation: Installation):
    with installation.archive.begin() as work:
        work.people.add(make_person(work.keys.create(), "before"))
        append(work, b"entry")
        work.commit()
    installation.archive.scrub()

    def limit(connection: SqliteConnection, _entry: object) -> None:
        pages = connection.raw.pragma("page_count")
        connection.raw.pragma("max_page_count", pages + 2)

    engine = open_engine(installation.database)
    event.listen(engine, "connect", limit)
    archive = SqlArchive(engine, installation.ring, installation.blobs)
    with archive.begin() as work:
        append(work, b"entry")
        with pytest.raises(IntegrityBroken, match="full") as refusal:
            work.people.add_all([make_person(key, "x" * 500) for key in work.keys.create_all(100)])
    assert refusal.value.code == "storage_failed"
    with archive.read() as work:
        assert [row.name for row in work.people.where()] == ["before"]
        assert (work.ledger.head(), work._connection.scalar(text("PRAGMA integrity_check"))) == (1, "ok")
    archive.close()


def test_a_destroyed_key_is_not_left_in_the_write_ahead_log(installation: Installation):
    with installation.archive.begin() as work:
        key = work.keys.create()
        wrapped: bytes = work._connection.scalar(text("SELECT wrapped FROM record_key"))
        work.commit()
    assert wrapped in _all_bytes(installation.folder / "data")
    with installation.archive.begin() as work:
        work.keys.destroy(key)
        work.commit()
    assert wrapped not in _all_bytes(installation.folder / "data")


def test_a_scrub_says_when_a_reader_stands_in_its_way(installation: Installation):
    with installation.archive.read() as reader:
        assert reader.people.where() == []
        with installation.archive.begin() as work:
            work.people.add(make_person(work.keys.create()))
            work.commit()
        assert not installation.archive.scrub()
    assert installation.archive.scrub()


def test_names_references_templates_and_values_are_in_no_file_of_the_data_folder(installation: Installation):
    codes = bytes(range(100, 228))
    with installation.archive.begin() as work:
        keys = work.keys.create_all(4)
        work.people.add(make_person(keys[0], "Canary Lovelace"))
        work.templates.add(_template(codes, work))
        work.cases.add(
            Case(
                id=CaseId("c"),
                key=keys[1],
                reference="CANARY/1815",
                reference_digest=work.keys.keyed_digest("case", "CANARY/1815"),
                opened_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
        commitment, opening = commit(b"canary value")
        seq = append(work, commitment.encode())
        work.openings.put(seq, {"v": opening}, key=keys[2])
        work.blobs.put(b"canary pixels", key=keys[3])
        candidate = Candidate(rank=1, subject=SubjectId("canary subject"), score=1)
        work.lists.add(
            SealedList(
                id=RunId("r"),
                case=CaseId("c"),
                key=keys[1],
                entry_seq=seq,
                weight_sum=1,
                candidates=(candidate,),
                probe_codes=codes[::-1],
            )
        )
        work._connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        work.lists.remove("r")
        work.commit()
    for moment in ("in the write-ahead log", "in the database"):
        data = _all_bytes(installation.folder / "data")
        assert commitment.encode() in data, moment
        found = [secret for secret in _secrets(codes, opening.key) if secret in data]
        assert found == [], moment
        installation.archive.scrub()


def _secrets(codes: bytes, opening_key: bytes) -> list[bytes]:
    parts = [codes[:16], codes[::-1][:16], codes[:16].hex().encode(), codes[::-1][:16].hex().encode(), opening_key]
    return [*parts, opening_key.hex().encode(), b"canary", b"Canary", b"CANARY", b"Lovelace", b"canary".hex().encode()]


def _template(codes: bytes, work: SqlWork) -> ReferenceTemplate:
    return ReferenceTemplate(
        id=new_id(),
        image=ImageId("i"),
        record=RecordId("r"),
        subject=SubjectId("s"),
        collection=CollectionId("c"),
        key=work.keys.create(),
        extractor="e",
        unified=0.5,
        codes=codes,
        synthetic=True,
        searchable=True,
    )


def _all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_tables_are_those_that_the_steps_make(installation: Installation):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from countersign.storage.migrate import alembic_config

    engine = open_engine(installation.database)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.METADATA) == []
        made = connection.scalar(text("SELECT group_concat(sql) FROM sqlite_schema"))
    assert made.count("DEFERRABLE INITIALLY DEFERRED") == 5
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [tables.REVISION]
    engine.dispose()
