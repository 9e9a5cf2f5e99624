"""Made-up facial reviews for tests of the rules of review."""

from collections.abc import Callable
from datetime import UTC, datetime

from countersign.primitives.ids import CaseId, KeyId, PersonId, RequestId, ReviewId, RunId, SubjectId
from countersign.review.facial_review import Conclusion, FacialReview, Opinion, Position, ReviewState

SUBJECTS = (SubjectId("s1"), SubjectId("s2"), SubjectId("s3"))


def accepted(check: Callable[..., None], *args: object, **kwargs: object) -> bool:
    """Say that a check which raises on refusal did not, so that a test has something to assert."""
    check(*args, **kwargs)
    return True


def opinion(label: str, conclusion: Conclusion = Conclusion.NO_SUPPORT, **changes: object) -> Opinion:
    """Give an opinion; complete for a checklist of eyes and nose."""
    facts: dict[str, object] = {
        "label": label,
        "conclusion": conclusion,
        "dissimilarities": "the lobe is free in one image and attached in the other",
        "features": (("eyes", "similar"), ("nose", "not_visible")),
        "notes": "two stills only, light from above",
    }
    return Opinion(**{**facts, **changes})  # type: ignore[arg-type]


def review(
    examiner: str,
    *supported: str,
    position: Position = Position.FIRST,
    state: ReviewState = ReviewState.OPINED,
    order: tuple[SubjectId, ...] = SUBJECTS,
    conclusion: Conclusion = Conclusion.STRONG_SUPPORT,
) -> FacialReview:
    """Give a review in which the examiner supports the candidates with these subject ids and no other."""
    labels = "ABC"[: len(order)]
    opinions = tuple(
        opinion(label, conclusion if subject in supported else Conclusion.NO_SUPPORT)
        for label, subject in zip(labels, order, strict=True)
    )
    return FacialReview(
        id=ReviewId(f"review-{examiner}"),
        run=RunId("run"),
        request=RequestId("request"),
        case=CaseId("case"),
        key=KeyId("key"),
        position=position,
        examiner=PersonId(examiner),
        state=state,
        analysis=None,
        order=order,
        opinions=opinions,
        opened_at=datetime(2026, 3, 2, tzinfo=UTC),
        locked_at=None,
    )
