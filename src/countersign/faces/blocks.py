"""What a codec that works in blocks of 8 px leaves in a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["blockiness"]

_BLOCK_PX = 8


def blockiness(picture: NDArray[np.uint8]) -> float:
    """Give how much steeper brightness steps are at every eighth column and row than elsewhere; 1 is not at all.

    The grid's place is not known in a cut, so the steepest of the eight is taken.

    Args:
        picture: Luminance, shape (height, width); one of at most 24 px a side says nothing and gives 1.
    """
    if min(picture.shape) <= 3 * _BLOCK_PX:
        return 1.0
    across = cv2.reduce(cv2.absdiff(picture[:, 1:], picture[:, :-1]), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    down = cv2.reduce(cv2.absdiff(picture[1:], picture[:-1]), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    return max(_steepest(across.ravel() / picture.shape[0]), _steepest(down.ravel() / picture.shape[1]))


def _steepest(steps: NDArray[np.float64]) -> float:
    place = np.arange(len(steps)) % _BLOCK_PX
    at = np.sort(np.bincount(place, weights=steps) / np.bincount(place))
    return float((at[-1] + 1) / ((at[_BLOCK_PX // 2 - 1] + at[_BLOCK_PX // 2]) / 2 + 1))
