from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import det_curve

from countersign.evaluation.one_to_one import Compared, OneToOne, compare_all, one_to_one
from countersign.evaluation.pairs import Pair, PairsError
from countersign.evaluation.searches import NEVER, read_templates
from tests.evaluation.pictured import Pictures


def compared(number: int, score: float, *, mated: bool, quality: float = 1.0) -> Compared:
    pair = Pair(first=Path(f"{number}a"), second=Path(f"{number}b"), subjects=(str(number), "x"), mated=mated)
    return Compared(pair=pair, score=score, quality=quality)


def measured(mates: list[float], strangers: list[float]) -> OneToOne:
    pairs = [compared(at, score, mated=True, quality=at / 10) for at, score in enumerate(mates)]
    return one_to_one([*pairs, *(compared(50 + at, score, mated=False) for at, score in enumerate(strangers))], ())


def test_pairs_by_hand():
    done = measured([NEVER, 5, 7, 9], [8, 3, 2, 1, 1, 1, 1, 1, 1, 1])
    tenth, hundredth, _ = done.points
    # One of ten strangers may be accepted: T lies just above 3, and only the mated pair without a template fails.
    assert (tenth.fmr.value, tenth.fnmr.value) == (0.1, 0.25)
    assert 3 < tenth.threshold < 3.0001
    # Nobody may be: T lies above 8.
    assert (hundredth.fmr.value, hundredth.fnmr.value) == (0, 0.75)
    assert (done.mated, done.non_mated, done.failures_to_acquire.count, done.people) == (4, 10, 1, 15)
    assert done.best == pytest.approx(12 / 14)  # at 5: the one without a template and the stranger with 8
    assert [(point.x, point.y.value) for point in done.discard] == [
        (0, 0.75), (0.2, 0.75), (0.4, 2 / 3), (0.6, 0.5),
    ]  # fmt: skip


def test_the_trade_off_agrees_with_scikit_learn():
    rng = np.random.default_rng(2)
    mates, strangers = rng.normal(2, 1, 40).tolist(), rng.normal(0, 1, 40).tolist()
    ours = {(point.x, point.y.value) for point in measured(mates, strangers).det}
    fmr, fnmr, _ = det_curve([1] * 40 + [0] * 40, mates + strangers)
    assert {(float(x), float(y)) for x, y in zip(fmr, fnmr, strict=True)} <= ours


def test_scores_are_exact_dot_products_and_a_pair_without_a_face_scores_never():
    made = Pictures()
    one, other, none = made.add("a", (3, -4), unified=0.7), made.add("a", (2, 1), unified=0.4), made.add("b", None)
    pairs = [
        Pair(first=one.path, second=other.path, subjects=("a", "a"), mated=True),
        Pair(first=one.path, second=none.path, subjects=("a", "b"), mated=False),
    ]
    scores = compare_all(pairs, read_templates(made.read, [one, other, none]))
    assert [(given.score, given.quality) for given in scores] == [(2, 0.4), (NEVER, -1)]
    done = one_to_one(scores, ())
    assert done.points[0].fmr.value == 0


def test_pairs_of_one_kind_only_are_refused():
    with pytest.raises(PairsError, match="expected mated and non-mated pairs, got 1 mated of 1"):
        one_to_one([compared(1, 5, mated=True)], ())
    with pytest.raises(PairsError, match="got 0 mated of 1"):
        one_to_one([compared(1, 5, mated=False)], ())


def test_pairs_of_which_none_could_be_compared_are_counted_and_not_a_crash():
    done = measured([NEVER], [NEVER])
    assert (done.failures_to_acquire.value, done.det, done.best) == (1, (), 0.5)
    assert done.points[0].fnmr.value == 1
