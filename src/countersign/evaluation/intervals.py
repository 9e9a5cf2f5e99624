"""Intervals: how little a small measurement says."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from countersign.errors import Invalid

_STEPS = 50  # halvings of [0, 1]: as fine as a float near 1


class IntervalError(Invalid):
    """Counts or pairs of which there is no interval."""

    code = "interval"


def proportion_interval(count: int, trials: int, *, level: float = 0.95) -> tuple[float, float]:
    """Give the exact (Clopper-Pearson) interval of a proportion. It never promises more than its level.

    Args:
        count: How often it happened.
        trials: Out of how many.
        level: Share of such intervals that hold the true proportion, at least.

    Returns:
        Lower and upper end, in [0, 1].

    Raises:
        IntervalError: There is no trial, or the count is outside 0 … trials.

    Source:
        Clopper and Pearson 1934. With a count of 0 the upper end is 1 - 0.025^(1/n); at one-sided 95 % that is the
        rule of three, about 3/n (EQV-05).

    Example:
        >>> [round(end, 4) for end in proportion_interval(1, 10)]
        [0.0025, 0.445]
    """
    if trials < 1 or not 0 <= count <= trials:
        raise IntervalError(f"expected 0 <= count <= trials and a trial, got {count} of {trials}")
    tail = (1 - level) / 2
    low, high = 0.0, 1.0
    if count:
        fewer = _at_most(count - 1, trials)
        low = _solve(lambda share: 1 - fewer(share) < tail)
    if count < trials:
        at_most = _at_most(count, trials)
        high = _solve(lambda share: at_most(share) > tail)
    return low, high


def rule_of_three(trials: int) -> float:
    """Give the upper 95 % bound of a proportion of which no case was seen in so many trials.

    Raises:
        IntervalError: There is no trial.

    Source:
        EQV-05; 1 - 0.05^(1/n), which is about 3/n.

    Example:
        >>> round(rule_of_three(1000), 5)
        0.00299
    """
    if trials < 1:
        raise IntervalError(f"expected at least one trial, got {trials}")
    return float(1 - 0.05 ** (1 / trials))


def paired_difference_interval(
    one: Sequence[Sequence[float]],
    other: Sequence[Sequence[float]],
    rng: np.random.Generator,
    *,
    level: float = 0.95,
    draws: int = 2000,
) -> tuple[float, float]:
    """Give a bootstrap interval of mean(one) - mean(other), drawing whole subjects, because a subject's searches agree.

    Args:
        one: For each subject the results of its searches under one way of working.
        other: The same searches, in the same order, under the other way.
        rng: Source of chance; the same seed gives the same interval.
        level: Level of the percentile interval.
        draws: Number of drawn sets of subjects.

    Returns:
        Lower and upper end; a difference is shown when 0 lies outside.

    Raises:
        IntervalError: Subjects or searches are not paired, or there are none.
    """
    sizes = [len(results) for results in one]
    if sizes != [len(results) for results in other] or not sizes or min(sizes) < 1:
        raise IntervalError(
            f"expected the same searches of at least one subject, got {len(one)} and {len(other)} subjects"
        )
    differences = np.array([sum(a) - sum(b) for a, b in zip(one, other, strict=True)], dtype=np.float64)
    counts = np.array(sizes, dtype=np.float64)
    drawn = rng.integers(0, len(sizes), (draws, len(sizes)))
    means = differences[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _at_most(count: int, trials: int) -> Callable[[float], float]:
    """Give the binomial probability of at most ``count`` as a function of the share, by logarithms: no overflow."""
    cases = np.arange(count + 1)
    ways = math.lgamma(trials + 1) - np.array(
        [math.lgamma(k + 1) + math.lgamma(trials - k + 1) for k in range(count + 1)]
    )

    def probability(share: float) -> float:
        return float(np.exp(ways + cases * math.log(share) + (trials - cases) * math.log1p(-share)).sum())

    return probability


def _solve(left: Callable[[float], bool]) -> float:
    """Give the place in (0, 1) where ``left`` turns from true to false."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if left(middle) else (low, middle)
    return low
