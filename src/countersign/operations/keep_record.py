"""Keep a record of somebody who was not convicted beyond its day: exceptional, signed, limited in time (REF-04)."""

from dataclasses import dataclass, replace
from datetime import date

from countersign.governance.permission import Permission
from countersign.governance.register import CustodyRecord
from countersign.governance.register_rules import may_keep
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.erase_record import UnknownSubjectError
from countersign.operations.record_status import register_numbers
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRecord:
    """Which record, by the force's own references, until when, and the exceptional policing reason."""

    collection: CollectionId
    subject: str
    custody_record: str
    until: date
    reason: str


@operation(Permission.RECORD_KEEP)
def keep_record(turn: Turn, arguments: KeepRecord) -> CustodyRecord:
    """Put off the erasure of one record; it stays hidden.

    Raises:
        UnknownSubjectError: The record is not held.
        GuardError: The record needs no exception; it would last too long; the reason is too short; the rank too low.
    """
    digest = reference_digest(turn.work, arguments.collection, "record", arguments.subject, arguments.custody_record)
    found = turn.work.records.where(external_digest=digest)
    if not found:
        raise UnknownSubjectError("expected a record that is held, got none of that name")
    least = turn.pack.minimum_chars.reasons
    turn.check(
        may_keep(found[0], turn.actor, arguments.until, turn.today, register_numbers(turn)),
        require(
            len(arguments.reason.strip()) >= least,
            "reasons_too_short",
            f"expected an exceptional reason in at least {least} characters, got fewer",
        ),
    )
    after = replace(found[0], kept_until=arguments.until)
    turn.work.records.replace(after)
    facts = {"days": (arguments.until - turn.today).days}
    turn.record(EventKind.RECORD_KEPT, facts, committed={"reasons": arguments.reason}, key=after.key)
    return after
