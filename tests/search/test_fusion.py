import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.search.fusion import QualityError, WeightsError, fuse, still_weight


@pytest.mark.parametrize(
    ("quality", "power", "weight"), [(1.0, 8, 255), (0.9, 8, 110), (0.5, 8, 1), (0.0, 8, 1), (0.2, 0, 255)]
)
def test_a_weight_is_the_quality_to_its_power_of_255(quality: float, power: int, weight: int) -> None:
    assert still_weight(quality, power) == weight


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 12))
def test_a_better_still_never_weighs_less(one: float, other: float, power: int) -> None:
    worse, better = sorted((one, other))
    assert 1 <= still_weight(worse, power) <= still_weight(better, power) <= 255


@pytest.mark.parametrize(("quality", "power"), [(1.01, 8), (-0.01, 8), (math.nan, 8), (0.5, -1)])
def test_a_quality_outside_the_unit_interval_is_refused(quality: float, power: int) -> None:
    with pytest.raises(QualityError, match="expected a quality"):
        still_weight(quality, power)


def test_fused_scores_are_exact_beyond_what_32_bits_hold() -> None:
    best = np.full((5, 1), 127 * 127 * 1040, dtype=np.int32)
    assert fuse(best, (255,) * 5).tolist() == [5 * 255 * 127 * 127 * 1040]


@given(st.integers(-(2**24), 2**24), st.lists(st.integers(1, 255), min_size=1, max_size=5))
def test_equal_scores_fuse_to_exactly_the_threshold_times_the_weights(score: int, weights: list[int]) -> None:
    best = np.full((len(weights), 1), score, dtype=np.int32)
    assert fuse(best, weights).tolist() == [score * sum(weights)]


@pytest.mark.parametrize("weights", [(), (1,), (1, 0), (1, 2, 3)])
def test_weights_that_do_not_fit_the_stills_are_refused(weights: tuple[int, ...]) -> None:
    with pytest.raises(WeightsError, match="expected 2 weights"):
        fuse(np.zeros((2, 3), dtype=np.int32), weights)


def test_a_probe_without_stills_is_refused() -> None:
    with pytest.raises(WeightsError, match="at least one"):
        fuse(np.zeros((0, 3), dtype=np.int32), ())
