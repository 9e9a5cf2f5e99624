"""The annotated picture."""

from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from countersign.faces.detection import Detection
from countersign.faces.drawing import LabelCountError, annotate

POINTS = np.array([[30, 30], [60, 30], [45, 45], [33, 60], [57, 60]], np.float32)


def _face(left: float, top: float) -> Detection:
    box = np.array([left, top, left + 50, top + 60], np.float32)
    return Detection(box_xyxy_px=box, landmarks_px=POINTS + np.array([left - 20, top - 20], np.float32), score=0.9)


def _pixels(png: bytes) -> NDArray[np.uint8]:
    return np.array(Image.open(BytesIO(png)).convert("RGB"))


def test_a_small_image_is_enlarged_by_a_whole_factor_so_that_numbers_can_be_read():
    drawn = _pixels(annotate(np.zeros((100, 200, 3), np.uint8), [_face(20, 20)], ["1"]))

    assert drawn.shape == (400, 800, 3)


def test_a_large_image_keeps_its_size_and_the_original_is_untouched():
    image = np.full((700, 900, 3), 40, np.uint8)
    drawn = _pixels(annotate(image, [_face(20, 20)], ["1"]))

    assert drawn.shape == image.shape
    assert (image == 40).all()


def test_box_and_landmarks_are_drawn_where_the_face_is_and_colours_stay_rgb():
    image = np.zeros((700, 900, 3), np.uint8)
    image[:] = (10, 20, 200)
    drawn = _pixels(annotate(image, [_face(320, 320)], ["1"]))

    assert drawn[650, 850].tolist() == [10, 20, 200]
    assert drawn[345, 320].tolist() == [255, 255, 255]
    assert drawn[330, 330].tolist() == [255, 255, 255]


def test_only_the_selected_face_is_in_the_other_colour():
    image = np.zeros((700, 900, 3), np.uint8)
    faces = [_face(100, 100), _face(400, 400)]
    plain, chosen = _pixels(annotate(image, faces, ["1", "2"])), _pixels(annotate(image, faces, ["1", "2"], 1))

    assert np.array_equal(plain[:300, :300], chosen[:300, :300])
    assert chosen[430, 400].tolist() == [255, 221, 0]


@pytest.mark.parametrize("corner", [(-30.0, -40.0), (860.0, 660.0)])
def test_a_label_at_the_edge_stays_within_the_picture(corner: tuple[float, float]):
    drawn = _pixels(annotate(np.zeros((700, 900, 3), np.uint8), [_face(*corner)], ["12"]))
    plate = np.argwhere((drawn == 255).all(axis=2))

    assert len(plate) > 300


@pytest.mark.parametrize(("labels", "selected"), [([], None), (["1", "2"], None), (["1"], 1), (["1"], -1)])
def test_labels_and_selection_that_do_not_fit_the_faces_are_refused(labels: list[str], selected: int | None):
    with pytest.raises(LabelCountError, match="expected 1 labels"):
        annotate(np.zeros((50, 50, 3), np.uint8), [_face(0, 0)], labels, selected)


def test_a_picture_without_faces_is_a_picture():
    assert _pixels(annotate(np.zeros((700, 900, 3), np.uint8), [], [])).max() == 0


def test_a_watermark_stands_on_the_lower_edge_and_is_absent_without_one():
    image = np.zeros((700, 900, 3), np.uint8)
    plain, marked = _pixels(annotate(image, [], [])), _pixels(annotate(image, [], [], watermark="DEMONSTRATION"))

    assert not plain.any()
    assert (marked[-20:, :100] == 255).any()
    assert not marked[:600].any()
