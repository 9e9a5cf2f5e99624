"""What time does to a collection, always by entries: hide what lapsed, show what has waited, erase what is due."""

from dataclasses import replace
from datetime import timedelta

from countersign.governance.deletion import DeletionState, granted_by_silence
from countersign.governance.register import LegalStatus
from countersign.governance.register_rules import erasable, listable
from countersign.ledger.event import EventKind
from countersign.operations.erase_record import ErasureRule, erase_records
from countersign.operations.record_status import register_numbers, show_or_hide
from countersign.operations.request_deletion import grant
from countersign.operations.turn import Turn
from countersign.primitives.ids import CollectionId


def hide_lapsed(turn: Turn, collection: CollectionId) -> int:
    """Hide every searchable record whose review is overdue or whose status is stale, and give how many there were.

    A search does this before it looks at the gallery: nobody is compared with a record that should have been reviewed,
    or of whom nobody knows any more what the courts decided (REF-03, REF-05).
    """
    stale = turn.now - timedelta(days=register_numbers(turn).status_stale_days)
    lapsed = turn.work.gallery.lapsed(collection, turn.today, stale)
    for record_id in lapsed:
        before = turn.work.records.get(record_id)
        overdue = before.review_due < turn.today
        status = LegalStatus.REVIEW_OVERDUE if overdue else LegalStatus.UNKNOWN
        after = replace(before, status=status, searchable=False)
        turn.work.records.replace(after)
        turn.work.gallery.changed(collection, show_or_hide(turn, after))
        facts = {"from": before.status, "to": after.status}
        turn.record(EventKind.RECORD_STATUS, facts, committed={"record": after.id}, key=after.key)
    return len(lapsed)


def show_waited(turn: Turn, collection: CollectionId) -> int:
    """Show every record whose delay after its addition is over and which may be listed otherwise (REF-13)."""
    numbers, shown = register_numbers(turn), 0
    for before in turn.work.records.where(collection=collection, searchable=False):
        if not listable(before, turn.now, numbers).allowed:
            continue
        after = replace(before, searchable=True)
        turn.work.records.replace(after)
        turn.work.gallery.changed(collection, show_or_hide(turn, after))
        facts = {"from": before.status, "to": after.status}
        turn.record(EventKind.RECORD_STATUS, facts, committed={"record": after.id}, key=after.key)
        shown += 1
    return shown


def erase_unconvicted(turn: Turn, collection: CollectionId) -> int:
    """Erase every record whose day has come for want of a conviction, unless a signed exception covers it (REF-04)."""
    due = [record for record in turn.work.records.where(collection=collection) if erasable(record, turn.today)]
    for record in due:
        erase_records(turn, [record], ErasureRule.NOT_CONVICTED)
    return len(due)


def grant_by_silence(turn: Turn) -> int:
    """Grant every request for deletion that nobody refused in time (DSR-06)."""
    late = [one for one in turn.work.deletions.where(state=DeletionState.OPEN) if granted_by_silence(one, turn.today)]
    for request in late:
        grant(turn, request)
    return len(late)


def keep_register(turn: Turn) -> int:
    """Do all of this for every collection, and give how many records and requests it touched."""
    collections = [collection.id for collection in turn.work.collections.where()]
    steps = (hide_lapsed, show_waited, erase_unconvicted)
    return sum(step(turn, collection) for collection in collections for step in steps) + grant_by_silence(turn)
