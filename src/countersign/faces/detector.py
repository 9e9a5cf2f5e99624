"""YuNet over several scales.

The network sees faces of about 10 to 300 px. A custody close-up therefore needs a smaller copy, a distant face a larger
one: an image is looked at with its longer side at each rung below, and finds are merged.

A still that is searched with is looked at thoroughly: at more rungs, in a mirror and tilted to both sides, since people
below a camera lean and bow their heads. A face's place is the mean of its finds, and its steadiness the mean score over
all looks: what only one look takes for a face is seldom one that can be searched with. References are large and many; a
mean does not help them, so they get the quick look, which ends with the first rung that shows a clear face.

An image on its side shows its faces too, with landmarks as if it were upright and a lower score: 0.81 to 0.91 where the
same face upright has 0.93 and more. So where nothing is as clear as an upright face, the image is turned as well.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from countersign.faces.detection import Detection, keep_best, order, steadied
from countersign.faces.tilting import tilted, tilted_back
from countersign.inference.session import Session
from countersign.primitives.arrays import RgbImage, read_only

__all__ = ["PREPROCESSING", "FaceDetector", "decode"]

PREPROCESSING = "bgr255-multiple32/1"
"""How pixels reach the network; a network that is registered with another one is not fed rightly here."""

_STRIDES_PX = (8, 16, 32)
_MULTIPLE_PX = 32
_LOWEST_SCORE = 0.5
_FAINT_SCORE = 0.3  # helps to place a face and shows that it is steady, and never makes one
_OVERLAP = 0.3
_SMALL_PX = 480
_QUICK_RUNGS_PX = (640, 320, 1280, 160, 2560)
_QUICK_RUNGS_SMALL_PX = (320, 640, 1280, 160, 2560)
_CLEAR_SCORE = 0.8
_THOROUGH_RUNGS_PX = (160, 264, 422, 640, 1280)
_RARE_RUNGS_PX = (160, 2560)
_TILTS_DEGREES = (-60, -30, 30, 60)
_TILTED_RUNGS_PX = (264, 422)
_UPRIGHT_SCORE = 0.9
_SURE_SCORE = 0.94  # a look at tilted copies sees a face on its side or head with up to 0.93, and places it badly
_TURNED_RUNGS_PX = (320, 640)  # enough for a picture that somebody photographed or scanned the wrong way up
_LARGEST_ENLARGEMENT = 3.0

_Finds = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]
"""Boxes, landmarks and scores, as `decode` gives them."""


class FaceDetector:
    """Finds faces in upright images."""

    def __init__(self, session: Session) -> None:
        """Use a loaded YuNet.

        Args:
            session: The network: 12 outputs, ``cls``, ``obj``, ``bbox`` and ``kps`` at strides 8, 16 and 32.
        """
        self._session = session
        self._own = threading.local()  # of each thread that glimpses: millions of zeros are not made anew each time

    def locate(self, rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        """Find every face.

        Args:
            rgb: Upright image, shape (height, width, 3).
            thorough: Look longer and place landmarks more steadily, as stills of distant faces need.

        Returns:
            Faces by score, then size; empty when there is none, which is an answer and no error.
        """
        if thorough:
            found = self._look_long(rgb, _THOROUGH_RUNGS_PX) or self._look_long(rgb, _RARE_RUNGS_PX)
        else:
            small = max(rgb.shape[:2]) <= _SMALL_PX
            found = self._look(rgb, _QUICK_RUNGS_SMALL_PX if small else _QUICK_RUNGS_PX)
        best = found[0].score if found else 0.0
        if best >= (_SURE_SCORE if thorough else _UPRIGHT_SCORE):
            return found
        turned = self._look_turned(rgb)
        return turned if turned and turned[0].score > best else found

    def glimpse(self, rgb: RgbImage) -> tuple[Detection, ...]:
        """Find faces at the picture's own size, in one look: for pictures of which there are many more.

        Args:
            rgb: Upright image, shape (height, width, 3); faces of about 10 to 300 px are seen.
        """
        height, width = rgb.shape[:2]
        kept: NDArray[np.float32] | None = getattr(self._own, "batch", None)
        if kept is None or self._own.size != (height, width):
            kept = np.zeros((1, 3, _rounded_up(height), _rounded_up(width)), dtype=np.float32)
            self._own.batch, self._own.size = kept, (height, width)
        return keep_best(_detections(*self._see(rgb, lowest_score=_LOWEST_SCORE, batch=kept)), overlap=_OVERLAP)

    def _look(self, rgb: RgbImage, rungs_px: Sequence[int]) -> tuple[Detection, ...]:
        found: list[Detection] = []
        for factor in _factors(rgb, rungs_px):
            found += self._at(rgb, factor)
            if any(face.score >= _CLEAR_SCORE for face in found):
                break
        return keep_best(found, overlap=_OVERLAP)

    def _look_long(self, rgb: RgbImage, rungs_px: Sequence[int]) -> tuple[Detection, ...]:
        factors = sorted(_factors(rgb, rungs_px))
        looks = [self._at(rgb, factor, lowest_score=_FAINT_SCORE) for factor in factors]
        # The largest copy costs as much as all others together, and its mirror image changed nothing that was measured.
        looks += [self._at(rgb, factor, lowest_score=_FAINT_SCORE, mirrored=True) for factor in factors[:-1]]
        looks += [
            self._at(rgb, factor, lowest_score=_FAINT_SCORE, degrees=degrees, mirrored=mirrored)
            for factor in _factors(rgb, _TILTED_RUNGS_PX)
            for degrees in _TILTS_DEGREES
            for mirrored in (False, True)
        ]
        found = [face for look in looks for face in look if face.score >= _LOWEST_SCORE]
        return order(steadied(face, looks) for face in keep_best(found, overlap=_OVERLAP))

    def _look_turned(self, rgb: RgbImage) -> tuple[Detection, ...]:
        """Look at the image in each other direction, and believe only what is as clear as an upright face."""
        for turns in (2, 1, 3):  # upside down shows best what is upright
            found = self._look(np.ascontiguousarray(np.rot90(rgb, turns)), _TURNED_RUNGS_PX)
            if found and found[0].score >= _UPRIGHT_SCORE:
                return order(_turned_back(face, turns, rgb) for face in found)
        return ()

    def _at(
        self,
        rgb: RgbImage,
        factor: float,
        *,
        lowest_score: float = _LOWEST_SCORE,
        degrees: float = 0.0,
        mirrored: bool = False,
    ) -> tuple[Detection, ...]:
        copy = _resized(rgb, factor)
        seen = self._see(tilted(copy, degrees) if degrees else copy, lowest_score=lowest_score, mirrored=mirrored)
        back = np.array([rgb.shape[1] / copy.shape[1], rgb.shape[0] / copy.shape[0]], dtype=np.float32)
        if degrees:
            upright = (tilted_back(face, copy, degrees) for face in _detections(*seen))
            return tuple(
                replace(face, box_xyxy_px=face.box_xyxy_px * np.tile(back, 2), landmarks_px=face.landmarks_px * back)
                for face in upright
            )
        boxes, points, scores = seen
        return _detections(boxes * np.tile(back, 2), points * back, scores)

    def _see(
        self,
        rgb: RgbImage,
        *,
        lowest_score: float,
        mirrored: bool = False,
        batch: NDArray[np.float32] | None = None,
    ) -> _Finds:
        height, width = rgb.shape[:2]
        if batch is None:
            batch = np.zeros((1, 3, _rounded_up(height), _rounded_up(width)), dtype=np.float32)
        # The network was trained on BGR. Colour by colour this is four times faster than a transposition.
        for colour, plane in zip(batch[0, ::-1], cv2.split(cv2.flip(rgb, 1) if mirrored else rgb), strict=True):
            colour[:height, :width] = plane
        boxes, points, scores = decode(self._session.run(batch), width_px=batch.shape[3], lowest_score=lowest_score)
        if mirrored:
            boxes, points = _mirrored_back(boxes, points, width_px=width)
        return boxes, points, scores


def _detections(
    boxes: NDArray[np.float32], points: NDArray[np.float32], scores: NDArray[np.float32]
) -> tuple[Detection, ...]:
    return tuple(
        Detection(box_xyxy_px=box, landmarks_px=landmarks, score=float(score))
        for box, landmarks, score in zip(boxes, points, scores, strict=True)
    )


def _resized(rgb: RgbImage, factor: float) -> RgbImage:
    height, width = (max(1, round(length * factor)) for length in rgb.shape[:2])
    if (height, width) == rgb.shape[:2]:
        return rgb
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return read_only(np.asarray(cv2.resize(rgb, (width, height), interpolation=how), dtype=np.uint8))


def _factors(rgb: RgbImage, rungs_px: Sequence[int]) -> list[float]:
    return list(dict.fromkeys(min(rung / max(rgb.shape[:2]), _LARGEST_ENLARGEMENT) for rung in rungs_px))


def _turned_back(face: Detection, turns: int, rgb: RgbImage) -> Detection:
    """Give a face of `np.rot90(rgb, turns)` its place in `rgb`."""
    corners, points = face.box_xyxy_px.reshape(2, 2), face.landmarks_px
    for turn in range(turns, 0, -1):
        width = rgb.shape[turn % 2]  # of what was turned last
        corners, points = (np.stack([width - part[:, 1], part[:, 0]], axis=1) for part in (corners, points))
    box = np.concatenate([corners.min(axis=0), corners.max(axis=0)])
    return Detection(box_xyxy_px=box, landmarks_px=points, score=face.score)


def _mirrored_back(
    boxes: NDArray[np.float32], points: NDArray[np.float32], *, width_px: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    left, top, right, bottom = boxes.T
    swapped = points[:, [1, 0, 2, 4, 3]]  # in a mirror the right eye is taken for the left one
    swapped[..., 0] = width_px - swapped[..., 0]
    return np.stack([width_px - right, top, width_px - left, bottom], axis=1), swapped


def _rounded_up(length_px: int) -> int:
    return -(-length_px // _MULTIPLE_PX) * _MULTIPLE_PX


def decode(
    outputs: Sequence[NDArray[np.float32]], *, width_px: int, lowest_score: float = 0.0
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Turn YuNet's raw outputs into boxes, landmarks and scores, one for each anchor that is kept.

    Args:
        outputs: ``cls`` and ``obj`` (1, n, 1), ``bbox`` (1, n, 4), ``kps`` (1, n, 10), each at strides 8, 16, 32.
        width_px: Width of the padded image that was run.
        lowest_score: Anchors below it are left out; at equality they stay.

    Returns:
        Boxes (left, top, right, bottom in px of that image), shape (n, 4); landmarks in px, shape (n, 5, 2); scores in
        [0, 1], shape (n,).

    Source:
        OpenCV 4.12, modules/objdetect/src/face_detect.cpp, FaceDetectorYNImpl::postProcess.
    """
    parts = [
        _decode_stride(outputs[level::3], stride_px=stride, columns=width_px // stride, lowest_score=lowest_score)
        for level, stride in enumerate(_STRIDES_PX)
    ]
    boxes, points, scores = (np.concatenate(kind) for kind in zip(*parts, strict=True))
    return boxes, points, scores


def _decode_stride(
    outputs: Sequence[NDArray[np.float32]], *, stride_px: int, columns: int, lowest_score: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    classes, objects, boxes, points = (output[0] for output in outputs)
    scores = np.sqrt(np.clip(classes[:, 0], 0, 1) * np.clip(objects[:, 0], 0, 1))
    kept = np.flatnonzero(scores >= lowest_score)  # of thousands of anchors a handful
    boxes, points, scores = boxes[kept], points[kept], scores[kept]
    row, column = np.divmod(kept, columns)
    anchors = np.stack([column, row], axis=1).astype(np.float32)
    centres, half = (anchors + boxes[:, :2]) * stride_px, np.exp(boxes[:, 2:]) * (stride_px / 2)
    landmarks = (anchors[:, None] + points.reshape(-1, 5, 2)) * stride_px
    return np.concatenate([centres - half, centres + half], axis=1), landmarks, scores
