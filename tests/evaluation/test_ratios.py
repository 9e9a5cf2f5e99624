import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.evaluation.ratios import (
    Comparisons,
    RatioBand,
    RatioError,
    bounds,
    comparisons,
    cost,
    fit_line,
    fit_ratios,
)
from countersign.evaluation.score_table import score_table
from countersign.evaluation.searches import Roles, read_templates
from tests.evaluation.pictured import Pictures


def normal(*, people: int = 60, each: int = 3, strangers: int = 600, apart: float = 3.0, seed: int = 0) -> Comparisons:
    """Give scores of 10,000 a spread: mated ones lie ``apart`` spreads above strangers', in two bands of quality."""
    rng = np.random.default_rng(seed)
    mated = people * each
    same = np.arange(mated + strangers) < mated
    score = 10_000 * (rng.standard_normal(len(same)) + np.where(same, apart, 0.0))
    person = np.concatenate([np.arange(mated) // each, people + np.arange(strangers)])
    return Comparisons(score=score, same=same, person=person, quality=rng.uniform(0.2, 0.9, len(same)))


@pytest.fixture(scope="module")
def bands() -> tuple[RatioBand, ...]:
    return fit_ratios(normal(), (0.5,))


@pytest.mark.row("EQV-15")
def test_two_normal_distributions_give_the_line_that_is_known_for_them():
    # Spread 1, means 0 and 3: ln LR = 3 z - 4.5, so log10 LR = 1.303 z - 1.954.
    given_ = normal(people=2000, each=1, strangers=4000)
    slope, intercept = fit_line(given_.score, given_.same)
    assert slope * 10_000 == pytest.approx(1.303, rel=0.1)
    assert intercept == pytest.approx(-1.954, rel=0.1)


@pytest.mark.row("EQV-15")
def test_each_band_of_quality_is_fitted_bounded_and_judged_by_itself(bands: tuple[RatioBand, ...]):
    assert [(one.quality_from, round(one.quality_to, 3)) for one in bands] == [(0.0, 0.5), (0.5, 1.0)]
    for one in bands:
        assert one.log10_low < 0 < one.log10_high
        assert one.log10_high <= np.log10(one.strangers + 1)
        assert one.log10_low >= -np.log10(one.mated + 1)
        assert 0 < one.cllr_min <= one.cllr < 0.6
        assert one.cllr_low <= one.cllr <= one.cllr_high
        assert one.cllr_cal == pytest.approx(one.cllr - one.cllr_min)
        assert one.cllr_cal < 0.15
    assert sum(one.mated for one in bands) == 180
    assert sum(one.strangers for one in bands) == 600


@pytest.mark.row("EQV-15")
def test_tippett_entropy_and_calibration_of_a_band_agree_with_its_cost(bands: tuple[RatioBand, ...]):
    one = bands[0]
    assert one.tippett[0].first == one.tippett[0].second == 1
    assert all(point.first >= point.second for point in one.tippett)
    even = one.ece[20]
    assert even.x == pytest.approx(0)
    assert even.first == pytest.approx(one.cllr, abs=1e-6)
    assert even.second == pytest.approx(one.cllr_min, abs=1e-6)
    assert even.third == pytest.approx(1)
    best = [point.first for point in one.calibration]
    assert best == sorted(best)
    assert all(one.log10_low - 1e-3 <= point.x <= one.log10_high + 1e-3 for point in one.calibration)


@pytest.mark.row("EQV-15")
def test_scores_that_tell_nothing_cost_a_bit_and_bear_no_ratio():
    (one,) = fit_ratios(normal(apart=0.0), ())
    assert one.cllr == pytest.approx(1, abs=0.05)
    assert one.log10_high < 0.3
    assert one.log10_low > -0.3


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=12))
def test_our_cost_is_that_of_lir(values: list[float]):
    from lir.data.models import LLRData
    from lir.metrics import cllr

    log10, same = np.array(values), np.arange(len(values)) % 2 == 0
    assert cost(log10, same) == pytest.approx(cllr(LLRData(features=log10.reshape(-1, 1), labels=same.astype(int))))


def test_a_cost_by_hand_and_a_draw_without_one_kind_is_undefined():
    # log10 of 1 for a mate and 0 for a stranger: (log2(1 + 1/10) + log2(2)) / 2
    assert cost(np.array([1.0, 0.0]), np.array([True, False])) == pytest.approx((np.log2(1.1) + 1) / 2)
    assert np.isnan(cost(np.array([1.0, 0.0]), np.array([True, False]), np.array([0.0, 1.0])))


def test_bounds_leave_what_they_were_found_on_as_it_is():
    log10 = np.array([12.0, 1.0, -1.0, -12.0])
    before = log10.copy()
    low, high = bounds(log10, np.array([True, True, False, False]))
    assert -1 < low <= 0 <= high < 1
    assert log10.tolist() == before.tolist()


@pytest.mark.row("EQV-15")
def test_a_band_of_too_few_people_or_strangers_is_refused():
    with pytest.raises(RatioError, match=r"expected at least 5 people and strangers with a quality from 0 to 1, got 4"):
        fit_ratios(normal(people=4), ())
    with pytest.raises(RatioError, match=r"got 60 and 4"):
        fit_ratios(normal(strangers=4), ())


def test_each_stranger_counts_once_and_a_probe_without_a_template_not_at_all():
    made = Pictures()
    references = (made.add("a", (9, 0)), made.add("b", (0, 9)))
    probes = (
        made.add("a", (8, 1), unified=0.7),
        made.add("b", (1, 8), unified=0.3),
        made.add("b", None),
        made.add("nobody", (3, 3), unified=0.9),
    )
    others = tuple(made.add(f"o{one}", (one, 1)) for one in range(7))
    roles = Roles(references=references, others=others, probes=probes)
    taken = comparisons(score_table(roles, read_templates(made.read, roles.everything), power=8))
    assert taken.same.tolist() == [True, True, *[False] * 7]
    assert taken.score[:2].tolist() == [72, 72]
    assert taken.quality[:2].tolist() == [0.7, 0.3]
    assert set(taken.quality[2:].tolist()) == {0.7, 0.3, 0.9}
    assert len(set(taken.person.tolist())) == 9
