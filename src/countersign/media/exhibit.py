"""An exhibit: a sealed file with where it came from and when it was taken, and the faces located in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from countersign.errors import Invalid
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import BlobId, CaseId, ExhibitId, FaceId, KeyId, PersonId


class SourceType(StrEnum):
    """What kind of thing took the picture. Drawings and synthetic images have no place in this list (PRB-07)."""

    CCTV = "cctv"
    PHONE = "phone"
    SOCIAL_MEDIA = "social_media"
    BODY_WORN = "body_worn"
    DASHCAM = "dashcam"
    STILLS_CAMERA = "stills_camera"


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
class Exhibit:
    """A sealed original. The file is written once, encrypted under the case key, and never altered."""

    id: ExhibitId
    case: CaseId
    key: KeyId
    number: str
    sha256: Sha256
    size_bytes: int
    blob: BlobId
    format: str
    width_px: int
    height_px: int
    source_type: SourceType
    capture: CaptureInterval
    lawful_origin: str
    supplied_by: str
    sealed_at: datetime
    sealed_by: PersonId


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
class LocatedFace:
    """A face that was located in an exhibit; no template is made of it unless a person marks it.

    Attributes:
        number: Place in the annotated picture, from 1.
        box_px: Left, top, right, bottom.
        landmarks_px: Ten numbers: x, y of right eye, left eye, nose tip, right and left mouth corner.
        measures: Every measured component.
        unified: Quality in [0, 1], high is good.
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
