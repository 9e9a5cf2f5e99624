"""A copy of an image with its faces marked and numbered, for a person to point at one."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from countersign.errors import Invalid
from countersign.faces.detection import Detection
from countersign.primitives.arrays import RgbImage

__all__ = ["LabelCountError", "annotate", "plain", "side_by_side"]

_SMALLEST_SIDE_PX = 640  # a smaller image is enlarged, so that numbers can be read
_CHOSEN_BGR, _OTHER_BGR, _INK_BGR = (0, 221, 255), (255, 255, 255), (12, 12, 11)
_GAP_PX = 12
_QUICK_PNG = (  # on stills of faces twice as fast as the library's own choice, and no larger
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP),
)
_FONT = cv2.FONT_HERSHEY_SIMPLEX


class LabelCountError(Invalid):
    """There is not one label for each face, or the selected face is none of them."""

    code = "label_count"


def annotate(
    rgb: RgbImage,
    detections: Sequence[Detection],
    labels: Sequence[str],
    selected: int | None = None,
    *,
    watermark: str = "",
) -> bytes:
    """Draw boxes, landmarks and labels.

    Args:
        rgb: Upright image, shape (height, width, 3); it is not changed.
        detections: Faces to mark.
        labels: What stands above each, usually its number; ASCII.
        selected: Place of the face that a person picked; it is drawn thicker and in another colour.
        watermark: Written along the lower edge, ASCII; for programmes that are not for real.

    Returns:
        A PNG, enlarged by a whole factor when the image is small.

    Raises:
        LabelCountError: Not one label a face, or ``selected`` is none of the faces.
    """
    if len(labels) != len(detections) or (selected is not None and not 0 <= selected < len(detections)):
        raise LabelCountError(
            f"expected {len(detections)} labels and a face among them, got {len(labels)} labels and face {selected}"
        )
    factor = max(1, -(-_SMALLEST_SIDE_PX // max(rgb.shape[:2])))
    canvas = cv2.resize(rgb[:, :, ::-1], None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    for place, (detection, label) in enumerate(zip(detections, labels, strict=True)):
        _mark(canvas, detection, label, factor=factor, chosen=place == selected)
    return _encoded(canvas, watermark)


def plain(rgb: RgbImage, *, watermark: str = "") -> bytes:
    """Give an image as a PNG of its own size, without a mark on any face: to compare it with another.

    Args:
        rgb: Upright image, shape (height, width, 3).
        watermark: Written along the lower edge, ASCII; for programmes that are not for real.
    """
    return _encoded(np.ascontiguousarray(rgb[:, :, ::-1]).copy(), watermark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduced:
    """A picture made small enough for a page.

    Attributes:
        factor: Its pixels by those of the picture, at most 1.
    """

    png: bytes
    width_px: int
    height_px: int
    factor: float


def reduced(
    rgb: RgbImage, longer_px: int, *, box: tuple[int, int, int, int] | None = None, watermark: str = ""
) -> Reduced:
    """Reduce a picture to a longest side, with a frame that a person drew in it.

    Args:
        rgb: Upright image, shape (height, width, 3); it is not changed.
        longer_px: Longest side that the result may have; a smaller picture stays as it is.
        box: Left, top, right, bottom of the frame in the picture's own pixels.
        watermark: Written along the lower edge, ASCII; for programmes that are not for real.
    """
    height, width = rgb.shape[:2]
    factor = min(1.0, longer_px / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    canvas = np.ascontiguousarray(cv2.resize(rgb[:, :, ::-1], size, interpolation=cv2.INTER_AREA))
    if box is not None:
        left, top, right, bottom = (round(edge * factor) for edge in box)
        for colour, stroke in ((_INK_BGR, 4), (_CHOSEN_BGR, 2)):
            cv2.rectangle(canvas, (left, top), (right, bottom), colour, stroke)
    return Reduced(png=_encoded(canvas, watermark), width_px=size[0], height_px=size[1], factor=factor)


def _encoded(canvas: RgbImage, watermark: str) -> bytes:
    if watermark:
        _write(canvas, watermark, (0, canvas.shape[0]), colour=_OTHER_BGR, stroke=_stroke(canvas))
    _, encoded = cv2.imencode(".png", canvas)
    return bytes(encoded.tobytes())


def png(rgb: RgbImage) -> bytes:
    """Give the pixels as they are, as a PNG."""
    _, encoded = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), _QUICK_PNG)
    return bytes(encoded.tobytes())


def side_by_side(pictures: Sequence[bytes]) -> bytes:
    """Put pictures next to each other on one ground, each as large as it is.

    Args:
        pictures: PNG files of our own making, as `annotate` gives them; at least one.

    Returns:
        One PNG.
    """
    drawn = [np.asarray(cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR)) for one in pictures]
    height = max(one.shape[0] for one in drawn)
    width = sum(one.shape[1] for one in drawn) + _GAP_PX * (len(drawn) - 1)
    canvas = np.full((height, width, 3), _INK_BGR, dtype=np.uint8)
    left = 0
    for one in drawn:
        canvas[: one.shape[0], left : left + one.shape[1]] = one
        left += one.shape[1] + _GAP_PX
    _, encoded = cv2.imencode(".png", canvas)
    return bytes(encoded.tobytes())


def _mark(canvas: RgbImage, detection: Detection, label: str, *, factor: int, chosen: bool) -> None:
    stroke = _stroke(canvas)
    colour = _CHOSEN_BGR if chosen else _OTHER_BGR
    left, top, right, bottom = (round(float(edge)) for edge in detection.box_xyxy_px * factor)
    for inked, thickness in ((_INK_BGR, stroke + 2), (colour, stroke + chosen)):  # light on dark shows on any ground
        cv2.rectangle(canvas, (left, top), (right, bottom), inked, thickness, cv2.LINE_AA)
    for x, y in np.rint(detection.landmarks_px * factor).astype(int).tolist():
        cv2.circle(canvas, (x, y), stroke + 1, _INK_BGR, -1, cv2.LINE_AA)
        cv2.circle(canvas, (x, y), stroke, colour, -1, cv2.LINE_AA)
    _write(canvas, label, (left, top), colour=colour, stroke=stroke)


def _stroke(canvas: RgbImage) -> int:
    """Give the width of a line that can be seen in a picture of this size, in px."""
    longer_px: int = max(canvas.shape[:2])
    return max(2, round(longer_px / 500))


def _write(canvas: RgbImage, label: str, corner: tuple[int, int], *, colour: tuple[int, int, int], stroke: int) -> None:
    """Put a label on a plate above the corner, moved as far as needed to stay within the image."""
    size = 0.35 * stroke
    (width, height), under = cv2.getTextSize(label, _FONT, size, stroke)
    pad = stroke * 2
    plate_width, plate_height = width + 2 * pad, height + under + 2 * pad
    left = min(max(corner[0], 0), max(canvas.shape[1] - plate_width, 0))
    top = min(max(corner[1] - plate_height, 0), max(canvas.shape[0] - plate_height, 0))
    cv2.rectangle(canvas, (left, top), (left + plate_width, top + plate_height), colour, -1)
    cv2.putText(canvas, label, (left + pad, top + pad + height), _FONT, size, _INK_BGR, stroke, cv2.LINE_AA)
