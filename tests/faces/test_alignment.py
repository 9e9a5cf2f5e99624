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
