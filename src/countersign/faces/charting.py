"""Charts: numbered marks and arrows of an examiner, drawn on a copy of a picture; the marks stay data (P-23)."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

_LIGHT_BGR, _DARK_BGR = (49, 178, 242), (12, 12, 11)
_SMALLEST_SIDE_PX = 480
_FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A numbered point, or an arrow from ``at_px`` to ``to_px``, in px of the picture."""

    number: int
    at_px: tuple[int, int]
    to_px: tuple[int, int] | None


def chart(picture: bytes, pointers: Sequence[Pointer]) -> bytes:
    """Draw pointers on a picture.

    Args:
        picture: A PNG file of our own making.
        pointers: What is drawn; a pointer outside of the picture is drawn at its edge.

    Returns:
        A PNG, enlarged by a whole factor when the picture is small, so that numbers can be read.
    """
    drawn = np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR))
    factor = max(1, -(-_SMALLEST_SIDE_PX // max(drawn.shape[:2])))
    canvas = cv2.resize(drawn, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    scale = max(canvas.shape[:2]) / _SMALLEST_SIDE_PX
    for one in pointers:
        at, to = (_scaled(point, factor) for point in (one.at_px, one.to_px or one.at_px))
        for colour, stroke in ((_DARK_BGR, round(4 * scale)), (_LIGHT_BGR, max(1, round(2 * scale)))):
            if one.to_px is None:
                cv2.circle(canvas, at, round(7 * scale), colour, stroke, cv2.LINE_AA)
            else:
                cv2.arrowedLine(canvas, at, to, colour, stroke, cv2.LINE_AA, tipLength=0.2)
            place = (at[0] + round(10 * scale), at[1] - round(8 * scale))
            cv2.putText(canvas, str(one.number), place, _FONT, 0.6 * scale, colour, stroke, cv2.LINE_AA)
    _, encoded = cv2.imencode(".png", canvas)
    return bytes(encoded.tobytes())


def _scaled(point: tuple[int, int], factor: int) -> tuple[int, int]:
    return point[0] * factor, point[1] * factor
