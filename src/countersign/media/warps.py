"""Moving pixels: where each pixel of the new picture comes from, and what stands there.

Coordinates are continuous: a pixel's centre lies half a pixel from its edges, so (0, 0) is the picture's corner. Places
are rounded to 1/256 of a pixel and mixed in whole numbers, so that the same step on the same pixels gives the same
bytes.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from countersign.primitives.arrays import RgbImage

Points = NDArray[np.float64]
"""Places in a picture, shape (n, 2): x to the right, y down."""
SourceOf = Callable[[Points], Points]
"""Gives for places in the new picture the places in the old one that they come from."""
_ONE = 256
_ROWS = 128


def resampled(rgb: RgbImage, source_of: SourceOf, *, width: int, height: int) -> RgbImage:
    """Give the picture in which each pixel is mixed of the four around its source; what comes from outside is black."""
    made = np.empty((height, width, 3), dtype=np.uint8)
    for top in range(0, height, _ROWS):  # a large picture's places at once would not fit into memory
        rows = min(_ROWS, height - top)
        x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(top, top + rows) + 0.5)
        made[top : top + rows] = _mixed(rgb, source_of(np.stack([x.ravel(), y.ravel()], axis=1))).reshape(
            rows, width, 3
        )
    return made


def _mixed(rgb: RgbImage, places: Points) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    far = 4.0 * max(height, width)
    fixed = np.rint(np.clip(np.nan_to_num(places - 0.5, nan=-far), -far, far) * _ONE).astype(np.int64)
    whole, part = fixed // _ONE, fixed % _ONE
    mixed = np.full((len(places), 3), _ONE * _ONE // 2, dtype=np.int64)
    for right in (0, 1):
        for down in (0, 1):
            x, y = whole[:, 0] + right, whole[:, 1] + down
            inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
            weight = (part[:, 0] if right else _ONE - part[:, 0]) * (part[:, 1] if down else _ONE - part[:, 1])
            weight = np.where(inside, weight, 0)
            mixed += weight[:, None] * rgb[np.where(inside, y, 0), np.where(inside, x, 0)]
    return (mixed // (_ONE * _ONE)).astype(np.uint8)


def turned(angle_cdeg: int, *, width: int, height: int) -> tuple[SourceOf, int, int]:
    """Turn clockwise about the centre, in hundredths of a degree; the new picture holds all of the old one.

    Returns:
        Where pixels come from, and the new width and height.
    """
    radians = np.deg2rad(angle_cdeg / 100)
    cosine, sine = float(np.cos(radians)), float(np.sin(radians))
    wide = max(1, int(np.ceil(round(abs(width * cosine) + abs(height * sine), 6))))
    high = max(1, int(np.ceil(round(abs(width * sine) + abs(height * cosine), 6))))

    def source_of(places: Points) -> Points:
        x, y = places[:, 0] - wide / 2, places[:, 1] - high / 2
        return np.stack([x * cosine + y * sine + width / 2, y * cosine - x * sine + height / 2], axis=1)

    return source_of, wide, high


def unbent(strength_pm: int, *, width: int, height: int) -> SourceOf:
    """Straighten what a wide lens bent: a place at radius r comes from r · (1 + k · (1 - r²)), in half diagonals.

    The corners stay where they are; a positive k straightens what bulges. Up to 0.3 nearer stays nearer, so that
    nothing is folded over or mirrored.
    """
    centre = np.array([width, height]) / 2
    half = float(np.hypot(*centre))

    def source_of(places: Points) -> Points:
        away = (places - centre) / half
        radius2 = np.sum(away**2, axis=1, keepdims=True)
        return np.asarray(centre + away * (1 + strength_pm / 1000 * (1 - radius2)) * half)

    return source_of


def flattened(corners: Points, *, width: int, height: int) -> SourceOf:
    """Make a picture of the four-cornered part of the old one whose corners these are.

    Args:
        corners: Upper left, upper right, lower right, lower left in the old picture, shape (4, 2).
        width: Of the new picture.
        height: Of the new picture.

    Source:
        Hartley, Zisserman: Multiple View Geometry, 2nd ed., example 2.18 (a homography from four points).
    """
    new = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    rows, values = [], []
    for (x, y), (u, v) in zip(new.tolist(), corners.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    matrix = np.append(np.linalg.solve(np.array(rows), np.array(values)), 1.0).reshape(3, 3)

    def source_of(places: Points) -> Points:
        lifted = np.concatenate([places, np.ones((len(places), 1))], axis=1) @ matrix.T
        return np.asarray(lifted[:, :2] / lifted[:, 2:])

    return source_of


def convex_clockwise(corners: Points) -> bool:
    """Say whether four corners go round clockwise and bulge outwards; any other order folds or mirrors a picture."""
    along = np.roll(corners, -1, axis=0) - corners
    onward = np.roll(along, -1, axis=0)
    return bool(np.all(along[:, 0] * onward[:, 1] - along[:, 1] * onward[:, 0] > 0))
