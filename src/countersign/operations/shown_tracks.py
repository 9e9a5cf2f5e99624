"""Tracks as people see them: each with its stills; all but the picked ones masked as soon as one is picked (PRB-03)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countersign.errors import Invalid
from countersign.faces.detection import Detection
from countersign.faces.masking import mask_all
from countersign.media.sandbox.decoder import decode_image
from countersign.media.scan import Track, TrackStill
from countersign.operations.work import Work
from countersign.primitives.arrays import RgbImage

PAGE_TRACKS = 60


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
    """

    number: int
    first_ms: int
    last_ms: int
    seen: int
    is_picked: bool
    is_masked: bool
    stills: tuple[tuple[int, RgbImage], ...]


def pages_of(tracks: Sequence[Track]) -> int:
    """Give how many pages show so many tracks; at least one."""
    return max(1, -(-len(tracks) // PAGE_TRACKS))


def show(work: Work, tracks: Sequence[Track], *, page: int) -> tuple[ShownTrack, ...]:
    """Give one page of tracks, the picked ones first, then by the worth of their best still.

    Raises:
        PageError: There is no such page.
    """
    if not 1 <= page <= pages_of(tracks):
        raise PageError(f"expected a page from 1 to {pages_of(tracks)}, got {page}")
    ordered = sorted(tracks, key=lambda track: (track.probe is None, -_worth(track), track.number))
    someone_picked = any(track.probe for track in tracks)
    return tuple(
        _shown(work, track, masked=someone_picked and track.probe is None)
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
    )
