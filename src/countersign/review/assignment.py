"""Who reviews next, and in which order candidates are shown.

The operator gives the first opinion, another person the second, blind to the first; where the two disagree a third
person settles it. A review opens only when the one before it is locked, and nobody reviews twice.
"""

import random
from collections.abc import Sequence

from countersign.errors import Conflict, Refused
from countersign.primitives.ids import PersonId, SubjectId
from countersign.review.agreement import Result, agree
from countersign.review.facial_review import FacialReview, Position, ReviewState


class ExaminerRepeatedError(Refused):
    """One person cannot give two opinions on one search (REV-04)."""

    code = "examiner_repeated"


class FirstReviewError(Refused):
    """The first review is the operator's."""

    code = "first_review"


class ReviewPendingError(Conflict):
    """The review before this one is not locked yet."""

    code = "review_pending"


class ReviewsCompleteError(Conflict):
    """No further review is due."""

    code = "reviews_complete"


def assign(earlier: Sequence[FacialReview], examiner: PersonId, *, operator: PersonId) -> Position:
    """Give the position of the review that ``examiner`` may open now, after the ``earlier`` ones in their order.

    Raises:
        ExaminerRepeatedError: The person already reviews this run.
        FirstReviewError: The first review is asked for by another than the operator.
        ReviewPendingError: An earlier review is not locked.
        ReviewsCompleteError: Two opinions agreed, or three were given.
    """
    if any(review.examiner == examiner for review in earlier):
        raise ExaminerRepeatedError("expected an examiner who has not reviewed this search, got one who has")
    if not earlier:
        if examiner != operator:
            raise FirstReviewError("expected the operator who ran the search to review first, got another person")
        return Position.FIRST
    if any(review.state is not ReviewState.OPINED for review in earlier):
        raise ReviewPendingError("expected the earlier review to be locked, got one that is still open")
    if len(earlier) == len(Position) or (len(earlier) > 1 and agree(earlier).result is not Result.CONFLICT):
        raise ReviewsCompleteError(f"expected a review that is still due, got {len(earlier)} that settle it")
    return tuple(Position)[len(earlier)]


def shuffled(subjects: Sequence[SubjectId], seed: str) -> tuple[SubjectId, ...]:
    """Give the candidates in an order that says nothing about score or rank (REV-02).

    It follows from the seed and the subjects alone, whatever order they come in, so that the recorded seed proves it.
    """
    return tuple(random.Random(seed).sample(sorted(subjects), k=len(subjects)))  # noqa: S311  the seed is the secret
