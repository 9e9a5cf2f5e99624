import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from countersign.evaluation.intervals import (
    IntervalError,
    paired_difference_interval,
    proportion_interval,
    rule_of_three,
)


@pytest.mark.parametrize(
    ("count", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),  # published tables of the exact interval
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0),
        (0, 1000, 0.0, 0.003682),
        (30, 1000, 0.020333, 0.042554),
    ],
)
def test_the_exact_interval_is_that_of_the_tables(count: int, trials: int, low: float, high: float) -> None:
    assert proportion_interval(count, trials) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_is_symmetric(counted: tuple[int, int]) -> None:
    count, trials = counted
    low, high = proportion_interval(count, trials)
    assert 0 <= low <= count / trials <= high <= 1
    assert proportion_interval(trials - count, trials) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(("count", "trials"), [(0, 0), (-1, 5), (6, 5)])
def test_counts_that_cannot_be_have_no_interval(count: int, trials: int) -> None:
    with pytest.raises(IntervalError):
        proportion_interval(count, trials)


def test_no_error_in_a_thousand_shows_three_in_a_thousand() -> None:
    assert 0.0029 < rule_of_three(1000) < 0.003
    with pytest.raises(IntervalError):
        rule_of_three(0)


def test_the_same_results_differ_by_nothing() -> None:
    results = [[1.0, 0.0], [1.0], [0.0, 1.0, 1.0]]
    assert paired_difference_interval(results, results, np.random.default_rng(1)) == (0.0, 0.0)


def test_a_difference_of_every_subject_is_shown_with_its_sign() -> None:
    better, worse = [[1.0, 1.0], [1.0]] * 20, [[0.0, 1.0], [0.0]] * 20
    low, high = paired_difference_interval(better, worse, np.random.default_rng(1))
    assert 0 < low <= 2 / 3 <= high


@pytest.mark.parametrize(("one", "other"), [([], []), ([[1.0]], [[1.0, 0.0]]), ([[]], [[]])])
def test_unpaired_searches_are_refused(one: list[list[float]], other: list[list[float]]) -> None:
    with pytest.raises(IntervalError, match="same searches"):
        paired_difference_interval(one, other, np.random.default_rng(1))


def test_the_exact_interval_agrees_with_scipy():
    for count, trials in ((0, 12), (1, 12), (11, 12), (12, 12), (42, 60), (3, 600)):
        theirs = binomtest(count, trials).proportion_ci(0.95, method="exact")
        assert proportion_interval(count, trials) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
