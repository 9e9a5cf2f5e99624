"""One-to-one rates at a threshold."""

import numpy as np

from countersign.evaluation.measurement import Rate, rate
from countersign.primitives.arrays import Scores


def fmr(non_mated_scores: Scores, *, threshold: int) -> Rate:
    """Give the false match rate: non-mated comparisons that score the threshold or more. Low is good.

    Args:
        non_mated_scores: Scores of pairs of different people, shape (n,); higher is more alike.
        threshold: Lowest score that is accepted.

    Raises:
        UndefinedRateError: There is no comparison.

    Source:
        ISO/IEC 19795-1:2021, false match rate.

    Example:
        >>> fmr(np.array([5, 7, 3, 1], dtype=np.int32), threshold=5).value
        0.5
    """
    return rate(int((non_mated_scores >= threshold).sum()), len(non_mated_scores), name="FMR")


def fnmr(mated_scores: Scores, *, threshold: int, failures_to_acquire: int = 0) -> Rate:
    """Give the false non-match rate: mated comparisons below the threshold, and those never made. Low is good.

    Args:
        mated_scores: Scores of pairs of one person, shape (n,); higher is more alike.
        threshold: Lowest score that is accepted.
        failures_to_acquire: Mated comparisons that could not be made for want of a template.

    Raises:
        UndefinedRateError: There is no comparison.

    Source:
        ISO/IEC 19795-1:2021, false non-match rate, with failures to acquire counted against the system.

    Example:
        >>> fnmr(np.array([5, 7, 3], dtype=np.int32), threshold=5, failures_to_acquire=1).value
        0.5
    """
    below = int(np.count_nonzero(mated_scores < threshold))
    return rate(below + failures_to_acquire, len(mated_scores) + failures_to_acquire, name="FNMR")
