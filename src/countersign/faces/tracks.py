"""Following faces through a recording by where they are and how they move, and by nothing else.

No template is made of anybody, so nobody is compared with anybody: a track is one face that was hardly out of sight.
It is cut where the face was not seen for `GAP_MS` and where the picture changes altogether; the same person may then
begin a second track, and a person says so when they pick both.

After ByteTrack (Zhang et al., 2022): clear detections are joined to tracks first, faint ones go on with a track that is
left over. A clear detection begins a track at once; a faint one only when a second one follows it, since small faces
stay faint in every picture while what is no face is seldom taken for one twice. Two things differ: places are compared
by distance in widths of the face, since at five pictures a second a walking face leaves its own box; and the nearest
pair is joined first, which for a few faces gives what an optimal assignment gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from countersign.faces.detection import Detection
from countersign.faces.pose import pose_degrees
from countersign.primitives.arrays import RgbImage

__all__ = ["CLEAR_SCORE", "GAP_MS", "SLOTS", "Album", "Following", "Tracker", "is_other_scene", "view_of", "worth"]

# Read from a recording of 900 pictures with the tracks that detection in every one of them finds: wider reaches join
# one person's track to another's, narrower ones cut more of them (benchmarks, `video_scan`).
GAP_MS = 800
CLEAR_SCORE = 0.65
_FAINT_GAP_MS = 450
_STEADY_MS = 600
_REACH, _REACH_PER_S, _REACH_MOST = 0.6, 4.0, 2.0
_LARGEST_CHANGE = 1.4
_SIZE_COUNTS = 0.5
_SCENE_STEP, _SCENE_DARK, _SCENE_DIFFERENCE, _SCENE_ALIKE = 16, 10.0, 0.4, 0.25
_TURNED_DEGREES = 25.0
_FULL_WIDTH_PX = 96.0
_BETTER = 1.08
_APART_MS = 800

FRONTAL_SLOTS = ("front 1", "front 2", "front 3", "front 4")
SLOTS = (*FRONTAL_SLOTS, "left", "right")
"""What an album has room for: four frontal stills some time apart, and one turned to either side."""


@dataclass(slots=True, kw_only=True)
class Following:
    """A track while it is being followed.

    Attributes:
        number: From 1, in the order in which tracks began.
        first_ms: When it was first seen.
        last_ms: When it was last seen.
        seen: In how many pictures.
        best_score: The clearest detection's score.
        box_xyxy_px: Where it was last seen, in px of the whole upright picture.
        drift_px_s: How fast its middle moves, x and y, in px a second.
    """

    number: int
    first_ms: int
    last_ms: int
    seen: int
    best_score: float
    box_xyxy_px: NDArray[np.float64]
    drift_px_s: NDArray[np.float64]

    def expected(self, time_ms: int) -> NDArray[np.float64]:
        """Give the box where it should be now, if it goes on as before."""
        ahead_s = min(time_ms - self.last_ms, _STEADY_MS) / 1000
        return self.box_xyxy_px + np.tile(self.drift_px_s * ahead_s, 2)

    def go_on(self, time_ms: int, face: Detection) -> None:
        """Take a further detection."""
        box = face.box_xyxy_px.astype(np.float64)
        passed_s = max(1, time_ms - self.last_ms) / 1000
        drift = (_middle(box) - _middle(self.box_xyxy_px)) / passed_s
        self.drift_px_s = drift if self.seen == 1 else (self.drift_px_s + drift) / 2
        self.box_xyxy_px, self.last_ms = box, time_ms
        self.seen += 1
        self.best_score = max(self.best_score, face.score)


class Tracker:
    """Joins detections to tracks, picture after picture.

    Args:
        open_tracks: Tracks that were open where the recording was left.
        next_number: Number of the next new track.
    """

    def __init__(self, open_tracks: Sequence[Following] = (), *, next_number: int = 1) -> None:
        self.open = list(open_tracks)
        self.next_number = next_number
        self._faint: list[Following] = []

    def forget_faint(self) -> None:
        """Forget faint detections that none has followed yet, as one who takes over from the open tracks would."""
        self._faint = []

    def advance(
        self, time_ms: int, faces: Sequence[Detection], *, other_scene: bool = False
    ) -> list[tuple[Following, Detection]]:
        """Take the detections of the next picture.

        Args:
            time_ms: Its time, later than that of the picture before.
            faces: Detections in px of the whole upright picture.
            other_scene: The picture shows something else altogether: no track goes on.

        Returns:
            Each detection that belongs to a track, with it.

        Example:
            >>> box = np.array([0, 0, 40, 40])
            >>> face = Detection(box_xyxy_px=box, landmarks_px=np.zeros((5, 2)), score=0.9)
            >>> tracker = Tracker()
            >>> [track.number for time in (0, 200, 1000, 1801) for track, _ in tracker.advance(time, [face])]
            [1, 1, 1, 2]
        """
        self.open = [] if other_scene else [track for track in self.open if time_ms - track.last_ms <= GAP_MS]
        faint = [] if other_scene else [track for track in self._faint if time_ms - track.last_ms <= _FAINT_GAP_MS]
        left = list(self.open)
        joined: list[tuple[Following, Detection]] = []
        for clear in (True, False):
            pairs = _nearest(left, [face for face in faces if (face.score >= CLEAR_SCORE) is clear], time_ms)
            joined += pairs
            left = [track for track in left if all(track is not other for other, _ in pairs)]
        taken = {id(face) for _, face in joined}
        new = [face for face in faces if id(face) not in taken]
        followed = _nearest(faint, new, time_ms)
        for track, face in (*joined, *followed):
            track.go_on(time_ms, face)
        self._faint = [track for track in faint if all(track is not other for other, _ in followed)]
        begun = [self._numbered(track) for track, _ in followed]
        for face in new:
            if all(face is not other for _, other in followed):
                track = _begun(time_ms, face)
                if face.score >= CLEAR_SCORE:
                    joined.append((self._numbered(track), face))
                else:
                    self._faint.append(track)
        return [*joined, *zip(begun, (face for _, face in followed), strict=True)]

    def _numbered(self, track: Following) -> Following:
        track.number = self.next_number
        self.next_number += 1
        self.open.append(track)
        return track


@dataclass(slots=True)
class Album:
    """Which stills of a track are worth keeping: the worth and the time of what lies in each slot."""

    held: dict[str, tuple[float, int]] = field(default_factory=dict)

    def place(self, time_ms: int, face: Detection) -> str | None:
        """Give the slot that a detection deserves, and put it there; None where what is held is as good.

        Frontal stills lie some time apart, so that they do not all show one moment.
        """
        yaw, _, _ = pose_degrees(face)
        value = worth(face, yaw)
        side = "left" if yaw < 0 else "right"
        slot = side if abs(yaw) > _TURNED_DEGREES else self._frontal(time_ms)
        if slot in self.held and value < self.held[slot][0] * _BETTER:
            return None
        self.held[slot] = (value, time_ms)
        return slot

    def _frontal(self, time_ms: int) -> str:
        """Give the slot of the same moment, else a free one, else that of the least worth."""
        names = FRONTAL_SLOTS
        for name in names:
            if name in self.held and abs(self.held[name][1] - time_ms) < _APART_MS:
                return name
        free = [name for name in names if name not in self.held]
        return free[0] if free else min(names, key=lambda name: self.held[name][0])


def worth(face: Detection, yaw: float) -> float:
    """Say how good a still of this face would be, in [0, 1]: clear, large enough, turned to the camera.

    It chooses between stills of one track and says nothing of whether one is good enough to search with.
    """
    return face.score**2 * min(1.0, face.width_px / _FULL_WIDTH_PX) * float(np.cos(np.radians(min(abs(yaw), 80.0))))


def view_of(rgb: RgbImage) -> RgbImage:
    """Give so little of a picture as tells one scene from another; a face is a few dots in it."""
    return np.ascontiguousarray(rgb[::_SCENE_STEP, ::_SCENE_STEP])


def is_other_scene(before: RgbImage, now: RgbImage) -> bool:
    """Say of two views whether they show something else altogether: a cut, or another camera."""
    if before.shape != now.shape:
        return True
    one, other = (view.astype(np.float64).ravel() for view in (before, now))
    level = (one.mean() + other.mean()) / 2 + _SCENE_DARK
    if np.abs(one - other).mean() < _SCENE_DIFFERENCE * level:
        return False
    spread = one.std() * other.std()
    alike = ((one - one.mean()) * (other - other.mean())).mean() / spread if spread else 0.0
    return float(alike) < _SCENE_ALIKE


def _begun(time_ms: int, face: Detection) -> Following:
    """Give what may become a track; it has no number yet."""
    return Following(
        number=0,
        first_ms=time_ms,
        last_ms=time_ms,
        seen=1,
        best_score=face.score,
        box_xyxy_px=face.box_xyxy_px.astype(np.float64),
        drift_px_s=np.zeros(2),
    )


def _nearest(
    tracks: Sequence[Following], faces: Sequence[Detection], time_ms: int
) -> list[tuple[Following, Detection]]:
    """Join the nearest pairs first; none that are too far apart, or too different in size."""
    if not tracks or not faces:
        return []
    costs = _costs(tracks, faces, time_ms)
    pairs: dict[int, int] = {}
    for place in np.argsort(costs, axis=None, kind="stable")[: np.isfinite(costs).sum()].tolist():
        at, number = divmod(place, len(faces))
        if at not in pairs and number not in pairs.values():
            pairs[at] = number
    return [(tracks[at], faces[number]) for at, number in pairs.items()]


def _costs(tracks: Sequence[Following], faces: Sequence[Detection], time_ms: int) -> NDArray[np.float64]:
    """Give how badly each face goes on with each track, shape (tracks, faces); infinite where it cannot."""
    expected = np.array([track.expected(time_ms) for track in tracks])[:, None]
    boxes = np.array([face.box_xyxy_px for face in faces], dtype=np.float64)[None]
    widths = expected[..., 2] - expected[..., 0], boxes[..., 2] - boxes[..., 0]
    change = np.abs(np.log(widths[1] / widths[0]))
    shift = (boxes[..., :2] + boxes[..., 2:] - expected[..., :2] - expected[..., 2:]) / 2
    apart = np.linalg.norm(shift, axis=2) / ((widths[0] + widths[1]) / 2)
    reach = np.array([_reach(track, time_ms) for track in tracks])[:, None]
    possible = (apart <= reach) & (change <= np.log(_LARGEST_CHANGE))
    return np.where(possible, apart + _SIZE_COUNTS * change, np.inf)


def _reach(track: Following, time_ms: int) -> float:
    """Give how many widths off a face may be: more the longer it was not seen, less when its drift is known."""
    passed_s = (time_ms - track.last_ms) / 1000
    return min(_REACH + _REACH_PER_S * passed_s / (1 if track.seen == 1 else 2), _REACH_MOST)


def _middle(box: NDArray[np.float64]) -> NDArray[np.float64]:
    return (box[:2] + box[2:]) / 2
