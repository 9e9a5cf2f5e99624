"""Looking at a stretch of a recording: detect on each picture that is given, follow, and ask for the stills to keep.

Detection runs beside decoding: while the child decodes the next picture, threads look at the last ones.
"""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

import numpy as np

from countersign.faces.detection import Detection
from countersign.faces.drawing import png
from countersign.faces.tracks import Album, Following, Tracker, is_other_scene, view_of
from countersign.media.footage import Cut, Sight
from countersign.media.sandbox.viewer import KEPT_SIGHTS
from countersign.primitives.arrays import RgbImage

__all__ = ["Follower", "Kept", "Trail"]

Glimpse = Callable[[RgbImage], Sequence[Detection]]

_AROUND = 0.75  # of the face's box on each side: a still shows hair and collar, and room to turn the face upright


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """A still that is worth keeping.

    Attributes:
        time_ms: When it is shown.
        png: Part of the picture around the face, in full size; drawn in a thread beside.
        origin_px: Where its left upper corner lies in the whole picture.
        face: The face, in px of the whole picture.
    """

    time_ms: int
    png: Future[bytes]
    origin_px: tuple[int, int]
    face: Detection


@dataclass(slots=True)
class Trail:
    """All that is known of one track: how it goes on, which stills are best, and those cut in this stretch."""

    track: Following
    album: Album = field(default_factory=Album)
    kept: dict[str, Kept] = field(default_factory=dict)


class Follower:
    """Beholds stretches of one recording, one after another; see `media.sandbox.viewer.Beholder`.

    Args:
        glimpse: Finds the faces of a reduced picture.
        beside: Where that is done.
        trails: Tracks that were open where the recording was left.
        next_number: Number of the next new track.
        view: What `view_of` gave of the last picture before.
        told: Called with the time of each picture that is seen.

    Attributes:
        trails: Tracks seen so far, by number. Whoever has kept one that is closed may take it out.
        seen: Number of pictures of the stretch that were looked at.
        last_ms: Time of the last one.
        view: What `view_of` gives of it.
    """

    def __init__(
        self,
        glimpse: Glimpse,
        beside: Executor,
        trails: Sequence[Trail] = (),
        *,
        next_number: int = 1,
        view: RgbImage | None = None,
        told: Callable[[int], object] = lambda _time_ms: None,
    ) -> None:
        self.trails = {trail.track.number: trail for trail in trails}
        self.seen = 0
        self.last_ms = -1
        self.view = view
        self._glimpse = glimpse
        self._beside = beside
        self._told = told
        self._tracker = Tracker([trail.track for trail in trails], next_number=next_number)
        self._waiting: deque[tuple[Sight, bool, Future[Sequence[Detection]]]] = deque()
        self._last: tuple[RgbImage, Future[Sequence[Detection]]] | None = None
        self._ordered: deque[tuple[Trail, str, Sight, Detection]] = deque()

    @property
    def next_number(self) -> int:
        """Give the number of the next new track."""
        return self._tracker.next_number

    @property
    def open_numbers(self) -> set[int]:
        """Give the numbers of the tracks that may go on."""
        return {track.number for track in self._tracker.open}

    def begin(self) -> None:
        """Begin a stretch, knowing no more than one would who begins here because the process before died."""
        self.seen = 0
        self._tracker.forget_faint()

    def give_up(self) -> None:
        """Leave what was seen but not followed yet, since its decoder is gone."""
        for _, _, looked in self._waiting:
            looked.cancel()
        self._waiting.clear()
        for trail, slot, _, _ in self._ordered:
            trail.album.held.pop(slot, None)
        self._ordered.clear()

    def forget(self, going_on: Collection[int]) -> None:
        """Let go of what was kept elsewhere: all tracks but those that go on, and all stills."""
        self.trails = {number: trail for number, trail in self.trails.items() if number in going_on}
        for trail in self.trails.values():
            trail.kept.clear()

    def see(self, sight: Sight) -> None:
        """Begin to look at a picture; one in which nothing moved shows what the one before it showed."""
        other_scene = False
        if sight.rgb is not None:
            view = view_of(sight.rgb)
            other_scene = self.view is not None and is_other_scene(self.view, view)
            self.view = view
            self._last = (sight.rgb, self._beside.submit(self._glimpse, sight.rgb))
        if self._last is not None:
            self._waiting.append((sight, other_scene, self._last[1]))
        self.seen += 1
        self.last_ms = sight.time_ms
        self._told(sight.time_ms)

    def wanted(self, *, last: bool) -> Sequence[Cut]:
        """Follow as far as has been looked, and give the cuts that are worth it."""
        cuts = []
        while self._waiting and (last or len(self._waiting) > KEPT_SIGHTS or self._waiting[0][2].done()):
            cuts += self._followed(*self._waiting.popleft())
        return cuts

    def take(self, cut: Cut, rgb: RgbImage) -> None:
        """Keep a still, in place of what its slot held."""
        trail, slot, sight, face = self._ordered.popleft()
        left, top = cut.box_px[:2]
        drawn = self._beside.submit(png, rgb)
        trail.kept[slot] = Kept(time_ms=sight.time_ms, png=drawn, origin_px=(left, top), face=face)

    def _followed(self, sight: Sight, other_scene: bool, looked: Future[Sequence[Detection]]) -> list[Cut]:  # noqa: FBT001
        small = self._small_width(sight)
        faces = [_enlarged(face, sight.width_px / small) for face in looked.result()]
        cuts = []
        for track, face in self._tracker.advance(sight.time_ms, faces, other_scene=other_scene):
            trail = self.trails.setdefault(track.number, Trail(track))
            slot = trail.album.place(sight.time_ms, face) if sight.rgb is not None else None
            if slot is not None:
                self._ordered.append((trail, slot, sight, face))
                cuts.append(Cut(sight=sight.number, box_px=_around(face, sight)))
        return cuts

    def _small_width(self, sight: Sight) -> int:
        """Give the width of the picture that was looked at: the sight's own, or the last in which something moved."""
        picture = sight.rgb if sight.rgb is not None or self._last is None else self._last[0]
        return sight.width_px if picture is None else int(picture.shape[1])


def _enlarged(face: Detection, factor: float) -> Detection:
    return Detection(
        box_xyxy_px=face.box_xyxy_px * np.float32(factor),
        landmarks_px=face.landmarks_px * np.float32(factor),
        score=face.score,
    )


def _around(face: Detection, sight: Sight) -> tuple[int, int, int, int]:
    left, top, right, bottom = (float(edge) for edge in face.box_xyxy_px)
    margin = _AROUND * max(right - left, bottom - top)
    return (
        max(0, round(left - margin)),
        max(0, round(top - margin)),
        min(sight.width_px, max(1, round(right + margin))),
        min(sight.height_px, max(1, round(bottom + margin))),
    )
