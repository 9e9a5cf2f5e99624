"""The crops of one face that are described together; ADR 0014 says why probe and reference differ.

Whoever changes anything here changes ``PREPROCESSING`` and the name in ``networks.toml`` with it: templates made before
and after do not compare.
"""

import cv2
import numpy as np

from countersign.faces.alignment import SIDE_PX, align, profile_shift, size_in_cut
from countersign.primitives.arrays import Points, RgbImage, read_only

__all__ = ["PREPROCESSING", "coarse", "probe_crops", "reference_crops"]

PREPROCESSING = "rgb255-align112-zooms3-shift20-mirror-coarse40blur9fine/4"
_PROBE_ZOOMS = (1.0, 0.94, 0.88)
_COARSE_PX = 40
_BLUR_PX = 9  # of the cut, across or down: what a moving head or a camera out of focus leaves
_FINE = 2.0  # faces this many times larger than the cut lose most of their detail before any distant camera shows them


def probe_crops(rgb: RgbImage, landmarks_px: Points) -> tuple[RgbImage, ...]:
    """Cut the face of a still at three sizes, each in its place and moved towards where it looks, and mirror each.

    Landmarks of a small face are uncertain, and so is its size; a mirror image removes what the side of the light adds.
    In a face turned aside the landmarks crowd to one edge, and the shift brings its profile back into the cut.

    Args:
        rgb: Upright image, shape (height, width, 3).
        landmarks_px: Five points as in ``Detection``, shape (5, 2).

    Returns:
        Twelve aligned faces, each (112, 112, 3), read-only.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    shifts_px = (0.0, profile_shift(landmarks_px))
    cuts = [align(rgb, landmarks_px, zoom=zoom, right_px=by) for zoom in _PROBE_ZOOMS for by in shifts_px]
    return tuple(crop for cut in cuts for crop in (cut, _mirrored(cut)))


def reference_crops(rgb: RgbImage, landmarks_px: Points) -> tuple[RgbImage, ...]:
    """Cut the face of a reference out; of a fine one give with it copies as cameras far away would show it.

    One copy is coarse and mirrored, one blurred across and one down. A face that is not fine has lost that detail.
    The rule goes by the size of the face alone, and so do the figures: the others of the headline are smaller.


    Args:
        rgb: Upright image, shape (height, width, 3).
        landmarks_px: Five points as in ``Detection``, shape (5, 2).

    Returns:
        One or four aligned faces, each (112, 112, 3), read-only.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    face = align(rgb, landmarks_px)
    if size_in_cut(landmarks_px) * _FINE > 1:
        return (face,)
    return face, _mirrored(coarse(face)), _blurred(face, (_BLUR_PX, 1)), _blurred(face, (1, _BLUR_PX))


def coarse(face: RgbImage) -> RgbImage:
    """Give an aligned face as it looks when the whole cut was 40 px wide, at its old size."""
    small = cv2.resize(face, (_COARSE_PX, _COARSE_PX), interpolation=cv2.INTER_AREA)
    return read_only(np.asarray(cv2.resize(small, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC), dtype=np.uint8))


def _blurred(face: RgbImage, across_and_down_px: tuple[int, int]) -> RgbImage:
    return read_only(np.asarray(cv2.blur(face, across_and_down_px), dtype=np.uint8))


def _mirrored(face: RgbImage) -> RgbImage:
    return face[:, ::-1]
