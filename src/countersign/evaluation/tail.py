"""How rare a stranger's high score is, beyond the scores that were seen.

Each search's scores of strangers are put in units of their own spread around their own mean; then the highest ones of
all searches together are fitted by a tail of which the logarithm falls with a power of the score: power 1 is an
exponential tail, power 2 a normal one. Such a tail has no end, so no size of a collection is ever safe by construction.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid

Scores = NDArray[np.float64]
"""Comparison scores; high is more alike."""

SHARE = 0.02
"""The tail begins where this share of strangers is left, or `MOST` of them if that is fewer."""
MOST = 5000
FEWEST = 50
"""With fewer strangers, or fewer of them in the tail, nothing is fitted."""
_POWERS = np.arange(0.5, 4.0001, 0.05)


class TailError(Invalid):
    """Too few strangers to say anything about rarer ones."""

    code = "evaluation_tail"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tail:
    """The chance of a stranger's score, in spreads above the mean of a search.

    Attributes:
        start: Where the tail begins.
        share: Chance of a score above `start`.
        rate: With ``power`` it makes the tail: chance = share · exp(-rate · ((z / start)^power - 1)).
        power: 1 is an exponential tail, 2 a normal one; high means that high scores are rarer.
        body: Scores that were seen, sorted; below `start` they give the chance.
    """

    start: float
    share: float
    rate: float
    power: float
    body: Scores

    def above(self, z: Scores) -> Scores:
        """Give the chance that one stranger scores at least ``z``, same shape, in [0, 1]."""
        seen = 1 - np.searchsorted(self.body, z, side="left") / len(self.body)
        far = np.maximum(z, self.start) / self.start
        beyond = self.share * np.exp(-self.rate * (far**self.power - 1))
        return np.where(z >= self.start, beyond, seen)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exceedances:
    """The scores of a tail before it is fitted: which search and which stranger gave each.

    Attributes:
        z: In spreads above the mean of the search, shape (e,), each above `start`.
        search: Place of its search, shape (e,).
        stranger: Place of its stranger, shape (e,).
        shape: Number of searches and of strangers.
    """

    z: Scores
    search: NDArray[np.intp]
    stranger: NDArray[np.intp]
    shape: tuple[int, int]
    start: float
    body: Scores

    def fit(self, searches: Scores | None = None, strangers: Scores | None = None) -> Tail:
        """Fit the tail, each exceedance weighing as often as its search and its stranger were drawn.

        Args:
            searches: How often each search counts, shape (n,); each once if left out.
            strangers: How often each stranger counts, shape (m,).

        Returns:
            The tail of highest likelihood over a grid of powers.

        Source:
            Gardes and Girard 2005, Weibull tail-distributions; peaks over a threshold as in Pickands 1975.
        """
        of_search = np.ones(self.shape[0]) if searches is None else searches
        of_stranger = np.ones(self.shape[1]) if strangers is None else strangers
        weights = of_search[self.search] * of_stranger[self.stranger]
        total = float(weights.sum())
        if not total:  # nobody who was drawn has a high score: nothing says how the tail falls, so it stays as it was
            return self.fit()
        share = total / float(of_search.sum() * of_stranger.sum())
        logs = np.log(self.z / self.start)
        grown = np.exp(np.outer(_POWERS, logs)) - 1
        rates = total / (grown @ weights)
        likelihood = total * (np.log(rates) + np.log(_POWERS)) + (_POWERS - 1) * float(logs @ weights)
        best = int(np.argmax(likelihood))  # at the best rate of each power, rate · Σ w · grown is the same
        return Tail(start=self.start, share=share, rate=float(rates[best]), power=float(_POWERS[best]), body=self.body)


def exceedances(z: Scores) -> Exceedances:
    """Take the highest scores of all searches.

    Args:
        z: Scores of strangers in spreads above the mean of their search, shape (n, m).

    Raises:
        TailError: There are too few.
    """
    body = np.sort(z.ravel())
    kept = min(int(len(body) * SHARE), MOST)
    if z.shape[1] < FEWEST or kept < FEWEST:
        raise TailError(
            f"expected at least {FEWEST} strangers, and scores in the upper {SHARE:.0%}, got {z.shape[1]}, {kept}"
        )
    start = float(body[-kept - 1])
    if start <= 0 or body[-1] <= start:
        raise TailError("expected scores of strangers that differ, got ones that are all alike")
    search, stranger = np.nonzero(z > start)
    return Exceedances(
        z=z[search, stranger], search=search, stranger=stranger, shape=(z.shape[0], z.shape[1]), start=start, body=body
    )
