"""Measures move the way their names say."""

from dataclasses import fields

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countersign.faces import quality
from countersign.faces.detection import Detection
from countersign.faces.quality import Quality, measure

PLACES = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
FACE = Detection(box_xyxy_px=np.array([20, 10, 95, 110], np.float32), landmarks_px=PLACES, score=0.75)


def test_a_flat_grey_face_has_hand_worked_measures():
    measured = measure(np.full((112, 112, 3), 51, dtype=np.uint8), FACE)

    assert (measured.unified, measured.head_width_px, measured.brightness) == (0.75, 75, 0.2)
    assert (measured.sharpness, measured.contrast) == (0, 0)
    assert measured.inter_eye_px == pytest.approx(35.238, abs=1e-3)


@settings(deadline=None)  # a test never measures time
@given(seed=st.integers(0, 2**16))
def test_blurring_lowers_sharpness_and_contrast_and_leaves_sizes(seed: int):
    image = np.random.default_rng(seed).integers(0, 256, (112, 112, 3)).astype(np.uint8)
    clear, blurred = measure(image, FACE), measure(cv2.GaussianBlur(image, (7, 7), 2), FACE)

    assert blurred.sharpness < clear.sharpness
    assert blurred.contrast < clear.contrast
    assert (blurred.inter_eye_px, blurred.unified) == (clear.inter_eye_px, clear.unified)


def test_every_measure_names_the_component_it_approximates():
    table = quality.__doc__ or ""

    assert [field.name for field in fields(Quality) if f"``{field.name}``" not in table] == []
