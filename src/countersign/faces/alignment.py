"""Turning a face upright to the size and place that the extractor was trained on."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid
from countersign.primitives.arrays import Points, RgbImage, read_only

__all__ = ["CoincidentLandmarksError", "align", "profile_shift", "similarity", "size_in_cut"]

SIDE_PX = 112
_MOST_SAMPLES = 8  # bounds the memory that a close-up of fifty megapixels takes
_PROFILE_PX = 20
_MOST_ASIDE = 0.6  # beyond it landmarks are guesses
_SAME_SIZE = 1e-3  # a face that is this near to the wanted size is not smoothed
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


def align(rgb: RgbImage, landmarks_px: Points, *, zoom: float = 1.0, right_px: float = 0.0) -> RgbImage:
    """Cut a face out upright.

    A small face is enlarged by cubic interpolation. A large one is sampled at least once for each of its own pixels and
    averaged, so that what is finer than the cut leaves no false pattern.

    Args:
        rgb: Image, shape (height, width, 3).
        landmarks_px: Five points as in ``Detection``, shape (5, 2).
        zoom: Size of the face in the cut, above 0; below 1 more of what is around it is seen.
        right_px: How far right of its place the face lies in the cut, in px of the cut.

    Returns:
        The face, shape (112, 112, 3), read-only; black where the image ends.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    matrix = _into_cut(landmarks_px, zoom) + np.array([[0, 0, right_px], [0, 0, 0]])
    samples = min(_MOST_SAMPLES, max(1, math.ceil(1 / math.hypot(matrix[0, 0], matrix[0, 1]) - _SAME_SIZE)))
    if samples == 1:
        cut = cv2.warpAffine(rgb, matrix, (SIDE_PX, SIDE_PX), flags=cv2.INTER_CUBIC)
    else:
        finer = matrix * samples
        finer[:, 2] += (samples - 1) / 2  # the middle of a pixel stays the middle of its samples
        large = cv2.warpAffine(rgb, finer, (SIDE_PX * samples, SIDE_PX * samples), flags=cv2.INTER_LINEAR)
        cut = cv2.resize(large, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return read_only(np.asarray(cut, dtype=np.uint8))


def size_in_cut(landmarks_px: Points) -> float:
    """Give how large a pixel of the image is in the cut: 0.5 when the face is twice as fine as its cut.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    matrix = _into_cut(landmarks_px, zoom=1.0)
    return math.hypot(matrix[0, 0], matrix[0, 1])


def profile_shift(landmarks_px: Points) -> float:
    """Give how far right a face's place in its cut moves for its profile: 20 px times how far aside its nose lies.

    The nose is measured from the middle between eyes and mouth, across the way from eyes to mouth and as a share of it,
    and counts up to 0.6. The shift is to the side that the nose points to, and 0 for a face seen from the front.

    Args:
        landmarks_px: Five points as in ``Detection``, shape (5, 2).

    Returns:
        Pixels of the cut, in [-12, 12]; positive is to the right, 0 where eyes and mouth lie on one point.

    Example:
        >>> profile_shift(np.array([[0, 0], [2, 0], [2, 1], [0, 2], [2, 2]]))
        10.0
    """
    points = np.asarray(landmarks_px, dtype=np.float64)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    down, nose = mouth - eyes, points[2] - (eyes + mouth) / 2
    squared = float(down @ down)
    if squared == 0:
        return 0.0
    aside = float(nose[0] * down[1] - nose[1] * down[0]) / squared
    return _PROFILE_PX * min(_MOST_ASIDE, max(-_MOST_ASIDE, aside))


def _into_cut(landmarks_px: Points, zoom: float) -> NDArray[np.float64]:
    return similarity(landmarks_px, (_PLACES_PX - SIDE_PX / 2) * zoom + SIDE_PX / 2)
