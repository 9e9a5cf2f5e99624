"""An exhibit: a sealed file with where it came from and when it was taken, and the faces located in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from countersign.errors import Invalid
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import BlobId, CaseId, EditId, ExhibitId, FaceId, KeyId, PersonId
from countersign.primitives.privacy import Privacy


class SourceType(StrEnum):
    """What kind of thing took the picture. Drawings and synthetic images have no place in this list (PRB-07)."""

    CCTV = "cctv"
    PHONE = "phone"
    SOCIAL_MEDIA = "social_media"
    BODY_WORN = "body_worn"
    DASHCAM = "dashcam"
    STILLS_CAMERA = "stills_camera"


class Depiction(StrEnum):
    """What the file is, as whoever seals it declares; only a photograph, or frames of one, is taken (PRB-07)."""

    PHOTOGRAPH = "photograph"
    DRAWING = "drawing"
    COMPOSITE = "composite"
    SYNTHETIC = "synthetic"
    LOOK_ALIKE = "look_alike"


class Medium(StrEnum):
    """One picture, or a recording of many."""

    IMAGE = "image"
    VIDEO = "video"


class CaptureBasis(StrEnum):
    """What the capture time rests on (PRB-02, practice P-13)."""

    RECORDER_LOG = "recorder_log"
    EXHIBIT_STATEMENT = "exhibit_statement"
    METADATA = "metadata"
    POST_DATE = "post_date"
    FIRST_SEEN = "first_seen"
    SEIZED = "seized"
    RECEIVED = "received"
    SEALED = "sealed"


class CaptureIntervalError(Invalid):
    """The capture interval cannot be true."""

    code = "capture_interval"


class ProvenanceError(Invalid):
    """What is said of where a file came from is incomplete."""

    code = "provenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureInterval:
    """When the imagery was taken, at the earliest and at the latest; the worst case, ``latest``, counts everywhere."""

    earliest: datetime
    latest: datetime
    basis: CaptureBasis

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise CaptureIntervalError(f"expected earliest <= latest, got {self.earliest} > {self.latest}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderClock:
    """A recorder's clock, compared once with the true time."""

    shown: datetime
    true: datetime

    @property
    def offset(self) -> timedelta:
        """By how much the recorder is ahead of the true time."""
        return self.shown - self.true


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureStatement:
    """What whoever seals a file states of when it was taken; `media.capture` makes the interval of it.

    Attributes:
        earliest: As the source tells it; by the recorder's clock where ``recorder`` is given.
        latest: The same, for the latest moment.
        uncertainty_s: How far either may be off, in seconds; both ends are moved outwards by it.
        posted_at: When it was first posted; the next three likewise say by when it existed.
        recorder: The recorder's clock against the true time.
    """

    basis: CaptureBasis
    earliest: datetime | None = None
    latest: datetime | None = None
    uncertainty_s: int = 0
    posted_at: datetime | None = None
    first_seen_at: datetime | None = None
    seized_at: datetime | None = None
    received_at: datetime | None = None
    recorder: RecorderClock | None = None


class ContradictionKind(StrEnum):
    """How a file and what is stated of it disagree."""

    CAMERA_TIME_OUTSIDE = "camera_time_outside"
    CAMERA_TIME_AFTER_SEALING = "camera_time_after_sealing"
    RECORDER_CLOCK_OFF = "recorder_clock_off"
    STATED_AFTER_BOUND = "stated_after_bound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """One disagreement, for the requester and the authorising officer to see."""

    kind: ContradictionKind
    stated: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFrom:
    """The master that an exhibit was made from, where the master stays elsewhere.

    Attributes:
        sha256: Digest of the master.
        reference: Under which number its holder keeps it.
        tool: What the exhibit was made with, with its version.
        operator: Who made it.
        face_only: It shows one face and nothing else, since the master may not be kept.
    """

    sha256: Sha256
    reference: str
    holder: str
    tool: str
    operator: str
    face_only: bool = False

    def __post_init__(self) -> None:
        texts = {"reference": self.reference, "holder": self.holder, "tool": self.tool, "operator": self.operator}
        missing = [name for name, text in texts.items() if not text.strip()]
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):  # noqa: PLR2004  SHA-256
            missing.insert(0, "SHA-256 in 64 hexadecimal digits")
        if missing:
            raise ProvenanceError(f"expected of the master its {', '.join(missing)}, got none")


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedFrom:
    """The archive that a single picture was picked from; the archive itself is not kept.

    Attributes:
        sha256: Digest of the archive.
        index: Place of the picture in it, from 0.
        name: What the archive calls it.
    """

    sha256: Sha256
    index: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A sealed original. The file is written once, encrypted under the case key, and never altered.

    Attributes:
        capture: The interval that rules count with; the worst case of ``statement``.
        device: The camera, recorder or account that it comes from, where that is known.
        camera_time: When the file itself says it was taken; a hint, never a basis.
        contradictions: Where the file and the statement disagree.
        retention_days: How long it is kept, by the policy pack of the day it was sealed.
        retention_from: The event from which that is counted.
        file_digest: Keyed digest of the file, by which its enrolment as a reference is refused (REF-09).
    """

    id: ExhibitId
    case: CaseId
    key: KeyId
    number: str
    sha256: Sha256
    size_bytes: int
    blob: BlobId
    medium: Medium
    format: str
    width_px: int
    height_px: int
    source_type: SourceType
    depiction: Depiction
    privacy: Privacy
    device: str
    capture: CaptureInterval
    statement: CaptureStatement
    camera_time: str | None
    contradictions: tuple[Contradiction, ...]
    lawful_origin: str
    supplied_by: str
    derived_from: DerivedFrom | None
    picked_from: PickedFrom | None
    retention_days: int
    retention_from: str
    sealed_at: datetime
    sealed_by: PersonId
    file_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityMeasure:
    """One measured component of a face's quality.

    Attributes:
        score: In [0, 100], high is good.
        raw: What was measured, in the component's own unit.
        method: How, with a version.
    """

    component: str
    score: float
    raw: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkCorrection:
    """Landmarks that a person put in place by hand.

    Attributes:
        face: The face as it was located.
        reason: Why, in the person's words.
        moved_px: How far the landmark that moved most was moved.
    """

    face: FaceId
    by: PersonId
    at: datetime
    reason: str
    moved_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedFace:
    """A face that was located in an exhibit; no template is made of it unless a person marks it.

    Attributes:
        number: Place in the annotated picture, from 1.
        box_px: Left, top, right, bottom.
        landmarks_px: Ten numbers: x, y of right eye, left eye, nose tip, right and left mouth corner.
        measures: Every measured component.
        unified: Quality in [0, 1], high is good.
        edit: The edited picture of the exhibit in which it was located; None for the original.
        corrected: Who put its landmarks in place by hand, and why; None as it was located.
    """

    id: FaceId
    exhibit: ExhibitId
    case: CaseId
    key: KeyId
    number: int
    box_px: tuple[float, ...]
    landmarks_px: tuple[float, ...]
    measures: tuple[QualityMeasure, ...]
    unified: float
    edit: EditId | None = None
    corrected: LandmarkCorrection | None = None
