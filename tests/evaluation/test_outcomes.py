import numpy as np
import pytest
from sklearn.metrics import det_curve, top_k_accuracy_score

from countersign.evaluation.outcomes import Outcomes, det, discard
from countersign.evaluation.searches import NEVER, Searched


def outcome(subject: str, score: float, stranger: float, *, rank: int = 1, quality: float | None = 1.0) -> Searched:
    return Searched(
        subject=subject,
        labels={},
        strata={},
        quality=quality,
        mated=score > NEVER or quality is None,
        rank=rank,
        score=score,
        stranger=stranger,
        listed={},
        strangers={},
    )


def test_the_trade_off_agrees_with_scikit_learn():
    rng = np.random.default_rng(5)
    mates, strangers = rng.normal(2, 1, 60).round(1), rng.normal(0, 1, 60).round(1)
    outcomes = Outcomes([outcome(str(at), *pair) for at, pair in enumerate(zip(mates, strangers, strict=True))])
    ours = {point.x: point.y.value for point in det(outcomes)}
    fpr, fnr, _ = det_curve(np.repeat([1, 0], 60), np.concatenate([mates, strangers]))
    for fpir, fnir in zip(fpr, fnr, strict=True):
        if fpir in ours and fpir > 0:  # theirs has several thresholds at one FPIR; ours is the highest of them
            assert ours[fpir] >= fnir
    at_ours = {fpir: max(fnr[fpr == fpir]) for fpir in set(fpr)}
    assert all(ours[fpir] == pytest.approx(fnir) for fpir, fnir in at_ours.items() if fpir > 0)
    assert min(ours) == 0


def test_ranks_agree_with_scikit_learn():
    rng = np.random.default_rng(6)
    scores = rng.normal(0, 1, (80, 30))
    truth = rng.integers(0, 30, 80)
    ranks = [1 + int((row > row[own]).sum()) for row, own in zip(scores, truth, strict=True)]
    outcomes = Outcomes([outcome(str(at), 1, 0, rank=rank) for at, rank in enumerate(ranks)])
    for places in (1, 5, 10, 29):
        ours = outcomes.people.share(outcomes.within(places), outcomes.mated).value
        assert ours == pytest.approx(top_k_accuracy_score(truth, scores, k=places, labels=range(30)))


def test_leaving_the_worst_out_counts_who_is_left_and_keeps_equal_qualities_together():
    outcomes = Outcomes(
        [
            outcome("a", 1, 0, rank=1, quality=0.9), outcome("b", 1, 0, rank=1, quality=0.8),
            outcome("c", 1, 0, rank=2, quality=0.5), outcome("d", 1, 0, rank=2, quality=0.5),
            outcome("e", NEVER, NEVER, rank=0, quality=None),
        ]
    )  # fmt: skip
    shares = discard(outcomes, outcomes.within(1))
    assert [(point.x, point.y.searches, point.y.value) for point in shares] == [
        (0, 5, 0.4), (0.2, 4, 0.5), (0.4, 4, 0.5), (0.6, 2, 1),
    ]  # fmt: skip


def test_nobody_mated_leaves_rates_undefined_and_no_discard():
    nobody = Outcomes([outcome("a", NEVER, 3, rank=0), outcome("b", NEVER, 4, rank=0)])
    assert discard(nobody, nobody.within(1)) == ()
    assert nobody.fnir_at(0.1).value is None
