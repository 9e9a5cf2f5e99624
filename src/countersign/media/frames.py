"""Turning a recording into pictures, stretch by stretch. It runs in the sandbox only: `sandbox.reel` calls it.

Containers and codecs are those of a closed list, no protocol exists, and bytes come from a file object that somebody
else fills: a playlist or a reference inside the file has nothing to open. Sound, subtitles and data are never decoded.

Pictures that no other one refers to are left out where the codec has such (B-frames): a quarter to a half of the work
goes with them, and what is left is decoded in full.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import av
import numpy as np
from av import FFmpegError
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from countersign.media.container import THREADS, Readable, opened, pictures_of
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
from countersign.media.upright import part_of, size_of, upright
from countersign.primitives.arrays import RgbImage
from countersign.primitives.parallel import ahead

__all__ = ["Reel", "look"]


_AHEAD = 2
"""Pictures that are decoded while somebody looks at the one before."""
_KEPT_BYTES = 96 << 20
_KEPT_LEAST, _KEPT_MOST = 4, 12
_STILL_STEP, _STILL_BLOCK, _STILL_DIFFERENCE = 4, 4, 5.0
_ERRORS = 5000
_MARGINS_MS = (0, 2_000, 12_000, None)
_RECOVERY_MS = 5_000


def look(stream: Readable, *, threads: int = THREADS) -> Footage:
    """Say what a recording is, and decode its first picture to see that it can be.

    Args:
        stream: The recording.
        threads: How many threads the decoder may start.

    Raises:
        UndecodableVideoError: No container, codec or size that is taken, or no picture can be decoded.
    """
    with opened(stream) as container:
        video = pictures_of(container, threads)
        first = next(_Decoder(container, video).frames(), None)
        if first is None:
            raise UndecodableVideoError("no picture in it can be decoded")
        width, height = size_of(first)
        duration = container.duration
        return Footage(
            container=CONTAINERS[container.format.name],
            codec=CODECS[video.codec_context.codec.name],
            width_px=width,
            height_px=height,
            duration_ms=max(0, duration // 1000) if duration else 0,
            frames_per_1000_s=max(0, round(1000 * float(video.average_rate))) if video.average_rate else 0,
        )


class Reel:
    """One stretch of a recording, picture by picture; the last ones are kept in full size for a while."""

    def __init__(self, stream: Readable, stretch: Stretch, *, threads: int = THREADS) -> None:
        self._stretch = stretch
        self._container = opened(stream)
        self._decoder = _Decoder(self._container, pictures_of(self._container, threads), start_ms=stretch.start_ms)
        self._kept: deque[tuple[int, VideoFrame]] = deque(maxlen=_KEPT_LEAST)
        self._given: RgbImage | None = None

    @property
    def end(self) -> StretchEnd:
        """How it ended, once it has."""
        return StretchEnd(next_ms=self._decoder.next_ms, damaged_ms=tuple(self._decoder.damaged_ms))

    def sights(self) -> Iterator[Sight]:
        """Give the chosen pictures of the stretch in order.

        Raises:
            UndecodableVideoError: Pictures larger than the limit.
        """
        for number, (time_ms, frame) in enumerate(ahead(self._chosen(), number=_AHEAD)):
            self._keep(number, frame)
            yield self._sight(number, time_ms, frame)

    def _chosen(self) -> Iterator[tuple[int, VideoFrame]]:
        every = max(1, self._stretch.every_ms)
        due_ms = -(-self._stretch.start_ms // every) * every  # as if it had been one stretch from the beginning
        for frame in self._decoder.frames(soft_ms=self._stretch.soft_ms, hard_ms=self._stretch.hard_ms):
            if (time_ms := self._decoder.time_ms) >= due_ms:
                due_ms = (time_ms // every + 1) * every
                yield time_ms, frame

    def cut(self, cut: Cut) -> RgbImage:
        """Give a part of a kept picture in full size.

        Raises:
            UndecodableVideoError: The picture is not kept any more.
        """
        frame = next((frame for number, frame in self._kept if number == cut.sight), None)
        if frame is None:
            raise UndecodableVideoError("a picture was asked for that is not kept any more")
        width, height = size_of(frame)
        left, right = (int(np.clip(edge, 0, width)) for edge in cut.box_px[::2])
        top, bottom = (int(np.clip(edge, 0, height)) for edge in cut.box_px[1::2])
        return part_of(frame, (left, top, max(right, left + 1), max(bottom, top + 1)))

    def close(self) -> None:
        """Let go of the recording."""
        self._kept.clear()
        self._container.close()

    def _keep(self, number: int, frame: VideoFrame) -> None:
        if number == 0:
            fitting = _KEPT_BYTES // (frame.width * frame.height * 2)
            self._kept = deque(maxlen=min(_KEPT_MOST, max(_KEPT_LEAST, fitting)))
        self._kept.append((number, frame))

    def _sight(self, number: int, time_ms: int, frame: VideoFrame) -> Sight:
        width, height = size_of(frame)
        scale = min(1.0, self._stretch.side_px / max(frame.width, frame.height))
        small_size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
        small = upright(frame.reformat(*small_size, "rgb24", interpolation="BILINEAR"), frame)
        moved = self._given is None or _moved(self._given, small)
        if moved:
            self._given = small
        return Sight(number=number, time_ms=time_ms, rgb=small if moved else None, width_px=width, height_px=height)


@dataclass(slots=True)
class _Decoder:
    """Decodes pictures in order from a moment on, steps over what is damaged, and remembers where that was."""

    container: InputContainer
    video: VideoStream
    start_ms: int = 0
    time_ms: int = -1
    next_ms: int | None = None
    damaged_ms: list[tuple[int, int]] = field(default_factory=list)
    _broken_ms: int | None = None
    _errors: int = 0

    def frames(self, *, soft_ms: int = 1 << 62, hard_ms: int = 1 << 62) -> Iterator[VideoFrame]:
        """Give pictures from the start to the end of the stretch, and set where the next one begins."""
        for packet in self._packets():
            if packet is not None and packet.is_keyframe and packet.pts is not None:
                starts_ms = self._ms(packet.pts)
                if starts_ms >= soft_ms and starts_ms > self.start_ms:
                    self.next_ms = starts_ms
                    packet = None  # noqa: PLW2901  the decoder still holds pictures that come before it
            for frame in self._decoded(packet):
                if not self._usable(frame):
                    continue
                if self.time_ms >= hard_ms:
                    self.next_ms = hard_ms
                    return
                yield frame
            if self.next_ms is not None:
                break
        self._mended(self.next_ms if self.next_ms is not None else self.time_ms + 1)

    def _packets(self) -> "Iterator[Packet[VideoStream] | None]":
        """Give packets from the last picture on that stands on its own before the start; None at the end.

        Containers with an index lead there at once. In others a moment is found by guessing, and the guess may come out
        behind it: then from further and further back.
        """
        for margin_ms in _MARGINS_MS if self.start_ms else (None,):
            demuxer = self._demuxed(margin_ms)
            first = next((packet for packet in demuxer if packet.is_keyframe and packet.pts is not None), None)
            if first is not None and (margin_ms is None or self._ms(first.pts or 0) <= self.start_ms):
                break
        if first is not None:
            yield first
            yield from demuxer
        yield None

    def _demuxed(self, margin_ms: int | None) -> "Iterator[Packet[VideoStream]]":
        try:
            if margin_ms is None:
                self.container.seek(0) if self.start_ms else None
            else:
                from_ms = max(0, self.start_ms - margin_ms)
                stamp = (self.video.start_time or 0) + round(from_ms / 1000 / self._tick) + (not margin_ms)
                self.container.seek(stamp, stream=self.video, backward=True)
        except FFmpegError:
            return
        demuxer = self.container.demux(self.video)
        while self._errors < _ERRORS:
            try:
                packet = next(demuxer, None)
            except FFmpegError:
                self._break()
                continue
            if packet is None or (packet.dts is None and packet.pts is None and not packet.size):
                return
            yield packet

    def _decoded(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        if packet is not None and packet.is_corrupt:
            self._break()
        try:
            return self.video.codec_context.decode(packet)
        except av.EOFError:
            return []
        except FFmpegError:
            self._break()
            return []

    def _usable(self, frame: VideoFrame) -> bool:
        if frame.width * frame.height > FRAME_PIXEL_LIMIT:
            raise UndecodableVideoError(f"{frame.width} x {frame.height} px, more than {FRAME_PIXEL_LIMIT} pixels")
        stamp = frame.pts if frame.pts is not None else frame.dts
        time_ms = self._ms(stamp) if stamp is not None else self.time_ms + self._step_ms
        if time_ms < self.start_ms or time_ms <= self.time_ms:
            return False
        if frame.is_corrupt:
            self._break()
        # What follows damage refers to it, up to a picture that stands on its own; where such are rare, for a while.
        if self._broken_ms is not None and not frame.key_frame and time_ms < self._broken_ms + _RECOVERY_MS:
            return False
        self._mended(time_ms)
        self.time_ms = time_ms
        return True

    def _break(self) -> None:
        self._errors += 1
        if self._broken_ms is None:
            self._broken_ms = max(self.start_ms, self.time_ms + 1)

    def _mended(self, until_ms: int) -> None:
        if self._broken_ms is not None and until_ms > self._broken_ms:
            self.damaged_ms.append((self._broken_ms, until_ms))
        self._broken_ms = None

    @property
    def _tick(self) -> float:
        return float(self.video.time_base or 0) or 0.001

    @property
    def _step_ms(self) -> int:
        return max(1, round(1000 / float(self.video.average_rate))) if self.video.average_rate else 40

    def _ms(self, stamp: int) -> int:
        return round((stamp - (self.video.start_time or 0)) * self._tick * 1000)


def _moved(before: RgbImage, now: RgbImage) -> bool:
    """Say whether any small part of the picture looks different; noise does not count, a small face does."""
    if before.shape != now.shape:
        return True
    step = _STILL_STEP
    apart = np.abs(before[::step, ::step, 1].astype(np.int16) - now[::step, ::step, 1])
    height, width = (max(1, length // _STILL_BLOCK) for length in apart.shape)
    block = _STILL_BLOCK if min(apart.shape) >= _STILL_BLOCK else 1
    if block == 1:
        return bool(apart.max() > _STILL_DIFFERENCE)
    blocks = apart[: height * block, : width * block].reshape(height, block, width, block)
    return bool(blocks.mean(axis=(1, 3)).max() > _STILL_DIFFERENCE)
