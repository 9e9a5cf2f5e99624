"""How a head is turned, as far as five landmarks tell."""

import math

import numpy as np

from countersign.faces.detection import Detection

__all__ = ["pose_degrees"]

# Right eye, left eye, nose tip, right and left mouth corner of a face in millimetres: right, down, towards the camera.
_HEAD_MM = np.array(
    [[-31.5, -36.0, -28.0], [31.5, -36.0, -28.0], [0.0, 0.0, 0.0], [-24.0, 31.0, -22.0], [24.0, 31.0, -22.0]]
)

_FITTED = np.linalg.pinv(_HEAD_MM - _HEAD_MM.mean(axis=0))  # least squares of every face, worked out once


def pose_degrees(detection: Detection) -> tuple[float, float, float]:
    """Give how far the head is turned: yaw, pitch, roll in degrees; 0 faces the camera.

    A camera far away sees the head's five points through a 2 × 3 matrix; the least-squares one is brought to the
    nearest rotation. Good to about ten degrees, and no better than the landmarks: a profile's hidden ones are guesses.

    Args:
        detection: The face.

    Returns:
        Yaw (positive when the nose points to the image's right), pitch (positive downwards), roll (clockwise).
    """
    seen = detection.landmarks_px.astype(np.float64)
    camera = (_FITTED @ (seen - seen.mean(axis=0))).T
    left, _, right = np.linalg.svd(camera, full_matrices=False)
    first, second = left @ right
    (a, b, c), (d, e, f) = first.tolist(), second.tolist()
    third = (b * f - c * e, c * d - a * f, a * e - b * d)
    # What was turned about the upright axis, then about the ears', then in the picture, read back.
    yaw = math.atan2(-third[0], third[2])
    pitch = math.asin(min(1.0, max(-1.0, -third[1])))
    roll = math.atan2(-b, e)
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)
