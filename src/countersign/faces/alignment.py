"""Turning a face upright to the size and place that the extractor was trained on."""

import cv2
import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid
from countersign.primitives.arrays import Points, RgbImage

__all__ = ["CoincidentLandmarksError", "align", "similarity"]

SIDE_PX = 112
_PLACES_PX = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)


class CoincidentLandmarksError(Invalid):
    """Landmarks that all lie on one point say nothing about size or direction."""

    code = "coincident_landmarks"


def similarity(source: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """Give the shift, turn and size change that brings points nearest to others in least squares; never a mirror.

    Args:
        source: Points (x, y), shape (n, 2).
        target: Where each should go, shape (n, 2).

    Returns:
        Matrix, shape (2, 3): multiply (x, y, 1) from the left.

    Raises:
        CoincidentLandmarksError: All points of the source are one.

    Source:
        Umeyama, Least-squares estimation of transformation parameters between two point patterns, 1991; in two
        dimensions it is the complex regression used here.

    Example:
        >>> similarity(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[5.0, 5.0], [5.0, 7.0]])).tolist()
        [[0.0, -2.0, 5.0], [2.0, 0.0, 5.0]]
    """
    before, after = (np.asarray(points, dtype=np.float64) @ np.array([1, 1j]) for points in (source, target))
    spread = before - before.mean()
    variance = float(np.vdot(spread, spread).real)
    if variance == 0:
        raise CoincidentLandmarksError("expected landmarks apart from each other, got all on one point")
    turn = np.vdot(spread, after - after.mean()) / variance
    shift = after.mean() - turn * before.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def align(rgb: RgbImage, landmarks_px: Points) -> RgbImage:
    """Cut a face out upright.

    Args:
        rgb: Image, shape (height, width, 3).
        landmarks_px: Five points as in ``Detection``, shape (5, 2).

    Returns:
        The face, shape (112, 112, 3), read-only; black where the image ends.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    turned = cv2.warpAffine(rgb, similarity(landmarks_px, _PLACES_PX), (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR)
    face = np.asarray(turned, dtype=np.uint8)
    face.setflags(write=False)
    return face
