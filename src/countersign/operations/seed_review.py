"""Make a search whose answer is known go to review like any other: examiners are tested without being told (REV-03).

Its organiser asks for an ordinary search with pictures of a colleague who agreed to it, and says here, before anybody
reviews it, who the colleague is, or that the collection does not hold them. What examiners conclude is recorded as the
result of a known trial, by which their error rates are known (REV-10); the request ends as no lead, whatever they find.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from countersign.errors import NotFound
from countersign.governance.known_trial import KnownTrial, SeededSearch
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.primitives.ids import RequestId, SubjectId
from countersign.review.agreement import supported
from countersign.review.facial_review import FacialReview


class MateError(NotFound):
    """The collection holds nobody of this number."""

    code = "seed_mate"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedReview:
    """Which executed search, and the subject whom its probe shows; empty where the collection does not hold them."""

    request: RequestId
    mate: str = ""


@operation(Permission.REVIEW_SEED)
def seed_review(turn: Turn, arguments: SeedReview) -> SeededSearch:
    """Seed a search that nobody has begun to review.

    Raises:
        GuardError: Its review has begun, or nothing was found that could be reviewed.
        MateError: The collection holds nobody of this number.
    """
    request = turn.work.requests.get(arguments.request)
    turn.check(
        require(
            request.state is RequestState.EXECUTED,
            "review_begun",
            f"expected an executed search that nobody reviews yet, got one that is {request.state}",
        )
    )
    seed = SeededSearch(
        id=request.id,
        key=request.key,
        mate=_mate(turn, request, arguments.mate) if arguments.mate else None,
        seeded_by=turn.actor.id,
        seeded_at=turn.now,
    )
    turn.work.seeds.add(seed)
    turn.record(EventKind.REVIEW_SEEDED, {"request": request.id}, case=request.case, key=request.key)
    return seed


def _mate(turn: Turn, request: SearchRequest, number: str) -> SubjectId:
    found = turn.work.subjects.where(external_digest=reference_digest(turn.work, request.collection, "subject", number))
    if not found:
        raise MateError("expected the number of a subject of the searched collection, got another")
    return found[0].id


def not_seeded(work: Work, request: RequestId) -> Verdict:
    """Refuse to release anything of a seeded search (REV-03)."""
    return require(
        work.seeds.find(request) is None, "seeded", "expected a search that was asked for, got one that tests examiners"
    )


def record_answers(turn: Turn, seed: SeededSearch, reviews: Iterable[FacialReview]) -> None:
    """Record each locked review of a seeded search as the result of a known trial.

    Whoever supports somebody else than the mate has a false lead, whether or not the mate was there to be found.
    """
    for review in reviews:
        choice = supported(review)
        wrong = choice is not None and choice != seed.mate
        trial = KnownTrial(
            id=review.id,
            examiner=review.examiner,
            mated=seed.mate in review.order and not wrong,
            supported=choice is not None,
            held_on=turn.today,
        )
        turn.work.trials.add(trial)
        facts = {"mated": "yes" if trial.mated else "no", "supported": "yes" if trial.supported else "no"}
        turn.record(EventKind.PERSON_ASSESSED, facts, committed={"person": review.examiner}, key=seed.key)
