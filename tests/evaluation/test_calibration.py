import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.evaluation.calibration import CalibrationError, calibrate

SEARCHES = st.lists(st.tuples(st.integers(-10_000, 1_000_000), st.integers(1, 1275)), min_size=1, max_size=60)


@given(SEARCHES, st.floats(0, 0.99))
def test_the_threshold_keeps_its_rate_and_one_less_would_not(searches: list[tuple[int, int]], asked: float) -> None:
    tops, sums = [top for top, _ in searches], [total for _, total in searches]
    found = calibrate(tops, sums, fpir=asked)

    def listed(threshold: int) -> int:
        return sum(top >= threshold * total for top, total in searches)

    assert found.fpir.count == listed(found.threshold)
    assert listed(found.threshold) <= asked * len(searches)
    assert found.threshold == 1 or listed(found.threshold - 1) > int(asked * len(searches))


def test_a_hundred_searches_cannot_support_three_in_a_thousand() -> None:
    found = calibrate([10] * 100, [1] * 100, fpir=0.003)
    assert (found.threshold, found.fpir.count) == (11, 0)
    assert found.supported > 0.003
    assert calibrate([10] * 1000, [1] * 1000, fpir=0.003).supported < 0.003


@pytest.mark.parametrize(("tops", "sums", "asked"), [([], [], 0.1), ([1], [], 0.1), ([1], [1], 1.0), ([1], [1], -0.1)])
def test_what_cannot_be_calibrated_is_refused(tops: list[int], sums: list[int], asked: float) -> None:
    with pytest.raises(CalibrationError, match="expected searches"):
        calibrate(tops, sums, fpir=asked)
