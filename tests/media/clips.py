"""Recordings that tests make: moving tiles whose colours say what they show, in any container and codec."""

import io
from collections.abc import Iterable, Sequence
from fractions import Fraction

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from countersign.media.footage import Cut, Sight
from countersign.primitives.arrays import RgbImage

KINDS = {
    "mp4/h264": ("mp4", "libx264"),
    "mp4/lossless": ("mp4", "libx264rgb"),
    "mp4/hevc": ("mp4", "libx265"),
    "mp4/mpeg4": ("mp4", "mpeg4"),
    "mkv/h264": ("matroska", "libx264"),
    "mkv/av1": ("matroska", "libsvtav1"),
    "webm/vp8": ("webm", "libvpx"),
    "webm/vp9": ("webm", "libvpx-vp9"),
    "avi/mpeg4": ("avi", "mpeg4"),
    "avi/mjpeg": ("avi", "mjpeg"),
    "ts/h264": ("mpegts", "libx264"),
}
_PIXELS = {"mjpeg": "yuvj420p", "libx264rgb": "rgb24"}
_QUIET = {
    "libx264rgb": {"qp": "0", "preset": "ultrafast"},
    "libx265": {"x265-params": "log-level=none"},
    "libx264": {"bf": "2"},
    "libsvtav1": {"svtav1-params": "lp=1"},
}


def plain(seconds: float = 2.0, *, size: tuple[int, int] = (96, 64), rate: int = 25) -> Iterable[RgbImage]:
    """Give frames in which a light square walks over a dark ground."""
    width, height = size
    for number in range(round(seconds * rate)):
        frame = np.full((height, width, 3), 30, dtype=np.uint8)
        left = number * 3 % (width - 24)
        frame[10:34, left : left + 24] = (220, 180, 90)
        yield frame


def clip(
    frames: Iterable[RgbImage],
    kind: str = "mp4/h264",
    *,
    rate: int = 25,
    times_ms: Sequence[int] = (),
    every_key: int = 25,
    params: dict[str, str] | None = None,
) -> bytes:
    """Encode frames; with ``times_ms`` at those moments."""
    container_name, codec = KINDS[kind]
    stream = io.BytesIO()
    given = [np.ascontiguousarray(frame) for frame in frames]
    with av.open(stream, "w", format=container_name) as container:
        video = container.add_stream(codec, rate=rate)
        assert isinstance(video, VideoStream)
        video.height, video.width = given[0].shape[:2]
        video.pix_fmt = _PIXELS.get(codec, "yuv420p")
        video.gop_size = every_key
        video.options = {**_QUIET.get(codec, {}), "threads": "1", **(params or {})}
        for number, rgb in enumerate(given):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            if times_ms:
                frame.pts, frame.time_base = times_ms[number] * rate // 1000, Fraction(1, rate)
            container.mux(video.encode(frame))
        container.mux(video.encode())
    return stream.getvalue()


class Onlooker:
    """A beholder that keeps all it sees and cuts the same box out of each picture."""

    def __init__(self, box_px: tuple[int, int, int, int] | None = None) -> None:
        self.sights: list[Sight] = []
        self.cuts: list[tuple[Cut, RgbImage]] = []
        self._box = box_px
        self._open: list[Sight] = []

    @property
    def times_ms(self) -> list[int]:
        return [sight.time_ms for sight in self.sights]

    def see(self, sight: Sight) -> None:
        self.sights.append(sight)
        self._open.append(sight)

    def wanted(self, *, last: bool) -> Sequence[Cut]:
        due = self._open if last else self._open[:-1]
        self._open = [] if last else self._open[-1:]
        return [Cut(sight=sight.number, box_px=self._box) for sight in due] if self._box else []

    def take(self, cut: Cut, rgb: NDArray[np.uint8]) -> None:
        self.cuts.append((cut, rgb))
