"""A recording as the rest of the program sees it: what it is, pictures of it with their times, and parts of them.

Times are whole milliseconds from the first picture; they order pictures and say nothing of the clock on the wall.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from countersign.errors import Invalid
from countersign.primitives.arrays import RgbImage

__all__ = [
    "CODECS",
    "CONTAINERS",
    "FRAME_PIXEL_LIMIT",
    "BytesSource",
    "Cut",
    "Footage",
    "Sight",
    "Source",
    "Stretch",
    "StretchEnd",
    "UndecodableVideoError",
    "is_recording",
]

CONTAINERS = {
    "mov,mp4,m4a,3gp,3g2,mj2": "MP4",
    "matroska,webm": "MATROSKA",
    "avi": "AVI",
    "mpegts": "MPEG-TS",
    "ogg": "OGG",
}
"""Containers as FFmpeg names them, and as people do; WebM is Matroska with fewer codecs."""
CODECS = {
    "h264": "H.264",
    "hevc": "HEVC",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "libdav1d": "AV1",
    "mpeg4": "MPEG-4",
    "mjpeg": "MJPEG",
    "theora": "THEORA",
}
"""Decoders as FFmpeg names them, and as people do."""
FRAME_PIXEL_LIMIT = 8192 * 4352
_ISO_START, _STILL_BRANDS = 4, {b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1", b"jp2 "}
_TS_PACKET_BYTES, _TS_SYNC = 188, 0x47


class UndecodableVideoError(Invalid):
    """The bytes are no recording of a format that is taken.

    Attributes:
        reason: What is wrong, for the list of failures.
    """

    code = "undecodable_video"

    def __init__(self, reason: str) -> None:
        taken = f"{', '.join(CONTAINERS.values())} with {', '.join(dict.fromkeys(CODECS.values()))}"
        super().__init__(f"expected a recording ({taken}), got: {reason}")
        self.reason = reason


class Source(Protocol):
    """Bytes of a recording, read where they are asked for: a long one never lies in memory whole."""

    @property
    def size_bytes(self) -> int:
        """Give the length."""
        ...

    def read_at(self, offset: int, length: int) -> bytes:
        """Give up to ``length`` bytes from a place on; fewer only at the end."""
        ...


@dataclass(frozen=True, slots=True)
class BytesSource:
    """A short recording that is in memory already."""

    data: bytes

    @property
    def size_bytes(self) -> int:
        """Give the length."""
        return len(self.data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Give bytes from a place on."""
        return self.data[offset : offset + length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """What a recording says of itself, checked by decoding its first picture.

    Attributes:
        container: Value of `CONTAINERS`.
        codec: Value of `CODECS`.
        width_px: Width of the upright picture.
        height_px: Height of the upright picture.
        duration_ms: Length as the file states it, 0 where it states none; a file may lie, so it is a hint for progress.
        frames_per_1000_s: Mean frame rate as the file states it, times 1,000; 0 where it states none.
    """

    container: str
    codec: str
    width_px: int
    height_px: int
    duration_ms: int
    frames_per_1000_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What one child decodes of a recording.

    Attributes:
        start_ms: First moment.
        soft_ms: From here on it ends before the next picture that stands on its own, so that the next child can start
            there and decode nothing twice.
        hard_ms: It ends here in any case.
        every_ms: Least time between two pictures that are given.
        side_px: Longer side of the pictures that are given; smaller ones stay as they are.
    """

    start_ms: int
    soft_ms: int
    hard_ms: int
    every_ms: int
    side_px: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sight:
    """One picture of a recording, reduced.

    Attributes:
        number: Its number in its stretch.
        time_ms: When it is shown.
        rgb: Upright, shape (height, width, 3); None where nothing moved since the last one that was given.
        width_px: Width of the whole upright picture.
        height_px: Height of it.
    """

    number: int
    time_ms: int
    rgb: RgbImage | None
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A part of a sight that is wanted in full size.

    Attributes:
        sight: Number of the sight.
        box_px: Left, top, right, bottom in the whole upright picture.
    """

    sight: int
    box_px: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchEnd:
    """How a stretch ended.

    Attributes:
        next_ms: Where the next one begins; None at the end of the recording.
        damaged_ms: Parts (from, to) that could not be decoded and were skipped.
    """

    next_ms: int | None
    damaged_ms: tuple[tuple[int, int], ...]


def is_recording(start: bytes) -> bool:
    """Say whether a file starts like one of the containers; only decoding shows whether it is one.

    Args:
        start: Its first 400 bytes or more.
    """
    return any(looks(start) for looks in (_iso, _riff, _matroska, _ogg, _transport))


def _iso(start: bytes) -> bool:
    kind, brand = start[_ISO_START:8], start[8:12]
    return (kind == b"ftyp" and brand not in _STILL_BRANDS) or kind in {b"moov", b"mdat", b"wide", b"free", b"skip"}


def _riff(start: bytes) -> bool:
    return start[:4] == b"RIFF" and start[8:12] == b"AVI "


def _matroska(start: bytes) -> bool:
    return start[:4] == b"\x1a\x45\xdf\xa3"


def _ogg(start: bytes) -> bool:
    return start[:4] == b"OggS"


def _transport(start: bytes) -> bool:
    places: Iterator[int] = iter(range(0, min(len(start), 3 * _TS_PACKET_BYTES), _TS_PACKET_BYTES))
    return len(start) > _TS_PACKET_BYTES and all(start[place] == _TS_SYNC for place in places)
