"""Tracks as people see them: each with its stills; all but the picked ones masked as soon as one is picked (PRB-03)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countersign.errors import Invalid
from countersign.faces.detection import Detection
from countersign.faces.masking import mask_all
from countersign.faces.quality import Quality, measure
from countersign.media.exhibit import Exhibit, QualityMeasure
from countersign.media.sandbox.decoder import decode_image
from countersign.media.scan import Track, TrackStill
from countersign.operations.locate_faces import watermark_of
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.primitives.arrays import RgbImage

PAGE_TRACKS = 60
_NOTHING = Quality(unified=0.0, measures=())


class PageError(Invalid):
    """There is no such page."""

    code = "page"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownTrack:
    """One track with its stills.

    Attributes:
        is_picked: A person made a probe of it.
        is_masked: Another track was picked and this one was not: nobody can be told in its stills.
        stills: Time and pixels of each, in order of time.
        measures: Quality of the best still at the first look of the scan; of a masked track none. A thorough look at
            picking may find less. Other faces near it are not known here, so that *single face* is not among them.
    """

    number: int
    first_ms: int
    last_ms: int
    seen: int
    is_picked: bool
    is_masked: bool
    stills: tuple[tuple[int, RgbImage], ...]
    measures: tuple[QualityMeasure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackSheet:
    """What was found in a recording, and one page of its tracks.

    Attributes:
        duration_ms: Time of the last moment at which a face was seen, or the stated length where that is more.
        scanned_ms: How far it was looked at; the whole length when it is finished.
        pictures: How many pictures were looked at.
        tracks: How many tracks there are in all.
        damaged_ms: Parts (from, to) that could not be decoded.
        spans_ms: Number, begin and end of each track, in order of number.
        picked: Numbers of the tracks that a person made a probe of.
        is_selected: Somebody was picked in this recording, by a track or a box: all others are masked.
        shown: Those of the page.
    """

    exhibit: Exhibit
    duration_ms: int
    scanned_ms: int
    is_finished: bool
    pictures: int
    tracks: int
    damaged_ms: tuple[tuple[int, int], ...]
    spans_ms: tuple[tuple[int, int, int], ...]
    picked: frozenset[int]
    is_selected: bool
    page: int
    pages: int
    shown: tuple[ShownTrack, ...]
    watermark: str


def sheet_of(turn: Turn, exhibit: Exhibit, *, page: int) -> TrackSheet:
    """Give a page of what was found so far, the picked ones first, then by the worth of their best still.

    Raises:
        PageError: There is no such page.
    """
    scans = turn.work.scans.where(exhibit=exhibit.id)
    tracks = [track for scan in scans for track in turn.work.tracks.where(scan=scan.id)]
    pages = max(1, -(-len(tracks) // PAGE_TRACKS))
    if not 1 <= page <= pages:
        raise PageError(f"expected a page from 1 to {pages}, got {page}")
    duration_ms = max([0, *(scan.duration_ms for scan in scans), *(track.last_ms for track in tracks)])
    selected = is_selected(turn.work, exhibit)
    is_finished = any(scan.is_finished for scan in scans)
    return TrackSheet(
        exhibit=exhibit,
        duration_ms=duration_ms,
        scanned_ms=duration_ms if is_finished else sum(scan.next_ms for scan in scans),
        is_finished=is_finished,
        pictures=sum(scan.pictures for scan in scans),
        tracks=len(tracks),
        damaged_ms=tuple(part for scan in scans for part in scan.damaged_ms),
        spans_ms=tuple((track.number, track.first_ms, track.last_ms) for track in tracks),
        picked=frozenset(track.number for track in tracks if track.probe),
        page=page,
        pages=pages,
        is_selected=selected,
        shown=_page(turn.work, tracks, page, selected=selected),
        watermark=watermark_of(turn.programme.kind),
    )


def is_selected(work: Work, recording: Exhibit) -> bool:
    """Say whether somebody was picked in a recording: a still of a probe was made from it (PRB-03)."""
    parents = (
        work.exhibits.get(still.exhibit).derived_from
        for probe in work.probes.where(case=recording.case)
        for still in probe.stills
    )
    return any(parent is not None and parent.sha256 == recording.sha256 for parent in parents)


def _page(work: Work, tracks: Sequence[Track], page: int, *, selected: bool) -> tuple[ShownTrack, ...]:
    ordered = sorted(tracks, key=lambda track: (track.probe is None, -_worth(track), track.number))
    return tuple(
        _shown(work, track, masked=selected and track.probe is None)
        for track in ordered[(page - 1) * PAGE_TRACKS : page * PAGE_TRACKS]
    )


def pixels_of(work: Work, still: TrackStill) -> RgbImage:
    """Give the pixels of a still. They are ours, and are decoded like anybody's."""
    return decode_image(work.pictures.get(still.picture).png).rgb_upright


def face_of(still: TrackStill) -> Detection:
    """Give the face of a still as a detection in its own pixels."""
    shift = np.array(still.origin_px, dtype=np.float32)
    return Detection(
        box_xyxy_px=np.array(still.box_px, dtype=np.float32) - np.tile(shift, 2),
        landmarks_px=np.array(still.landmarks_px, dtype=np.float32).reshape(5, 2) - shift,
        score=still.score,
    )


def _worth(track: Track) -> float:
    return max((still.value for still in track.stills), default=0.0)


def _shown(work: Work, track: Track, *, masked: bool) -> ShownTrack:
    stills = tuple((still.time_ms, pixels_of(work, still)) for still in track.stills)
    return ShownTrack(
        number=track.number,
        first_ms=track.first_ms,
        last_ms=track.last_ms,
        seen=track.seen,
        is_picked=track.probe is not None,
        is_masked=masked,
        stills=tuple((time_ms, mask_all(rgb) if masked else rgb) for time_ms, rgb in stills),
        measures=() if masked else _measured(track, [rgb for _, rgb in stills]),
    )


def _measured(track: Track, pictures: Sequence[RgbImage]) -> tuple[QualityMeasure, ...]:
    """Measure the stills of a track, and give the quality of the best."""
    seen = (measure(rgb, face_of(still)) for rgb, still in zip(pictures, track.stills, strict=True))
    best = max(seen, key=lambda quality: quality.unified, default=_NOTHING)
    return tuple(one for one in best.measures if one.component != "single_face")
