"""Facial review: one examiner's locked analysis of the probe and opinions on the candidates."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from countersign.primitives.ids import CaseId, KeyId, PersonId, RequestId, ReviewId, RunId, SubjectId


class Position(StrEnum):
    """Whose review it is: the operator's, the blind examiner's, or the one who settles a conflict."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


class ReviewState(StrEnum):
    """In this order only."""

    OPENED = "opened"
    ANALYSED = "analysed"
    OPINED = "opined"


class Conclusion(StrEnum):
    """The closed scale (REV-08); support means moderate or strong."""

    NO_SUPPORT = "no_support"
    LIMITED_SUPPORT = "limited_support"
    MODERATE_SUPPORT = "moderate_support"
    STRONG_SUPPORT = "strong_support"
    INCONCLUSIVE = "inconclusive"


class Side(StrEnum):
    """Which of two compared pictures: a still of the probe, or a reference image of the candidate."""

    PROBE = "probe"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point or an arrow that an examiner put on a picture: data beside it, never pixels in it (practice P-23).

    Attributes:
        picture: Number of the picture on its side; 1 is the first that was shown.
        at_px: Column and row of the point, or of the arrow's foot, in px of the picture as it was shown.
        to_px: The arrow's head; None is a point.
        feature: The feature of the checklist that it shows.
        seen: What it says of the feature, as in the checklist.
    """

    side: Side
    picture: int
    at_px: tuple[int, int]
    to_px: tuple[int, int] | None = None
    feature: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckStill:
    """A still that the examiner leaves out of the comparison, by its number (practice P-22)."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeAnalysis:
    """What can be seen of the probe, written and locked before any candidate is seen (REV-01).

    Attributes:
        stills_show_one_person: Said of the stills that were not struck.
    """

    features: str
    limits: str
    stills_show_one_person: bool
    struck: tuple[StruckStill, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One examiner's opinion on one candidate.

    Attributes:
        label: The letter under which the candidate was shown.
        dissimilarities: Stated clear dissimilarities; an exclusion needs at least one (practice P-20).
        features: Feature of the checklist, and similar, dissimilar or not visible; complete for a supported candidate.
    """

    label: str
    conclusion: Conclusion
    dissimilarities: str
    features: tuple[tuple[str, str], ...]
    notes: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacialReview:
    """One examiner's review of one run.

    Attributes:
        order: Subjects in the shuffled order in which they are shown as A, B, C …; sealed, and empty until analysed.
        seed: What that order follows from, so that anybody can show later that no score did; sealed.
        analysed_at: When the analysis was locked and the candidates were shown.
    """

    id: ReviewId
    run: RunId
    request: RequestId
    case: CaseId
    key: KeyId
    position: Position
    examiner: PersonId
    state: ReviewState
    analysis: ProbeAnalysis | None
    order: tuple[SubjectId, ...]
    opinions: tuple[Opinion, ...]
    opened_at: datetime
    locked_at: datetime | None
    seed: str = ""
    analysed_at: datetime | None = None
