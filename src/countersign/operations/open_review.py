"""Open a review: the position follows from who reviewed before; only the probe can be seen yet."""

from dataclasses import dataclass

from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.governance.request_rules import separated, trained
from countersign.governance.request_transitions import Event
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.examiner_fitness import examiner_fit
from countersign.operations.probe_pictures import ShownStill, probe_pictures, shown_stills
from countersign.operations.request_state import DUTY_OF, duties, move, officers
from countersign.operations.shown_candidates import ShownCandidate, show
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.primitives.ids import PersonId, RequestId, ReviewId, new_id
from countersign.review.assignment import assign
from countersign.review.facial_review import FacialReview, Position, ReviewState
from countersign.search.probe import Probe, RunState, SearchRun

WAITING = {
    Position.FIRST: RequestState.EXECUTED,
    Position.SECOND: RequestState.BLIND_VERIFY,
    Position.THIRD: RequestState.CONFLICT,
}
ROLE = {Position.FIRST: Role.OPERATOR, Position.SECOND: Role.EXAMINER, Position.THIRD: Role.EXAMINER}


class NoListError(NotFound):
    """There is no sealed list with a candidate on it to review."""

    code = "no_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReview:
    """Of which request."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTerms:
    """What the pack asks of a review: its checklist, least lengths of texts, and seconds to look at each candidate."""

    checklist: tuple[str, ...]
    minimum_chars: int
    dwell_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedReview:
    """The review, and the marked face in each still of the probe (PNG).

    Attributes:
        stills: With the marked face in a box.
        plain: The same without a drawing on them, to be compared.
        terms: What the pack asks of the review.
        candidates: Nothing before the analysis is locked; after that what `analyse_probe` showed, in the same order, so
            that an examiner who was interrupted can go on.
    """

    review: FacialReview
    stills: tuple[bytes, ...]
    plain: tuple[ShownStill, ...]
    candidates: tuple[ShownCandidate, ...]
    terms: ReviewTerms


@operation(Permission.REVIEW_OPEN)
def open_review(turn: Turn, arguments: OpenReview) -> OpenedReview:
    """Open the next review of a sealed list, or again one that the examiner has begun.

    Raises:
        NoListError: Nothing was sealed, or the list is empty.
        GuardError: The person has another duty in this request, or is not trained.
        AssignmentError: All opinions that can be given have been given, or the same examiner comes twice.
    """
    work, request = turn.work, turn.work.requests.get(arguments.request)
    turn.check_in_use()
    requesters = [one.requester for one in work.requests.where(case=request.case)]
    turn.demand(Permission.REVIEW_OPEN, requesters=requesters, officers=officers(work, request.id))
    run = sealed_run(work, request.id)
    earlier = work.reviews.where(run=run.id)
    probe = work.probes.get(request.probe)
    own = [review for review in earlier if review.examiner == turn.actor.id and review.state is not ReviewState.OPINED]
    if own:
        facts = {"what": "review.probe", "justification": request.form.purpose}
        turn.record(EventKind.RECORD_CONSULTED, facts, case=request.case, key=request.key)
        return _opened(turn, request, own[0], probe)
    position = assign(earlier, turn.actor.id, operator=run.operator)
    if position is not Position.FIRST:
        turn.check(
            separated(duties(work, request), DUTY_OF[position], turn.actor.id),
            require(
                turn.actor.id not in prepared_by(work, probe),
                "prepared_probe",
                "expected an examiner who neither sealed nor marked the probe, got one who did",
            ),
        )
    turn.check(
        require(
            request.state is WAITING[position],
            "review_not_due",
            f"expected a request that waits for the {position} opinion, got one that is {request.state}",
        ),
        trained(turn.actor, ROLE[position], turn.today),
        *examiner_fit(turn),
    )
    if position is Position.FIRST:
        move(turn, request, Event.OPEN_REVIEW)
    review = FacialReview(
        id=ReviewId(new_id()),
        run=run.id,
        request=request.id,
        case=request.case,
        key=request.key,
        position=position,
        examiner=turn.actor.id,
        state=ReviewState.OPENED,
        analysis=None,
        order=(),
        opinions=(),
        opened_at=turn.now,
        locked_at=None,
    )
    work.reviews.add(review)
    facts = {"run": run.id, "position": position, "justification": request.form.purpose}
    turn.record(EventKind.REVIEW_OPENED, facts, case=request.case, key=request.key)
    return _opened(turn, request, review, probe)


def _opened(turn: Turn, request: SearchRequest, review: FacialReview, probe: Probe) -> OpenedReview:
    pack = turn.pack
    return OpenedReview(
        review=review,
        stills=probe_pictures(turn.work, probe),
        plain=shown_stills(turn.work, probe),
        candidates=show(turn.work, review.order, request.compared_with),
        terms=ReviewTerms(
            checklist=tuple(pack.checklist), minimum_chars=pack.minimum_chars.review, dwell_s=pack.review.dwell_s
        ),
    )


def prepared_by(work: Work, probe: Probe) -> set[PersonId]:
    """Give who sealed the probe's exhibits and who marked its face: they know more of it than a blind examiner may."""
    return {probe.marked_by, *(work.exhibits.get(still.exhibit).sealed_by for still in probe.stills)}


def sealed_run(work: Work, request: RequestId) -> SearchRun:
    """Give the run of a request whose list is sealed and has a candidate."""
    for run in work.runs.where(request=request, state=RunState.SEALED):
        if work.lists.get(run.id).candidates:
            return run
    raise NoListError("expected a sealed list with a candidate, got none: there is nothing to review")
