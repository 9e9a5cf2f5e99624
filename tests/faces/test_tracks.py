from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.faces.detection import Detection
from countersign.faces.tracks import (
    CLEAR_SCORE,
    FRONTAL_SLOTS,
    GAP_MS,
    Album,
    Following,
    Tracker,
    is_other_scene,
    view_of,
    worth,
)

FRONTAL = np.array([[22, 26], [42, 26], [32, 36], [24, 46], [40, 46]], dtype=np.float32)
TO_THE_RIGHT = FRONTAL + np.array([[0, 0], [0, 0], [14, 0], [3, 0], [3, 0]], dtype=np.float32)


def face(x: float, y: float = 0.0, *, side: float = 40.0, score: float = 0.9, landmarks: object = FRONTAL) -> Detection:
    return Detection(
        box_xyxy_px=np.array([x, y, x + side, y + side]),
        landmarks_px=np.asarray(landmarks) + np.array([x, y]),
        score=score,
    )


def followed(*pictures: Sequence[Detection], every_ms: int = 200, tracker: Tracker | None = None) -> list[list[int]]:
    """Give the numbers of the tracks to which each picture's detections belong, in order of number."""
    tracker = tracker or Tracker()
    return [
        sorted(track.number for track, _ in tracker.advance(at * every_ms, faces)) for at, faces in enumerate(pictures)
    ]


def test_two_faces_that_walk_past_each_other_stay_two():
    pictures = [[face(20.0 * at), face(400 - 20.0 * at, 60)] for at in range(20)]
    tracker = Tracker()
    seen_at = [
        {track.number: box.box_xyxy_px[1] for track, box in tracker.advance(at * 200, row)}
        for at, row in enumerate(pictures)
    ]

    assert all(row == {1: 0, 2: 60} for row in seen_at)


def test_a_face_that_stays_out_of_sight_too_long_begins_another_track():
    nothing: list[Detection] = []
    short = [nothing] * (GAP_MS // 200 - 1)

    assert followed([face(0)], *short, [face(0)])[-1] == [1]
    assert followed([face(0)], *short, nothing, [face(0)])[-1] == [2]


def test_a_face_far_off_or_of_another_size_begins_another_track():
    assert followed([face(0)], [face(50)])[-1] == [1]
    assert followed([face(0)], [face(70)])[-1] == [2]
    assert followed([face(0)], [face(0, side=50)])[-1] == [1]
    assert followed([face(0)], [face(0, side=60)])[-1] == [2]


def test_once_its_drift_is_known_a_face_is_awaited_where_it_goes():
    walking = [[face(50.0 * at)] for at in range(5)]

    assert followed(*walking)[-1] == [1]
    assert followed(*walking[:4], [face(50.0 * 3 - 40)])[-1] == [2]


def test_nothing_goes_on_after_a_change_of_scene():
    tracker = Tracker()
    tracker.advance(0, [face(0)])

    assert [track.number for track, _ in tracker.advance(200, [face(0)], other_scene=True)] == [2]


def test_a_faint_face_begins_a_track_only_when_another_follows_it():
    faint = face(0, score=CLEAR_SCORE - 0.1)
    elsewhere = face(200, score=CLEAR_SCORE - 0.1)

    assert followed([faint], [faint], [faint]) == [[], [1], [1]]
    assert followed([faint], [elsewhere], [faint]) == [[], [], [1]]
    assert followed([faint], [], [], [faint]) == [[], [], [], []]
    assert followed([faint], [face(0)]) == [[], [1]]


def test_a_track_that_began_faintly_began_with_its_first_detection():
    faint, tracker = face(0, score=0.55), Tracker()
    followed([faint], [faint], tracker=tracker)

    assert [(track.first_ms, track.seen, track.best_score) for track in tracker.open] == [(0, 2, 0.55)]


def test_faint_faces_are_forgotten_where_somebody_else_could_take_over():
    faint, tracker = face(0, score=0.55), Tracker()
    tracker.advance(0, [faint])
    tracker.forget_faint()

    assert tracker.advance(200, [faint]) == []


def test_a_clear_face_is_joined_before_a_faint_one_that_is_nearer():
    tracker = Tracker()
    tracker.advance(0, [face(0)])
    joined = tracker.advance(200, [face(2, score=0.55), face(20)])

    assert [(track.number, found.score) for track, found in joined] == [(1, 0.9)]


def test_open_tracks_are_taken_up_where_they_were_left():
    whole, first = Tracker(), Tracker()
    pictures = [[face(30.0 * at), face(300, 200)] for at in range(8)]
    expected = followed(*pictures, tracker=whole)
    followed(*pictures[:4], tracker=first)
    second = Tracker(first.open, next_number=first.next_number)
    rest = [sorted(track.number for track, _ in second.advance(at * 200, pictures[at])) for at in range(4, 8)]

    assert rest == expected[4:]


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 900), st.integers(0, 500), st.sampled_from([24, 40, 64]), st.floats(0.5, 1)),
            max_size=5,
        ),
        min_size=1,
        max_size=12,
    )
)
def test_a_detection_belongs_to_one_track_at_most_and_a_track_to_one_face_a_picture(
    pictures: list[list[tuple[int, int, int, float]]],
):
    tracker = Tracker()
    for at, row in enumerate(pictures):
        faces = [face(x, y, side=side, score=score) for x, y, side, score in row]
        joined = tracker.advance(at * 200, faces)

        assert len({track.number for track, _ in joined}) == len(joined) <= len(faces)
        assert len({id(found) for _, found in joined}) == len(joined)
        assert {id(found) for found in faces if found.score >= CLEAR_SCORE} <= {id(found) for _, found in joined}
        assert all(0 < track.number < tracker.next_number and track.last_ms == at * 200 for track, _ in joined)


def test_frontal_stills_lie_some_time_apart_and_turned_ones_have_places_of_their_own():
    album = Album()
    placed = [album.place(at * 400, face(0)) for at in range(10)]

    assert placed == [*("front 1", None, "front 2", None, "front 3", None, "front 4"), None, None, None]
    assert album.place(4000, face(0, landmarks=TO_THE_RIGHT)) == "right"
    assert album.place(4400, face(0, landmarks=FRONTAL * [-1, 1] + [64, 0] + (TO_THE_RIGHT - FRONTAL) * [-1, 1])) in {
        "left",
        "front 1",
    }


def test_a_still_is_bettered_by_what_is_clearly_better_and_by_nothing_else():
    album = Album()
    album.place(0, face(0, score=0.8))

    assert album.place(200, face(0, score=0.81)) is None
    assert album.place(400, face(0, score=0.9)) == "front 1"
    assert album.held["front 1"][1] == 400


def test_a_full_album_gives_up_what_is_worth_least():
    album = Album()
    for at, score in enumerate((0.9, 0.7, 0.8, 0.9)):
        album.place(at * 1000, face(0, score=score))

    assert set(album.held) == set(FRONTAL_SLOTS)
    assert album.place(9000, face(0, score=0.95)) == "front 2"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((0.9, 40, 0), (0.8, 40, 0)),
        ((0.9, 80, 0), (0.9, 40, 0)),
        ((0.9, 40, 10), (0.9, 40, 60)),
    ],
)
def test_clear_large_and_frontal_stills_are_worth_more(
    better: tuple[float, float, float], worse: tuple[float, float, float]
):
    values = [worth(face(0, side=side, score=score), yaw) for score, side, yaw in (better, worse)]

    assert 1 >= values[0] > values[1] >= 0


def test_a_face_is_awaited_no_further_than_it_can_be_foretold():
    track = Following(
        number=1, first_ms=0, last_ms=0, seen=2, best_score=0.9, box_xyxy_px=np.zeros(4), drift_px_s=np.array([100, 0])
    )

    assert track.expected(300).tolist() == [30, 0, 30, 0]
    assert track.expected(5000).tolist() == [60, 0, 60, 0]


def scene(seed: int) -> np.ndarray:
    return np.kron(np.random.default_rng(seed).integers(0, 255, (9, 16, 3)), np.ones((16, 16, 1))).astype(np.uint8)


def test_another_scene_is_told_from_a_brighter_one_and_from_one_in_which_somebody_walks():
    one = scene(1)
    brighter = np.clip(one.astype(int) + 30, 0, 255).astype(np.uint8)
    walking = one.copy()
    walking[30:100, 30:80] = 90

    assert is_other_scene(view_of(one), view_of(scene(2)))
    assert not is_other_scene(view_of(one), view_of(brighter))
    assert not is_other_scene(view_of(one), view_of(walking))


def test_another_size_is_another_scene_and_two_plain_pictures_are_told_by_their_level():
    plain = np.full((144, 256, 3), 20, dtype=np.uint8)

    assert is_other_scene(view_of(plain), view_of(plain[:72]))
    assert not is_other_scene(view_of(plain), view_of(plain))
    assert is_other_scene(view_of(plain), view_of(plain + np.uint8(200)))
