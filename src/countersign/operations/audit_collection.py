"""Audit a collection for erasure: whether everything that had to be hidden or erased by now was (REF-07).

Twice a year at least; a collection that was not audited in time suspends the programme (`programme_clock`).
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from countersign.governance.permission import Permission
from countersign.governance.register import CustodyRecord
from countersign.governance.register_rules import erasable, listable
from countersign.ledger.event import EventKind
from countersign.operations.record_status import register_numbers
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCollection:
    """Which collection."""

    collection: CollectionId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedCollection:
    """What was found, in numbers; all but the first are to be none.

    Attributes:
        records: Records that are held.
        wrongly_searchable: Records in the gallery that may not be there now.
        not_erased: Records whose day of erasure has passed.
        templates_astray: Templates that can be searched though their record cannot.
    """

    records: int
    wrongly_searchable: int
    not_erased: int
    templates_astray: int


@operation(Permission.COLLECTION_AUDIT)
def audit_collection(turn: Turn, arguments: AuditCollection) -> AuditedCollection:
    """Look at every record of a collection and record what was found.

    It mends nothing: the clock does that every hour, and what it left is what an audit is there to see.
    """
    collection = turn.work.collections.get(arguments.collection)
    records = turn.work.records.where(collection=collection.id)
    found = AuditedCollection(
        records=len(records),
        wrongly_searchable=sum(_wrongly_searchable(turn, record) for record in records),
        not_erased=sum(erasable(record, turn.today - timedelta(days=1)) for record in records),
        templates_astray=_astray(turn, records),
    )
    turn.work.collections.replace(replace(collection, audited_at=turn.now))
    facts: dict[str, str | int] = {
        "records": found.records,
        "wrongly_searchable": found.wrongly_searchable,
        "not_erased": found.not_erased,
        "templates_astray": found.templates_astray,
        "justification": "erasure_audit",
    }
    turn.record(EventKind.COLLECTION_AUDITED, {"collection": collection.id, **facts})
    return found


def _wrongly_searchable(turn: Turn, record: CustodyRecord) -> bool:
    return record.searchable and not listable(record, turn.now, register_numbers(turn)).allowed


def _astray(turn: Turn, records: list[CustodyRecord]) -> int:
    hidden = {record.id for record in records if not record.searchable}
    return sum(template.searchable for record in hidden for template in turn.work.templates.where(record=record))
