"""What a report may say. What has no field here cannot be printed: no score, no rank, and of the list only its length.

Facts and opinions are different types and stand in different parts of every report (REP-07).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from countersign.errors import Invalid
from countersign.governance.programme import ProgrammeKind
from countersign.governance.request import Tier
from countersign.operations.issued_facts import ChartReport, RequestReport
from countersign.operations.report_checks import check_follows_nobody, check_tells_nothing
from countersign.outcome.caveat import CAVEAT, SEARCH_CAVEAT, CaveatAlteredError, check_caveat
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import PersonId
from countersign.review.facial_review import Conclusion, Position


class PictureError(Invalid):
    """A picture that has no place in this report, or is none."""

    code = "report_picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFacts:
    """A network that took part. ``name`` is its card's."""

    name: str
    role: str
    sha256: Sha256
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StillFacts:
    """One still of the probe: how good it was and what was done to it.

    Attributes:
        quality: In [0, 1], high is good.
    """

    exhibit_number: str
    exhibit_sha256: Sha256
    quality: float
    edits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenRecords:
    """How many records could not be searched for one reason."""

    reason: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryFacts:
    """What was searched, by its version, and what of it could not be (practice P-02)."""

    collection: str
    seq: int
    root: Sha256
    n_subjects: int
    hidden: tuple[HiddenRecords, ...]
    newest_record: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A rate and the ends of its 95 % interval, decimal text as the signed artefact has it."""

    value: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationFacts:
    """How often the engine was wrong when it was tested (ENG-04), from the validation artefact.

    Attributes:
        gallery_size: N of the test; rates at a larger N are worse.
        searches: Number of mated searches; as many non-mated ones.
    """

    artefact_version: str
    artefact_sha256: Sha256
    dataset: str
    gallery_size: int
    searches: int
    list_length: int
    fnir: Interval
    fpir: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesAtSize:
    """What the tested rates come to in the collection that was searched, at its own N (practice P-02).

    Attributes:
        gallery_size: N, in data subjects.
    """

    gallery_size: int
    fnir: Interval
    fpir: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """Where the search stands in the log; ``checkpoint`` is the signed note that covers it."""

    seq: int
    checkpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBasis:
    """The facts of the search that every report on it prints.

    Attributes:
        imagery_age_hours: From the latest moment at which the imagery can have been taken.
        performance_note: That no rate holds for such a person; empty where the tested rates do (practice P-10).
        rbi_class: How the system classifies itself (LFR-11): after the event, never live.
    """

    programme_kind: ProgrammeKind
    case_reference: str
    request_number: str
    purpose: str
    tier: Tier
    setting: str
    imagery_age_hours: int
    imagery_age_basis: str
    networks: tuple[NetworkFacts, ...]
    stills: tuple[StillFacts, ...]
    gallery: GalleryFacts
    operating_point: str
    threshold_id: str
    pack_sha256: Sha256
    list_length: int
    code_version: str
    searched_at: datetime
    evaluation: EvaluationFacts
    rates_here: RatesAtSize | None  # none of a comparison: no threshold was applied
    ledger: LedgerFacts
    rbi_class: Literal["post"] = "post"
    scope: Literal["one case, one person"] = "one case, one person"
    source_type: str = ""
    performance_note: str = ""
    mode: Literal["thresholded identification", "one-to-one comparison"] = "thresholded identification"

    @property
    def watermark(self) -> str:
        """Give the word across each page; empty in production."""
        return "" if self.programme_kind is ProgrammeKind.PRODUCTION else self.programme_kind.value.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionFacts:
    """What one examiner concluded. The examiner is a pseudonym; the controller can resolve it."""

    position: Position
    examiner: PersonId
    conclusion: Conclusion
    locked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadReport:
    """What the requester receives: one supported person, and everything needed to doubt it.

    Attributes:
        reference_ageing: The image is so old, or of so unknown an age, that the face may have changed (REF-16).
    """

    basis: SearchBasis
    made_at: datetime
    lead_name: str
    record_reference: str
    reference_image_date: date | None
    reference_ageing: bool
    released_by: PersonId
    released_at: datetime
    recipient: str
    reasons_against: str
    opinions: tuple[OpinionFacts, ...]
    caveat: str = CAVEAT

    def __post_init__(self) -> None:
        check_caveat(self.caveat)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReport:
    """That a search was made, how, and how it ended. It names nobody.

    Attributes:
        candidate_count: Length of the list; the only thing that is said about it.
        review_state: How far the review has come, in words.
    """

    basis: SearchBasis
    made_at: datetime
    candidate_count: int
    review_state: str
    opinions: tuple[OpinionFacts, ...]
    caveat: str = SEARCH_CAVEAT

    def __post_init__(self) -> None:
        if self.caveat != SEARCH_CAVEAT:
            raise CaveatAlteredError("expected the fixed caveat of a search report, got another text")


class PictureRole(StrEnum):
    """Of whom the picture is."""

    PROBE = "probe"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture to embed; ``data`` is a PNG or JPEG file. A reference has a place in a lead report only."""

    role: PictureRole
    caption: str
    data: bytes

    def __post_init__(self) -> None:
        self.media_type  # noqa: B018  refuse what is no picture now, not while rendering

    @property
    def media_type(self) -> Literal["image/png", "image/jpeg"]:
        """Give the type by the file's first bytes."""
        if self.data.startswith(b"\x89PNG\r\n\x1a\n"):
            return "image/png"
        if self.data.startswith(b"\xff\xd8\xff"):
            return "image/jpeg"
        raise PictureError(f"expected a PNG or JPEG file, got one that starts with {self.data[:4].hex() or 'nothing'}")


AnyReport = LeadReport | SearchReport | RequestReport | ChartReport


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeReport:
    """A report and the pictures that go with it, ready to be drawn."""

    report: AnyReport
    pictures: tuple[Picture, ...]

    def __post_init__(self) -> None:
        check_tells_nothing(self.report)
        check_follows_nobody(self.report)
