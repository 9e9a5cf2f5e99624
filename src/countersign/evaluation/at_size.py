"""Error rates by the size of the gallery: measured as far as there are people, and beyond that extrapolated.

The searched-for people stay enrolled; the gallery grows by others. Up to the number of others that there are, a figure
is the mean over every choice of so many of them, exactly. Synthetic others (`evaluation.synthetic`) go further, as far
as their scores agree with real ones. Beyond, the others' number is binomial with the chance that the tail of all
searches' scores gives (`evaluation.tail`). Real collections hold relatives and look-alikes, so that true rates at a
large size tend to be worse.

A threshold of a pack stays as it is: with the size FPIR grows. One that is set for an FPIR is set anew at each size, as
a certification at that size would: FNIR grows instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from countersign.evaluation.intervals import proportion_interval
from countersign.evaluation.resampling import Estimate
from countersign.evaluation.score_table import Counts, Drawn, ScoreTable, Standardised, Strangers, Tailed, standardised
from countersign.evaluation.synthetic import Agreement
from countersign.evaluation.tail import Scores
from countersign.search.operating_point import OperatingPoint

RANKS = (1, 10, 20)
FPIRS = (0.1, 0.01)
LARGE = (100_000, 500_000, 20_000_000)
"""Sizes to which every figure is extrapolated: a region, a large force, a nation."""
DRAWS = 200
_STEPS = 128
_HEADROOM = 3.0  # thresholds at a large size lie above every score that was seen: by this many of their whole range
_ROUNDING = 1e-9

Rule = OperatingPoint | float | int
"""A pack's operating point; an FPIR for which the threshold is set anew at each size; or a rank without a threshold."""


class Basis(StrEnum):
    """What a figure rests on."""

    MEASURED = "measured"
    SYNTHETIC = "synthetic"
    EXTRAPOLATED = "extrapolated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SizePoint:
    """Rates at one size; ``fpir`` is None where there is no threshold, or one that was set for it."""

    n: int
    basis: Basis
    fnir: Estimate
    fpir: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeCurve:
    """One way of listing, at every size.

    Attributes:
        rule: ``strict``, ``investigation``, ``FPIR 0.01`` (threshold set anew at each size), ``rank 10`` …
        list_length: R; 0 where everybody above the threshold is listed.
    """

    rule: str
    list_length: int
    points: tuple[SizePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtSize:
    """Rates by size of one kind of search.

    Attributes:
        views: Which views of the searched-for people are enrolled.
        sets: All probes of a person make one search.
        searched_for: People who are enrolled in every gallery.
        others: People of whom there is one picture each.
        tail_power: How fast high scores become rare: 1 exponential, 2 normal; with the ends of its interval.
        agreement: Of synthetic strangers with real ones; None where none were drawn.
    """

    views: str
    sets: bool
    searches: int
    mated: int
    people: int
    failed: int
    searched_for: int
    others: int
    tail_power: float
    tail_power_low: float
    tail_power_high: float
    agreement: Agreement | None
    curves: tuple[SizeCurve, ...]


def name_of(rule: Rule) -> str:
    """Give the name of a rule.

    Example:
        >>> name_of(0.01), name_of(20)
        ('FPIR 0.01', 'rank 20')
    """
    if isinstance(rule, OperatingPoint):
        return rule.name
    return f"rank {rule}" if isinstance(rule, int) else f"FPIR {rule:g}"


def at_size(  # noqa: PLR0913  what is measured, and what is said of it
    table: ScoreTable,
    rules: Sequence[Rule],
    *,
    views: str,
    sets: bool,
    synthetic: Scores | None = None,
    agreement: Agreement | None = None,
    far: Sequence[int] = LARGE,
    seed: int = 0,
    draws: int = DRAWS,
) -> AtSize:
    """Give rates at sizes from a few people to the largest of ``far``.

    Args:
        table: Scores of every search with everybody.
        rules: Ways of listing.
        views: For the report.
        sets: For the report.
        synthetic: Scores of synthetic others, shape (n, s).
        agreement: Of synthetic with real others, for the report.
        far: Sizes to extrapolate to; the evaluated one is added, so that the tail is held against what was measured.
        seed: Of the draws of people; the same seed gives the same intervals.
        draws: How many.

    Raises:
        TailError: There are too few others to extrapolate from.
    """
    standard = standardised(table)
    drawn = _draws(table, standard, seed, draws)
    powers = np.array([one.strangers.tail.power for one in drawn])
    tail = standard.tailed()
    known, others = table.known.shape[1], table.others.shape[1]
    measured = Drawn(table.others)
    plans: list[tuple[Basis, Strangers, tuple[int, ...]]] = [(Basis.MEASURED, measured, sizes(known, table.enrolled))]
    if synthetic is not None:
        reach = known + synthetic.shape[1]
        plans.append((Basis.SYNTHETIC, Drawn(synthetic), sizes(table.enrolled, reach)))
    plans.append((Basis.EXTRAPOLATED, tail, (table.enrolled, *far)))
    return AtSize(
        views=views,
        sets=sets,
        searches=len(table.people),
        mated=int(table.mated.sum()),
        people=len(set(table.people)),
        failed=int(table.failed.sum()),
        searched_for=known,
        others=others,
        tail_power=tail.tail.power,
        tail_power_low=float(np.quantile(powers, 0.025)),
        tail_power_high=float(np.quantile(powers, 0.975)),
        agreement=agreement,
        curves=tuple(
            SizeCurve(
                rule=name_of(rule),
                list_length=_places(rule),
                points=tuple(
                    _point(table, rule, n, basis, strangers, drawn)
                    for basis, strangers, at in plans
                    for n in sorted(set(at))
                ),
            )
            for rule in rules
        ),
    )


def sizes(low: int, high: int, *, steps: int = 6) -> tuple[int, ...]:
    """Give sizes from above ``low`` to ``high``, each about as many times the one before.

    Example:
        >>> sizes(10, 640)
        (20, 40, 80, 160, 320, 640)
    """
    start = max(low, 1)
    return tuple(sorted({max(low, round(start * (high / start) ** (step / steps))) for step in range(1, steps + 1)}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Draw:
    """How often each search counts in one draw of people, and the tail that goes with it."""

    times: Scores
    strangers: Tailed


def _draws(table: ScoreTable, standard: Standardised, seed: int, draws: int) -> list[_Draw]:
    rng = np.random.default_rng(seed)
    names, who = np.unique(np.array(table.people), return_inverse=True)
    others = table.others.shape[1]
    made = []
    for _ in range(draws):
        people = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        strangers = np.bincount(rng.integers(0, others, others), minlength=others).astype(np.float64)
        times = people[who].astype(np.float64)
        made.append(_Draw(times=times, strangers=standard.tailed(times, strangers)))
    return made


def _point(
    table: ScoreTable, rule: Rule, n: int, basis: Basis, strangers: Strangers, drawn: Sequence[_Draw]
) -> SizePoint:
    """Give the rates at one size. A draw of people also draws the tail; other strangers stay who they are."""
    number = n - table.known.shape[1]
    missed, false = _rates(table, rule, number, strangers, np.ones(len(table.people)))
    found: list[tuple[float, float]] = []
    for one in drawn:
        of_draw = (missed, false)
        if basis is Basis.EXTRAPOLATED:
            of_draw = _rates(table, rule, number, one.strangers, one.times)
        found.append((_mean(of_draw[0], one.times * table.mated), _mean(of_draw[1], one.times)))
    miss, wrong = zip(*found, strict=True)
    everyone = np.ones(len(table.people), dtype=np.bool_)
    return SizePoint(
        n=n,
        basis=basis,
        fnir=_estimate(table, missed, table.mated, miss),
        fpir=_estimate(table, false, everyone, wrong) if isinstance(rule, OperatingPoint) else None,
    )


def _mean(values: Scores, weights: Scores) -> float:
    total = float(weights.sum())
    # What is left below the ninth place is rounding, and would be printed as a rate.
    return round(float(values @ weights) / total, 9) if total else float("nan")


def _estimate(table: ScoreTable, values: Scores, counted: NDArray[np.bool_], drawn: Sequence[float]) -> Estimate:
    people = len({person for person, counts in zip(table.people, counted, strict=True) if counts})
    value = _mean(values, counted.astype(np.float64))
    if not people:
        return Estimate(value=None, low=None, high=None, searches=0, subjects=0)
    low, high = (float(end) for end in np.nanquantile(np.array(drawn), [0.025, 0.975]))
    # People who nearly all agree cannot disagree in any draw: how few they are is said by the exact interval over them.
    if value * people < 1:
        low, high = min(low, value), max(high, proportion_interval(0, people)[1])
    elif (1 - value) * people < 1:
        low, high = min(low, proportion_interval(people, people)[0]), max(high, value)
    return Estimate(
        value=value, low=min(low, value), high=max(high, value), searches=int(counted.sum()), subjects=people
    )


def _rates(table: ScoreTable, rule: Rule, number: int, strangers: Strangers, times: Scores) -> tuple[Scores, Scores]:
    """Give of each search the chance that its mate is not listed, and that a stranger is; shapes (n,)."""
    one, of_mate, of_known = _thresholds(table, rule, number, strangers, times)
    compared = np.isfinite(table.mate)
    ahead = ((table.known >= table.mate[:, None]) & (table.known >= of_known)).sum(axis=1)
    kept = np.ones(len(times))
    if places := _places(rule):
        room: Counts = places - 1 - ahead
        kept = strangers.at_most(np.maximum(table.mate, one), number, room)
    missed = 1 - np.where(compared & (table.mate >= of_mate), kept, 0.0)
    known = np.isfinite(table.known) & (table.known >= of_known)
    nobody = np.where(known.any(axis=1), 0.0, strangers.none(np.array([one]), number)[:, 0])
    return missed, np.where(table.failed, 0.0, 1 - nobody)


def _set_anew(table: ScoreTable, share: float, number: int, strangers: Strangers, times: Scores) -> float:
    """Give the lowest threshold, nearly, at which at most this share of searches lists a stranger."""
    tops = np.where(np.isfinite(table.known), table.known, -np.inf).max(axis=1, initial=-np.inf)
    seen = table.others[~table.failed]
    low, high = float(seen.min()), max(float(seen.max()), float(tops.max()))
    high += _HEADROOM * (high - low)
    for _ in range(2):
        grid = np.linspace(low, high, _STEPS)
        nobody = np.where(tops[:, None] >= grid, 0.0, strangers.none(grid, number))
        listing = np.where(table.failed[:, None], 0.0, 1 - nobody)
        first = max(int(np.argmax((times @ listing) / times.sum() <= share + _ROUNDING)), 1)
        low, high = float(grid[first - 1]), float(grid[first])
    return high


def _places(rule: Rule) -> int:
    if isinstance(rule, OperatingPoint):
        return rule.list_length
    return rule if isinstance(rule, int) else 0


def _thresholds(
    table: ScoreTable, rule: Rule, number: int, strangers: Strangers, times: Scores
) -> tuple[float, Scores, Scores]:
    """Give the thresholds for one view, of each search's mate (n,) and of each searched-for person (f,)."""
    if isinstance(rule, OperatingPoint):
        most = int(max([1, *table.mate_views.tolist(), *table.known_views.tolist()]))
        of = np.array([rule.threshold_for(max(views, 1)) for views in range(most + 1)], dtype=np.float64)
        return float(rule.threshold_for(1)), of[table.mate_views], of[table.known_views]
    one = -np.inf if isinstance(rule, int) else _set_anew(table, rule, number, strangers, times)
    return one, np.full(len(times), one), np.full(table.known.shape[1], one)
