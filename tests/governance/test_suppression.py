"""No small count can be worked out from what is published beside it (STA-02)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from countersign.governance.suppression import SMALL, bounds, rounded, suppressed

TABLES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), min_size=1)


@pytest.mark.row("STA-02")
@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ({"a": 0, "b": 12}, {"a": 0, "b": 10}, 10),
        ({"a": 3}, {"a": None}, None),
        ({"a": 1, "b": 7, "c": 20}, {"a": None, "b": None, "c": 20}, 30),
        ({"a": 4, "b": 4}, {"a": None, "b": None}, None),
        ({"a": 4, "b": 4, "c": 40}, {"a": None, "b": None, "c": 40}, 50),
    ],
)
def test_small_counts_are_left_out_with_company_and_others_rounded(
    counts: dict[str, int], cells: dict[str, int | None], total: int | None
):
    table = suppressed(counts)

    assert (table.cells, table.total) == (cells, total)


@pytest.mark.row("STA-02", "RET-09")
@given(TABLES)
@example({"a": 4, "b": 4})
@example({"a": 1, "b": 1, "c": 5})
def test_an_attack_by_differences_leaves_two_answers_at_least_for_every_small_count(counts: dict[str, int]):
    table = suppressed(counts)
    low, high = bounds(table.total)

    for name, count in counts.items():
        if count not in SMALL:
            continue
        assert table.cells[name] is None
        # All that a reader can do: take from the total what the others can have been.
        others = [
            (1, 4) if counts[other] in SMALL else bounds(cell) for other, cell in table.cells.items() if other != name
        ]
        least = max(1, low - sum(most for _, most in others))
        most = min(4, high - sum(least for least, _ in others))
        assert least < most
        assert least <= count <= most


@given(st.integers(0, 1000))
def test_what_is_published_bounds_the_truth(count: int):
    low, high = bounds(rounded(count)) if count not in SMALL else bounds(None)

    assert low <= count <= high
