"""Tracks between two stretches: how one that was followed is kept, and how one that was left open is taken up again."""

from collections.abc import Sequence

import numpy as np

from countersign.faces.following import Kept, Trail
from countersign.faces.tracks import Album, Following
from countersign.media.scan import Scan, Track, TrackPicture, TrackStill
from countersign.operations.work import Work
from countersign.primitives.ids import PictureId, TrackId, new_id


def track_of(work: Work, scan: Scan, trail: Trail, before: Track | None, *, is_open: bool) -> Track:
    """Give a track as it is to be kept; stills that were bettered are removed with their pixels."""
    stills = {still.slot: still for still in before.stills} if before else {}
    for slot, kept in trail.kept.items():
        if slot in stills:
            work.pictures.remove(stills[slot].picture)
        stills[slot] = _still(work, scan, slot, trail.album.held[slot][0], kept)
    track = trail.track
    return Track(
        id=before.id if before else TrackId(new_id()),
        scan=scan.id,
        exhibit=scan.exhibit,
        case=scan.case,
        key=scan.key,
        number=track.number,
        first_ms=track.first_ms,
        last_ms=track.last_ms,
        seen=track.seen,
        best_score=track.best_score,
        is_open=is_open,
        box_px=_floats(track.box_xyxy_px),
        drift_px_s=_floats(track.drift_px_s),
        stills=tuple(sorted(stills.values(), key=lambda still: (still.time_ms, still.slot))),
        probe=before.probe if before else None,
    )


def _still(work: Work, scan: Scan, slot: str, value: float, kept: Kept) -> TrackStill:
    picture = TrackPicture(id=PictureId(new_id()), scan=scan.id, key=scan.key, png=kept.png.result())
    work.pictures.add(picture)
    return TrackStill(
        slot=slot,
        time_ms=kept.time_ms,
        value=value,
        picture=picture.id,
        origin_px=kept.origin_px,
        box_px=_floats(kept.face.box_xyxy_px),
        landmarks_px=_floats(kept.face.landmarks_px.ravel()),
        score=kept.face.score,
    )


def reopened(track: Track) -> Trail:
    """Give a track that was left open as it was followed."""
    following = Following(
        number=track.number,
        first_ms=track.first_ms,
        last_ms=track.last_ms,
        seen=track.seen,
        best_score=track.best_score,
        box_xyxy_px=np.array(track.box_px),
        drift_px_s=np.array(track.drift_px_s),
    )
    return Trail(following, Album({still.slot: (still.value, still.time_ms) for still in track.stills}))


def _floats(numbers: Sequence[float] | np.ndarray) -> tuple[float, ...]:
    return tuple(map(float, numbers))
