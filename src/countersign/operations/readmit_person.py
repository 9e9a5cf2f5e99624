"""Readmit a barred person: somebody else than whoever barred them looks at it again."""

from dataclasses import dataclass, replace
from enum import StrEnum

from countersign.governance.actor import Person
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import PersonId


class ReadmitReason(StrEnum):
    """Why they may act again."""

    KEY_SAFE = "key_safe"
    CLEARED = "cleared"
    OUTCOMES_RECORDED = "outcomes_recorded"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmitPerson:
    """Whom, and why."""

    person: PersonId
    reason: ReadmitReason


@operation(Permission.PERSON_READMIT)
def readmit_person(turn: Turn, arguments: ReadmitPerson) -> Person:
    """Readmit a person.

    Raises:
        RowMissingError: No such person.
        GuardError: Nobody barred them, or the actor did.
    """
    person = turn.work.people.get(arguments.person)
    turn.check(
        require(person.barred_at is not None, "not_barred", "expected a barred person, got one whom nobody barred"),
        require(
            person.barred_by != turn.actor.id,
            "own_bar",
            "expected another person than whoever barred them, got the same",
        ),
    )
    after = replace(person, barred_at=None, barred_by=None)
    turn.work.people.replace(after)
    turn.record(
        EventKind.PERSON_READMITTED, {"reason": arguments.reason}, committed={"person": person.id}, key=person.key
    )
    return after
