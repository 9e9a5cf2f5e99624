import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from countersign.primitives.ids import SubjectId
from countersign.search import resemblance
from countersign.search.resemblance import DoubtKind, UngroupedRowsError, doubts


def named(names: str) -> list[SubjectId]:
    return [SubjectId(name) for name in names]


def rows(*given: tuple[int, ...]) -> NDArray[np.int8]:
    return np.array(given, dtype=np.int8)


def told(
    codes: NDArray[np.int8], names: str, *, alike: int = 80, unlike: int = 40
) -> list[tuple[str, int, int | None]]:
    return [(str(one.kind), one.row, one.other) for one in doubts(codes, named(names), alike=alike, unlike=unlike)]


def test_two_subjects_who_are_alike_are_told_once_by_their_best_pair():
    codes = rows((9, 0), (9, 1), (10, 0), (0, 9))

    assert told(codes, "aabc") == [("duplicate", 0, 2)]
    assert doubts(codes, named("aabc"), alike=80, unlike=40)[0].score == 90


def test_equality_is_alike_and_one_less_is_not():
    codes = rows((9, 0), (9, 0))

    assert told(codes, "ab", alike=81) == [("duplicate", 0, 1)]
    assert told(codes, "ab", alike=82) == []


def test_a_swapped_picture_is_told_once_and_makes_no_duplicate():
    codes = rows((9, 0, 0), (9, 1, 0), (0, 9, 1), (0, 9, 0))

    assert told(codes, "aaab") == [("swapped", 2, 3)]


def test_a_picture_unlike_its_own_and_like_nobody_is_told_last():
    codes = rows((9, 0, 0, 0), (0, 0, 9, 0), (0, 9, 0, 0), (0, 9, 0, 1))

    # Of two pictures that differ neither is known to be the right one.
    assert told(codes, "aabc") == [("duplicate", 2, 3), ("unlike_own", 0, None), ("unlike_own", 1, None)]
    assert told(codes, "aabc", unlike=0) == [("duplicate", 2, 3)]


def test_the_only_picture_of_a_subject_is_never_unlike_its_own():
    assert told(rows((9, 0), (0, 9)), "ab") == []


def test_what_is_furthest_from_right_comes_first():
    codes = rows((9, 0, 0, 0), (9, 0, 0, 1), (0, 9, 0, 0), (0, 11, 0, 0))

    assert told(codes, "abcd") == [("duplicate", 2, 3), ("duplicate", 0, 1)]


def test_an_empty_gallery_has_no_doubts():
    assert doubts(np.empty((0, 0), dtype=np.int8), [], alike=80, unlike=40) == ()


@pytest.mark.parametrize("names", ["aba", "ab"])
def test_rows_that_do_not_lie_together_are_refused(names: str):
    with pytest.raises(UngroupedRowsError, match="rows with each subject's together"):
        doubts(np.zeros((3, 2), dtype=np.int8), named(names), alike=80, unlike=40)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 4), min_size=1, max_size=8), st.integers(1, 5))
def test_it_says_what_a_comparison_pair_by_pair_says(seed: int, views: list[int], block: int):
    codes = np.random.default_rng(seed).integers(-9, 10, (sum(views), 6)).astype(np.int8)
    names = [SubjectId(f"s{place}") for place, count in enumerate(views) for _ in range(count)]
    alike, unlike = 150, 60
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resemblance, "_MOST_ROWS", block)
        found = doubts(codes, names, alike=alike, unlike=unlike)

    scores = codes.astype(int) @ codes.astype(int).T
    own = [[int(scores[a, b]) for b in range(len(names)) if b != a and names[b] == names[a]] for a in range(len(names))]
    best = [
        max((int(scores[a, b]) for b in range(len(names)) if names[b] != names[a]), default=-(10**9))
        for a in range(len(names))
    ]
    astray = {row for row, mine in enumerate(own) if mine and max(mine) < unlike}
    swapped = {row for row in astray if best[row] >= alike}
    kinds = {kind: {one.row for one in found if one.kind is kind} for kind in DoubtKind}

    assert kinds[DoubtKind.SWAPPED] == swapped
    assert kinds[DoubtKind.UNLIKE_OWN] == astray - swapped
    assert kinds[DoubtKind.DUPLICATE] <= {row for row, score in enumerate(best) if score >= alike} - astray
    pairs = [
        frozenset((names[one.row], names[one.other]))
        for one in found
        if one.other is not None and one.kind is DoubtKind.DUPLICATE
    ]
    assert len(pairs) == len(set(pairs))
    assert all(one.score == scores[one.row, one.other] for one in found if one.other is not None)
