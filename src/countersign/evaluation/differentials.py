"""Differences of error rates between groups of people, and what a small group cannot say (EQV-02, 05, 06, 08).

Counting people and not searches, a group is too small when even without one error its upper bound, by the rule of
three, would lie above the rate it is to be held to. A ratio whose denominator is 0 is undefined: never fair, never 0.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from countersign.errors import Invalid
from countersign.evaluation.intervals import proportion_interval, rule_of_three
from countersign.evaluation.manifest import LABELS, UNKNOWN
from countersign.evaluation.searches import NEVER, Searched

MISSED, FALSE = "FNIR", "FPIR"


class GroupsError(Invalid):
    """Rates of which no measure of difference can be given."""

    code = "evaluation_groups"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRate:
    """One rate of one group.

    Attributes:
        count: Errors.
        trials: Searches.
        subjects: People whose searches they are.
        low: Lower end of the exact 95 % interval; None without a trial.
        high: Upper end.
        smallest_shown: Lowest rate that so many people could show at all: the rule of three over people.
    """

    count: int
    trials: int
    subjects: int
    low: float | None
    high: float | None
    smallest_shown: float

    @property
    def value(self) -> float | None:
        """Give the share; None, which is undefined, without a trial."""
        return self.count / self.trials if self.trials else None

    def too_small(self, claim: float) -> bool:
        """Say whether so few people cannot show a rate at or below ``claim``, whatever was counted."""
        return self.smallest_shown > claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group at one operating point."""

    name: str
    fnir: GroupRate
    fpir: GroupRate
    failures_to_acquire: GroupRate


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How far groups differ in one rate; each measure is None where it is undefined.

    Attributes:
        inequity: Largest rate by smallest; 1 is equal.
        max_by_mean: Largest rate by geometric mean; 1 is equal.
        gini: Gini coefficient, corrected for the number of groups; 0 is equal.
        undefined: Why a measure is missing, in words; empty when none is.
    """

    rate: str
    inequity: float | None
    max_by_mean: float | None
    gini: float | None
    undefined: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    """All groups of one attribute, or of a product of attributes, at one operating point.

    Attributes:
        garbe: Mean of the two Gini coefficients; None where one is undefined.
        unlabelled: Searches of people of whom the manifest does not say it; counted, never left out unseen (EQV-14).
    """

    attribute: str
    point: str
    groups: tuple[Group, ...]
    differences: tuple[Difference, ...]
    garbe: float | None
    unlabelled: int


def group_rate(errors: Sequence[bool], subjects: Sequence[str]) -> GroupRate:
    """Count one group.

    Example:
        >>> three = group_rate([False, False, False], ["a", "a", "b"])
        >>> three.trials, three.subjects, three.value, round(three.smallest_shown, 2), three.too_small(0.5)
        (3, 2, 0.0, 0.78, True)
    """
    trials, people = len(errors), len(set(subjects))
    low, high = proportion_interval(sum(errors), trials) if trials else (None, None)
    return GroupRate(
        count=sum(errors),
        trials=trials,
        subjects=people,
        low=low,
        high=high,
        smallest_shown=rule_of_three(people) if people else 1.0,
    )


def inequity(rates: Sequence[float]) -> float | None:
    """Give the largest rate by the smallest; None, undefined, when the smallest is 0.

    Source:
        IR, arXiv 2203.05051.

    Example:
        >>> inequity([0.02, 0.01, 0.04]), inequity([0.0, 0.1])
        (4.0, None)
    """
    least = min(_checked(rates))
    return max(rates) / least if least > 0 else None


def max_by_geometric_mean(rates: Sequence[float]) -> float | None:
    """Give the largest rate by the geometric mean of all; None, undefined, when one is 0.

    Source:
        NIST IR 8429.

    Example:
        >>> max_by_geometric_mean([0.01, 0.04]), max_by_geometric_mean([0.0, 0.04])
        (2.0, None)
    """
    if min(_checked(rates)) <= 0:
        return None
    return round(max(rates) / math.exp(sum(map(math.log, rates)) / len(rates)), 12)


def gini(rates: Sequence[float]) -> float | None:
    """Give the Gini coefficient with the correction n / (n - 1); None, undefined, when all rates are 0.

    Source:
        arXiv 2203.05051, on which GARBE is built.

    Example:
        >>> gini([0.0, 0.1]), gini([0.1, 0.1]), gini([0.0, 0.0])
        (1.0, 0.0, None)
    """
    total, n = sum(_checked(rates)), len(rates)
    if total <= 0:
        return None
    apart = sum(abs(one - other) for one in rates for other in rates)
    return apart / (2 * n * total) * n / (n - 1)


def garbe(fpirs: Sequence[float], fnirs: Sequence[float], *, alpha: float = 0.5) -> float | None:
    """Give alpha · gini(FPIR) + (1 - alpha) · gini(FNIR); None where one of them is undefined.

    Example:
        >>> garbe([0.0, 0.1], [0.2, 0.2])
        0.5
    """
    false, missed = gini(fpirs), gini(fnirs)
    return None if false is None or missed is None else alpha * false + (1 - alpha) * missed


def _checked(rates: Sequence[float]) -> Sequence[float]:
    if len(rates) < 2 or not all(0 <= rate <= 1 for rate in rates):  # noqa: PLR2004  a difference needs two
        raise GroupsError(f"expected at least two rates in [0, 1], got {list(rates)}")
    return rates


def difference(rate: str, groups: Sequence[GroupRate]) -> Difference:
    """Give every measure of how groups differ; groups without a trial are named as undefined."""
    rates = [value for one in groups if (value := one.value) is not None]
    if len(rates) < 2:  # noqa: PLR2004  a difference needs two
        return Difference(
            rate=rate, inequity=None, max_by_mean=None, gini=None, undefined="fewer than two groups with a search"
        )
    why = "no search of a group" if len(rates) < len(groups) else ""
    if min(rates) <= 0:
        why = "no error in a group"
    return Difference(
        rate=rate,
        inequity=inequity(rates),
        max_by_mean=max_by_geometric_mean(rates),
        gini=gini(rates),
        undefined=why,
    )


def attributes() -> tuple[tuple[str, ...], ...]:
    """Give every label and every product of labels (EQV-08)."""
    return tuple(chosen for size in range(1, len(LABELS) + 1) for chosen in combinations(LABELS, size))


def group_table(
    searches: Sequence[Searched], chosen: Sequence[str], point: str, missed: Sequence[bool], false: Sequence[bool]
) -> GroupTable:
    """Count every group of an attribute or a product of attributes.

    Args:
        searches: n of them.
        chosen: Names of labels.
        point: Name of the operating point.
        missed: The mate of each search was not listed; counted where the search is mated.
        false: Each search listed somebody with the mate left out.
    """
    members: dict[str, list[int]] = {}
    unlabelled = 0
    for place, one in enumerate(searches):
        values = [_label(one.labels, label) for label in chosen]
        if UNKNOWN in values:
            unlabelled += 1
        else:
            members.setdefault(" × ".join(values), []).append(place)
    groups = tuple(_group(name, searches, members[name], missed, false) for name in sorted(members))
    fnir, fpir = difference(MISSED, [one.fnir for one in groups]), difference(FALSE, [one.fpir for one in groups])
    both = None if fnir.gini is None or fpir.gini is None else (fnir.gini + fpir.gini) / 2
    return GroupTable(
        attribute=" × ".join(chosen),
        point=point,
        groups=groups,
        differences=(fnir, fpir),
        garbe=both,
        unlabelled=unlabelled,
    )


def _label(labels: Mapping[str, str], name: str) -> str:
    return labels.get(name, UNKNOWN)


def _group(
    name: str, searches: Sequence[Searched], places: Sequence[int], missed: Sequence[bool], false: Sequence[bool]
) -> Group:
    mated = [place for place in places if searches[place].mated]

    def counted(errors: Sequence[bool], where: Sequence[int]) -> GroupRate:
        return group_rate([bool(errors[place]) for place in where], [searches[place].subject for place in where])

    failed = [one.stranger == NEVER for one in searches]
    return Group(
        name=name,
        fnir=counted(missed, mated),
        fpir=counted(false, places),
        failures_to_acquire=counted(failed, places),
    )
