import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.evaluation.differentials import (
    GroupsError,
    attributes,
    difference,
    garbe,
    gini,
    group_rate,
    group_table,
    inequity,
    max_by_geometric_mean,
)
from countersign.evaluation.searches import NEVER, Searched

RATES = st.lists(st.floats(0.001, 1), min_size=2, max_size=8)


def searched(subject: str, sex: str = "F", age: str = "18-29", *, mated: bool = True, failed: bool = False) -> Searched:
    return Searched(
        subject=subject,
        labels={"sex": sex, "age": age, "ethnicity": "unknown"},
        strata={},
        quality=None,
        mated=mated,
        rank=0,
        score=0.0,
        stranger=NEVER if failed else 1.0,
        listed={},
        strangers={},
    )


@pytest.mark.row("EQV-06")
def test_measures_of_difference_by_hand():
    # Rates 0.1, 0.2, 0.4: 4 times; geometric mean 0.2, so 2 times; pairs differ by 0.1, 0.3, 0.2, each twice:
    # 1.2 / (2 · 3 · 0.7) · 3/2 = 0.4286.
    assert inequity([0.1, 0.2, 0.4]) == 4
    assert max_by_geometric_mean([0.1, 0.2, 0.4]) == pytest.approx(2)
    assert gini([0.1, 0.2, 0.4]) == pytest.approx(0.428571, abs=1e-6)
    assert garbe([0.1, 0.1], [0.0, 0.3], alpha=0.25) == 0.75


@pytest.mark.row("EQV-06")
def test_a_denominator_of_zero_is_undefined_and_neither_fair_nor_zero():
    assert inequity([0.0, 0.2]) is None
    assert max_by_geometric_mean([0.0, 0.2]) is None
    assert gini([0.0, 0.0]) is None
    assert garbe([0.0, 0.0], [0.1, 0.2]) is None
    assert garbe([0.1, 0.2], [0.0, 0.0]) is None


@pytest.mark.parametrize("rates", [[], [0.5], [0.5, 1.5], [-0.1, 0.2]])
def test_one_group_or_what_is_no_rate_is_refused(rates: list[float]):
    with pytest.raises(GroupsError, match=r"expected at least two rates in \[0, 1\]"):
        inequity(rates)


@given(RATES)
def test_measures_do_not_depend_on_the_order_of_groups_and_equal_rates_are_equal(rates: list[float]):
    turned = list(reversed(rates))
    assert inequity(rates) == inequity(turned)
    assert gini(rates) == pytest.approx(gini(turned))
    same = [rates[0]] * len(rates)
    assert inequity(same) == 1
    assert max_by_geometric_mean(same) == pytest.approx(1)
    assert gini(same) == pytest.approx(0)


@given(RATES)
def test_the_largest_by_the_mean_is_never_more_than_by_the_smallest(rates: list[float]):
    ratio, mean, spread = inequity(rates), max_by_geometric_mean(rates), gini(rates)
    assert ratio is not None
    assert mean is not None
    assert spread is not None
    assert 1 - 1e-9 <= mean <= ratio + 1e-9
    assert -1e-9 <= spread <= 1 + 1e-9


@pytest.mark.row("EQV-05")
def test_a_group_is_too_small_by_people_and_not_by_searches():
    # A thousand searches of one person show nothing; the bound of a thousand people without an error is 0.003.
    one = group_rate([False] * 1000, ["a"] * 1000)
    thousand = group_rate([False] * 1000, [str(number) for number in range(1000)])
    assert one.too_small(0.5)
    assert not thousand.too_small(0.003)
    assert thousand.too_small(0.0029)


def test_a_group_without_a_search_has_no_rate():
    none = group_rate([], [])
    assert (none.value, none.low, none.high, none.smallest_shown) == (None, None, None, 1.0)


def test_a_table_counts_mated_searches_for_fnir_and_all_for_fpir_and_the_unlabelled_beside():
    searches = [
        searched("a"), searched("a"), searched("b", mated=False), searched("c", "M", failed=True),
        searched("d", "unknown"),
    ]  # fmt: skip
    table = group_table(searches, ["sex"], "strict", [True, False, True, True, True], [False, True, True, False, True])
    women, men = table.groups
    assert (women.name, women.fnir.count, women.fnir.trials, women.fnir.subjects) == ("F", 1, 2, 1)
    assert (women.fpir.count, women.fpir.trials, women.fpir.subjects) == (2, 3, 2)
    assert (men.fnir.value, men.fpir.value, men.failures_to_acquire.value) == (1, 0, 1)
    assert table.unlabelled == 1
    fnir, fpir = table.differences
    assert (fnir.inequity, fpir.inequity) == (2, None)
    assert "no error" in fpir.undefined
    assert fnir.gini == pytest.approx(1 / 3)
    assert table.garbe == pytest.approx((1 / 3 + 1) / 2)


@pytest.mark.row("EQV-08")
def test_products_of_attributes_are_groups_of_their_own():
    assert ("sex", "ethnicity") in attributes()
    assert ("sex", "age", "ethnicity") in attributes()
    searches = [searched("a"), searched("b", "M"), searched("c", "M", "60 and over")]
    table = group_table(searches, ["sex", "age"], "strict", [False] * 3, [False] * 3)
    assert [group.name for group in table.groups] == ["F × 18-29", "M × 18-29", "M × 60 and over"]
    assert table.garbe is None


@pytest.mark.row("EQV-06")
def test_a_difference_names_groups_that_were_not_searched():
    some, none = group_rate([True, False], ["a", "b"]), group_rate([], [])
    assert "fewer than two groups" in difference("FNIR", [some, none]).undefined
    told = difference("FNIR", [some, some, none])
    assert (told.inequity, told.undefined) == (1, "no search of a group")
