"""What comes back from a locked-in decoder, byte by byte. The parser believes nothing: the decoder may be the attacker.

For each file, in order: ``P`` height width format_number time_length (little-endian, 4 4 1 1 bytes), the camera's time,
then height · width · 3 bytes of pixels; or ``E`` length (2 bytes) and the reason.
"""

import re
import struct
from collections.abc import Callable, Iterable

import numpy as np

from countersign.errors import IntegrityBroken
from countersign.media.decoding import FORMATS, PIXEL_LIMIT, Still, UndecodableImageError

REASON_LIMIT_BYTES = 400
_NAMES = tuple(dict.fromkeys(FORMATS.values()))
HEAD = struct.Struct("<IIBB")
LENGTH = struct.Struct("<H")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d)?|", re.ASCII)

ReadInto = Callable[[memoryview], None]


class ForgedPixelsError(IntegrityBroken):
    """What a decoder gave back is no image: it was taken over, and what it says is thrown away."""

    code = "forged_pixels"


def packed(still: Still) -> Iterable[bytes | memoryview]:
    """Give a still as it goes through the pipe."""
    time = (still.exif_captured_at or "").encode("ascii")
    yield b"P" + HEAD.pack(still.height_px, still.width_px, _NAMES.index(still.format), len(time)) + time
    yield np.ascontiguousarray(still.rgb_upright).data.cast("B")


def packed_reason(reason: str) -> bytes:
    """Give a reason as it goes through the pipe."""
    told = reason.encode("utf-8", "replace")[:REASON_LIMIT_BYTES]
    return b"E" + LENGTH.pack(len(told)) + told


def read_one(read_into: ReadInto) -> Still | UndecodableImageError:
    """Read what became of one file.

    Args:
        read_into: Fills a buffer whole, or raises EOFError.

    Raises:
        EOFError: The decoder stopped before it had said everything.
        ForgedPixelsError: What came is neither an image within the limits nor a reason.
    """
    kind = _take(read_into, 1)
    if kind == b"E":
        (length,) = LENGTH.unpack(_take(read_into, LENGTH.size))
        if length > REASON_LIMIT_BYTES:
            raise ForgedPixelsError(f"expected a reason of at most {REASON_LIMIT_BYTES} bytes, got {length}")
        told = _take(read_into, length).decode("utf-8", "replace")
        return UndecodableImageError("".join(one if one.isprintable() else " " for one in told))
    if kind != b"P":
        raise ForgedPixelsError(f"expected pixels or a reason, got {kind!r}")
    height, width, number, time_length = HEAD.unpack(_take(read_into, HEAD.size))
    time = _take(read_into, time_length).decode("ascii", "replace")
    if not (height and width and height * width <= PIXEL_LIMIT and number < len(_NAMES) and _TIME.fullmatch(time)):
        raise ForgedPixelsError(f"expected an image of at most {PIXEL_LIMIT} pixels, got {width} x {height}")
    rgb = np.empty((height, width, 3), dtype=np.uint8)
    read_into(rgb.data.cast("B"))
    rgb.setflags(write=False)
    return Still(
        rgb_upright=rgb, width_px=width, height_px=height, format=_NAMES[number], exif_captured_at=time or None
    )


def _take(read_into: ReadInto, length: int) -> bytes:
    taken = bytearray(length)
    if length:
        read_into(memoryview(taken))
    return bytes(taken)
