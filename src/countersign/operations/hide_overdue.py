"""Hide what is overdue: a record past its review date leaves the gallery, by an entry of its own (REF-05)."""

from dataclasses import replace

from countersign.governance.register import LegalStatus
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn
from countersign.primitives.ids import CollectionId
from countersign.templates.gallery import Change


def hide_overdue(turn: Turn, collection: CollectionId) -> int:
    """Hide every searchable record whose review date has passed, and give how many there were.

    A search does this before it looks at the gallery: nobody is compared with a record that should have been reviewed.
    """
    hidden: Change = "hidden"
    overdue = turn.work.gallery.overdue(collection, turn.today)
    for record_id in overdue:
        record = turn.work.records.get(record_id)
        turn.work.records.replace(replace(record, status=LegalStatus.REVIEW_OVERDUE, searchable=False))
        templates = turn.work.templates.where(record=record.id, searchable=True)
        for template in templates:
            turn.work.templates.replace(replace(template, searchable=False))
        turn.work.gallery.changed(collection, [(template.id, hidden) for template in templates])
        facts = {"from": record.status, "to": LegalStatus.REVIEW_OVERDUE}
        turn.record(EventKind.RECORD_STATUS, facts, committed={"record": record.id}, key=record.key)
    return len(overdue)
