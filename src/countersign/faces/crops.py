"""The crops of one face that are described together; ADR 0014 says why probe and reference differ.

Whoever changes anything here changes ``PREPROCESSING`` and the name in ``networks.toml`` with it: templates made before
and after do not compare.
"""

import cv2
import numpy as np

from countersign.faces.alignment import SIDE_PX, align, size_in_cut
from countersign.primitives.arrays import Points, RgbImage, read_only

__all__ = ["PREPROCESSING", "coarse", "probe_crops", "reference_crops"]

PREPROCESSING = "rgb255-align112-zooms3-mirror-coarse40fine/3"
_PROBE_ZOOMS = (1.0, 0.94, 0.88)
_COARSE_PX = 40
_FINE = 2.0  # faces this many times larger than the cut lose most of their detail before any distant camera shows them


def probe_crops(rgb: RgbImage, landmarks_px: Points) -> tuple[RgbImage, ...]:
    """Cut the face of a still at three sizes, and mirror each.

    Landmarks of a small face are uncertain, and so is its size; a mirror image removes what the side of the light adds.

    Args:
        rgb: Upright image, shape (height, width, 3).
        landmarks_px: Five points as in ``Detection``, shape (5, 2).

    Returns:
        Six aligned faces, each (112, 112, 3), read-only.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    cuts = [align(rgb, landmarks_px, zoom=zoom) for zoom in _PROBE_ZOOMS]
    return tuple(crop for cut in cuts for crop in (cut, _mirrored(cut)))


def reference_crops(rgb: RgbImage, landmarks_px: Points) -> tuple[RgbImage, ...]:
    """Cut the face of a reference out; of a fine one give with it a mirrored copy as a distant camera would show it.

    Args:
        rgb: Upright image, shape (height, width, 3).
        landmarks_px: Five points as in ``Detection``, shape (5, 2).

    Returns:
        One or two aligned faces, each (112, 112, 3), read-only.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    face = align(rgb, landmarks_px)
    if size_in_cut(landmarks_px) * _FINE > 1:
        return (face,)
    return face, _mirrored(coarse(face))


def coarse(face: RgbImage) -> RgbImage:
    """Give an aligned face as it looks when the whole cut was 40 px wide, at its old size."""
    small = cv2.resize(face, (_COARSE_PX, _COARSE_PX), interpolation=cv2.INTER_AREA)
    return read_only(np.asarray(cv2.resize(small, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC), dtype=np.uint8))


def _mirrored(face: RgbImage) -> RgbImage:
    return face[:, ::-1]
