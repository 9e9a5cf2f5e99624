"""Faces of a sealed picture on a page: the cut-out of each, its quality as bars, and what would make it better."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from countersign.governance.quality_rules import QualityFloors, good_enough
from countersign.media.exhibit import LocatedFace, QualityMeasure
from countersign.web.wording import COMPONENT, hint, label

FULL = 100.0
MIDDLING = 70.0
MARGIN = 0.4
"""Of the box, on each side of a cut-out: hair and neck help to see which person it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One component's bar, in hundredths of its length.

    Attributes:
        floor: Least score below which a still is refused or needs a note; None where there is none.
        level: ``low`` below the floor, ``middling`` below 70, else ``good``.
    """

    name: str
    score: int
    floor: int | None
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuality:
    """How good a picture of a face is.

    Attributes:
        advice: What would make the picture better, most needed first.
        needs_note: Below a soft floor: it can be used with a written reason.
        refused: Below a hard floor: it cannot be used.
    """

    bars: tuple[Bar, ...]
    advice: tuple[str, ...]
    needs_note: bool
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFace:
    """One face to pick.

    Attributes:
        view_box: Left, top, width, height of the cut-out in the picture's own pixels, as SVG writes it.
    """

    number: int
    view_box: str
    quality: ShownQuality


def shown(face: LocatedFace, floors: QualityFloors) -> ShownFace:
    """Give what a page shows of a located face."""
    return ShownFace(number=face.number, view_box=_view_box(face.box_px), quality=shown_quality(face.measures, floors))


def shown_quality(measures: Sequence[QualityMeasure], floors: QualityFloors) -> ShownQuality:
    """Give what a page shows of a picture's quality."""
    scores = {measure.component: measure.score for measure in measures}
    return ShownQuality(
        bars=bars(measures, floors),
        advice=advice(measures),
        needs_note=any(scores.get(name, 0.0) < floor for name, floor in floors.soft.items()),
        refused=not good_enough(scores, floors).allowed,
    )


def bars(measures: Sequence[QualityMeasure], floors: QualityFloors) -> tuple[Bar, ...]:
    """Give a bar for each measured component, the overall one first."""
    return tuple(
        Bar(
            name=label(COMPONENT, one.component),
            score=round(one.score),
            floor=round(floor) if (floor := floors.soft.get(one.component)) is not None else None,
            level="low" if one.score < (floor or 0.0) else "middling" if one.score < MIDDLING else "good",
        )
        for one in measures
    )


def advice(measures: Sequence[QualityMeasure], most: int = 3) -> tuple[str, ...]:
    """Say what would make a picture better: for its lowest components, lowest first."""
    lowest = sorted((one for one in measures if one.score < MIDDLING), key=lambda one: one.score)
    said = dict.fromkeys(hint(COMPONENT, one.component) for one in lowest)
    return tuple(text for text in said if text)[:most]


def _view_box(box_px: Sequence[float]) -> str:
    left, top, right, bottom = box_px
    across, down = (right - left) * MARGIN, (bottom - top) * MARGIN
    edges = (left - across, top - down, right - left + 2 * across, bottom - top + 2 * down)
    return " ".join(f"{edge:.0f}" for edge in edges)


def size_px(png: bytes) -> tuple[int, int]:
    """Read width and height from a PNG's header."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def drawn_size(png: bytes, longer_px: int) -> tuple[float, float]:
    """Give the size of the picture in the exhibit's own pixels, of which small ones are drawn enlarged."""
    width, height = size_px(png)
    factor = max(width, height) / longer_px
    return width / factor, height / factor
