"""What two or three locked opinions amount to (decisions, 'Reviewers'; REV-04, REV-09).

Support means moderate or strong. Both support the same single candidate: a lead is supported. Neither supports any: no
lead. All else is a conflict, and then the third must support a candidate that one of the two supported; otherwise there
is no lead. An examiner who supports two candidates counts as supporting none: one probe shows one person.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from countersign.errors import Conflict
from countersign.primitives.ids import SubjectId
from countersign.review.conclusion import supports
from countersign.review.facial_review import FacialReview, ReviewState


class Result(StrEnum):
    """What the opinions amount to together."""

    LEAD_SUPPORTED = "lead_supported"
    NO_LEAD = "no_lead"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The result, and the one candidate that it supports, if any."""

    result: Result
    subject: SubjectId | None


class OpinionsNotLockedError(Conflict):
    """Opinions are brought together only after all of them are locked."""

    code = "opinions_not_locked"


def labels(number: int) -> tuple[str, ...]:
    """Give the letters under which candidates are shown: A, B, C …; a list is never longer than the alphabet.

    Raises:
        ValueError: There are more candidates than letters.
    """
    if number > len(string.ascii_uppercase):
        raise ValueError(number)
    return tuple(string.ascii_uppercase[:number])


def supported(review: FacialReview) -> SubjectId | None:
    """Give the one candidate that an examiner supports; None for no candidate or for more than one."""
    shown = dict(zip(labels(len(review.order)), review.order, strict=True))
    chosen = [shown[opinion.label] for opinion in review.opinions if supports(opinion.conclusion)]
    return chosen[0] if len(chosen) == 1 else None


def settled(third: SubjectId | None, *earlier: SubjectId | None) -> SubjectId | None:
    """Give the candidate that the third examiner supports, if one of the two before did; else none (REV-09)."""
    return third if third in earlier else None


def agree(reviews: Sequence[FacialReview]) -> Agreement:
    """Bring two or three reviews together, in the order of their positions.

    Raises:
        OpinionsNotLockedError: There are not two or three reviews, or one of them is not locked.
    """
    if len(reviews) not in {2, 3} or any(review.state is not ReviewState.OPINED for review in reviews):
        raise OpinionsNotLockedError(
            f"expected two or three locked reviews, got {[str(item.state) for item in reviews]}"
        )
    first, second, *third = (supported(review) for review in reviews)
    if first == second:
        return Agreement(result=Result.LEAD_SUPPORTED if first else Result.NO_LEAD, subject=first)
    if not third:
        return Agreement(result=Result.CONFLICT, subject=None)
    subject = settled(third[0], first, second)
    return Agreement(result=Result.LEAD_SUPPORTED if subject else Result.NO_LEAD, subject=subject)
