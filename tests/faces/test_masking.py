import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.faces.detection import Detection
from countersign.faces.masking import mask_others
from countersign.primitives.arrays import RgbImage


def picture() -> RgbImage:
    return np.random.default_rng(3).integers(0, 255, (80, 120, 3), dtype=np.uint8)


def face(left: float, top: float, size: float = 20) -> Detection:
    points = np.array([[left + 5, top + 5]] * 5, dtype=np.float32)
    return Detection(
        box_xyxy_px=np.array([left, top, left + size, top + size], dtype=np.float32), landmarks_px=points, score=0.9
    )


@pytest.mark.row("PRB-03")
def test_another_face_is_covered_with_coarse_cells_and_the_marked_one_stays() -> None:
    rgb, marked, other = picture(), face(10, 10), face(60, 30)
    covered = mask_others(rgb, [marked, other], marked=marked)
    assert (covered[10:30, 10:30] == rgb[10:30, 10:30]).all()
    assert len(np.unique(covered[30:50, 60:80].reshape(-1, 3), axis=0)) <= 36


def test_the_marked_face_shows_through_where_a_cover_reaches_over_it() -> None:
    rgb, marked = picture(), face(40, 30)
    covered = mask_others(rgb, [face(62, 30)], marked=marked)
    assert (covered[30:50, 40:60] == rgb[30:50, 40:60]).all()
    assert (covered[30:50, 66:80] != rgb[30:50, 66:80]).any()


def test_the_picture_itself_is_never_changed() -> None:
    rgb = picture()
    before = rgb.copy()
    mask_others(rgb, [face(60, 30)], marked=face(10, 10))
    assert (rgb == before).all()


@given(st.floats(-60, 160), st.floats(-60, 120), st.floats(1, 200))
def test_a_face_that_reaches_over_the_edge_is_covered_as_far_as_it_is_seen(
    left: float, top: float, size: float
) -> None:
    rgb = picture()
    covered = mask_others(rgb, [face(left, top, size)], marked=face(10, 10))
    assert covered.shape == rgb.shape
