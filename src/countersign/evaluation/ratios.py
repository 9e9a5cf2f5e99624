"""Likelihood ratios from comparison scores: fitted, bounded, and judged on people whom they were not fitted on.

A ratio says how much more probable a score is when both show one person than when the reference is of somebody else of
the population that the others were drawn from. It is fitted by logistic regression, for each band of quality by itself,
and never goes beyond the empirical bounds (ELUB) that so many comparisons bear. Every figure of merit comes from people
who were left out of the fit. Each stranger counts once in a band, so that a thousand comparisons of few people do not
pass for a thousand people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid
from countersign.evaluation.score_table import ScoreTable
from countersign.evaluation.tail import Scores

FEWEST = 5
"""People of whom there must be a mated comparison, and strangers, in a band of quality."""
FOLDS = 10
DRAWS = 500
_POINTS = 61

Flags = NDArray[np.bool_]


class RatioError(Invalid):
    """Comparisons from which no likelihood ratio can be fitted."""

    code = "evaluation_ratio"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparisons:
    """Scores of one probe with one subject each.

    Attributes:
        score: S / Σw, shape (n,); high is more alike.
        same: Both show one person, shape (n,).
        person: Number of the person whom it counts for, shape (n,): the probe's, or the stranger's.
        quality: Best unified quality of the probe's stills, shape (n,).
    """

    score: Scores
    same: Flags
    person: NDArray[np.intp]
    quality: Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioPoint:
    """One point of a curve of a band: what it is, by figure."""

    x: float
    first: float
    second: float
    third: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioBand:
    """Ratios of one band of quality: log10 of the ratio = ``slope`` · score + ``intercept``, between the bounds.

    Attributes:
        quality_from: Lower end of the band, which belongs to it.
        quality_to: Upper end, which does not.
        log10_low: Lowest log10 that may be stated (ELUB); 0 or less.
        log10_high: Highest; 0 or more.
        cllr: Cost of the ratios of people who were left out of the fit, in bits; 0 is perfect, 1 says nothing. With the
            ends of its 95 % interval over people and strangers.
        cllr_min: Of it, what no calibration could mend.
        cllr_cal: The rest.
        tippett: Share of mated (``first``) and other comparisons (``second``) with a log10 of at least ``x``.
        ece: Empirical cross-entropy by log10 of the prior odds ``x``: of the ratios, after the best calibration, and of
            a method that says nothing.
        calibration: log10 of the ratio (``x``) and of the best calibrated one (``first``).
    """

    quality_from: float
    quality_to: float
    people: int
    mated: int
    strangers: int
    slope: float
    intercept: float
    log10_low: float
    log10_high: float
    cllr: float
    cllr_low: float
    cllr_high: float
    cllr_min: float
    cllr_cal: float
    tippett: tuple[RatioPoint, ...]
    ece: tuple[RatioPoint, ...]
    calibration: tuple[RatioPoint, ...]


def comparisons(table: ScoreTable, *, seed: int = 0) -> Comparisons:
    """Take each mate once, and each stranger once, with a search that is drawn for it.

    Args:
        table: Searches; those without a template give no comparison.
        seed: Of the draw.
    """
    tried = np.flatnonzero(~table.failed)
    quality = np.array([max((one.unified for one in stills), default=0.0) for stills in table.probes])
    _, who = np.unique(np.array(table.people), return_inverse=True)
    mated = tried[np.isfinite(table.mate[tried])]
    drawn = np.random.default_rng(seed).permutation(np.resize(tried, table.others.shape[1]))
    strangers = np.arange(table.others.shape[1])
    return Comparisons(
        score=np.concatenate([table.mate[mated], table.others[drawn, strangers]]),
        same=np.concatenate([np.ones(len(mated), np.bool_), np.zeros(len(strangers), np.bool_)]),
        person=np.concatenate([who[mated], who.max(initial=0) + 1 + strangers]),
        quality=np.concatenate([quality[mated], quality[drawn]]),
    )


def fit_ratios(given: Comparisons, ends: Sequence[float], *, seed: int = 0) -> tuple[RatioBand, ...]:
    """Fit ratios for each band of quality.

    Args:
        given: All comparisons.
        ends: Qualities in (0, 1) at which a new band begins, rising.
        seed: Of the folds and of the draws of people.

    Raises:
        RatioError: A band has too few people or strangers.
    """
    edges = [0.0, *ends, 1.0 + 1e-9]
    return tuple(_band(given, low, high, seed) for low, high in pairwise(edges))


def _band(given: Comparisons, low: float, high: float, seed: int) -> RatioBand:
    here = (given.quality >= low) & (given.quality < high)
    score, same, person = given.score[here], given.same[here], given.person[here]
    people, strangers = len(np.unique(person[same])), int((~same).sum())
    if min(people, strangers) < FEWEST:
        raise RatioError(
            f"expected at least {FEWEST} people and strangers with a quality from {low:g} to {high:.2g}, "
            f"got {people} and {strangers}"
        )
    slope, intercept = fit_line(score, same)
    held_out = _held_out(score, same, person, seed)
    log10_low, log10_high = bounds(held_out, same)
    stated = np.clip(held_out, log10_low, log10_high)
    cllr, least = _costs(stated, same)
    best, ends = _best(stated, same), _interval(stated, same, person, cllr, seed)
    return RatioBand(
        quality_from=low,
        quality_to=high,
        people=people,
        mated=int(same.sum()),
        strangers=strangers,
        slope=slope,
        intercept=intercept,
        log10_low=log10_low,
        log10_high=log10_high,
        cllr=cllr,
        cllr_low=ends[0],
        cllr_high=ends[1],
        cllr_min=least,
        cllr_cal=cllr - least,
        tippett=_tippett(stated, same),
        ece=_ece(stated, best, same),
        calibration=tuple(
            RatioPoint(x=float(x), first=float(y), second=0.0)
            for x, y in sorted(set(zip(np.round(stated, 4), np.round(best, 4), strict=True)))
        ),
    )


def fit_line(score: Scores, same: Flags) -> tuple[float, float]:
    """Give slope and intercept of log10 of the ratio by score.

    Source:
        Logistic regression with both kinds of comparison weighing the same, `lir`'s ``LogitCalibrator``.
    """
    from lir.algorithms.logistic_regression import LogitCalibrator  # noqa: PLC0415  part of an extra, and slow to load

    middle, spread = float(score[~same].mean()), max(float(score[~same].std()), 1e-9)
    fitted = LogitCalibrator().fit((score - middle) / spread, same.astype(int))
    at_zero, at_one = (float(one) for one in fitted.transform(np.array([0.0, 1.0])))
    slope = (at_one - at_zero) / spread
    return slope, at_zero - slope * middle


def bounds(log10: Scores, same: Flags) -> tuple[float, float]:
    """Give the lowest and the highest log10 of a ratio that these comparisons bear (ELUB).

    Source:
        Vergeer et al. 2016, Science and Justice 56, as in `lir`.
    """
    from lir.algorithms.bayeserror import elub  # noqa: PLC0415  part of an extra, and slow to load

    low, high = elub(log10.copy(), same.astype(int))
    return float(low), float(high)


def _held_out(score: Scores, same: Flags, person: NDArray[np.intp], seed: int) -> Scores:
    """Give log10 of the ratio of each comparison, fitted without the people of its fold."""
    rng = np.random.default_rng(seed)
    fold = np.zeros(len(score), dtype=np.intp)
    for kind in (same, ~same):  # each fold has its share of mates and of strangers
        names, who = np.unique(person[kind], return_inverse=True)
        fold[kind] = rng.permutation(len(names))[who] % min(FOLDS, len(np.unique(person[same])))
    found = np.empty(len(score))
    for one in np.unique(fold):
        left = fold == one
        slope, intercept = fit_line(score[~left], same[~left])
        found[left] = slope * score[left] + intercept
    return found


def cost(log10: Scores, same: Flags, weights: Scores | None = None) -> float:
    """Give Cllr in bits: 0 is perfect, 1 says nothing; more misleads.

    Source:
        Brümmer and du Preez 2006.
    """
    times = np.ones(len(log10)) if weights is None else weights
    bits = np.logaddexp(0, np.where(same, -log10, log10) * np.log(10)) / np.log(2)
    return float((_mean(bits[same], times[same]) + _mean(bits[~same], times[~same])) / 2)


def _mean(values: Scores, weights: Scores) -> float:
    total = weights.sum()
    return float(values @ weights / total) if total else float("nan")


def _costs(log10: Scores, same: Flags) -> tuple[float, float]:
    from lir.data.models import LLRData  # noqa: PLC0415  part of an extra, and slow to load
    from lir.metrics import cllr, cllr_min  # noqa: PLC0415

    data = LLRData(features=log10.reshape(-1, 1), labels=same.astype(int))
    return float(cllr(data)), float(cllr_min(data))


def _best(log10: Scores, same: Flags) -> Scores:
    """Give log10 after the best calibration that keeps the order (pool adjacent violators), kept finite."""
    from lir.algorithms.isotonic_regression import IsotonicCalibrator  # noqa: PLC0415  part of an extra

    best: Scores = IsotonicCalibrator().fit_transform(log10, same.astype(int))
    return np.clip(best, -9, 9)


def _interval(log10: Scores, same: Flags, person: NDArray[np.intp], value: float, seed: int) -> tuple[float, float]:
    """Give the interval of Cllr: people and strangers are drawn again."""
    names, who = np.unique(person, return_inverse=True)
    is_same = np.zeros(len(names), dtype=np.bool_)
    is_same[who] = same
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(DRAWS):
        times = np.zeros(len(names))
        for kind in (np.flatnonzero(is_same), np.flatnonzero(~is_same)):
            np.add.at(times, rng.choice(kind, len(kind)), 1)
        drawn.append(cost(log10, same, times[who]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return min(float(low), value), max(float(high), value)


def _tippett(log10: Scores, same: Flags) -> tuple[RatioPoint, ...]:
    at = np.linspace(float(log10.min()), float(log10.max()), _POINTS)
    return tuple(
        RatioPoint(x=float(x), first=float((log10[same] >= x).mean()), second=float((log10[~same] >= x).mean()))
        for x in at
    )


def _ece(log10: Scores, best: Scores, same: Flags) -> tuple[RatioPoint, ...]:
    """Give the empirical cross-entropy by prior odds.

    Source:
        Ramos et al. 2013, Journal of Forensic Sciences 58; at prior odds of 1 it is Cllr.
    """

    def entropy(of: Scores, prior: float) -> float:
        share = 10**prior / (1 + 10**prior)
        bits = np.logaddexp(0, np.where(same, -of - prior, of + prior) * np.log(10)) / np.log(2)
        return float(share * bits[same].mean() + (1 - share) * bits[~same].mean())

    nothing = np.zeros(len(log10))
    return tuple(
        RatioPoint(
            x=float(prior), first=entropy(log10, prior), second=entropy(best, prior), third=entropy(nothing, prior)
        )
        for prior in np.linspace(-2.5, 2.5, 41)
    )
