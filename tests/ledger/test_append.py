from datetime import timedelta

import pytest

from countersign.ledger.append import ClockWentBackError, append
from countersign.ledger.entry import Entry, EntryFormError
from countersign.ledger.merkle import Frontier, leaf_hash, root_at
from tests.fakes_ledger import START, MemoryLedger, draft


def test_entries_get_the_places_0_1_2_and_the_tree_grows_with_them() -> None:
    store, frontier = MemoryLedger(), Frontier()
    for second in range(5):
        entry = append(store, draft(at=START + timedelta(seconds=second)))
        frontier.append(leaf_hash(entry.to_bytes()))
        assert entry.seq == second
        assert root_at(store, second + 1) == frontier.root()
    assert [Entry.from_bytes(data).seq for data in store.entry_bytes(1, 4)] == [1, 2, 3]


@pytest.mark.row("LOG-10")
def test_two_entries_may_share_a_moment_but_none_may_lie_before_the_last() -> None:
    store = MemoryLedger()
    append(store, draft())
    append(store, draft())
    with pytest.raises(ClockWentBackError, match="not before"):
        append(store, draft(at=START - timedelta(milliseconds=1)))
    assert store.head() == 2


def test_a_draft_that_is_not_what_its_kind_asks_for_leaves_no_trace() -> None:
    store = MemoryLedger()
    with pytest.raises(EntryFormError, match="fact what"):
        append(store, draft(what="Anna Smith", justification="lawfulness"))
    assert store == MemoryLedger()
