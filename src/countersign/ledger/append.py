"""Appending: the one way in which an entry gets its place. Only operations call it (no entry, no effect)."""

from countersign.errors import Conflict
from countersign.ledger.entry import Entry, EntryDraft
from countersign.ledger.merkle import Frontier, leaf_hash
from countersign.ledger.store import LedgerStore


class ClockWentBackError(Conflict):
    """The machine's clock stands before the last entry; time in the log must not run backwards (LOG-10)."""

    code = "clock_went_back"

    def __init__(self, at: str, last: str) -> None:
        super().__init__(f"expected a time not before the last entry's {last}, got {at}")


def append(store: LedgerStore, draft: EntryDraft) -> Entry:
    """Append an entry inside the caller's transaction.

    Nothing is durable, and so nothing may be shown, before that transaction has committed. If the process dies before
    then, neither the entry nor what it records has happened.

    Raises:
        EntryFormError: The draft is not what its kind asks for; nothing is written.
        ClockWentBackError: ``at`` lies before the last entry; nothing is written.
    """
    seq = store.head()
    for last in store.entry_bytes(max(seq - 1, 0), seq):
        _check_forward(draft.at, Entry.from_bytes(last).at)
    entry = Entry.of(draft, seq=seq)
    data = entry.to_bytes()
    store.append(seq, data, Frontier.of(store, seq).append(leaf_hash(data)))
    return entry


def _check_forward(at: str, before: str) -> None:
    if at < before:  # one fixed-width spelling, so text order is time order
        raise ClockWentBackError(at, before)
