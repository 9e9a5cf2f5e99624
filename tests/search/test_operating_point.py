from collections.abc import Mapping

import pytest

from countersign.search.operating_point import OperatingPoint, OperatingPointError


def point(thresholds: Mapping[tuple[int, int], int], list_length: int = 10) -> OperatingPoint:
    return OperatingPoint(name="strict", thresholds=thresholds, list_length=list_length)


@pytest.mark.parametrize(("views", "threshold"), [(1, 50), (2, 60), (7, 60), (28, 60)])
def test_a_subject_is_held_to_the_band_of_its_own_views(views: int, threshold: int) -> None:
    assert point({(1, 1): 50, (2, 7): 60}).threshold_for(views) == threshold


def test_a_subject_without_views_has_no_threshold() -> None:
    with pytest.raises(OperatingPointError, match="expected at least 1 view, got 0"):
        point({(1, 7): 50}).threshold_for(0)


@pytest.mark.parametrize("bands", [{}, {(1, 1): 5}, {(1, 1): 5, (3, 7): 5}, {(1, 2): 5, (2, 7): 5}, {(0, 7): 5}])
def test_bands_that_leave_or_repeat_a_number_of_views_are_refused(bands: Mapping[tuple[int, int], int]) -> None:
    with pytest.raises(OperatingPointError, match="cover 1 to 7 views once"):
        point(bands)


def test_a_threshold_that_hidden_rows_would_reach_is_refused() -> None:
    with pytest.raises(OperatingPointError, match="expected thresholds >= 1, got 0"):
        point({(1, 1): 50, (2, 7): 0})


@pytest.mark.parametrize("length", [0, 21])
def test_a_list_is_never_longer_than_twenty(length: int) -> None:
    with pytest.raises(OperatingPointError, match="expected a list length from 1 to 20"):
        point({(1, 7): 50}, length)


def test_the_thresholds_cannot_be_changed_after_they_were_read() -> None:
    bands = {(1, 7): 50}
    strict = point(bands)
    bands[(1, 7)] = 1
    assert strict.lowest == 50
    with pytest.raises(TypeError):
        strict.thresholds[(1, 7)] = 1  # type: ignore[index]


def test_every_number_changes_the_threshold_id() -> None:
    ids = {
        point({(1, 1): 50, (2, 7): 60}).threshold_id,
        point({(1, 1): 51, (2, 7): 60}).threshold_id,
        point({(1, 2): 50, (3, 7): 60}).threshold_id,
        point({(1, 1): 50, (2, 7): 60}, 9).threshold_id,
    }
    assert len(ids) == 4
