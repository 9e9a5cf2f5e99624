"""Register a person's request that their images be deleted; from now on a clock runs for them (DSR-06)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from countersign.governance.deletion import DeletionRequest, DeletionState, deletion_owed, received_in_past
from countersign.governance.permission import Permission
from countersign.governance.register import LegalStatus
from countersign.governance.register_rules import CONVICTED
from countersign.ledger.event import EventKind
from countersign.operations.erase_record import Erased, ErasureRule, UnknownSubjectError, erase_records
from countersign.operations.record_status import register_numbers
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId, PersonId, new_id

KEPT = CONVICTED | {LegalStatus.RESTRICTED}
"""Statuses of records that a granted request leaves: the presumption is for the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeletion:
    """Who asks, by the force's own reference, and when it came."""

    collection: CollectionId
    subject: str
    received_on: date


@operation(Permission.DELETION_REGISTER)
def request_deletion(turn: Turn, arguments: RequestDeletion) -> DeletionRequest:
    """Register a request.

    Raises:
        UnknownSubjectError: Nothing of this subject is held.
        GuardError: Every record rests on a conviction or caution, or the day lies ahead.
    """
    work = turn.work
    subjects = work.subjects.where(
        external_digest=reference_digest(work, arguments.collection, "subject", arguments.subject)
    )
    if not subjects:
        raise UnknownSubjectError("expected a subject who is held, got none of that name")
    records = work.records.where(subject=subjects[0].id)
    turn.check(deletion_owed(record.status for record in records), received_in_past(arguments.received_on, turn.today))
    request = DeletionRequest(
        id=new_id(),
        collection=arguments.collection,
        subject=subjects[0].id,
        key=work.keys.create(),
        received_on=arguments.received_on,
        due=arguments.received_on + timedelta(days=register_numbers(turn).deletion_days),
        state=DeletionState.OPEN,
        registered_by=turn.actor.id,
        decided_by=None,
        decided_at=None,
        reason="",
    )
    work.deletions.add(request)
    # The arguments name the data subject; like a tombstone this entry must not be able to.
    facts = {"collection": request.collection}
    turn.record(EventKind.DELETION_REQUESTED, facts, key=request.key, unopened={"arguments"})
    return request


def grant(turn: Turn, request: DeletionRequest, by: PersonId | None = None) -> Erased:
    """Erase what the request is about, and say so; nobody is named as decider where silence decided."""
    records = [record for record in turn.work.records.where(subject=request.subject) if record.status not in KEPT]
    after = replace(request, state=DeletionState.GRANTED, decided_by=by, decided_at=turn.now)
    turn.work.deletions.replace(after)
    facts = {"outcome": "granted", "by": "person" if by else "silence"}
    turn.record(EventKind.DELETION_DECIDED, facts, key=request.key)
    if not records:  # erased since by another rule
        return Erased(records=0, images=0, templates=0, openings=0)
    return erase_records(turn, records, ErasureRule.REQUEST_GRANTED)
