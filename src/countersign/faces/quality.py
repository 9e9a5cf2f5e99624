"""Measures of a face's image, each in [0, 100], high is good. They never decide: floors stand in the policy pack.

None is the standard's own algorithm; each says which component of ISO/IEC 29794-5 it approximates and how it was
measured. Whoever changes a formula changes its ``method``, so that old values are never taken for new ones.

The eyes being open, and anything worn, cannot be told from five landmarks and are not measured.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from countersign.faces.alignment import align
from countersign.faces.blocks import blockiness
from countersign.faces.detection import Detection
from countersign.faces.pose import pose_degrees
from countersign.media.exhibit import QualityMeasure
from countersign.primitives.arrays import RgbImage

__all__ = ["COMPONENTS", "Quality", "measure"]

_DARK, _BRIGHT = 25, 247
_EYES_TO_MOUTH = 0.86
"""Distance of the eyes as a share of the way from eyes to mouth, in the face that alignment aims at."""
_CROP_PX = 256
_ENOUGH_PX, _RARELY_A_FACE, _MILDLY = 24.0, 0.15, 0.2  # ADR 0051 has what was measured

Luminance = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well a face can be seen.

    Attributes:
        unified: In [0, 1], high is good: the first component as a share; it weighs stills and orders views.
        measures: Every component, in the order of `COMPONENTS`.
    """

    unified: float
    measures: tuple[QualityMeasure, ...]

    def score(self, component: str) -> float:
        """Give one component's score."""
        return next(one.score for one in self.measures if one.component == component)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """What components are measured on.

    Attributes:
        face: Luminance of the aligned face, (112, 112).
        around: Luminance of the face's box in the image as it came, at most 256 px a side.
        others: The other faces of the image.
        shares: Share of the face's pixels at each of the 256 brightnesses.
    """

    detection: Detection
    face: Luminance
    shares: NDArray[np.float64]
    around: Luminance
    others: Sequence[Detection]
    pose: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One measure.

    Attributes:
        approximates: The component of ISO/IEC 29794-5 that it approximates.
        unit: Of the raw value.
        method: How the raw value is measured, with a version.
        raw: Measures it.
        score: Turns it into [0, 100]; monotone in what is good.
    """

    approximates: str
    unit: str
    method: str
    raw: Callable[[_Seen], float]
    score: Callable[[float], float]


def _sharpness(seen: _Seen) -> float:
    return float(np.log10(1 + cv2.Laplacian(seen.face, cv2.CV_32F).var()))


def _uniformity(seen: _Seen) -> float:
    """Share of brightness that both halves of the face have in common."""
    half = seen.face.shape[1] // 2
    left, right = (
        np.bincount(part.ravel() >> 3, minlength=32) / part.size for part in (seen.face[:, :half], seen.face[:, half:])
    )
    return float(np.minimum(left, right).sum())


def _entropy(seen: _Seen) -> float:
    share = seen.shares[seen.shares > 0]
    return float(-(share * np.log2(share)).sum())


def _inter_eye(seen: _Seen) -> float:
    """Distance of the eyes as it would be seen from the front, in px.

    A turned head brings the eyes together in the picture and leaves the way from eyes to mouth as it is, so the larger
    of the two counts, the second in the proportion of a frontal face.
    """
    right, left, _, *corners = seen.detection.landmarks_px.astype(np.float64)
    between = np.hypot(*(left - right))
    to_mouth = np.hypot(*((right + left) / 2 - (corners[0] + corners[1]) / 2))
    return float(max(between, _EYES_TO_MOUTH * to_mouth))


def _unified(seen: _Seen) -> float:
    """Give how likely the face is to be found again: the detector's score, less where few looks saw it or it is small.

    What fewer than one look in seven sees is seldom a face. A first look has no steadiness: score and size count.
    """
    face = seen.detection
    steadiness = 1.0 if face.steadiness is None else face.steadiness
    small, rare = min(1.0, _inter_eye(seen) / _ENOUGH_PX), min(1.0, steadiness / _RARELY_A_FACE)
    return float(face.score * (steadiness * small) ** _MILDLY * rare**2)


def _alone(seen: _Seen) -> float:
    """Size of the largest other face as a share of this one."""
    return max((other.area_px / seen.detection.area_px for other in seen.others), default=0.0)


def _cosine(degrees: float) -> float:
    return 100 * max(0.0, float(np.cos(np.radians(degrees)))) ** 2


def _share_lost(share: float) -> float:
    return 100 * (1 - share)


COMPONENTS: Mapping[str, Component] = MappingProxyType(
    {
        "unified": Component(
            approximates="unified quality score",
            unit="share",
            method="detector-score-steadiness-size/3",
            raw=_unified,
            score=lambda raw: 100 * raw,
        ),
        "sharpness": Component(
            approximates="sharpness",
            unit="log10(1 + variance of the Laplacian)",
            method="laplacian-112/2",
            raw=_sharpness,
            score=lambda raw: 100 * (raw - 0.5) / 3.0,
        ),
        "illumination_uniformity": Component(
            approximates="illumination uniformity",
            unit="share in common",
            method="half-histograms/1",
            raw=_uniformity,
            score=lambda raw: 100 * raw,
        ),
        "under_exposure": Component(
            approximates="under-exposure prevention",
            unit="share of pixels",
            method="below-26/1",
            raw=lambda seen: float(seen.shares[: _DARK + 1].sum()),
            score=_share_lost,
        ),
        "over_exposure": Component(
            approximates="over-exposure prevention",
            unit="share of pixels",
            method="above-246/1",
            raw=lambda seen: float(seen.shares[_BRIGHT:].sum()),
            score=_share_lost,
        ),
        "dynamic_range": Component(
            approximates="dynamic range",
            unit="bit",
            method="entropy-112/1",
            raw=_entropy,
            score=lambda raw: 12.5 * raw,
        ),
        "head_pose_yaw": Component(
            approximates="head pose yaw frontal alignment",
            unit="degree",
            method="five-points-affine/1",
            raw=lambda seen: seen.pose[0],
            score=_cosine,
        ),
        "head_pose_pitch": Component(
            approximates="head pose pitch frontal alignment",
            unit="degree",
            method="five-points-affine/1",
            raw=lambda seen: seen.pose[1],
            score=_cosine,
        ),
        "head_pose_roll": Component(
            approximates="head pose roll frontal alignment",
            unit="degree",
            method="five-points-affine/1",
            raw=lambda seen: seen.pose[2],
            score=_cosine,
        ),
        "inter_eye_distance": Component(
            approximates="inter-eye distance",
            unit="px",
            method="landmarks/2",
            raw=_inter_eye,
            score=lambda raw: raw,
        ),
        "head_size": Component(
            approximates="head size",
            unit="px",
            method="box-width/1",
            raw=lambda seen: seen.detection.width_px,
            score=lambda raw: raw / 2,
        ),
        "single_face": Component(
            approximates="single face present",
            unit="share of this face's area",
            method="largest-other/1",
            raw=_alone,
            score=_share_lost,
        ),
        "compression_artefacts": Component(
            approximates="no compression artefacts",
            unit="ratio",
            method="steps-at-8/1",
            raw=lambda seen: blockiness(seen.around),
            score=lambda raw: 100 * (2 - raw),
        ),
    }
)


def measure(rgb: RgbImage, detection: Detection, others: Sequence[Detection] = ()) -> Quality:
    """Measure one face.

    Args:
        rgb: The upright image, shape (height, width, 3).
        detection: The face in it.
        others: The other faces in it.

    Returns:
        Every component.

    Raises:
        CoincidentLandmarksError: The landmarks are all one point.
    """
    face = _luminance(align(rgb, detection.landmarks_px))
    seen = _Seen(
        detection=detection,
        face=face,
        shares=np.bincount(face.ravel(), minlength=256) / face.size,
        around=_luminance(_boxed(rgb, detection)),
        others=others,
        pose=pose_degrees(detection),
    )
    measures = tuple(_measured(name, component, seen) for name, component in COMPONENTS.items())
    return Quality(unified=measures[0].score / 100, measures=measures)


def _measured(name: str, component: Component, seen: _Seen) -> QualityMeasure:
    raw = component.raw(seen)
    return QualityMeasure(
        component=name, score=min(100.0, max(0.0, component.score(raw))), raw=raw, method=component.method
    )


def _luminance(rgb: RgbImage) -> Luminance:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _boxed(rgb: RgbImage, detection: Detection) -> RgbImage:
    """Give the middle of the face's box, without a change of scale: what a codec left would be smoothed away."""
    left, top, right, bottom = detection.box_xyxy_px
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    reach_x, reach_y = (max(2.0, min(_CROP_PX, length) / 2) for length in (right - left, bottom - top))
    height, width = rgb.shape[:2]
    columns = slice(*np.clip([centre_x - reach_x, centre_x + reach_x], 0, width).astype(int))
    rows = slice(*np.clip([centre_y - reach_y, centre_y + reach_y], 0, height).astype(int))
    cut = rgb[rows, columns]
    return cut if cut.size else rgb[:1, :1]
