import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.evaluation.intervals import IntervalError
from countersign.evaluation.resampling import People

SEARCHES = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans(), st.booleans()), min_size=1, max_size=20)


def test_a_share_counts_trials_only_and_names_its_people():
    people = People(["a", "a", "b", "c"])
    told = people.share(np.array([True, False, True, True]), np.array([True, True, True, False]))
    assert (told.value, told.searches, told.subjects) == (2 / 3, 3, 2)


def test_a_share_of_nothing_is_undefined_and_not_zero():
    told = People(["a"]).share(np.array([True]), np.array([False]))
    assert (told.value, told.low, told.high, told.searches) == (None, None, None, 0)


def test_no_error_among_few_people_gets_the_exact_interval_over_people():
    # Thirty searches of three people: the upper end is that of three, 1 - 0.025^(1/3), and not 0.
    told = People(["a", "b", "c"] * 10).share(np.zeros(30, dtype=np.bool_), np.ones(30, dtype=np.bool_))
    assert (told.value, told.low) == (0, 0)
    assert told.high == pytest.approx(0.7076, abs=1e-4)
    whole = People(["a", "b", "c"] * 10).share(np.ones(30, dtype=np.bool_), np.ones(30, dtype=np.bool_))
    assert whole.low == pytest.approx(1 - 0.7076, abs=1e-4)
    assert whole.high == 1


def test_searches_that_agree_within_people_give_a_wider_interval_than_searches_of_many():
    happened = np.repeat([True, False], 50)
    everyone = np.ones(100, dtype=np.bool_)
    few = People(np.repeat(["a", "b", "c", "d"], 25).tolist()).share(happened, everyone)
    many = People([str(number) for number in range(100)]).share(happened, everyone)
    assert few.low is not None
    assert many.low is not None
    assert few.low < many.low


@given(SEARCHES)
def test_the_interval_holds_the_value_and_the_same_seed_gives_it_again(searches: list[tuple[str, bool, bool]]):
    subjects, happened, counted = (list(part) for part in zip(*searches, strict=True))
    flags = np.array(happened, dtype=np.bool_), np.array(counted, dtype=np.bool_)
    told = People(subjects, seed=3, draws=200).share(*flags)
    assert told == People(subjects, seed=3, draws=200).share(*flags)
    if told.value is not None and told.low is not None and told.high is not None:
        assert 0 <= told.low <= told.high <= 1


def test_any_figure_is_drawn_by_person_and_undefined_draws_are_left_out():
    values = np.array([1.0, 2.0, 9.0])
    people = People(["a", "b", "c"], draws=50)
    told = people.any_figure(lambda places: float(values[places].mean()), np.ones(3, dtype=np.bool_))
    assert told.value == 4
    assert told.low is not None
    assert told.high is not None
    assert 1 <= told.low < 4 < told.high <= 9
    none = people.any_figure(lambda _: float("nan"), np.ones(3, dtype=np.bool_))
    assert (none.value, none.low) == (None, None)


def test_a_difference_that_nobody_showed_is_as_wide_as_they_are_few():
    people = People(["a", "b", "c"], draws=50)
    told = people.any_difference(lambda _: 0.0, np.ones(3, dtype=np.bool_))
    assert (told.value, told.searches, told.subjects) == (0, 3, 3)
    assert told.low == pytest.approx(-0.7076, abs=1e-4)
    assert told.high == pytest.approx(0.7076, abs=1e-4)
    whole = people.any_difference(lambda _: 1.0, np.ones(3, dtype=np.bool_))
    assert whole.low == pytest.approx(1 - 0.7076, abs=1e-4)
    assert whole.high == 1


def test_a_difference_of_pairs_is_drawn_by_person():
    values = np.array([0.0, 0.0, 1.0, -1.0, 1.0, 1.0])
    told = People(["a", "a", "b", "b", "c", "c"], draws=200).any_difference(
        lambda places: float(values[places].mean()), np.ones(6, dtype=np.bool_)
    )
    assert (told.value, told.low, told.high) == (1 / 3, 0, 1)


def test_an_undefined_difference_has_no_interval():
    told = People(["a"], draws=50).any_difference(lambda _: float("nan"), np.zeros(1, dtype=np.bool_))
    assert (told.value, told.low, told.high, told.subjects) == (None, None, None, 0)


def test_nobody_at_all_is_refused():
    with pytest.raises(IntervalError, match="expected at least one search, got none"):
        People([])
