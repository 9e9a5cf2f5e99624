"""Take in results of trials whose answer is known, by which examiners' error rates are known (REV-03, REV-10)."""

from dataclasses import dataclass
from datetime import date

from countersign.governance.actor import Role
from countersign.governance.known_trial import KnownTrial
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTrial:
    """One result. ``trial`` is the organiser's own number; the same one twice is refused."""

    trial: str
    examiner: PersonId
    mated: bool
    supported: bool
    held_on: date


@operation(Permission.PERSON_ASSESS)
def record_trial(turn: Turn, arguments: RecordTrial) -> KnownTrial:
    """Record a result.

    Raises:
        RowMissingError: No such person.
        GuardError: The person examines nothing, or the day lies ahead.
        Conflict: The trial was recorded.
    """
    examiner = turn.work.people.get(arguments.examiner)
    turn.check(
        require(
            bool({Role.OPERATOR, Role.EXAMINER} & set(examiner.roles)),
            "not_an_examiner",
            "expected a person who examines, got one who does not",
        ),
        require(
            arguments.held_on <= turn.today, "trial_in_future", f"expected a day up to {turn.today}, got a later one"
        ),
    )
    trial = KnownTrial(
        id=arguments.trial,
        examiner=examiner.id,
        mated=arguments.mated,
        supported=arguments.supported,
        held_on=arguments.held_on,
    )
    turn.work.trials.add(trial)
    facts = {"mated": "yes" if trial.mated else "no", "supported": "yes" if trial.supported else "no"}
    turn.record(EventKind.PERSON_ASSESSED, facts, committed={"person": examiner.id})
    return trial
