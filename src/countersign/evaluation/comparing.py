"""Two networks on the same searches and pairs: what one brings beyond the other, with paired intervals over people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid
from countersign.evaluation.headline import threshold_at
from countersign.evaluation.one_to_one import Compared
from countersign.evaluation.outcomes import Outcomes
from countersign.evaluation.resampling import Estimate, People, Places
from countersign.evaluation.searches import Searched

RANKS = (1, 10, 50)
FPIRS = (0.1, 0.01)
FMRS = (0.1, 0.01)

Flags = NDArray[np.bool_]


class UnpairedError(Invalid):
    """The two did not make the same searches or pairs."""

    code = "evaluation_unpaired"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateOfBoth:
    """One rate of both, and the difference.

    Attributes:
        first: Of A; None where it is undefined.
        second: Of B.
        difference: B minus A, drawn in pairs; a difference is shown where 0 lies outside the interval.
        more_is_better: For the shares of mates found; less is better for the error rates.
        verdict: What the difference shows of B: ``better``, ``worse``, or ``not told apart``.
    """

    rate: str
    first: float | None
    second: float | None
    difference: Estimate
    more_is_better: bool
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two networks on the same searches or pairs.

    Attributes:
        protocol: Which searches; ``pairs`` of one-to-one comparison.
        gallery_subjects: N; 0 for pairs.
        trials: Searches or pairs.
    """

    protocol: str
    gallery_subjects: int
    trials: int
    mated: int
    people: int
    rates: tuple[RateOfBoth, ...]


def compare_searches(
    protocol: str, first: Sequence[Searched], second: Sequence[Searched], gallery_subjects: int, *, seed: int = 0
) -> Comparison:
    """Compare the outcomes of the same searches under two networks.

    Args:
        protocol: Name of the searches.
        first: Of A, at least one.
        second: Of B, in the same order.
        gallery_subjects: N.
        seed: Of the draws of people.

    Raises:
        UnpairedError: The searches are not the same, or there is none.
    """
    _demand_same([(one.subject, one.mated) for one in first], [(one.subject, one.mated) for one in second])
    one, other = Outcomes(first, seed=seed), Outcomes(second, seed=seed)
    people = People([search.subject for search in first], seed=seed)
    ranked = [
        _both(f"rank {places}", people, _share(one, places), _share(other, places), one.mated, more=True)
        for places in RANKS
    ]
    errors = [
        _both(f"FNIR at FPIR {share:g}", people, _missed(one, share), _missed(other, share), one.mated, more=False)
        for share in FPIRS
    ]
    return Comparison(
        protocol=protocol,
        gallery_subjects=gallery_subjects,
        trials=len(first),
        mated=int(one.mated.sum()),
        people=len({search.subject for search in first}),
        rates=(*ranked, *errors),
    )


def compare_pairs(first: Sequence[Compared], second: Sequence[Compared], *, seed: int = 0) -> Comparison:
    """Compare the scores of the same pairs under two networks.

    Args:
        first: Of A, at least one.
        second: Of B, in the same order.
        seed: Of the draws of people; a pair belongs to its first picture's person.

    Raises:
        UnpairedError: The pairs are not the same, or there is none.
    """
    _demand_same([one.pair for one in first], [one.pair for one in second])
    mated: Flags = np.array([one.pair.mated for one in first])
    people = People([one.pair.subjects[0] for one in first], seed=seed)
    before, after = (np.array([one.score for one in part]) for part in (first, second))
    rates = [
        _both(
            f"FNMR at FMR {share:g}",
            people,
            _rejected(before, mated, share),
            _rejected(after, mated, share),
            mated,
            more=False,
        )
        for share in FMRS
    ]
    return Comparison(
        protocol="pairs",
        gallery_subjects=0,
        trials=len(first),
        mated=int(mated.sum()),
        people=len({who for one in first for who in one.pair.subjects}),
        rates=tuple(rates),
    )


def _demand_same(first: Sequence[object], second: Sequence[object]) -> None:
    if first != second or not first:
        raise UnpairedError(f"expected the same searches or pairs twice, got {len(first)} and {len(second)}")


def _both(
    name: str,
    people: People,
    before: Callable[[Places], float],
    after: Callable[[Places], float],
    counted: Flags,
    *,
    more: bool,
) -> RateOfBoth:
    everything = np.arange(len(counted))
    apart = people.any_difference(lambda drawn: after(drawn) - before(drawn), counted)
    first, second = (None if np.isnan(value) else value for value in (before(everything), after(everything)))
    return RateOfBoth(
        rate=name, first=first, second=second, difference=apart, more_is_better=more, verdict=verdict(apart, more=more)
    )


def verdict(difference: Estimate, *, more: bool) -> str:
    """Say what a difference shows; an end that is 0 shows nothing yet.

    Args:
        difference: B minus A.
        more: Whether more is better.
    """
    low, high = difference.low, difference.high
    if low is None or high is None or low <= 0 <= high:
        return "not told apart"
    return "better" if (low > 0) == more else "worse"


def _share(outcomes: Outcomes, places: int) -> Callable[[Places], float]:
    within = outcomes.within(places)

    def share(drawn: Places) -> float:
        mated = drawn[outcomes.mated[drawn]]
        return float(within[mated].mean()) if len(mated) else float("nan")

    return share


def _missed(outcomes: Outcomes, share: float) -> Callable[[Places], float]:
    """Each draw of people sets its own threshold, so that its uncertainty is in the interval."""

    def missed(drawn: Places) -> float:
        mated = drawn[outcomes.mated[drawn]]
        if not len(mated):
            return float("nan")
        return float((outcomes.score[mated] < threshold_at(outcomes.stranger[drawn], share)).mean())

    return missed


def _rejected(scores: NDArray[np.float64], mated: Flags, share: float) -> Callable[[Places], float]:
    def rejected(drawn: Places) -> float:
        own, others = scores[drawn[mated[drawn]]], scores[drawn[~mated[drawn]]]
        if not len(own) or not len(others):
            return float("nan")
        return float((own < threshold_at(others, share)).mean())

    return rejected
