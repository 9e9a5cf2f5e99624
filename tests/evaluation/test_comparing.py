"""Two networks on the same searches: a difference is shown only where its paired interval leaves 0 out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.evaluation.comparing import UnpairedError, compare_pairs, compare_searches, verdict
from countersign.evaluation.intervals import paired_difference_interval
from countersign.evaluation.one_to_one import Compared
from countersign.evaluation.pairs import Pair
from countersign.evaluation.resampling import Estimate
from countersign.evaluation.searches import NEVER, Searched


def searched(subject: str, rank: int, *, score: float = 5, stranger: float = 1, mated: bool = True) -> Searched:
    return Searched(
        subject=subject,
        labels={},
        strata={},
        quality=1.0,
        mated=mated,
        rank=rank if mated else 0,
        score=score if mated else NEVER,
        stranger=stranger,
        listed={},
        strangers={},
    )


def pair(who: str, score: float, *, mated: bool) -> Compared:
    files = Pair(first=Path(who, "1"), second=Path(who, "2"), subjects=(who, who if mated else "x"), mated=mated)
    return Compared(pair=files, score=score, quality=1.0)


def test_a_network_that_finds_everybody_beside_one_that_finds_half_is_better_in_the_worked_example():
    first = [searched(str(at), 1 + at % 2 * 20) for at in range(40)]
    second = [searched(str(at), 1) for at in range(40)]
    done = compare_searches("seven single", first, second, 613)
    one, ten, fifty = done.rates[:3]

    assert (done.protocol, done.gallery_subjects, done.trials, done.mated, done.people) == (
        "seven single",
        613,
        40,
        40,
        40,
    )
    assert (one.rate, one.first, one.second, one.difference.value) == ("rank 1", 0.5, 1.0, 0.5)
    assert (one.verdict, ten.verdict, fifty.verdict) == ("better", "better", "not told apart")
    assert compare_searches("seven single", second, first, 613).rates[0].verdict == "worse"


def test_fewer_misses_at_a_threshold_are_better_and_each_network_gets_its_own_threshold():
    # B's scores are in another unit, ten times A's: only the order within a network counts.
    first = [searched(str(at), 1, score=0.5 if at % 2 else 5) for at in range(40)]
    second = [searched(str(at), 1, score=50, stranger=10) for at in range(40)]
    tenth = compare_searches("x", first, second, 9).rates[3]

    assert (tenth.rate, tenth.first, tenth.second, tenth.verdict) == ("FNIR at FPIR 0.1", 0.5, 0.0, "better")
    assert tenth.difference.value == -0.5


def test_one_better_search_of_a_few_people_shows_no_difference():
    first = [searched(who, 1 if who != "a" else 2) for who in "abcde"]
    done = compare_searches("x", first, [searched(who, 1) for who in "abcde"], 9)

    assert done.rates[0].difference.value == pytest.approx(0.2)
    assert done.rates[0].verdict == "not told apart"


def test_the_interval_of_a_share_agrees_with_the_paired_bootstrap_of_plain_means():
    rng = np.random.default_rng(4)
    names = [str(at % 12) for at in range(60)]
    one, two = rng.integers(1, 3, (2, 60)).tolist()
    done = compare_searches(
        "x",
        [searched(who, rank) for who, rank in zip(names, one, strict=True)],
        [searched(who, rank) for who, rank in zip(names, two, strict=True)],
        9,
    )
    found_first = [[[float(rank == 1) for rank in part[who::12]] for who in range(12)] for part in (one, two)]
    low, high = paired_difference_interval(found_first[1], found_first[0], rng)

    found = done.rates[0].difference
    assert found.low == pytest.approx(low, abs=0.05)
    assert found.high == pytest.approx(high, abs=0.05)


def test_nobody_mated_leaves_every_rate_undefined():
    nobody = [searched("a", 0, mated=False), searched("b", 0, mated=False)]
    done = compare_searches("x", nobody, nobody, 9)

    assert {(rate.first, rate.second, rate.difference.value, rate.verdict) for rate in done.rates} == {
        (None, None, None, "not told apart")
    }


def test_pairs_are_compared_at_the_threshold_of_each_network():
    first = [pair(f"m{at}", 5 if at % 2 else 1, mated=True) for at in range(40)]
    second = [replace(one, score=50) for one in first]
    strangers = [pair(f"n{at}", 2, mated=False) for at in range(40)]
    done = compare_pairs([*first, *strangers], [*second, *strangers])

    assert (done.protocol, done.gallery_subjects, done.trials, done.mated, done.people) == ("pairs", 0, 80, 40, 81)
    assert [(rate.rate, rate.first, rate.second, rate.verdict) for rate in done.rates] == [
        ("FNMR at FMR 0.1", 0.5, 0.0, "better"),
        ("FNMR at FMR 0.01", 0.5, 0.0, "better"),
    ]


def test_pairs_of_one_kind_only_leave_the_rates_undefined():
    mates = [pair("a", 1, mated=True)]
    assert {rate.first for rate in compare_pairs(mates, mates).rates} == {None}


@pytest.mark.parametrize("second", [[], [searched("b", 1)], [searched("a", 1, mated=False)]])
def test_other_searches_are_refused(second: list[Searched]):
    with pytest.raises(UnpairedError, match="expected the same searches or pairs twice"):
        compare_searches("x", [searched("a", 1)], second, 9)


def test_no_searches_and_other_pairs_are_refused():
    with pytest.raises(UnpairedError):
        compare_searches("x", [], [], 9)
    with pytest.raises(UnpairedError):
        compare_pairs([pair("a", 1, mated=True)], [pair("b", 1, mated=True)])


@given(low=st.floats(-1, 1), width=st.floats(0, 1), more=st.booleans())
def test_an_interval_that_touches_0_shows_nothing_and_turning_it_round_turns_the_verdict(
    low: float, width: float, *, more: bool
):
    def told(low: float, high: float) -> str:
        return verdict(Estimate(value=low, low=low, high=high, searches=9, subjects=3), more=more)

    turned = {"better": "worse", "worse": "better", "not told apart": "not told apart"}
    high = low + width
    assert told(-high, -low) == turned[told(low, high)]
    assert (told(low, high) == "not told apart") == (low <= 0 <= high)
