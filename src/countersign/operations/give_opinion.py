"""Give an opinion on every candidate and lock it; once enough opinions are locked they are brought together."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from countersign.governance.permission import Permission
from countersign.governance.request_transitions import Event
from countersign.governance.review_rules import dwelt
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.operations.analyse_probe import own_review
from countersign.operations.request_state import move
from countersign.operations.seed_review import record_answers
from countersign.operations.shown_candidates import nothing_shown
from countersign.operations.turn import Turn, operation
from countersign.outcome.lead import Lead
from countersign.primitives.ids import LeadId, ReviewId, SubjectId, new_id
from countersign.review.agreement import Agreement, Result, agree
from countersign.review.conclusion import strongest, supports
from countersign.review.facial_review import FacialReview, Opinion, Position, ReviewState
from countersign.review.opinion import check_opinions

EVENT = {Result.LEAD_SUPPORTED: Event.SUPPORT_LEAD, Result.NO_LEAD: Event.SUPPORT_NONE, Result.CONFLICT: Event.DISAGREE}


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOpinion:
    """One opinion a candidate, by its letter."""

    review: ReviewId
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOpinion:
    """What the examiner is told: that it is locked. Not what others said, nor what follows from it."""

    review: ReviewId
    position: Position


@operation(Permission.REVIEW_OPINE)
def give_opinion(turn: Turn, arguments: GiveOpinion) -> GivenOpinion:
    """Lock an examiner's opinions (REV-02, REV-04, REV-08).

    Raises:
        NotExaminerError: Somebody else's review.
        ReviewStateError: The probe was not analysed first, or the opinion is locked already.
        OpinionIncompleteError: A candidate has no opinion, an exclusion no stated dissimilarity, support no full list.
        BannedWordsError: The text says what no examiner can know.
        GuardError: Nobody can have looked in so short a time; or a candidate is supported who cannot be seen any more.
    """
    turn.check_in_use()
    review = own_review(turn, arguments.review, ReviewState.ANALYSED)
    pack = turn.pack
    check_opinions(
        arguments.opinions,
        candidates=len(review.order),
        checklist=pack.checklist,
        minimum_chars=pack.minimum_chars.review,
    )
    turn.check(dwelt(review.analysed_at, turn.now, len(review.order), pack.review, turn.programme.kind))
    only = turn.work.requests.get(review.request).compared_with
    turn.check(seen_when_supported(arguments.opinions, nothing_shown(turn.work, review.order, only)))
    locked = replace(review, state=ReviewState.OPINED, opinions=arguments.opinions, locked_at=turn.now)
    turn.work.reviews.replace(locked)
    turn.record(
        EventKind.REVIEW_OPINED,
        {
            "run": review.run,
            "position": review.position,
            "conclusion": strongest(arguments.opinions),
        },
        committed={"opinion": arguments.opinions},
        case=review.case,
        key=review.key,
    )
    _conclude(turn, locked)
    return GivenOpinion(review=review.id, position=review.position)


def seen_when_supported(opinions: Iterable[Opinion], nothing_seen: Container[str]) -> Verdict:
    """Refuse support for a candidate whose record was hidden or erased since the list was sealed."""
    blind = sorted(one.label for one in opinions if supports(one.conclusion) and one.label in nothing_seen)
    return require(
        not blind, "candidate_hidden", f"expected support only for candidates that can be seen, got it for {blind}"
    )


def _conclude(turn: Turn, review: FacialReview) -> None:
    """Move the request on; from the second opinion on, bring the locked ones together."""
    request = turn.work.requests.get(review.request)
    if review.position is Position.FIRST:
        move(turn, request, Event.OPINE_FIRST)
        return
    reviews = turn.work.reviews.where(run=review.run)
    agreement, seed = agree(reviews), turn.work.seeds.find(request.id)
    if seed is not None and agreement.result is not Result.CONFLICT:
        # A seeded search ends as no lead, whatever its examiners find: nothing of it can be released (REV-03).
        record_answers(turn, seed, reviews)
        agreement = Agreement(result=Result.NO_LEAD, subject=None)
    move(turn, request, EVENT[agreement.result])
    turn.record(
        EventKind.REVIEW_CONCLUDED,
        {"run": review.run, "outcome": agreement.result},
        case=review.case,
        key=review.key,
    )
    if agreement.subject is not None:
        turn.work.leads.add(_lead(turn, review, agreement.subject))


def _lead(turn: Turn, review: FacialReview, subject: SubjectId) -> Lead:
    return Lead(
        id=LeadId(new_id()),
        run=review.run,
        request=review.request,
        case=review.case,
        key=review.key,
        subject=subject,
        supported_at=turn.now,
        reconfirmed_by=None,
        reasons_against="",
        released_by=None,
        released_at=None,
        recipient=None,
        outcome=None,
    )
