"""Masking: every face but the marked one is made unrecognisable in whatever is shown (PRB-03)."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from countersign.faces.detection import Detection, intersection_over_union
from countersign.primitives.arrays import RgbImage

_MARGIN = 0.25  # of the box on each side: hair and outline can tell a person too
_CELLS = 6  # a face of six by six plain cells shows nobody
_SAME_FACE = 0.5


def mask_others(rgb: RgbImage, others: Iterable[Detection], *, marked: Detection) -> RgbImage:
    """Cover faces with coarse cells.

    Args:
        rgb: Picture, shape (height, width, 3).
        others: Located faces; one that overlaps the marked one by half or more is the marked one and stays.
        marked: The face that stays as it is, also where the cover of another would reach over it.

    Returns:
        A copy; the picture itself is never changed.
    """
    covered = rgb.copy()
    for face in others:
        if intersection_over_union(face.box_xyxy_px, marked.box_xyxy_px) < _SAME_FACE:
            mask_face(covered, face)
    left, top, right, bottom = _clipped(marked.box_xyxy_px, rgb)
    covered[top:bottom, left:right] = rgb[top:bottom, left:right]
    return covered


def mask_face(rgb: RgbImage, face: Detection) -> None:
    """Cover one face with coarse cells, in the given picture itself."""
    left, top, right, bottom = _grown(face, rgb)
    part = rgb[top:bottom, left:right]
    if part.size:
        cells = cv2.resize(part, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
        rgb[top:bottom, left:right] = cv2.resize(cells, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST)


def mask_all(rgb: RgbImage) -> RgbImage:
    """Cover a whole picture with coarse cells: a still of one face, of somebody who was not picked."""
    height, width = rgb.shape[:2]
    cells = cv2.resize(rgb, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _grown(face: Detection, rgb: RgbImage) -> tuple[int, int, int, int]:
    box = face.box_xyxy_px
    margin = np.array([box[2] - box[0], box[3] - box[1]]) * _MARGIN
    return _clipped(np.concatenate([box[:2] - margin, box[2:] + margin]), rgb)


def _clipped(box: NDArray[np.floating], rgb: RgbImage) -> tuple[int, int, int, int]:
    height, width = rgb.shape[:2]
    left, right = (int(np.clip(round(float(x)), 0, width)) for x in (box[0], box[2]))
    top, bottom = (int(np.clip(round(float(y)), 0, height)) for y in (box[1], box[3]))
    return left, top, right, bottom
