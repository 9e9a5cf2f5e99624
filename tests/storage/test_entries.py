"""The log's rows, the openings of its commitments and used signatures."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countersign.errors import Conflict, IntegrityBroken, NotFound
from countersign.ledger.commitment import Opening, commit
from countersign.ledger.merkle import Frontier, leaf_hash, root_at
from countersign.ledger.store import LedgerStore
from countersign.primitives.ids import EntrySeq, KeyId
from countersign.storage.archive import SqlArchive


def append(store: LedgerStore, entry: bytes) -> None:
    seq = store.head()
    store.append(seq, entry, Frontier.of(store, seq).append(leaf_hash(entry)))


@given(entries=st.lists(st.binary(max_size=20), max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_entries_come_back_in_order_and_their_nodes_give_the_root(shared_archive: SqlArchive, entries: list[bytes]):
    with shared_archive.begin() as work:
        frontier = Frontier()
        for entry in entries:
            append(work.ledger, entry)
            frontier.append(leaf_hash(entry))
        assert work.ledger.head() == len(entries)
        assert list(work.ledger.entry_bytes(0, len(entries))) == entries
        assert list(work.ledger.entry_bytes(1, 3)) == entries[1:3]
        assert root_at(work.ledger, len(entries)) == frontier.root()


@pytest.mark.parametrize("seq", [0, 2, -1])
def test_an_entry_follows_the_last_one_or_is_a_conflict(shared_archive: SqlArchive, seq: int):
    with shared_archive.begin() as work:
        append(work.ledger, b"first")
        with pytest.raises(Conflict, match=f"expected an entry at place 1, got {seq}"):
            work.ledger.append(seq, b"second", [])
        assert work.ledger.head() == 1
        work.ledger.append(1, b"second", [])
        assert work.ledger.head() == 2


def test_a_missing_node_is_broken_integrity(shared_archive: SqlArchive):
    with shared_archive.read() as work, pytest.raises(IntegrityBroken, match="expected node 0 of level 0"):
        work.ledger.node(0, 0)


def test_the_checkpoint_of_the_largest_size_is_the_latest_and_one_of_a_size_replaces_another(
    shared_archive: SqlArchive,
):
    with shared_archive.begin() as work:
        assert work.ledger.latest_checkpoint() is None
        for size, note in [(2, "two"), (10, "ten"), (3, "three"), (2, "two again")]:
            work.ledger.put_checkpoint(size, note)
        assert work.ledger.latest_checkpoint() == "ten"
        assert list(work.ledger.checkpoints()) == ["two again", "three", "ten"]


def test_openings_come_back_until_their_key_is_destroyed(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        record, case = work.keys.create_all(2)
        _, one = commit(b"value one")
        _, two = commit(b"value two")
        for seq in range(2):
            append(work.ledger, b"%d" % seq)
        work.openings.put(EntrySeq(0), {"subject": one}, key=record)
        work.openings.put(EntrySeq(0), {"probe": two}, key=case)
        work.openings.put(EntrySeq(1), {}, key=case)
        assert work.openings.get(EntrySeq(0)) == {"subject": one, "probe": two}
        assert (work.openings.count(record), work.openings.count(case)) == (1, 2)
        work.keys.destroy(record)
        assert work.openings.get(EntrySeq(0)) == {"probe": two}
        work.keys.destroy(case)
        assert work.openings.get(EntrySeq(0)) is None
        assert work.openings.get(EntrySeq(7)) is None
        assert work.openings.count(record) == 1
        with pytest.raises(NotFound):
            work.openings.put(EntrySeq(1), {}, key=record)


def test_openings_are_kept_once_for_an_entry_and_a_key(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        key = work.keys.create()
        append(work.ledger, b"entry")
        work.openings.put(EntrySeq(0), {"a": Opening(key=bytes(32), value=b"v")}, key=key)
        with pytest.raises(Conflict):
            work.openings.put(EntrySeq(0), {}, key=key)


def test_openings_of_an_entry_that_does_not_exist_cannot_be_committed(archive: SqlArchive):
    with archive.begin() as work:
        work.openings.put(EntrySeq(0), {}, key=work.keys.create())
        with pytest.raises(IntegrityBroken) as refusal:
            work.commit()
        assert refusal.value.code == "row_without_entry"


def test_a_nonce_is_used_once(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        work.nonces.use("n")
        work.nonces.use("m")
        with pytest.raises(Conflict) as refusal:
            work.nonces.use("n")
        assert (refusal.value.code, work.keys.exists(KeyId("n"))) == ("nonce_used", False)
