"""Measures move the way their names say, each in [0, 100], high is good."""

from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from countersign.faces.detection import Detection
from countersign.faces.pose import pose_degrees
from countersign.faces.quality import COMPONENTS, Quality, measure
from countersign.primitives.arrays import RgbImage

PLACES = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
FACE = Detection(box_xyxy_px=np.array([20, 10, 95, 110], np.float32), landmarks_px=PLACES, score=0.75)
LARGE = Detection(box_xyxy_px=np.array([30, 20, 170, 220], np.float32), landmarks_px=PLACES * 1.8, score=0.9)


def raw(measured: Quality) -> dict[str, float]:
    return {one.component: one.raw for one in measured.measures}


def portrait() -> RgbImage:
    """A picture with something of everything: large shapes, fine detail, no noise."""
    down, across = np.mgrid[0:240, 0:200] / 20
    light = 120 + 60 * np.sin(down) * np.cos(across) + 30 * np.sin(7 * across)
    return np.repeat(light[..., None], 3, axis=2).clip(0, 255).astype(np.uint8)


def test_a_flat_grey_face_has_hand_worked_measures():
    measured = measure(np.full((112, 112, 3), 51, dtype=np.uint8), FACE)
    posed = {name: value for name, value in raw(measured).items() if "pose" in name}

    assert measured.unified == 0.75
    assert raw(measured) == pytest.approx(
        posed
        | {
            "unified": 0.75,
            "sharpness": 0,
            "illumination_uniformity": 1,
            "under_exposure": 0,
            "over_exposure": 0,
            "dynamic_range": 0,
            "inter_eye_distance": 35.237737,
            "head_size": 75,
            "single_face": 0,
            "compression_artefacts": 1,
        }
    )
    assert measured.score("sharpness") == 0
    assert measured.score("illumination_uniformity") == 100
    assert measured.score("inter_eye_distance") == pytest.approx(35.237737)


@pytest.mark.parametrize(
    ("steadiness", "size", "unified"),
    [
        (None, 1.0, 0.75),
        (1.0, 1.0, 0.75),
        (0.5, 1.0, 0.75 * 0.5**0.2),
        (0.15, 1.0, 0.75 * 0.15**0.2),
        (0.075, 1.0, 0.75 * 0.075**0.2 / 4),
        (None, 12 / 35.237737, 0.75 * 0.5**0.2),
        (0.5, 12 / 35.237737, 0.75 * 0.25**0.2),
    ],
)
def test_unified_quality_is_the_score_less_where_a_face_is_rarely_seen_or_small(
    steadiness: float | None, size: float, unified: float
):
    face = replace(FACE, steadiness=steadiness, landmarks_px=PLACES * np.float32(size))
    assert measure(portrait(), face).unified == pytest.approx(unified, abs=1e-6)


@given(
    score=st.floats(0.01, 1), one=st.floats(0.01, 1), other=st.floats(0.01, 1), size=st.floats(0.2, 3)
)  # fmt: skip
def test_what_more_looks_see_is_never_of_less_quality(score: float, one: float, other: float, size: float):
    rare, often = sorted((one, other))
    seen = [
        measure(portrait(), replace(FACE, score=score, steadiness=steadiness, landmarks_px=PLACES * np.float32(size)))
        for steadiness in (rare, often)
    ]
    assert 0 <= seen[0].unified <= seen[1].unified <= score * (1 + 1e-12)  # it goes by way of a hundredth and back


@settings(deadline=None, max_examples=30)  # a test never measures time
@given(seed=st.integers(0, 2**16), size=st.integers(2, 200))
def test_every_score_lies_between_0_and_100_and_says_how_it_was_measured(seed: int, size: int):
    image = np.random.default_rng(seed).integers(0, 256, (size, size + 3, 3)).astype(np.uint8)
    measured = measure(image, FACE)

    assert [one.component for one in measured.measures] == list(COMPONENTS)
    assert all(0 <= one.score <= 100 for one in measured.measures)
    assert all(one.method.rpartition("/")[2].isdecimal() for one in measured.measures)
    assert all(component.approximates for component in COMPONENTS.values())


def jpeg(image: RgbImage, quality: int) -> RgbImage:
    stream = BytesIO()
    Image.fromarray(image).save(stream, "JPEG", quality=quality)
    return np.array(Image.open(stream))


def shifted(image: RgbImage, by: int) -> RgbImage:
    return (image.astype(int) + by).clip(0, 255).astype(np.uint8)


def lit_from_one_side(image: RgbImage, amount: float) -> RgbImage:
    return np.asarray(image * np.linspace(1, 1 - amount, image.shape[1])[:, None], dtype=np.uint8)


SERIES = {
    "sharpness": lambda image: [cv2.GaussianBlur(image, (0, 0), sigma) for sigma in (0.5, 1, 2, 4)],
    "dynamic_range": lambda image: [image // 2**bits + 60 for bits in (1, 2, 3)],
    "under_exposure": lambda image: [shifted(image, -by) for by in (60, 90, 120)],
    "over_exposure": lambda image: [shifted(image, by) for by in (60, 90, 120)],
    "illumination_uniformity": lambda image: [lit_from_one_side(image, amount) for amount in (0.3, 0.6, 0.9)],
    "compression_artefacts": lambda image: [jpeg(image, quality) for quality in (25, 10, 3)],
}


@pytest.mark.parametrize("component", sorted(SERIES))
def test_a_picture_that_is_made_worse_step_by_step_scores_lower_at_each(component: str):
    picture = portrait()
    scores = [measure(image, LARGE).score(component) for image in (picture, *SERIES[component](picture))]

    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


def test_eyes_that_a_turned_head_brings_together_count_as_far_apart_as_from_the_front():
    points = FACE.landmarks_px.copy()
    points[:, 0] = 56 + (points[:, 0] - 56) * np.float32(0.2)
    turned = Detection(box_xyxy_px=FACE.box_xyxy_px, landmarks_px=points, score=0.9)
    picture = np.full((112, 112, 3), 51, dtype=np.uint8)

    assert raw(measure(picture, turned))["inter_eye_distance"] == pytest.approx(35, abs=0.5)


def test_a_smaller_copy_has_a_smaller_face():
    box, points = (np.asarray(part / 2, dtype=np.float32) for part in (LARGE.box_xyxy_px, LARGE.landmarks_px))
    half = Detection(box_xyxy_px=box, landmarks_px=points, score=0.9)
    before = raw(measure(portrait(), LARGE))
    after = raw(measure(cv2.resize(portrait(), None, fx=0.5, fy=0.5), half))

    assert after["inter_eye_distance"] == pytest.approx(before["inter_eye_distance"] / 2)
    assert after["head_size"] == before["head_size"] / 2


def test_another_face_in_the_picture_counts_by_its_size():
    other = Detection(box_xyxy_px=np.array([0, 0, 70, 100], np.float32), landmarks_px=PLACES, score=0.9)

    assert measure(portrait(), LARGE, [other]).score("single_face") == pytest.approx(75)


HEAD = np.array([[-31.5, -36, -28], [31.5, -36, -28], [0, 0, 0], [-24, 31, -22], [24, 31, -22]])


def seen_turned(yaw: float, pitch: float, roll: float) -> Detection:
    """A head as a distant camera sees it: y down, z towards the camera; the nose goes right, down, clockwise."""
    a, b, c = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), np.sin(b)], [0, -np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    points = (HEAD @ (about_z @ about_x @ about_y).T)[:, :2] + 100
    return Detection(box_xyxy_px=np.array([0, 0, 200, 200], np.float32), landmarks_px=points, score=0.9)


@pytest.mark.parametrize("roll", [-60, 0, 30])
@pytest.mark.parametrize("pitch", [-40, 0, 25])
@pytest.mark.parametrize("yaw", [-75, -20, 0, 45])
def test_the_pose_of_a_turned_head_is_found_again(yaw: int, pitch: int, roll: int):
    assert pose_degrees(seen_turned(yaw, pitch, roll)) == pytest.approx((yaw, pitch, roll), abs=0.5)


def test_a_mirrored_face_has_the_opposite_yaw_and_roll():
    face = seen_turned(20, 10, 5)
    mirrored = Detection(
        box_xyxy_px=face.box_xyxy_px,
        landmarks_px=face.landmarks_px[[1, 0, 2, 4, 3]] * np.array([-1, 1], np.float32),
        score=0.9,
    )

    assert pose_degrees(mirrored) == pytest.approx((-20, 10, -5), abs=0.5)
