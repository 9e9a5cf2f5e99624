"""A contact sheet and a timeline as pictures: which faces were followed, when, and how they look."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from countersign.primitives.arrays import RgbImage

__all__ = ["Card", "Span", "draw_sheet", "draw_timeline", "reduced"]

_WIDTH_PX, _MARGIN_PX, _GAP_PX = 1720, 40, 20
_STILL_PX, _STILLS, _COLUMNS = 128, 6, 2
_HEAD_PX, _CARD_HEAD_PX, _FOOT_PX = 84, 34, 22
_LANE_PX, _AXIS_PX, _MOST_LANES, _LEAST_BAR_PX = 14, 34, 24, 5
_INK, _QUIET, _LINE, _GROUND = (11, 12, 12), (80, 90, 95), (177, 180, 182), (255, 255, 255)
_BAR, _PICKED, _DAMAGED, _LATER = (29, 112, 184), (0, 112, 60), (212, 53, 28), (238, 239, 239)
_STEPS_S = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400)
_MOST_MARKS = 12
_MS, _MINUTE_S, _HOUR_MIN = 1000, 60, 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Card:
    """One track on the sheet.

    Attributes:
        title: Its number, and what became of it.
        under: When it was seen.
        stills: Time as written and pixels of each; the first six are drawn.
        is_picked: Drawn in another colour.
    """

    title: str
    under: str
    stills: tuple[tuple[str, RgbImage], ...]
    is_picked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time in which a face was in sight."""

    first_ms: int
    last_ms: int
    is_picked: bool


def draw_sheet(title: str, under: str, cards: Sequence[Card], timeline: bytes, *, watermark: str = "") -> bytes:
    """Draw the sheet, PNG.

    Args:
        title: What it shows.
        under: A second line.
        cards: In reading order.
        timeline: What `draw_timeline` gave; it stands on top.
        watermark: Written beside the title, for programmes that are not for real.
    """
    line = Image.open(io.BytesIO(timeline))
    top = _MARGIN_PX + _HEAD_PX + line.height + _GAP_PX
    card_px = _CARD_HEAD_PX + _STILL_PX + _FOOT_PX + _GAP_PX
    sheet = Image.new("RGB", (_WIDTH_PX, top + card_px * -(-len(cards) // _COLUMNS) + _MARGIN_PX), _GROUND)
    draw = ImageDraw.Draw(sheet)
    draw.text((_MARGIN_PX, _MARGIN_PX), title, _INK, _font(34))
    draw.text((_MARGIN_PX, _MARGIN_PX + 44), under, _QUIET, _font(20))
    draw.text((_WIDTH_PX - _MARGIN_PX, _MARGIN_PX), watermark, _DAMAGED, _font(34), anchor="ra")
    sheet.paste(line, (0, _MARGIN_PX + _HEAD_PX))
    width = (_WIDTH_PX - 2 * _MARGIN_PX) // _COLUMNS
    for at, card in enumerate(cards):
        _draw_card(sheet, draw, card, (_MARGIN_PX + at % _COLUMNS * width, top + at // _COLUMNS * card_px))
    return _png(sheet)


def draw_timeline(
    spans: Sequence[Span], duration_ms: int, *, scanned_ms: int, damaged_ms: Iterable[tuple[int, int]] = ()
) -> bytes:
    """Draw when faces were in sight, PNG; tracks that overlap lie in lanes above each other.

    Args:
        spans: One for each track.
        duration_ms: Length of the recording.
        scanned_ms: How far it was looked at; what comes later is shaded.
        damaged_ms: Parts that could not be decoded; they are marked along the axis.
    """
    lanes = _lanes(spans)
    height = 2 * _GAP_PX + _LANE_PX * (max(lanes, default=0) + 1) + _AXIS_PX
    picture = Image.new("RGB", (_WIDTH_PX, height), _GROUND)
    draw = ImageDraw.Draw(picture)
    scale = (_WIDTH_PX - 2 * _MARGIN_PX) / max(1, duration_ms)

    def across(time_ms: float) -> float:
        return _MARGIN_PX + scale * min(time_ms, duration_ms)

    foot = height - _AXIS_PX
    if scanned_ms < duration_ms:
        draw.rectangle((across(scanned_ms), 0, across(duration_ms), foot), _LATER)
    for seconds in _marks(duration_ms):
        x = across(seconds * _MS)
        draw.line((x, 0, x, foot + 6), _LINE)
        draw.text((x, foot + 10), _clock(seconds), _QUIET, _font(16), anchor="ma")
    draw.line((_MARGIN_PX, foot, _WIDTH_PX - _MARGIN_PX, foot), _INK, 2)
    for first_ms, last_ms in damaged_ms:
        draw.rectangle((across(first_ms), foot - 3, max(across(last_ms), across(first_ms) + 2), foot + 3), _DAMAGED)
    for span, lane in zip(spans, lanes, strict=True):
        left, top = across(span.first_ms), foot - _GAP_PX - _LANE_PX * (lane + 1)
        right = max(left + _LEAST_BAR_PX, across(span.last_ms))
        draw.rounded_rectangle((left, top, right, top + _LANE_PX - 4), 3, _PICKED if span.is_picked else _BAR)
    return _png(picture)


def reduced(rgb: RgbImage, side_px: int) -> bytes:
    """Give a picture whose longer side is no more than so many px, PNG."""
    picture = Image.fromarray(rgb)
    picture.thumbnail((side_px, side_px))
    return _png(picture)


def _draw_card(sheet: Image.Image, draw: ImageDraw.ImageDraw, card: Card, corner: tuple[int, int]) -> None:
    left, top = corner
    draw.text((left, top), card.title, _PICKED if card.is_picked else _INK, _font(22))
    after = left + draw.textlength(card.title, _font(22)) + 14
    draw.text((after, top + 5), card.under, _QUIET, _font(17))
    for at, (time, rgb) in enumerate(card.stills[:_STILLS]):
        x, y = left + at * (_STILL_PX + 8), top + _CARD_HEAD_PX
        sheet.paste(_square(rgb), (x, y))
        if card.is_picked:
            draw.rectangle((x, y, x + _STILL_PX - 1, y + _STILL_PX - 1), outline=_PICKED, width=4)
        draw.text((x, y + _STILL_PX + 3), time, _QUIET, _font(15))


def _square(rgb: RgbImage) -> Image.Image:
    """Give the picture in a square of its own ground; nothing is cut off or stretched."""
    small = Image.fromarray(rgb)
    scale = _STILL_PX / max(small.size)
    small = small.resize((max(1, round(small.width * scale)), max(1, round(small.height * scale))))
    square = Image.new("RGB", (_STILL_PX, _STILL_PX), _LATER)
    square.paste(small, ((_STILL_PX - small.width) // 2, (_STILL_PX - small.height) // 2))
    return square


def _lanes(spans: Sequence[Span]) -> list[int]:
    """Give each span the lowest lane that is free; beyond the last lane they lie over each other."""
    ends: list[int] = []
    lanes = [0] * len(spans)
    for at in np.argsort([span.first_ms for span in spans], kind="stable").tolist():
        span = spans[at]
        free = next((lane for lane, end in enumerate(ends) if end < span.first_ms), None)
        if free is None and len(ends) < _MOST_LANES:
            ends.append(-1)
        lanes[at] = len(ends) - 1 if free is None else free
        ends[lanes[at]] = max(ends[lanes[at]], span.last_ms)
    return lanes


def _marks(duration_ms: int) -> range:
    """Give the seconds that are written along the axis: at most a dozen, at round steps."""
    seconds = duration_ms // _MS
    step = next((step for step in _STEPS_S if seconds / step <= _MOST_MARKS), _STEPS_S[-1])
    return range(0, seconds + 1, step)


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, _MINUTE_S)
    hours, minutes = divmod(minutes, _HOUR_MIN)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
