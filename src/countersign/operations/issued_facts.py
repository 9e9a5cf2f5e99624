"""What a request and a chart may say when they are given out: like every report, no comparison score, no rank."""

from dataclasses import dataclass
from datetime import datetime

from countersign.governance.programme import ProgrammeKind
from countersign.governance.request import Tier
from countersign.primitives.ids import PersonId
from countersign.review.facial_review import Conclusion, Position

REQUEST_CAVEAT = (
    "This is a request to search and what was decided on it. It says nothing about anybody who was or was not found. "
    "Whether a search followed, and how it ended, stands in the record of the search."
)
CHART_CAVEAT = (
    "This is one examiner's opinion of pictures, given without seeing anybody else's. It is not an identification and "
    "not expert evidence, and it never stands alone: it is read beside the other opinions on the same search."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOut:
    """What every such document carries.

    Attributes:
        recipient: To whom it is given out.
    """

    programme_kind: ProgrammeKind
    case_reference: str
    request_number: str
    made_at: datetime
    recipient: str

    @property
    def watermark(self) -> str:
        """Give the word across each page; empty in production."""
        return "" if self.programme_kind is ProgrammeKind.PRODUCTION else self.programme_kind.value.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts:
    """An officer's authorisation in the officer's own words; the officer is a pseudonym."""

    officer: PersonId
    granted_at: datetime
    expires_at: datetime
    state: str
    necessity: str
    proportionality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReport(GivenOut):
    """A request: what was asked, why, and what was decided.

    Attributes:
        answers: The form, by its fields' names.
    """

    requester: PersonId
    drafted_at: datetime
    tier: Tier
    state: str
    answers: tuple[tuple[str, str], ...]
    decisions: tuple[DecisionFacts, ...]
    caveat: str = REQUEST_CAVEAT


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMark:
    """A numbered mark: on which picture, and what it shows."""

    number: int
    picture: str
    feature: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartReport(GivenOut):
    """One examiner's opinion of one person on the list, known by a letter, with the marks on the pictures (P-23)."""

    position: Position
    examiner: PersonId
    letter: str
    conclusion: Conclusion
    locked_at: datetime
    seen_first: str
    not_seen: str
    struck: tuple[tuple[int, str], ...]
    features: tuple[tuple[str, str], ...]
    differs: str
    notes: str
    marks: tuple[ChartMark, ...]
    caveat: str = CHART_CAVEAT
