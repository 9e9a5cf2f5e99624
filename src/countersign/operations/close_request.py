"""Close a request with a review of what its search was good for (T21, GOV-17).

The clock closes what was never searched. A search that nobody looked back at is not closed: it stays on the list of
what is owed. Lists of searches without a lead go with their request once it has been closed for as long as the policy
pack keeps a list, unless a hold lies over it (T22); what led to a lead goes with its case.
"""

from dataclasses import dataclass
from datetime import timedelta

from countersign.governance.closing import Benefit, PostReview, closable
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.governance.request_transitions import Event
from countersign.governance.retention import ObjectClass, erase_on
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.ending import destroy, keys_of
from countersign.operations.overlays import held
from countersign.operations.request_state import ENDS, ENGINE, move, officers
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.primitives.ids import RequestId
from countersign.search.probe import RunState

CLOSED_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRequest:
    """Which request, and what its officer finds afterwards."""

    request: RequestId
    benefit: Benefit
    still_necessary: bool
    lesson: str


@operation(Permission.REQUEST_CLOSE)
def close_request(turn: Turn, arguments: CloseRequest) -> SearchRequest:
    """Review an executed search and close its request.

    Raises:
        GuardError: Not the officer who decided on it, or nothing is said of what was learnt.
        TransitionError: The request has not ended.
    """
    work, request = turn.work, turn.work.requests.get(arguments.request)
    review = PostReview(
        id=request.id,
        case=request.case,
        key=request.key,
        benefit=arguments.benefit,
        still_necessary=arguments.still_necessary,
        lesson=arguments.lesson,
        reviewed_by=turn.actor.id,
        reviewed_at=turn.now,
    )
    turn.check(
        require(
            turn.actor.id in officers(work, request.id),
            "not_officer",
            "expected the officer who decided on this search, got another person",
        ),
        closable(review, executed=True, minimum_chars=turn.pack.minimum_chars.outcome),
    )
    closed = move(turn, request, Event.CLOSE, by=ENGINE)
    work.post_reviews.add(review)
    facts = {
        "request": request.id,
        "benefit": review.benefit,
        "necessary": "yes" if review.still_necessary else "no",
    }
    turn.record(EventKind.REVIEW_CLOSED, facts, committed={"reasons": review}, case=request.case, key=request.key)
    return closed


def executed(work: Work, request: RequestId) -> bool:
    """Say whether a search of the request was sealed."""
    return bool(work.runs.where(request=request, state=RunState.SEALED))


def close_unsearched(turn: Turn) -> int:
    """Close what ended without a search a month ago; an executed search waits for its review (T21)."""
    done = 0
    for request in turn.work.requests.where():
        if request.state not in ENDS or turn.now - request.state_since < CLOSED_AFTER:
            continue
        review = turn.work.post_reviews.find(request.id)
        searched = executed(turn.work, request.id)
        if closable(review, executed=searched, minimum_chars=0).allowed:
            move(turn, request, Event.CLOSE, by=ENGINE)
            facts = {"request": request.id, "benefit": "not_searched", "necessary": "no"}
            turn.record(EventKind.REVIEW_CLOSED, facts, case=request.case, key=request.key)
            done += 1
    return done


def erase_closed(turn: Turn) -> int:
    """Erase closed requests whose time is over, with list and opinions, unless held or behind a lead (T22)."""
    due = [request for request in turn.work.requests.where(state=RequestState.CLOSED) if _due(turn, request)]
    for request in due:
        move(turn, move(turn, request, Event.REVIEW_RETENTION, by=ENGINE), Event.ERASE, by=ENGINE)
        openings = destroy(turn, keys_of(turn, request, nothing_left=True))
        facts: dict[str, str | int] = {"request": request.id, "openings": openings, "rule": "retention"}
        turn.record(EventKind.REQUEST_ERASED, facts, case=request.case)
    return len(due)


def _due(turn: Turn, request: SearchRequest) -> bool:
    # What was never searched was closed by the clock a month after its end, and that month counts (RET-02).
    since = request.state_since if executed(turn.work, request.id) else request.ended_at or request.state_since
    over = erase_on(turn.pack.retention, ObjectClass.SEALED_LIST, since) < turn.today
    released = any(lead.released_at for lead in turn.work.leads.where(request=request.id))
    return over and not released and not held(turn.work, request.id)
