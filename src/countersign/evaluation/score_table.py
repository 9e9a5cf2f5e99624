"""Scores of searches with everybody whom they were compared with, and how strangers come on to a list.

Whoever is searched for is enrolled in every gallery; a gallery is made larger or smaller by others, of whom there is
one picture each. So a table has two kinds of strangers: the other searched-for people, and the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from countersign.evaluation.manifest import Picture
from countersign.evaluation.protocol import NoSamplesError, SampleTemplate
from countersign.evaluation.searches import NEVER, Gallery, Roles, Templates
from countersign.evaluation.tail import Exceedances, Scores, Tail, exceedances
from countersign.primitives.ids import SubjectId

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreTable:
    """Scores S / Σw of n searches; `NEVER` where nothing was compared.

    Attributes:
        people: With whom each search is made, shape (n,).
        probes: The templates and weights that each search was made with.
        mated: There is a reference of the subject, shape (n,).
        mate: The mate's score, shape (n,).
        mate_views: Number of views of the mate, shape (n,).
        known: Scores of the other searched-for people, shape (n, f); `NEVER` at the search's own subject.
        known_views: Shape (f,).
        others: Scores of the others, shape (n, m).
        failed: No template could be made, shape (n,).
    """

    people: tuple[str, ...]
    probes: tuple[tuple[SampleTemplate, ...], ...]
    mated: NDArray[np.bool_]
    mate: Scores
    mate_views: Counts
    known: Scores
    known_views: Counts
    others: Scores
    failed: NDArray[np.bool_]

    @property
    def enrolled(self) -> int:
        """Give the number of people in the whole gallery."""
        return len(self.known_views) + int(self.others.shape[1])


def score_table(roles: Roles, templates: Templates, *, power: int) -> ScoreTable:
    """Compare every probe with everybody.

    Raises:
        NoSamplesError: Nothing could be enrolled, or no probe has a template.
    """
    gallery = Gallery(roles, templates, power=power)
    wanted = {one.subject for one in roles.references}
    searches = _probes(roles)
    given = tuple(tuple(template for _, template in templates.of(stills)) for stills in searches)
    subjects = _compared(gallery, given)
    scores = np.full((len(searches), len(subjects)), NEVER)
    for row, stills in enumerate(given):
        if stills:
            _, fused, weight = gallery.score(stills)
            scores[row] = fused / weight
    views = np.array([gallery.exact.views(one) for one in subjects], dtype=np.int64)
    is_known = np.array([one in wanted for one in subjects])
    people = tuple(stills[0].subject for stills in searches)
    own = np.array([[one == person for one in subjects] for person in people])
    return ScoreTable(
        people=people,
        probes=given,
        mated=np.array([person in wanted for person in people]),
        mate=np.where(own, scores, NEVER).max(axis=1),
        mate_views=np.where(own, views, 0).max(axis=1),
        known=np.where(own, NEVER, scores)[:, is_known],
        known_views=views[is_known],
        others=scores[:, ~is_known],
        failed=np.array([not stills for stills in given]),
    )


def _compared(gallery: Gallery, given: Sequence[Sequence[SampleTemplate]]) -> tuple[SubjectId, ...]:
    first = next((stills for stills in given if stills), None)
    if first is None:
        raise NoSamplesError("expected at least one probe of which a template could be made, got none")
    return gallery.score(first)[0]


def _probes(roles: Roles) -> list[list[Picture]]:
    if not roles.sets:
        return [[one] for one in roles.probes]
    by_subject = sorted(roles.probes, key=lambda one: one.subject)
    return [list(stills) for _, stills in groupby(by_subject, key=lambda one: one.subject)]


class Strangers(Protocol):
    """Others who fill a gallery: real, synthetic, or known by the tail of their scores only."""

    def at_most(self, scores: Scores, number: int, places: Counts) -> Scores:
        """Give the chance that at most ``places`` of so many strangers score at least ``scores``; shapes (n,)."""
        ...

    def none(self, thresholds: Scores, number: int) -> Scores:
        """Give the chance that none of so many strangers reaches each threshold (t,); shape (n, t)."""
        ...


class Drawn:
    """Strangers who are there: a gallery of a smaller size is any choice of so many of them, and each counts.

    Source:
        Hypergeometric distribution: no gallery has to be drawn, so there is no chance in the figures.
    """

    def __init__(self, scores: Scores) -> None:
        """Take their scores, shape (n, m)."""
        self._sorted, self._all = np.sort(scores, axis=1), scores.shape[1]

    def _above(self, scores: Scores) -> Counts:
        """Count strangers at or above each score, shape (n, t) for (n, t) scores."""
        rows = zip(self._sorted, scores, strict=True)
        above: Counts = self._all - np.stack([np.searchsorted(row, wanted, side="left") for row, wanted in rows])
        return above

    def at_most(self, scores: Scores, number: int, places: Counts) -> Scores:
        """Give the share of all choices of ``number`` strangers in which so few score so much; shapes (n,)."""
        from scipy.stats import hypergeom  # noqa: PLC0415  part of an extra, and slow to load

        above = self._above(scores[:, None])[:, 0]
        share: Scores = np.asarray(hypergeom.cdf(places, self._all, above, number), dtype=np.float64)
        return np.where(places < 0, 0.0, np.clip(share, 0, 1))

    def none(self, thresholds: Scores, number: int) -> Scores:
        """Give the share of all choices of ``number`` strangers of whom none reaches a threshold, shape (n, t)."""
        from scipy.special import gammaln  # noqa: PLC0415  part of an extra, and slow to load

        below = (self._all - self._above(np.tile(thresholds, (len(self._sorted), 1)))).astype(np.float64)
        enough = below >= number
        left = np.where(enough, below, number)
        ways = gammaln(left + 1) - gammaln(left - number + 1)
        all_ways = gammaln(self._all + 1) - gammaln(self._all - number + 1)
        return np.where(enough, np.exp(ways - all_ways), 0.0)


class Tailed:
    """Strangers of whom only the tail of their scores is known; each one's score is independent of the others'."""

    def __init__(self, tail: Tail, mean: Scores, spread: Scores) -> None:
        """Take the tail and, of each search, mean and spread of its strangers' scores, shape (n,)."""
        self.tail, self._mean, self._spread = tail, mean, spread

    def at_most(self, scores: Scores, number: int, places: Counts) -> Scores:
        """Give the binomial chance; minus infinity is reached by everybody."""
        from scipy.special import bdtr  # noqa: PLC0415  part of an extra, and slow to load

        chance = self.tail.above((scores - self._mean) / self._spread)
        few = np.minimum(np.maximum(places, 0), number).astype(np.float64)
        share: Scores = np.asarray(bdtr(few, number, chance), dtype=np.float64)
        return np.where(places < 0, 0.0, np.where(places >= number, 1.0, share))

    def none(self, thresholds: Scores, number: int) -> Scores:
        """Give the chance that none reaches a threshold, shape (n, t)."""
        chance = self.tail.above((thresholds[None, :] - self._mean[:, None]) / self._spread[:, None])
        with np.errstate(divide="ignore"):  # where everybody reaches it, the chance of none is 0
            return np.exp(number * np.log1p(-chance)) if number else np.ones_like(chance)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standardised:
    """The others' scores in units of each search's own spread, so that their tails can be put together.

    Attributes:
        mean: Of each search's others, shape (n,); of a search that failed 0.
        spread: Likewise; of a search that failed 1.
        tried: Searches that have a template, shape (n,).
    """

    high: Exceedances
    mean: Scores
    spread: Scores
    tried: NDArray[np.bool_]

    def tailed(self, searches: Scores | None = None, strangers: Scores | None = None) -> Tailed:
        """Give strangers by the tail, as often as each search, shape (n,), and each other, shape (m,), was drawn."""
        counted = None if searches is None else searches[self.tried]
        return Tailed(self.high.fit(counted, strangers), self.mean, self.spread)


def standardised(table: ScoreTable) -> Standardised:
    """Put the others' scores in units of each search's spread.

    Raises:
        TailError: There are too few others.
    """
    tried = ~table.failed
    scores = table.others[tried]
    mean, spread = np.zeros(len(tried)), np.ones(len(tried))
    if scores.size:
        mean[tried] = scores.mean(axis=1)
        spread[tried] = np.maximum(scores.std(axis=1), 1e-9)
    high = exceedances((scores - mean[tried, None]) / spread[tried, None])
    return Standardised(high=high, mean=mean, spread=spread, tried=tried)
