"""List what waits for an operator or an examiner: searches to run, reviews to give, leads to release; their workload.

The list shows no case, name, picture or opinion: that a second one is waited for says nothing of the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchKind, SearchRequest
from countersign.ledger.event import EventKind
from countersign.operations.open_review import ROLE, WAITING, prepared_by
from countersign.operations.request_state import duties
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId, ReviewId
from countersign.review.facial_review import ReviewState
from countersign.search.probe import RunState


class Task(StrEnum):
    """What waits."""

    SEARCH = "search"
    COMPARISON = "comparison"
    GO_ON_WITH_SEARCH = "go_on_with_search"
    REVIEW = "review"
    GO_ON_WITH_REVIEW = "go_on_with_review"
    RELEASE = "release"


SEARCHABLE = (RequestState.AUTHORISED, RequestState.URGENT_AUTHORISED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReviews:
    """Everything that waits for the actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One task. ``review`` is the actor's own that was begun, or None."""

    task: Task
    request: RequestId
    review: ReviewId | None
    urgent: bool
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """How many reviews the actor locked, and how many anybody may lock (REV-11)."""

    hour: int
    day: int
    most_hour: int
    most_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDesk:
    """What waits for the actor, urgent and oldest first, and the actor's workload."""

    waiting: tuple[Waiting, ...]
    workload: Workload


@operation(Permission.REVIEW_LIST)
def list_reviews(turn: Turn, arguments: ListReviews) -> ReviewDesk:
    """List what waits for the actor; the operations behind it decide whether they may do it."""
    del arguments
    found = [*_own_reviews(turn), *_of_operator(turn), *_of_examiner(turn)]
    turn.record(EventKind.RECORD_CONSULTED, {"what": "review.list", "justification": "work_queue"})
    waiting = sorted(found, key=lambda one: (not one.urgent, one.since, one.request))
    return ReviewDesk(waiting=tuple(waiting), workload=_workload(turn))


def _waiting(task: Task, request: SearchRequest, review: ReviewId | None = None) -> Waiting:
    return Waiting(task=task, request=request.id, review=review, urgent=request.urgent, since=request.state_since)


def _own_reviews(turn: Turn) -> Iterator[Waiting]:
    """Give the reviews that the actor has begun and not locked."""
    for review in turn.work.reviews.where(examiner=turn.actor.id):
        request = turn.work.requests.find(review.request)
        if review.state is not ReviewState.OPINED and request is not None and request.state in _BEGUN:
            yield _waiting(Task.GO_ON_WITH_REVIEW, request, review.id)


_BEGUN = frozenset({RequestState.SCREENING, *WAITING.values()})


def _of_operator(turn: Turn) -> Iterator[Waiting]:
    """Give the searches that may be run, and what follows from the actor's own."""
    if Role.OPERATOR not in turn.actor.roles:
        return
    for state in SEARCHABLE:
        for request in turn.work.requests.where(state=state):
            if turn.actor.id not in duties(turn.work, request).values():
                yield _waiting(Task.COMPARISON if request.kind is SearchKind.ONE_TO_ONE else Task.SEARCH, request)
    for run in turn.work.runs.where(operator=turn.actor.id):
        asked = turn.work.requests.find(run.request)
        if asked is not None and asked.state in _AFTER_SEARCH and run.state is not RunState.ABORTED:
            yield _waiting(_AFTER_SEARCH[asked.state], asked)


_AFTER_SEARCH = {
    RequestState.PROBE_LOCKED: Task.GO_ON_WITH_SEARCH,
    RequestState.EXECUTED: Task.REVIEW,
    RequestState.LEAD_SUPPORTED: Task.RELEASE,
}


def _of_examiner(turn: Turn) -> Iterator[Waiting]:
    """Give the blind reviews that the actor could give: somebody without another duty who prepared nothing."""
    for position, state in WAITING.items():
        if ROLE[position] is not Role.EXAMINER or Role.EXAMINER not in turn.actor.roles:
            continue
        for request in turn.work.requests.where(state=state):
            taken = turn.work.reviews.where(request=request.id, position=position)
            known = {*duties(turn.work, request).values(), *prepared_by(turn.work, turn.work.probes.get(request.probe))}
            if not taken and turn.actor.id not in known:
                yield _waiting(Task.REVIEW, request)


def _workload(turn: Turn) -> Workload:
    numbers = turn.pack.review
    locked = [one.locked_at for one in turn.work.reviews.where(examiner=turn.actor.id) if one.locked_at]
    return Workload(
        hour=sum(turn.now - at < timedelta(hours=1) for at in locked),
        day=sum(turn.now - at < timedelta(days=1) for at in locked),
        most_hour=numbers.reviews_per_hour,
        most_day=numbers.reviews_per_day,
    )
