"""The review after every search, without which it is not closed (T21, GOV-17), and what closing takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.ids import CaseId, KeyId, PersonId, RequestId


class Benefit(StrEnum):
    """What the search was good for; counted and published (GOV-18)."""

    MATERIAL = "material"
    SOME = "some"
    NONE = "none"
    HARM = "harm"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostReview:
    """What the authorising officer finds afterwards.

    Attributes:
        id: The request's.
        still_necessary: Whether the search would be authorised again, knowing what is known now.
        lesson: In words; sealed.
    """

    id: RequestId
    case: CaseId
    key: KeyId
    benefit: Benefit
    still_necessary: bool
    lesson: str
    reviewed_by: PersonId
    reviewed_at: datetime


def closable(review: PostReview | None, *, executed: bool, minimum_chars: int) -> Verdict:
    """Refuse to close an executed search without a review of it."""
    return first_refusal(
        require(
            not executed or review is not None,
            "post_review_missing",
            "expected a review of the executed search before it is closed, got none",
        ),
        require(
            review is None or len(review.lesson.strip()) >= minimum_chars,
            "post_review_short",
            f"expected what was learnt in at least {minimum_chars} characters, got fewer",
        ),
    )
