"""Show a supervisor what waits in their organisation, with clocks, and who has how much to do; no face, no opinion.

Nothing of a case but its pseudonym, and nothing of what anybody found: a supervisor moves work, and judges none of it
(practice P-15).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from countersign.governance.actor import Person, Role
from countersign.governance.permission import Permission
from countersign.governance.queues import QUEUE_OF, Queue
from countersign.governance.request import SearchRequest, Tier
from countersign.governance.request_rules import Duty
from countersign.governance.role_rules import SIGNERS
from countersign.ledger.event import EventKind
from countersign.operations.list_requests import clock_of
from countersign.operations.request_state import DUTY_OF, duties
from countersign.operations.turn import Turn, operation
from countersign.operations.waiting_leads import waiting_leads
from countersign.operations.work import Work
from countersign.primitives.ids import CaseId, PersonId, RequestId
from countersign.review.facial_review import ReviewState

SOON = timedelta(days=1)
"""How near the end of a clock must be to be pointed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQueues:
    """Nothing to choose: a supervisor sees their own organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has a duty that can be given to another person."""

    duty: Duty
    person: PersonId
    name: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRequest:
    """One request that waits for a person.

    Attributes:
        due: When its present clock runs out, and ``limit`` which one that is; None while none runs.
        late: Its clock has run out, and what follows has not been carried out yet.
        soon: It runs out within a day.
        holders: Who has which duty; an examiner only while their review is open.
        stuck: Whoever it waits for is away, barred or has left: somebody else must go on.
    """

    request: RequestId
    case: CaseId
    queue: Queue
    tier: Tier
    urgent: bool
    since: datetime
    due: datetime | None
    limit: str
    late: bool
    soon: bool
    holders: tuple[Holder, ...]
    stuck: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What one person has to do, and whether they are here to do it.

    Attributes:
        open: Number of requests that wait for this very person.
        leads_without_outcome: Released to them, of which nobody said yet what became of them.
        reviews_today: Reviews locked in the last 24 hours.
        training_ends: First day on which training for one of their roles ends.
    """

    person: PersonId
    name: str
    team: str
    roles: tuple[Role, ...]
    open: int
    leads_without_outcome: int
    reviews_today: int
    training_ends: date | None
    absent_until: date | None
    barred: bool
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """Everything that waits, urgent first, then whose time runs out first; and the people."""

    waiting: tuple[QueuedRequest, ...]
    people: tuple[Workload, ...]

    @property
    def lengths(self) -> dict[Queue, int]:
        """Give how many requests stand in each queue, empty ones too."""
        counted = Counter(one.queue for one in self.waiting)
        return {queue: counted[queue] for queue in Queue}


@operation(Permission.QUEUE_LIST)
def list_queues(turn: Turn, arguments: ListQueues) -> Queues:
    """List what waits in the actor's organisation, and its people's workload."""
    del arguments
    people = {one.id: one for one in turn.work.people.where() if one.organisation == turn.actor.organisation}
    asked = [one for one in turn.work.requests.where() if one.requester in people and one.state in QUEUE_OF]
    waiting = sorted((_queued(turn, one) for one in asked), key=_order)
    turn.record(EventKind.RECORD_CONSULTED, {"what": "queues", "justification": "supervision"})
    return Queues(
        waiting=tuple(waiting),
        people=tuple(_workload(turn, person, waiting) for person in people.values() if not SIGNERS & set(person.roles)),
    )


def _order(one: QueuedRequest) -> tuple[bool, bool, datetime]:
    return not one.urgent, one.due is None, one.due or one.since


def _queued(turn: Turn, request: SearchRequest) -> QueuedRequest:
    due, limit = clock_of(turn, request)
    queue, held = QUEUE_OF[request.state], holding(turn.work, request)
    awaited = held.get(AWAITS[queue]) if queue in AWAITS else None
    return QueuedRequest(
        request=request.id,
        case=request.case,
        queue=queue,
        tier=request.tier,
        urgent=request.urgent,
        since=request.state_since,
        due=due,
        limit=limit,
        late=due is not None and due < turn.now,
        soon=due is not None and turn.now <= due <= turn.now + SOON,
        holders=tuple(_holder(turn, duty, person) for duty, person in held.items()),
        stuck=awaited is not None and not turn.work.people.get(awaited).here(turn.today),
    )


AWAITS = {
    Queue.AMENDMENT: Duty.REQUESTER,
    Queue.SCREENING: Duty.OPERATOR,
    Queue.EXAMINATION: Duty.EXAMINER,
    Queue.RELEASE: Duty.OPERATOR,
    Queue.OUTCOME: Duty.REQUESTER,
    Queue.CLOSING: Duty.OFFICER,
}
"""For which very person a queue waits; what waits for anybody of a role is no key here."""


def holding(work: Work, request: SearchRequest) -> dict[Duty, PersonId]:
    """Give who has which duty, without a word on what they found: of examiners only whose review is open."""
    held: dict[Duty, PersonId] = {
        duty: person for duty, person in duties(work, request).items() if duty not in {Duty.EXAMINER, Duty.THIRD}
    }
    for review in work.reviews.where(request=request.id):
        if review.state is not ReviewState.OPINED and DUTY_OF[review.position] is not Duty.OPERATOR:
            held[Duty.EXAMINER] = review.examiner
    return held


def _holder(turn: Turn, duty: Duty, person: PersonId) -> Holder:
    found = turn.work.people.get(person)
    return Holder(duty=duty, person=person, name=found.name, here=found.here(turn.today))


def _workload(turn: Turn, person: Person, waiting: list[QueuedRequest]) -> Workload:
    locked = [one.locked_at for one in turn.work.reviews.where(examiner=person.id) if one.locked_at]
    return Workload(
        person=person.id,
        name=person.name,
        team=person.team,
        roles=person.roles,
        open=sum(_waits_for(one, person.id) for one in waiting),
        leads_without_outcome=len(waiting_leads(turn.work, person.id)),
        reviews_today=sum(turn.now - at < timedelta(days=1) for at in locked),
        training_ends=min((day for _, day in person.trained_until), default=None),
        absent_until=person.absent_until,
        barred=person.barred_at is not None,
        left=person.left_on is not None,
    )


def _waits_for(one: QueuedRequest, person: PersonId) -> bool:
    return any(holder.person == person and AWAITS.get(one.queue) is holder.duty for holder in one.holders)
