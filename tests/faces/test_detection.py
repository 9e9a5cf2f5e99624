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
    averaged,
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


def _placed(left: float, score: float, nose_px: float = 0.0) -> Detection:
    points = POINTS + np.array([left, 0], dtype=np.float32)
    points[2, 1] += nose_px
    box = np.array([left, 0, left + 100, 100], dtype=np.float32)
    return Detection(box_xyxy_px=box, landmarks_px=points, score=score)


def test_a_face_is_placed_at_the_mean_of_its_finds_by_the_eighth_power_of_their_scores_in_the_worked_example():
    best, weaker = _placed(0, 1.0), _placed(20, 0.5**0.125)
    elsewhere, badly_placed = _placed(34, 0.9), _placed(0, 0.9, nose_px=35)
    face = averaged(best, [weaker, best, elsewhere, badly_placed])

    # Weights 1 and 1/2, so a third of the way; 34 px off shares less than half, and a nose 35 px off is another's.
    np.testing.assert_allclose(face.box_xyxy_px, [20 / 3, 0, 100 + 20 / 3, 100], rtol=1e-6)
    np.testing.assert_allclose(face.landmarks_px[:, 0], 20 / 3, rtol=1e-6)
    assert face.score == 1.0


@given(lefts=st.lists(st.floats(-30, 30), max_size=6), scores=st.lists(st.floats(0.5, 0.9), min_size=6, max_size=6))
def test_a_mean_place_never_leaves_the_finds_and_of_one_find_it_is_that_find(lefts: list[float], scores: list[float]):
    best = _placed(0, 1.0)
    face = averaged(best, [best, *(_placed(left, score) for left, score in zip(lefts, scores, strict=False))])

    assert min([0, *lefts]) - 1e-3 <= face.box_xyxy_px[0] <= max([0, *lefts]) + 1e-3
    assert averaged(best, [best]).landmarks_px.tolist() == best.landmarks_px.tolist()
