"""Bootstrap over people: a person's searches agree with each other, so whole people are drawn, never searches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countersign.evaluation.intervals import IntervalError, proportion_interval

Places = NDArray[np.intp]
"""Places of searches, shape (n,); a place may come more than once."""

DRAWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        value: Of the searches as they are; None where it is undefined, which is never written as 0.
        low: Lower end; None where no draw gave a figure.
        high: Upper end.
        searches: How many searches it rests on.
        subjects: Of how many people.
    """

    value: float | None
    low: float | None
    high: float | None
    searches: int
    subjects: int


class People:
    """The searches of each person, and the draws of people that every figure of one measurement shares."""

    def __init__(self, subjects: Sequence[str], *, seed: int = 0, draws: int = DRAWS) -> None:
        """Draw people.

        Args:
            subjects: Whose search each is, shape (n,).
            seed: The same seed gives the same intervals.
            draws: Number of drawn sets of people.

        Raises:
            IntervalError: There is no search.
        """
        if not subjects:
            raise IntervalError("expected at least one search, got none")
        names, who = np.unique(np.array(subjects), return_inverse=True)
        order = np.argsort(who, kind="stable")
        self._of_person = np.split(order, np.cumsum(np.bincount(who))[:-1])
        self._who = who
        self._drawn = np.random.default_rng(seed).integers(0, len(names), (draws, len(names)))
        self._times = np.stack([np.bincount(row, minlength=len(names)) for row in self._drawn])

    def share(self, happened: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Estimate:
        """Give the share of the counted searches to which it happened.

        Args:
            happened: Shape (n,).
            counted: Shape (n,); searches that are no trial are left out.
        """
        people = self._times.shape[1]
        happenings = np.bincount(self._who, weights=happened & counted, minlength=people)
        trials = np.bincount(self._who, weights=counted, minlength=people)
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn = (self._times @ happenings) / (self._times @ trials)
        total = trials.sum()
        return self._estimate(happenings.sum() / total if total else None, drawn, trials)

    def any_figure(self, figure: Callable[[Places], float], counted: NDArray[np.bool_]) -> Estimate:
        """Give a figure that is no plain share; ``figure`` gives nan where it is undefined."""
        whole, drawn, trials = self._redraw(figure, counted)
        return self._estimate(whole, drawn, trials)

    def any_difference(self, figure: Callable[[Places], float], counted: NDArray[np.bool_]) -> Estimate:
        """Give a difference of two shares of the same searches, in [-1, 1], drawn in pairs.

        Where everybody drawn gives the same, the interval says how few they are: as far to both sides as the share of
        people who differ could be, of whom none was seen.
        """
        whole, drawn, trials = self._redraw(figure, counted)
        people = int(np.count_nonzero(trials))
        low: float | None = None
        high: float | None = None
        if whole is not None:
            low, high = (float(end) for end in np.quantile(drawn[np.isfinite(drawn)], [0.025, 0.975]))
            reach = proportion_interval(0, people)[1] if low == high else 0.0
            low, high = max(-1.0, low - reach), min(1.0, high + reach)
        return Estimate(value=whole, low=low, high=high, searches=int(np.sum(trials)), subjects=people)

    def _redraw(
        self, figure: Callable[[Places], float], counted: NDArray[np.bool_]
    ) -> tuple[float | None, NDArray[np.float64], NDArray[np.generic]]:
        drawn = np.array([figure(np.concatenate([self._of_person[one] for one in row])) for row in self._drawn])
        whole = figure(np.arange(len(self._who)))
        trials = np.bincount(self._who, weights=counted, minlength=self._times.shape[1])
        return None if np.isnan(whole) else whole, drawn, trials

    @staticmethod
    def _estimate(value: float | None, drawn: NDArray[np.float64], trials: NDArray[np.generic]) -> Estimate:
        defined, people = drawn[np.isfinite(drawn)], int(np.count_nonzero(trials))
        low: float | None = None
        high: float | None = None
        if value is not None and value in {0, 1}:
            # No draw of people who all agree can disagree: how few they are is said by the exact interval over them.
            low, high = proportion_interval(people if value else 0, people)
        elif value is not None:
            low, high = (float(end) for end in np.quantile(defined, [0.025, 0.975]))
        return Estimate(
            value=None if value is None else float(value),
            low=low,
            high=high,
            searches=int(np.sum(trials)),
            subjects=people,
        )
