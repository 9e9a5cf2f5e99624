"""A face found in an image, and how overlapping finds are merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid
from countersign.primitives.arrays import BoxXyxyPx, Points, read_only

__all__ = [
    "Detection",
    "InvalidDetectionError",
    "averaged",
    "intersection_over_union",
    "keep_best",
    "order",
    "steadied",
]

_SAME_FACE = 0.5
_SAME_POINTS = 0.35
_SEEN = 0.3
_MEAN_POWER = 8


class InvalidDetectionError(Invalid):
    """The numbers do not describe a face in an image."""

    code = "invalid_detection"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detection:
    """One face.

    Attributes:
        box_xyxy_px: Left, top, right, bottom in px of the upright image, shape (4,); may reach over its edge.
        landmarks_px: Right eye, left eye, nose tip, right and left mouth corner (x, y), shape (5, 2).
        score: The detector's own score in [0, 1] of its best find; high is more surely and more clearly a face.
        steadiness: Mean score of the face over all looks at it, in [0, 1], a look that missed it counting 0; None
            where a first look was enough.
    """

    box_xyxy_px: BoxXyxyPx
    landmarks_px: Points
    score: float
    steadiness: float | None = None

    def __post_init__(self) -> None:
        """Check shapes and ranges, and freeze the arrays.

        Raises:
            InvalidDetectionError: A shape, an empty box, a number that is not finite, a score or steadiness outside
                [0, 1].
        """
        box, points = (np.array(given, dtype=np.float32) for given in (self.box_xyxy_px, self.landmarks_px))
        if box.shape != (4,) or points.shape != (5, 2):
            raise InvalidDetectionError(f"expected a box (4,) and landmarks (5, 2), got {box.shape} and {points.shape}")
        if not (np.isfinite(box).all() and np.isfinite(points).all() and 0 <= self.score <= 1):
            raise InvalidDetectionError(f"expected finite numbers and a score in [0, 1], got score {self.score}")
        if box[2] <= box[0] or box[3] <= box[1]:
            raise InvalidDetectionError(f"expected left < right and top < bottom, got {box.tolist()}")
        if self.steadiness is not None and not 0 <= self.steadiness <= 1:
            raise InvalidDetectionError(f"expected a steadiness in [0, 1], got {self.steadiness}")
        object.__setattr__(self, "box_xyxy_px", read_only(box))
        object.__setattr__(self, "landmarks_px", read_only(points))

    @property
    def width_px(self) -> float:
        """Width of the box."""
        return float(self.box_xyxy_px[2] - self.box_xyxy_px[0])

    @property
    def area_px(self) -> float:
        """Area of the box."""
        return self.width_px * float(self.box_xyxy_px[3] - self.box_xyxy_px[1])


def intersection_over_union(one: BoxXyxyPx, other: BoxXyxyPx) -> float:
    """Give how far two boxes are the same place: 0 apart, 1 equal.

    Example:
        >>> intersection_over_union(np.array([0, 0, 2, 2], np.float32), np.array([1, 0, 4, 2], np.float32))
        0.25
    """
    left, top = np.maximum(one[:2], other[:2])
    right, bottom = np.minimum(one[2:], other[2:])
    shared = max(0.0, float(right - left)) * max(0.0, float(bottom - top))
    areas = (float((box[2] - box[0]) * (box[3] - box[1])) for box in (one, other))
    return shared / (sum(areas) - shared)


def order(found: Iterable[Detection]) -> tuple[Detection, ...]:
    """Sort by score, then by size, then by place, so that the order never depends on how faces were found."""
    return tuple(sorted(found, key=lambda face: (-face.score, -face.area_px, face.box_xyxy_px.tolist())))


def keep_best(found: Iterable[Detection], *, overlap: float) -> tuple[Detection, ...]:
    """Keep the best of each heap of overlapping finds (non-maximum suppression).

    Args:
        found: Finds in any order.
        overlap: Intersection over union above which two finds are one face; at equality both stay.

    Returns:
        What is left, in ``order``.
    """
    ranked = order(found)
    boxes = np.array([face.box_xyxy_px for face in ranked], dtype=np.float32).reshape(-1, 4)
    apart = np.ones(len(ranked), dtype=np.bool_)
    kept: list[Detection] = []
    for place, face in enumerate(ranked):
        if apart[place]:
            kept.append(face)
            apart &= _overlaps(boxes[place], boxes) <= overlap
    return tuple(kept)


def _overlaps(one: BoxXyxyPx, others: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give ``intersection_over_union`` with each row."""
    sides = np.minimum(one[2:], others[:, 2:]) - np.maximum(one[:2], others[:, :2])
    shared = np.prod(np.maximum(sides, 0), axis=1, dtype=np.float64)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1, dtype=np.float64)
    return np.asarray(shared / (areas + np.prod(one[2:] - one[:2], dtype=np.float64) - shared))


def averaged(best: Detection, found: Iterable[Detection]) -> Detection:
    """Give a face the mean place of all finds of it, each weighted by its score to the power of 8.

    A find is of the same face when their boxes share more than half, and no landmark lies further off, across or down,
    than 0.35 times the box's side. The score stays that of the best find.

    Args:
        best: The find that ``keep_best`` kept.
        found: All finds, ``best`` among them.

    Example:
        >>> one, other = (
        ...     Detection(box_xyxy_px=np.array([x, 0, x + 40, 40]), landmarks_px=np.full((5, 2), x), score=0.5)
        ...     for x in (0, 4)
        ... )
        >>> averaged(one, [one, other]).box_xyxy_px.tolist()
        [2.0, 0.0, 42.0, 40.0]
    """
    reach_px = _SAME_POINTS * best.area_px**0.5
    same = [
        face
        for face in found
        if intersection_over_union(face.box_xyxy_px, best.box_xyxy_px) > _SAME_FACE
        and np.abs(face.landmarks_px - best.landmarks_px).max() < reach_px
    ]
    weights = np.array([face.score for face in same]) ** _MEAN_POWER
    return Detection(
        box_xyxy_px=np.average([face.box_xyxy_px for face in same], axis=0, weights=weights),
        landmarks_px=np.average([face.landmarks_px for face in same], axis=0, weights=weights),
        score=best.score,
    )


def steadied(best: Detection, looks: Sequence[Sequence[Detection]]) -> Detection:
    """Give a face the mean place of its finds, and the mean score over all looks as its steadiness.

    A look saw the face when the boxes of one of its finds and of ``best`` share at least 0.3; its best find counts.

    Args:
        best: The find that ``keep_best`` kept.
        looks: The finds of every look at the picture; at least one look, ``best`` among its finds.

    Example:
        >>> one, faint = (
        ...     Detection(box_xyxy_px=np.array([0, 0, 8, 8]), landmarks_px=np.zeros((5, 2)), score=score)
        ...     for score in (0.75, 0.5)
        ... )
        >>> steadied(one, [[faint, one], [], [faint], []]).steadiness
        0.3125
    """
    seen = [
        max((f.score for f in look if intersection_over_union(f.box_xyxy_px, best.box_xyxy_px) >= _SEEN), default=0.0)
        for look in looks
    ]
    return replace(averaged(best, (face for look in looks for face in look)), steadiness=sum(seen) / len(seen))
