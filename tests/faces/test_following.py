from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from countersign.faces.detection import Detection
from countersign.faces.following import Follower
from countersign.media.footage import Cut, Sight
from countersign.primitives.arrays import RgbImage

LANDMARKS = np.array([[11, 13], [21, 13], [16, 18], [12, 23], [20, 23]], dtype=np.float32)
SMALL = (120, 160, 3)


def glimpse(rgb: RgbImage) -> Sequence[Detection]:
    """Find a face where a picture is bright: as large as 32 px, at the place of its first bright column."""
    columns = np.flatnonzero(rgb[40, :, 0] > 100)
    if not columns.size:
        return ()
    corner = np.array([columns[0], 40], dtype=np.float32)
    box = np.concatenate([corner, corner + 32])
    return (Detection(box_xyxy_px=box, landmarks_px=LANDMARKS + corner, score=float(rgb[40, columns[0], 1]) / 255),)


def picture(left: int | None, *, score: float = 0.9) -> RgbImage:
    rgb = np.full(SMALL, 30, dtype=np.uint8)
    if left is not None:
        rgb[40:72, left : left + 32] = (200, round(score * 255), 60)
    return rgb


def sight(number: int, rgb: RgbImage | None, *, time_ms: int | None = None) -> Sight:
    """Give a picture that was reduced to half its size."""
    return Sight(
        number=number, time_ms=number * 200 if time_ms is None else time_ms, rgb=rgb, width_px=320, height_px=240
    )


class Camera:
    """Shows pictures to a follower, as a decoder does."""

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.cuts: list[Cut] = []

    def show(self, *pictures: RgbImage | None, start: int = 0) -> None:
        for number, rgb in enumerate(pictures, start):
            self.follower.see(sight(number, rgb))
            self._cut(self.follower.wanted(last=False))
        self._cut(self.follower.wanted(last=True))

    def _cut(self, cuts: Sequence[Cut]) -> None:
        for cut in cuts:
            self.cuts.append(cut)
            self.follower.take(cut, np.full((9, 9, 3), cut.sight, dtype=np.uint8))


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def test_faces_are_followed_in_px_of_the_whole_picture(beside: ThreadPoolExecutor):
    camera = Camera(Follower(glimpse, beside))
    camera.show(*(picture(10 + 4 * at) for at in range(4)))
    (trail,) = camera.follower.trails.values()

    assert (trail.track.number, trail.track.seen, camera.follower.seen, camera.follower.last_ms) == (1, 4, 4, 600)
    assert trail.track.box_xyxy_px.tolist() == [44, 80, 108, 144]
    assert camera.cuts[0] == Cut(sight=0, box_px=(0, 32, 132, 192))


def test_stills_are_kept_with_their_face_and_their_place(beside: ThreadPoolExecutor):
    camera = Camera(Follower(glimpse, beside))
    camera.show(*(picture(60) for _ in range(6)))
    kept = camera.follower.trails[1].kept

    assert {slot: (still.time_ms, still.origin_px) for slot, still in kept.items()} == {
        "front 1": (0, (72, 32)),
        "front 2": (800, (72, 32)),
    }
    assert kept["front 2"].face.box_xyxy_px.tolist() == [120, 80, 184, 144]


def test_where_nothing_moved_a_track_goes_on_and_no_still_is_asked_for(beside: ThreadPoolExecutor):
    camera = Camera(Follower(glimpse, beside))
    camera.show(picture(60), *([None] * 8))

    assert camera.follower.trails[1].track.seen == 9
    assert [cut.sight for cut in camera.cuts] == [0]


def test_before_anything_was_shown_nothing_is_looked_at(beside: ThreadPoolExecutor):
    camera = Camera(Follower(glimpse, beside))
    camera.show(None)

    assert (camera.follower.seen, camera.follower.trails) == (1, {})


def test_a_change_of_scene_begins_new_tracks(beside: ThreadPoolExecutor):
    rng = np.random.default_rng(5)
    noise = [np.kron(rng.integers(0, 99, (8, 10, 3)), np.ones((15, 16, 1))).astype(np.uint8) for _ in range(2)]
    for ground in noise:
        ground[40:72, 60:92] = (200, 230, 60)
    camera = Camera(Follower(lambda rgb: glimpse(np.where(rgb > 150, rgb, 0).astype(np.uint8)), beside))
    camera.show(noise[0], noise[0], 255 - noise[1] // 2 * 2)

    assert camera.follower.next_number >= 2


def test_what_was_not_followed_yet_is_left_when_the_decoder_is_gone(beside: ThreadPoolExecutor):
    follower = Follower(glimpse, beside)
    follower.see(sight(0, picture(60)))
    cuts = follower.wanted(last=True)
    follower.see(sight(1, picture(60)))
    follower.give_up()

    assert len(cuts) == 1
    assert follower.trails[1].album.held == {}
    assert follower.trails[1].kept == {}
    assert follower.wanted(last=True) == []


def test_what_is_kept_elsewhere_is_let_go_of(beside: ThreadPoolExecutor):
    camera = Camera(Follower(glimpse, beside))
    camera.show(*(picture(10) for _ in range(3)), *(picture(None) for _ in range(6)), *(picture(100) for _ in range(3)))
    going_on = camera.follower.open_numbers
    camera.follower.forget(going_on)

    assert going_on == {2}
    assert set(camera.follower.trails) == {2}
    assert camera.follower.trails[2].kept == {}
    assert camera.follower.trails[2].album.held


def test_a_stretch_begins_without_what_only_this_process_knows(beside: ThreadPoolExecutor):
    camera = Camera(Follower(glimpse, beside))
    camera.show(picture(60, score=0.55))
    camera.follower.begin()
    camera.show(picture(60, score=0.55), start=1)

    assert camera.follower.trails == {}
    assert camera.follower.seen == 1


def test_the_time_of_every_picture_is_told(beside: ThreadPoolExecutor):
    told: list[int] = []
    Camera(Follower(glimpse, beside, told=told.append)).show(*(picture(60) for _ in range(3)))

    assert told == [0, 200, 400]
