"""Bar a person at once: a lost key, an inquiry, outcomes that nobody recorded; nothing they sign is done any more."""

from dataclasses import dataclass, replace
from enum import StrEnum

from countersign.governance.actor import Person, Role
from countersign.governance.permission import Permission
from countersign.governance.role_rules import SIGNERS
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import PersonId


class BarReason(StrEnum):
    """Why nothing of theirs is to be done."""

    KEY_LOST = "key_lost"
    UNDER_INQUIRY = "under_inquiry"
    OUTCOMES_OVERDUE = "outcomes_overdue"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPerson:
    """Whom, and why."""

    person: PersonId
    reason: BarReason


@operation(Permission.PERSON_BAR)
def bar_person(turn: Turn, arguments: BarPerson) -> Person:
    """Bar a person.

    Raises:
        RowMissingError: No such person.
        GuardError: Oneself, a signer, somebody of another organisation than a supervisor's, or barred already.
    """
    person = turn.work.people.get(arguments.person)
    turn.check(
        require(person.id != turn.actor.id, "own_bar", "expected another person, got whoever bars"),
        require(
            not SIGNERS & set(person.roles),
            "signer_barred",
            "expected nobody who can stop the whole use, got a signer: they are not to be silenced",
        ),
        require(
            Role.SUPERVISOR not in turn.actor.roles or person.organisation == turn.actor.organisation,
            "other_organisation",
            "expected somebody of the supervisor's own organisation, got another's",
        ),
        require(person.barred_at is None, "barred_already", "expected a person whom nobody barred, got one who is"),
    )
    after = replace(person, barred_at=turn.now, barred_by=turn.actor.id)
    turn.work.people.replace(after)
    turn.record(EventKind.PERSON_BARRED, {"reason": arguments.reason}, committed={"person": person.id}, key=person.key)
    return after
