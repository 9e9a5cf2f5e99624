"""Tilting a picture, and bringing back what was seen in it: heads lean, and the detector wants them upright."""

import math

import cv2
import numpy as np

from countersign.faces.detection import Detection
from countersign.primitives.arrays import RgbImage, read_only

__all__ = ["tilted", "tilted_back"]


def tilted(rgb: RgbImage, degrees: float) -> RgbImage:
    """Turn a picture about its middle on a canvas that holds all of it.

    Args:
        rgb: Shape (height, width, 3).
        degrees: Anticlockwise as seen, no multiple of 360.

    Returns:
        The turned picture, black around it, read-only.
    """
    height, width = _canvas(rgb, degrees)
    turned = cv2.warpAffine(rgb, _matrix(rgb, degrees), (width, height), flags=cv2.INTER_LINEAR)
    return read_only(np.asarray(turned, dtype=np.uint8))


def tilted_back(face: Detection, rgb: RgbImage, degrees: float) -> Detection:
    """Give a face of ``tilted(rgb, degrees)`` its place in ``rgb``; its box keeps its sides and stays upright.

    Example:
        >>> seen = Detection(box_xyxy_px=np.array([0, 0, 2, 2]), landmarks_px=np.zeros((5, 2)), score=0.5)
        >>> tilted_back(seen, np.zeros((3, 5, 3), np.uint8), 90.0).landmarks_px[0].round().astype(int).tolist()
        [4, 0]
    """
    back = cv2.invertAffineTransform(_matrix(rgb, degrees))
    centre = back[:, :2] @ ((face.box_xyxy_px[:2] + face.box_xyxy_px[2:]) / 2) + back[:, 2]
    half = (face.box_xyxy_px[2:] - face.box_xyxy_px[:2]) / 2
    return Detection(
        box_xyxy_px=np.concatenate([centre - half, centre + half]),
        landmarks_px=face.landmarks_px @ back[:, :2].T + back[:, 2],
        score=face.score,
    )


def _canvas(rgb: RgbImage, degrees: float) -> tuple[int, int]:
    height, width = rgb.shape[:2]
    cosine, sine = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    return round(width * sine + height * cosine), round(width * cosine + height * sine)


def _matrix(rgb: RgbImage, degrees: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    canvas_height, canvas_width = _canvas(rgb, degrees)
    matrix[:, 2] += ((canvas_width - width) / 2, (canvas_height - height) / 2)
    return np.asarray(matrix, dtype=np.float64)
