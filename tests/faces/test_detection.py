"""Boxes, overlaps and what is kept of many finds."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from countersign.faces.detection import (
    Detection,
    InvalidDetectionError,
    intersection_over_union,
    keep_best,
    order,
)

POINTS = np.zeros((5, 2), dtype=np.float32)


def _face(left: float, top: float, width: float, height: float, score: float = 0.9) -> Detection:
    box = np.array([left, top, left + width, top + height], dtype=np.float32)
    return Detection(box_xyxy_px=box, landmarks_px=POINTS, score=score)


sides = st.integers(1, 40)
places = st.integers(-20, 60)
faces = st.builds(_face, places, places, sides, sides, st.integers(0, 100).map(lambda percent: percent / 100))


def test_a_quarter_of_two_boxes_is_shared_in_the_worked_example():
    assert intersection_over_union(_face(0, 0, 2, 2).box_xyxy_px, _face(1, 0, 3, 2).box_xyxy_px) == 0.25
    assert intersection_over_union(_face(0, 0, 2, 2).box_xyxy_px, _face(2, 0, 2, 2).box_xyxy_px) == 0


@given(one=faces, other=faces)
def test_overlap_is_symmetric_within_zero_and_one_and_whole_with_itself(one: Detection, other: Detection):
    overlap = intersection_over_union(one.box_xyxy_px, other.box_xyxy_px)

    assert 0 <= overlap <= 1
    assert overlap == intersection_over_union(other.box_xyxy_px, one.box_xyxy_px)
    assert intersection_over_union(one.box_xyxy_px, one.box_xyxy_px) == 1


@given(found=st.lists(faces, max_size=12))
def test_what_is_kept_overlaps_nothing_kept_and_what_is_dropped_overlaps_something_better(found: list[Detection]):
    kept = keep_best(found, overlap=0.3)

    for face in found:
        better = [k for k in kept if k is not face and k.score >= face.score]
        covered = any(intersection_over_union(face.box_xyxy_px, k.box_xyxy_px) > 0.3 for k in better)
        assert covered or any(face is k for k in kept)
    for place, face in enumerate(kept):
        assert all(intersection_over_union(face.box_xyxy_px, k.box_xyxy_px) <= 0.3 for k in kept[place + 1 :])


@given(found=st.lists(faces, max_size=12).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_is_by_score_then_size_however_faces_were_found(found: tuple[list[Detection], list[Detection]]):
    sorted_faces, again = (order(faces) for faces in found)

    assert [f.box_xyxy_px.tolist() for f in sorted_faces] == [f.box_xyxy_px.tolist() for f in again]
    assert all((a.score, a.area_px) >= (b.score, b.area_px) for a, b in pairwise(sorted_faces))


def test_two_finds_that_overlap_exactly_as_much_as_allowed_both_stay():
    one, other = _face(0, 0, 2, 2), _face(1, 0, 3, 2, 0.8)

    assert len(keep_best([one, other], overlap=0.25)) == 2
    assert keep_best([other, one], overlap=0.24) == (one,)


def test_a_face_cannot_change_after_it_was_made():
    face = _face(0, 0, 3, 2)

    assert (face.width_px, face.area_px) == (3, 6)
    with pytest.raises(ValueError, match="read-only"):
        face.box_xyxy_px[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        face.landmarks_px[0] = 1


@pytest.mark.parametrize(
    ("box", "points", "score"),
    [
        (np.zeros(3), POINTS, 0.5),
        (np.array([0, 0, 1, 1]), POINTS[:4], 0.5),
        (np.array([0, 0, 0, 1]), POINTS, 0.5),
        (np.array([0, 1, 1, 1]), POINTS, 0.5),
        (np.array([0, 0, 1, np.inf]), POINTS, 0.5),
        (np.array([0, 0, 1, 1]), POINTS * np.nan, 0.5),
        (np.array([0, 0, 1, 1]), POINTS, 1.01),
        (np.array([0, 0, 1, 1]), POINTS, float("nan")),
    ],
)
def test_numbers_that_are_no_face_are_refused(box: NDArray[np.float32], points: NDArray[np.float32], score: float):
    with pytest.raises(InvalidDetectionError, match="expected"):
        Detection(box_xyxy_px=box, landmarks_px=points, score=score)
