"""Detections of every picture, linked to tracks in the plainest way, and whether stills show them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countersign.faces.detection import intersection_over_union
from countersign.primitives.arrays import BoxXyxyPx

__all__ = ["Found", "Linked", "linked", "share_shown"]

LEAST_DETECTIONS, LEAST_WIDTH_PX = 12, 32
_OVERLAP, _GAP_PICTURES = 0.3, 3
_SAME_PLACE, _SAME_PICTURES = 0.4, 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """One face in one picture."""

    picture: int
    box_px: BoxXyxyPx
    score: float


Linked = dict[int, BoxXyxyPx]
"""A track: where the face is, by number of picture."""


def linked(faces: Sequence[Found], *, lowest_score: float) -> list[Linked]:
    """Link detections of 32 px and more whose boxes overlap by 0.3 within three pictures; twelve are a track."""
    tracks: list[Linked] = []
    pictures: dict[int, list[Found]] = {}
    for face in faces:
        if face.score >= lowest_score and face.box_px[2] - face.box_px[0] >= LEAST_WIDTH_PX:
            pictures.setdefault(face.picture, []).append(face)
    for number, seen in sorted(pictures.items()):
        going_on = [track for track in tracks if number - max(track) <= _GAP_PICTURES]
        overlaps = sorted(
            (
                (intersection_over_union(track[max(track)], face.box_px), at, which)
                for at, track in enumerate(going_on)
                for which, face in enumerate(seen)
            ),
            key=lambda pair: (-pair[0], pair[1:]),
        )
        taken: dict[int, int] = {}
        for overlap, at, which in overlaps:
            if overlap >= _OVERLAP and at not in taken.values() and which not in taken:
                taken[which] = at
        for which, face in enumerate(seen):
            if which in taken:
                going_on[taken[which]][number] = face.box_px
            else:
                tracks.append({number: face.box_px})
    return [track for track in tracks if len(track) >= LEAST_DETECTIONS]


def share_shown(tracks: Sequence[Linked], stills: Sequence[Found]) -> float:
    """Give the share of tracks of which a still shows the face: at most three pictures off, in the same place."""
    return float(np.mean([any(_shows(track, still) for still in stills) for track in tracks]))


def _shows(track: Linked, still: Found) -> bool:
    nearest = min(track, key=lambda picture: abs(picture - still.picture))
    if abs(nearest - still.picture) > _SAME_PICTURES:
        return False
    return intersection_over_union(track[nearest], still.box_px) >= _SAME_PLACE
