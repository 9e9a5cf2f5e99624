"""A recording of 1920 x 1080 px at 25 pictures a second, put together from the shared clips: no new people.

Scenes follow each other with a cut between them: one clip enlarged to the whole picture, walls of clips beside each
other, clips that walk through a still hall, and clips that show up for a second somewhere, at all sizes. A sensor's
noise lies over everything, so that nothing stands perfectly still.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

__all__ = ["RATE", "SIZE_PX", "make_recording"]

SIZE_PX = (1920, 1080)
RATE = 25
_CLIPS = {"stage": "short_hamilton_clip.mp4", "party": "video_01.mp4", "rider": "new_face_video-90.mp4"}
_MOST_FRAMES = 270
_NOISE, _LIFT, _NOISES = 2.0, 5, 8

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """A clip in the picture: which, from which of its frames on, when, how wide, and where its corner goes."""

    clip: str
    start: int
    first: int
    last: int
    width_px: int
    begin_px: tuple[int, int]
    end_px: tuple[int, int]


def make_recording(clips: Path, file: Path, *, scene_s: int = 6) -> None:
    """Write it as H.264 in MP4; the same clips give the same pictures.

    Args:
        clips: Folder of the shared clips.
        file: What to write.
        scene_s: Length of each of the six scenes.
    """
    shown = {name: _frames(clips / clip) for name, clip in _CLIPS.items()}
    rng = np.random.default_rng(20_260_125)
    grain = np.clip(rng.normal(_LIFT, _NOISE, (_NOISES, SIZE_PX[1], SIZE_PX[0])).round(), 0, 2 * _LIFT).astype(np.uint8)
    count = scene_s * RATE
    scenes = (_whole("party", count), _wall(3, count), _hall(count), _whole("rider", count), _passers(count, rng))
    with av.open(str(file), "w") as container:
        video = container.add_stream("libx264", rate=RATE)
        assert isinstance(video, VideoStream)
        video.width, video.height = SIZE_PX
        video.pix_fmt = "yuv420p"
        video.gop_size = 2 * RATE
        video.options = {"preset": "veryfast", "crf": "23"}
        for picture in chain.from_iterable(
            _played(windows, shown, count, grain) for windows in (*scenes, _wall(2, count))
        ):
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))
        container.mux(video.encode())


def _frames(clip: Path) -> list[Picture]:
    frames: list[Picture] = []
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            turns = round(frame.rotation / 90) % 4
            frames.append(np.ascontiguousarray(np.rot90(frame.to_ndarray(format="rgb24"), turns)))
            if len(frames) == _MOST_FRAMES:
                break
    return frames


def _whole(clip: str, count: int) -> list[_Window]:
    width = SIZE_PX[1] * 4 // 3
    place = ((SIZE_PX[0] - width) // 2, 0)
    return [_Window(clip=clip, start=0, first=0, last=count, width_px=width, begin_px=place, end_px=place)]


def _wall(columns: int, count: int) -> list[_Window]:
    """As an operator's screen shows many cameras."""
    width, names = SIZE_PX[0] // columns, list(_CLIPS)
    places = [(x * width, y * SIZE_PX[1] // columns) for y in range(columns) for x in range(columns)]
    return [
        _Window(
            clip=names[at % 3],
            start=at * 29,
            first=0,
            last=count,
            width_px=width * 9 // 10,
            begin_px=at_px,
            end_px=at_px,
        )
        for at, at_px in enumerate(places)
    ]


def _hall(count: int) -> list[_Window]:
    """Three clips walk through a hall in which nothing else moves."""
    return [
        _Window(clip="party", start=0, first=0, last=count * 3 // 4, width_px=640, begin_px=(0, 40), end_px=(700, 80)),
        _Window(
            clip="stage", start=90, first=count // 4, last=count, width_px=500, begin_px=(1400, 60), end_px=(900, 160)
        ),
        _Window(clip="rider", start=30, first=0, last=count, width_px=300, begin_px=(200, 760), end_px=(1300, 640)),
    ]


def _passers(count: int, rng: np.random.Generator) -> list[_Window]:
    """Clips that are there for a second or less, in six fields one after another."""
    windows, names = [], list(_CLIPS)
    for field in range(6):
        left, top, at = field % 3 * 640, field // 3 * 540, int(rng.integers(0, 12))
        while at < count - 25:
            length, width = int(rng.integers(14, 36)), int(rng.integers(260, 560))
            begin = (left + int(rng.integers(0, 60)), top + int(rng.integers(0, 80)))
            end = (begin[0] + int(rng.integers(-40, 40)), begin[1])
            windows.append(
                _Window(
                    clip=names[int(rng.integers(0, 3))],
                    start=int(rng.integers(0, 200)),
                    first=at,
                    last=at + length,
                    width_px=width,
                    begin_px=begin,
                    end_px=end,
                )
            )
            at += length + int(rng.integers(20, 45))
    return windows


def _played(
    windows: Sequence[_Window], shown: dict[str, list[Picture]], count: int, grain: NDArray[np.uint8]
) -> Iterator[Picture]:
    hall = np.linspace(70, 130, SIZE_PX[1], dtype=np.uint8)[:, None, None].repeat(SIZE_PX[0], axis=1).repeat(3, axis=2)
    for number in range(count):
        picture = hall.copy()
        for window in windows:
            if window.first <= number < window.last:
                _paste(picture, window, number, shown[window.clip])
        planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), dtype=np.uint8)
        planes[: SIZE_PX[1]] = cv2.add(planes[: SIZE_PX[1]], grain[number % len(grain)])
        yield planes


def _paste(picture: Picture, window: _Window, number: int, frames: Sequence[Picture]) -> None:
    turn = (window.start + number - window.first) % (2 * len(frames) - 2)
    frame = frames[turn if turn < len(frames) else 2 * len(frames) - 2 - turn]  # to and fro: no cut within a scene
    height = window.width_px * frame.shape[0] // frame.shape[1]
    small = cv2.resize(frame, (window.width_px, height), interpolation=cv2.INTER_LINEAR)
    done = (number - window.first) / max(1, window.last - window.first)
    left, top = (round(a + (b - a) * done) for a, b in zip(window.begin_px, window.end_px, strict=True))
    left, top = max(0, left), max(0, top)
    part = picture[top : top + height, left : left + window.width_px]
    part[:] = small[: part.shape[0], : part.shape[1]]
