import numpy as np
import pytest

from countersign.evaluation.measurement import UndefinedRateError, rate
from countersign.evaluation.verification import fmr, fnmr

SCORES = np.array([3, 5, 7, 9], dtype=np.int32)


def test_equality_is_accepted_on_both_sides() -> None:
    assert fmr(SCORES, threshold=5).count == 3
    assert fnmr(SCORES, threshold=5).count == 1


def test_a_failure_to_acquire_is_a_false_non_match() -> None:
    found = fnmr(SCORES, threshold=5, failures_to_acquire=4)
    assert (found.count, found.trials) == (5, 8)


def test_raising_the_threshold_never_raises_fmr_nor_lowers_fnmr() -> None:
    thresholds = range(1, 12)
    accepted = [fmr(SCORES, threshold=at).value for at in thresholds]
    refused = [fnmr(SCORES, threshold=at).value for at in thresholds]
    assert accepted == sorted(accepted, reverse=True)
    assert refused == sorted(refused)


def test_a_rate_of_nothing_is_undefined_and_names_itself() -> None:
    with pytest.raises(UndefinedRateError, match="for FMR, got 0: the rate is undefined, not 0"):
        fmr(SCORES[:0], threshold=1)
    with pytest.raises(UndefinedRateError):
        rate(0, -1, name="x")
