"""What a recording was found to show: the scan, its tracks, and the best stills of each. No template anywhere."""

from dataclasses import dataclass
from datetime import datetime

from countersign.primitives.ids import CaseId, ExhibitId, KeyId, PictureId, ProbeId, ScanId, TrackId

__all__ = ["Scan", "Track", "TrackPicture", "TrackStill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How far a recording has been looked at.

    Attributes:
        every_ms: Time between two pictures that are looked at, at the least.
        side_px: Longer side to which they are reduced for it.
        next_ms: Where the next stretch begins; -1 when all of it was looked at.
        duration_ms: Length as the file states it, 0 where it states none.
        pictures: How many pictures were looked at.
        next_number: Number of the next new track.
        damaged_ms: Parts (from, to) that could not be decoded and were skipped.
        view: Coarse view of the last picture that was looked at, by which a change of scene is seen; its rows one after
            another.
        view_px: Width and height of the view.
    """

    id: ScanId
    exhibit: ExhibitId
    case: CaseId
    key: KeyId
    every_ms: int
    side_px: int
    next_ms: int
    duration_ms: int
    pictures: int
    next_number: int
    damaged_ms: tuple[tuple[int, int], ...]
    view: bytes
    view_px: tuple[int, int]
    started_at: datetime

    @property
    def is_finished(self) -> bool:
        """Say whether all of the recording was looked at."""
        return self.next_ms < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackStill:
    """One of the best stills of a track.

    Attributes:
        slot: Which of `faces.tracks.SLOTS` it fills.
        value: Its worth beside the other stills of its track, in [0, 1].
        picture: Where its pixels are kept.
        origin_px: Where they lie in the whole picture: left, top.
        box_px: The face in the whole picture: left, top, right, bottom.
        landmarks_px: Ten numbers, as in `LocatedFace`.
    """

    slot: str
    time_ms: int
    value: float
    picture: PictureId
    origin_px: tuple[int, int]
    box_px: tuple[float, ...]
    landmarks_px: tuple[float, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One face, followed while it was in sight.

    Attributes:
        number: From 1, in the order in which tracks began.
        seen: In how many pictures it was detected.
        is_open: It may go on in the next stretch.
        box_px: Where it was last seen.
        drift_px_s: How it moved there, x and y.
        stills: Its best stills, by slot.
        probe: The probe that a person made of it; None as long as nobody picked it.
    """

    id: TrackId
    scan: ScanId
    exhibit: ExhibitId
    case: CaseId
    key: KeyId
    number: int
    first_ms: int
    last_ms: int
    seen: int
    best_score: float
    is_open: bool
    box_px: tuple[float, ...]
    drift_px_s: tuple[float, ...]
    stills: tuple[TrackStill, ...]
    probe: ProbeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPicture:
    """The pixels of one still of a track: a part of the recording's picture in full size, PNG."""

    id: PictureId
    scan: ScanId
    key: KeyId
    png: bytes
