"""What passes between a locked-in decoder of recordings and its caller, byte by byte. The parser believes nothing.

The child speaks first and is answered message by message, so that neither waits for ever:

- ``R`` offset length (8, 4 bytes): give me these bytes of the recording. Answer: length (4) and the bytes.
- ``I`` container codec width height duration frames (1 1 4 4 8 4): what the recording is. No answer.
- ``F`` number time width height small_width small_height (4 8 4 4 4 4) and the pixels, or ``S`` number time width
  height: a picture, or one in which nothing moved. Answer: cuts, a count (2) and for each number and box (4 4·4).
  For each cut comes ``C`` width height (4 4) and the pixels.
- ``Z`` next count (8 2) and for each damaged part from and to (8 8): the end; next is 2^63 at the end of the recording.
  Answer: cuts, as above.
- ``E`` length (2) and a reason: no such recording.

All numbers are little-endian.
"""

import json
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict

import numpy as np

from countersign.media.footage import (
    CODECS,
    CONTAINERS,
    FRAME_PIXEL_LIMIT,
    Cut,
    Footage,
    Sight,
    Stretch,
    StretchEnd,
    UndecodableVideoError,
)
from countersign.media.sandbox.wire import REASON_LIMIT_BYTES, ForgedPixelsError
from countersign.primitives.arrays import RgbImage, read_only

ASK = struct.Struct("<QI")
LENGTH = struct.Struct("<I")
INFO = struct.Struct("<BBIIQI")
SIGHT = struct.Struct("<IQII")
SIZE = struct.Struct("<II")
COUNT = struct.Struct("<H")
CUT = struct.Struct("<IIIII")
END = struct.Struct("<QH")
PART = struct.Struct("<QQ")
READ_LIMIT_BYTES = 1 << 20
SMALL_LIMIT_PX = 2048
DAMAGED_LIMIT = 1000
CUTS_LIMIT = 1000
NEVER = 1 << 63
_CONTAINERS = tuple(dict.fromkeys(CONTAINERS.values()))
_CODECS = tuple(dict.fromkeys(CODECS.values()))

ReadInto = Callable[[memoryview], None]


def taken(read_into: ReadInto, length: int) -> bytes:
    """Read exactly so many bytes."""
    buffer = bytearray(length)
    if length:
        read_into(memoryview(buffer))
    return bytes(buffer)


def job(size_bytes: int, stretch: Stretch | None) -> bytes:
    """Give the first message to a child: the length of the recording, and a stretch to decode or none to look at it."""
    told = json.dumps({"size_bytes": size_bytes, "stretch": stretch and asdict(stretch)}).encode()
    return LENGTH.pack(len(told)) + told


def read_job(read_into: ReadInto) -> tuple[int, Stretch | None]:
    """Read the first message; it comes from our own side."""
    (length,) = LENGTH.unpack(taken(read_into, LENGTH.size))
    told = json.loads(taken(read_into, length))
    return told["size_bytes"], Stretch(**told["stretch"]) if told["stretch"] else None


def packed_footage(footage: Footage) -> bytes:
    """Give what a recording is as it goes through the pipe."""
    return b"I" + INFO.pack(
        _CONTAINERS.index(footage.container),
        _CODECS.index(footage.codec),
        footage.width_px,
        footage.height_px,
        footage.duration_ms,
        min(footage.frames_per_1000_s, (1 << 32) - 1),
    )


def read_footage(read_into: ReadInto) -> Footage:
    """Read what a recording is.

    Raises:
        ForgedPixelsError: It is nothing that a recording can be.
    """
    container, codec, width, height, duration, frames = INFO.unpack(taken(read_into, INFO.size))
    if container >= len(_CONTAINERS) or codec >= len(_CODECS) or not _is_size(width, height, FRAME_PIXEL_LIMIT):
        raise ForgedPixelsError(f"expected a recording, got container {container}, codec {codec}, {width} x {height}")
    return Footage(
        container=_CONTAINERS[container],
        codec=_CODECS[codec],
        width_px=width,
        height_px=height,
        duration_ms=duration,
        frames_per_1000_s=frames,
    )


def packed_sight(sight: Sight) -> Iterable[bytes | memoryview]:
    """Give a picture as it goes through the pipe."""
    kind = b"S" if sight.rgb is None else b"F"
    yield kind + SIGHT.pack(sight.number, sight.time_ms, sight.width_px, sight.height_px)
    if sight.rgb is not None:
        yield SIZE.pack(sight.rgb.shape[1], sight.rgb.shape[0])
        yield sight.rgb.data.cast("B")


def read_sight(read_into: ReadInto, kind: bytes, *, after: Sight | None) -> Sight:
    """Read a picture.

    Args:
        read_into: Fills a buffer whole, or raises EOFError.
        kind: ``F`` or ``S``.
        after: The picture before it.

    Raises:
        ForgedPixelsError: Not the next number, a time that runs back, or a size beyond the limits.
    """
    number, time, width, height = SIGHT.unpack(taken(read_into, SIGHT.size))
    follows = number == (after.number + 1 if after else 0) and (after is None or time > after.time_ms)
    if not (follows and time < NEVER and _is_size(width, height, FRAME_PIXEL_LIMIT)):
        raise ForgedPixelsError(f"expected the picture after {after and after.number}, got {number}")
    rgb = _read_pixels(read_into, SMALL_LIMIT_PX**2) if kind == b"F" else None
    return Sight(number=number, time_ms=time, rgb=rgb, width_px=width, height_px=height)


def packed_cuts(cuts: Sequence[Cut]) -> bytes:
    """Give the cuts that are wanted as they go through the pipe."""
    return COUNT.pack(len(cuts)) + b"".join(CUT.pack(cut.sight, *(max(0, edge) for edge in cut.box_px)) for cut in cuts)


def read_cuts(read_into: ReadInto) -> tuple[Cut, ...]:
    """Read which cuts are wanted; they come from our own side."""
    (count,) = COUNT.unpack(taken(read_into, COUNT.size))
    rows = [CUT.unpack(taken(read_into, CUT.size)) for _ in range(count)]
    return tuple(Cut(sight=row[0], box_px=(row[1], row[2], row[3], row[4])) for row in rows)


def packed_pixels(rgb: RgbImage) -> Iterable[bytes | memoryview]:
    """Give a cut as it goes through the pipe."""
    yield b"C" + SIZE.pack(rgb.shape[1], rgb.shape[0])
    yield rgb.data.cast("B")


def read_cut(read_into: ReadInto) -> RgbImage:
    """Read one cut.

    Raises:
        ForgedPixelsError: Something else came, or it is larger than a picture can be.
    """
    kind = taken(read_into, 1)
    if kind != b"C":
        raise ForgedPixelsError(f"expected a part of a picture, got {kind!r}")
    return _read_pixels(read_into, FRAME_PIXEL_LIMIT)


def packed_end(end: StretchEnd) -> bytes:
    """Give how a stretch ended as it goes through the pipe."""
    parts = end.damaged_ms[:DAMAGED_LIMIT]
    following = NEVER if end.next_ms is None else end.next_ms
    return b"Z" + END.pack(following, len(parts)) + b"".join(PART.pack(*part) for part in parts)


def read_end(read_into: ReadInto, stretch: Stretch) -> StretchEnd:
    """Read how a stretch ended.

    Raises:
        ForgedPixelsError: The next one would not be later, or a damaged part ends before it begins.
    """
    following, count = END.unpack(taken(read_into, END.size))
    if count > DAMAGED_LIMIT or (following != NEVER and not stretch.start_ms < following < NEVER):
        raise ForgedPixelsError(f"expected a stretch after {stretch.start_ms} ms, got {following} ms, {count} parts")
    parts = tuple(PART.unpack(taken(read_into, PART.size)) for _ in range(count))
    if not all(start < end < NEVER for start, end in parts):
        raise ForgedPixelsError("expected damaged parts that end after they begin, got others")
    return StretchEnd(next_ms=None if following == NEVER else following, damaged_ms=parts)


def read_reason(read_into: ReadInto) -> UndecodableVideoError:
    """Read why there are no pictures.

    Raises:
        ForgedPixelsError: It is longer than a reason can be.
    """
    (length,) = COUNT.unpack(taken(read_into, COUNT.size))
    if length > REASON_LIMIT_BYTES:
        raise ForgedPixelsError(f"expected a reason of at most {REASON_LIMIT_BYTES} bytes, got {length}")
    told = taken(read_into, length).decode("utf-8", "replace")
    return UndecodableVideoError("".join(one if one.isprintable() else " " for one in told))


def _is_size(width: int, height: int, limit: int) -> bool:
    return 0 < width * height <= limit


def _read_pixels(read_into: ReadInto, limit: int) -> RgbImage:
    width, height = SIZE.unpack(taken(read_into, SIZE.size))
    if not _is_size(width, height, limit):
        raise ForgedPixelsError(f"expected at most {limit} pixels, got {width} x {height}")
    rgb = np.empty((height, width, 3), dtype=np.uint8)
    read_into(rgb.data.cast("B"))
    return read_only(rgb)
