"""Crops of one face: a probe's at three sizes in two places, mirrored; copies beside a fine reference's."""

import cv2
import numpy as np
import pytest

from countersign.faces.alignment import CoincidentLandmarksError, align, profile_shift, size_in_cut
from countersign.faces.crops import coarse, probe_crops, reference_crops

LANDMARKS = np.array([[60, 80], [110, 80], [85, 110], [65, 140], [105, 140]], dtype=np.float32)
IMAGE = np.random.default_rng(0).integers(0, 256, (220, 180, 3)).astype(np.uint8)


def test_a_probe_is_cut_at_three_sizes_in_two_places_each_mirrored_the_first_as_the_network_was_trained():
    crops = probe_crops(IMAGE, LANDMARKS)

    assert len(crops) == 12
    assert np.array_equal(crops[0], align(IMAGE, LANDMARKS))
    assert np.array_equal(crops[1], align(IMAGE, LANDMARKS)[:, ::-1])
    assert np.array_equal(crops[8], align(IMAGE, LANDMARKS, zoom=0.88))
    assert np.array_equal(crops[10], align(IMAGE, LANDMARKS, zoom=0.88, right_px=profile_shift(LANDMARKS)))
    assert not any(crop.flags.writeable for crop in crops)


def test_a_fine_reference_has_its_face_a_mirrored_coarse_copy_and_one_blurred_each_way():
    face, copy, across, down = reference_crops(IMAGE, LANDMARKS * 1.6)

    assert np.array_equal(face, align(IMAGE, LANDMARKS * 1.6))
    assert np.array_equal(copy, coarse(face)[:, ::-1])
    assert np.array_equal(across, cv2.blur(face, (9, 1)))
    assert np.array_equal(down, cv2.blur(face, (1, 9)))
    assert copy.shape == (112, 112, 3)
    assert not copy.flags.writeable


def test_a_reference_is_fine_when_its_face_is_twice_as_large_as_the_cut_shows_it():
    twice = LANDMARKS * size_in_cut(LANDMARKS) / 0.5

    assert size_in_cut(twice) == pytest.approx(0.5)
    assert len(reference_crops(IMAGE, twice * 1.01)) == 4
    assert len(reference_crops(IMAGE, twice * 0.99)) == 1


def test_a_coarse_copy_keeps_what_is_large_and_loses_what_is_finer_than_its_pixels():
    halves, stripes = np.zeros((2, 112, 112, 3), dtype=np.uint8)
    halves[:, 56:] = 255
    stripes[:, ::2] = 255

    assert np.abs(coarse(halves)[:, [20, 90]].astype(int) - [[0] * 3, [255] * 3]).max() == 0
    assert np.abs(coarse(stripes).astype(int) - 127).max() < 60


@pytest.mark.parametrize("crops", [probe_crops, reference_crops])
def test_landmarks_on_one_point_give_no_crop(crops: object):
    with pytest.raises(CoincidentLandmarksError, match="apart"):
        crops(IMAGE, np.ones((5, 2), dtype=np.float32))  # type: ignore[operator]
