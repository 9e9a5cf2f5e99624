"""Analyse the probe and lock it; only now are the candidates shown, shuffled, as A, B, C … (REV-01, REV-02)."""

import secrets
from dataclasses import dataclass, replace

from countersign.errors import Refused
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.shown_candidates import ShownCandidate, show
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import ReviewId
from countersign.review.analysis import check_analysis
from countersign.review.assignment import shuffled
from countersign.review.facial_review import FacialReview, ProbeAnalysis, ReviewState


class NotExaminerError(Refused):
    """A review belongs to the examiner who opened it."""

    code = "not_examiner"


class ReviewStateError(Refused):
    """A review goes opened, analysed, opined, and never back."""

    code = "review_state"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyseProbe:
    """What can be seen of the probe."""

    review: ReviewId
    analysis: ProbeAnalysis


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedReview:
    """The locked review and its candidates in shuffled order."""

    review: ReviewId
    candidates: tuple[ShownCandidate, ...]


@operation(Permission.REVIEW_ANALYSE)
def analyse_probe(turn: Turn, arguments: AnalyseProbe) -> AnalysedReview:
    """Lock the analysis and show the candidates.

    Raises:
        NotExaminerError: Somebody else's review.
        ReviewStateError: It is locked already.
        StruckStillsError: A still is struck that does not exist, or all are.
        AnalysisError: Features, limits, or the attestation that the stills show one person are missing.
    """
    turn.check_in_use()
    review = own_review(turn, arguments.review, ReviewState.OPENED)
    analysis = arguments.analysis
    request = turn.work.requests.get(review.request)
    probe = turn.work.probes.get(request.probe)
    check_analysis(analysis, stills=len(probe.stills), minimum_chars=turn.pack.minimum_chars.review)
    candidates = turn.work.lists.get(review.run).candidates
    seed = secrets.token_hex(16)
    order = shuffled(tuple(candidate.subject for candidate in candidates), seed)
    locked = replace(
        review, state=ReviewState.ANALYSED, analysis=analysis, order=order, seed=seed, analysed_at=turn.now
    )
    turn.work.reviews.replace(locked)
    turn.record(
        EventKind.REVIEW_ANALYSED,
        {"run": review.run, "position": review.position},
        committed={"analysis": analysis, "seed": seed},
        case=review.case,
        key=review.key,
    )
    return AnalysedReview(review=review.id, candidates=show(turn.work, order, request.compared_with))


def own_review(turn: Turn, review_id: ReviewId, state: ReviewState) -> FacialReview:
    """Give the actor's own review in the state that the next step starts from."""
    review = turn.work.reviews.get(review_id)
    if review.examiner != turn.actor.id:
        raise NotExaminerError("expected the examiner who opened this review, got somebody else")
    check_state(review, state)
    return review


def check_state(review: FacialReview, state: ReviewState) -> None:
    """Accept a review in the state that a step starts from: no candidate before the analysis, nothing after the lock.

    Raises:
        ReviewStateError: It is in another.
    """
    if review.state is not state:
        raise ReviewStateError(f"expected a review that is {state}, got one that is {review.state}")
