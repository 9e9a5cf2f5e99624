"""Record that somebody is away until a day and give their open duties to a colleague, in one act (practice P-15).

Each duty goes by the rules of `reassign_request`; what they refuse stays where it is and is told with its reason, so
that one duty which cannot go over keeps no other from going.
"""

from dataclasses import dataclass, replace
from datetime import date

from countersign.errors import Refused
from countersign.governance.actor import Person
from countersign.governance.permission import Permission
from countersign.governance.queues import QUEUE_OF
from countersign.governance.request import SearchRequest
from countersign.governance.request_rules import Duty
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.list_queues import holding
from countersign.operations.reassign_request import ReassignReason, hand_over
from countersign.operations.turn import Turn, operation
from countersign.operations.waiting_leads import outcomes_seen_to
from countersign.primitives.ids import PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverAbsence:
    """Who is away, and who covers for them.

    Attributes:
        until: Last day of the absence; a day that is over ends it, and nothing is handed over.
        to: Who takes the open duties; None leaves them where they are.
    """

    person: PersonId
    until: date
    to: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What became of one duty; ``refused`` is the reason why it stayed, as a code, and empty where it went over."""

    request: RequestId
    duty: Duty
    refused: str


@operation(Permission.REQUEST_REASSIGN)
def cover_absence(turn: Turn, arguments: CoverAbsence) -> tuple[Covered, ...]:
    """Record an absence and hand over what is open.

    Raises:
        RowMissingError: No such person.
        GuardError: Somebody of another organisation; or duties are to go over while overdue outcomes of other people
            are left alone.
    """
    away = _colleague(turn, arguments.person)
    to = _colleague(turn, arguments.to) if arguments.to else None
    turn.work.people.replace(replace(away, absent_until=arguments.until))
    open_duties = [
        (request, duty)
        for request in turn.work.requests.where()
        if request.state in QUEUE_OF
        for duty, person in holding(turn.work, request).items()
        if person == away.id
    ]
    if to:
        turn.check(outcomes_seen_to(turn, {one.id for one, duty in open_duties if duty is Duty.REQUESTER}))
    done = tuple(_cover(turn, request, duty, to) for request, duty in open_duties) if to else ()
    facts = {
        "days": max(0, (arguments.until - turn.today).days + 1),
        "handed_over": sum(not one.refused for one in done),
        "left_open": sum(bool(one.refused) for one in done),
    }
    turn.record(EventKind.PERSON_COVERED, facts, committed={"person": away.id}, key=away.key)
    return done


def _colleague(turn: Turn, person: PersonId) -> Person:
    found = turn.work.people.get(person)
    turn.check(
        require(
            found.organisation == turn.actor.organisation,
            "other_organisation",
            "expected somebody of one's own organisation, got another's",
        )
    )
    return found


def _cover(turn: Turn, request: SearchRequest, duty: Duty, to: Person) -> Covered:
    try:
        hand_over(turn, turn.work.requests.get(request.id), duty, to, ReassignReason.ABSENT)
    except Refused as reason:
        return Covered(request=request.id, duty=duty, refused=reason.code)
    return Covered(request=request.id, duty=duty, refused="")
