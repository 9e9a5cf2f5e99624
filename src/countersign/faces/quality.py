"""Measures of a face's image. They never decide: rules that use them live elsewhere and say so.

Each has a name of its own, since none is the standard's algorithm. Components of ISO/IEC 29794-5 that they approximate:

===============  ====================================================
``unified``      unified quality score
``inter_eye_px`` inter-eye distance
``head_width_px`` head size
``sharpness``    sharpness
``brightness``   illumination (mean of the luminance histogram)
``contrast``     dynamic range (spread of the luminance histogram)
===============  ====================================================
"""

from dataclasses import dataclass

import cv2
import numpy as np

from countersign.faces.alignment import align
from countersign.faces.detection import Detection
from countersign.primitives.arrays import RgbImage

__all__ = ["Quality", "measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well a face can be seen.

    Attributes:
        unified: In [0, 1], high is good: the detector's score, the best simple predictor of a mate's rank found.
        inter_eye_px: Distance between the eyes in px of the image, before alignment.
        head_width_px: Width of the box in px of the image.
        sharpness: Variance of the Laplacian of the aligned face's luminance; high is sharp, 0 is flat.
        brightness: Mean luminance of the aligned face in [0, 1].
        contrast: Standard deviation of that luminance, in [0, 0.5].
    """

    unified: float
    inter_eye_px: float
    head_width_px: float
    sharpness: float
    brightness: float
    contrast: float


def measure(rgb: RgbImage, detection: Detection) -> Quality:
    """Measure one face.

    Args:
        rgb: The upright image, shape (height, width, 3).
        detection: The face in it.

    Returns:
        The measures.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    luminance = cv2.cvtColor(align(rgb, detection.landmarks_px), cv2.COLOR_RGB2GRAY).astype(np.float64)
    right_eye, left_eye = detection.landmarks_px[:2].astype(np.float64)
    return Quality(
        unified=detection.score,
        inter_eye_px=float(np.hypot(*(left_eye - right_eye))),
        head_width_px=detection.width_px,
        sharpness=float(cv2.Laplacian(luminance, cv2.CV_64F).var()),
        brightness=float(luminance.mean() / 255),
        contrast=float(luminance.std() / 255),
    )
