"""List the requests that concern a person, each with its clock: urgent ones first, then whose time runs out first."""

from dataclasses import dataclass
from datetime import datetime

from countersign.governance.actor import Person, Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchKind, SearchRequest, Tier
from countersign.governance.review_date import FRUITLESS, changed_materially, review_due
from countersign.governance.time_limits import LIMITS
from countersign.ledger.event import EventKind
from countersign.operations.request_state import officers
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.primitives.ids import CaseId, LeadId, RequestId
from countersign.search.probe import RunState

WAITS_FOR = {
    Role.AUTHORISING_OFFICER: frozenset({RequestState.SUBMITTED, RequestState.EXT_PENDING}),
    Role.OPERATOR: frozenset({RequestState.AUTHORISED, RequestState.URGENT_AUTHORISED}),
    Role.EXAMINER: frozenset({RequestState.BLIND_VERIFY, RequestState.CONFLICT}),
}
"""In which states a request waits for somebody of a role, whoever of them it is."""
KNOW_THE_CASE = frozenset({Role.REQUESTER, Role.AUTHORISING_OFFICER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequests:
    """Nothing to choose: what is listed follows from who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRequest:
    """One line: no face, no candidate, no opinion.

    Attributes:
        case_reference: Empty for those who examine.
        requester: Their name; empty for those who examine.
        asked_by_me: Whether the person who looks is its requester.
        due: When its present clock runs out, and ``limit`` which one that is; None while none runs.
        lead: Of a released or supported lead, for its requester and its officer.
        may_apply_again: For the same two: its review date has come, and gallery or network are others by now (P-06).
    """

    request: RequestId
    case: CaseId
    case_reference: str
    requester: str
    asked_by_me: bool
    state: RequestState
    tier: Tier
    urgent: bool
    drafted_at: datetime
    state_since: datetime
    due: datetime | None
    limit: str
    lead: LeadId | None
    may_apply_again: bool = False


@operation(Permission.CASE_READ)
def list_requests(turn: Turn, arguments: ListRequests) -> tuple[ListedRequest, ...]:
    """List what waits for this person, and what they took part in."""
    del arguments
    found = [_line(turn, one) for one in turn.work.requests.where() if concerns(turn.work, one, turn.actor)]
    turn.record(EventKind.RECORD_CONSULTED, {"what": "requests", "justification": "queue"})
    return tuple(sorted(found, key=lambda one: (not one.urgent, one.due is None, one.due or one.drafted_at)))


def concerns(work: Work, request: SearchRequest, person: Person) -> bool:
    """Say whether a request waits for this person, or they took part in it."""
    if request.requester == person.id:
        return True
    if any(request.state in WAITS_FOR.get(role, ()) for role in person.roles):
        return True
    return (
        person.id in officers(work, request.id)
        or any(run.operator == person.id for run in work.runs.where(request=request.id))
        or any(review.examiner == person.id for review in work.reviews.where(request=request.id))
    )


def clock_of(turn: Turn, request: SearchRequest) -> tuple[datetime | None, str]:
    """Give when the first clock of a request's present state runs out, and its name."""
    decided = turn.work.authorisations.where(request=request.id)
    running = [
        (deadline, name)
        for name, limit in LIMITS.items()
        if request.state in limit.states
        and (deadline := limit.deadline(request, decided[-1] if decided else None, turn.pack.request_clocks))
    ]
    return min(running, default=(None, ""))


def _line(turn: Turn, request: SearchRequest) -> ListedRequest:
    knows = bool(KNOW_THE_CASE & set(turn.actor.roles))
    due, limit = clock_of(turn, request)
    leads = turn.work.leads.where(request=request.id) if knows else []
    return ListedRequest(
        request=request.id,
        case=request.case,
        case_reference=turn.work.cases.get(request.case).reference if knows else "",
        requester=turn.work.people.get(request.requester).name if knows else "",
        asked_by_me=request.requester == turn.actor.id,
        state=request.state,
        tier=request.tier,
        urgent=request.urgent,
        drafted_at=request.drafted_at,
        state_since=request.state_since,
        due=due,
        limit=limit,
        lead=leads[-1].id if leads else None,
        may_apply_again=knows and _may_apply_again(turn, request),
    )


def _may_apply_again(turn: Turn, request: SearchRequest) -> bool:
    """Say whether a new application could be made; nothing is searched and nothing drafted (practice P-06)."""
    work = turn.work
    over = work.cases.get(request.case).closed_at is not None or request.kind is SearchKind.ONE_TO_ONE
    if over or request.state not in FRUITLESS:
        return False
    changes, _ = work.gallery.version(request.collection)
    return any(
        review_due(run.started_at, turn.now)
        and changed_materially(
            people=run.n_subjects,
            changes=changes - run.gallery_seq,
            same_network=run.extractor == turn.desk.engine.extractor,
        )
        for run in work.runs.where(request=request.id, state=RunState.SEALED)
    )
