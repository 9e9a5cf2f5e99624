"""Turning faces upright."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.faces.alignment import CoincidentLandmarksError, align, similarity

PLACES = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])


def test_a_quarter_turn_and_doubling_is_found_in_the_worked_example():
    source, target = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[5.0, 5.0], [5.0, 7.0]])

    assert similarity(source, target).tolist() == [[0, -2, 5], [2, 0, 5]]


@given(angle=st.floats(-3.1, 3.1), size=st.floats(0.05, 20), x=st.floats(-500, 500), y=st.floats(-500, 500))
def test_any_turn_size_and_shift_is_undone(angle: float, size: float, x: float, y: float):
    turn = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = similarity(PLACES @ turn.T + [x, y], PLACES)

    moved = np.c_[PLACES @ turn.T + [x, y], np.ones(5)] @ matrix.T
    np.testing.assert_allclose(moved, PLACES, atol=1e-6)


def test_a_mirrored_face_is_never_mirrored_back():
    matrix = similarity(PLACES * [-1, 1], PLACES)

    assert np.linalg.det(matrix[:, :2]) > 0


def test_a_face_already_in_place_is_cut_out_unchanged_and_read_only():
    image = np.random.default_rng(0).integers(0, 256, (150, 160, 3)).astype(np.uint8)
    face = align(image, PLACES.astype(np.float32))

    assert face.shape == (112, 112, 3)
    assert not face.flags.writeable
    assert np.abs(face.astype(int) - image[:112, :112]).max() <= 1


def test_what_lies_beyond_the_image_is_black():
    face = align(np.full((40, 40, 3), 255, dtype=np.uint8), PLACES.astype(np.float32))

    assert face[100, 100].tolist() == [0, 0, 0]
    assert face[10, 10].tolist() == [255, 255, 255]


def test_landmarks_on_one_point_are_refused():
    with pytest.raises(CoincidentLandmarksError, match="apart"):
        align(np.zeros((40, 40, 3), dtype=np.uint8), np.ones((5, 2), dtype=np.float32))


def test_half_the_zoom_shows_the_face_at_half_its_size_around_the_middle():
    image = np.zeros((400, 400, 3), dtype=np.uint8)
    image[144:256, 144:256] = 255
    face = align(image, (PLACES + 144).astype(np.float32), zoom=0.5)

    assert face[56, 30].tolist() == face[56, 82].tolist() == [255, 255, 255]
    assert face[56, 25].tolist() == face[56, 86].tolist() == face[25, 56].tolist() == [0, 0, 0]


def test_stripes_finer_than_the_cut_become_grey_and_no_false_pattern():
    image = np.zeros((440, 440, 3), dtype=np.uint8)
    image[:, ::2] = 255
    face = align(image, (PLACES * 3.7).astype(np.float32))

    assert np.abs(face[1:, 1:].astype(int) - 127).max() <= 20


@pytest.mark.parametrize("times", [0.4, 2.0, 3.5, 20.0])
def test_a_large_and_a_small_copy_of_a_smooth_picture_give_the_same_face(times: float):
    side = np.arange(round(120 * times)) / times
    image = np.repeat((side[:, None] + side[None])[:, :, None], 3, axis=2).astype(np.uint8)
    face = align(image, (PLACES * times).astype(np.float32))

    expected = np.arange(112)[:, None] + np.arange(112)[None]
    assert np.abs(face[8:-8, 8:-8, 0].astype(int) - expected[8:-8, 8:-8]).max() <= 3
