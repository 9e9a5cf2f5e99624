import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.evaluation.tail import Tail, TailError, exceedances

RNG = np.random.default_rng(5)


def normal(x: float) -> float:
    from scipy.stats import norm

    return float(norm.sf(x))


def test_normal_scores_give_a_tail_that_falls_like_the_normal_one_far_beyond_what_was_seen():
    tail = exceedances(RNG.standard_normal((60, 2000))).fit()
    assert 1.6 < tail.power < 2.6
    assert tail.share == pytest.approx(0.02, rel=0.01)
    for z in (3.0, 4.0, 5.0):
        assert 0.2 < float(tail.above(np.array([z]))[0]) / normal(z) < 5


def test_exponential_scores_give_a_heavier_tail():
    tail = exceedances(RNG.exponential(1, (60, 2000)) - 1).fit()
    assert 0.7 < tail.power < 1.4
    assert 0.3 < float(tail.above(np.array([9.0]))[0]) / np.exp(-10) < 3


def test_below_its_start_the_tail_is_what_was_seen_and_equality_counts_as_reached():
    z = np.linspace(-2, 3, 5000).reshape(50, 100)
    tail = exceedances(z).fit()
    assert float(tail.above(np.array([z[25, 0]]))[0]) == pytest.approx(0.5)
    assert float(tail.above(np.array([-9.0]))[0]) == 1
    assert float(tail.above(np.array([-np.inf]))[0]) == 1


@given(st.floats(-5, 50), st.floats(-5, 50))
def test_a_higher_score_is_never_less_rare_and_never_impossible(one: float, other: float):
    tail = Tail(start=2.0, share=0.02, rate=2.5, power=2.0, body=np.linspace(-3, 3, 1000))
    low, high = sorted((one, other))
    found = tail.above(np.array([low, high]))
    assert 1 >= found[0] >= found[1] >= 0
    assert high > 20 or found[1] > 0


def test_drawing_a_search_twice_is_fitting_it_twice():
    z = RNG.standard_normal((40, 200))
    found = exceedances(z)
    twice = found.fit(np.repeat([2.0, 0.0], 20), np.ones(200))
    high = exceedances(z)
    first = high.search < 20
    assert twice.share == pytest.approx(first.sum() / (20 * 200))
    assert twice != found.fit()


def test_a_draw_without_any_high_score_keeps_the_tail_as_it_was():
    z = RNG.standard_normal((40, 200))
    found = exceedances(z)
    nobody = found.fit(np.zeros(40), np.ones(200))
    assert (nobody.rate, nobody.power, nobody.share) == (found.fit().rate, found.fit().power, found.fit().share)


def test_too_few_strangers_or_scores_that_are_all_alike_say_nothing_of_rarer_ones():
    with pytest.raises(TailError, match="expected at least 50 strangers"):
        exceedances(RNG.standard_normal((1000, 49)))
    with pytest.raises(TailError, match="expected at least 50 strangers"):
        exceedances(RNG.standard_normal((2, 100)))
    with pytest.raises(TailError, match="that differ, got ones that are all alike"):
        exceedances(np.zeros((50, 100)))
