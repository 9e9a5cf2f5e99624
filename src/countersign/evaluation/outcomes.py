"""The outcomes of searches as arrays, and the curves over all thresholds and qualities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countersign.evaluation.headline import threshold_at
from countersign.evaluation.resampling import Estimate, People, Places
from countersign.evaluation.searches import NEVER, Searched
from countersign.search.operating_point import OperatingPoint

DISCARDED = (0.0, 0.2, 0.4, 0.6)
_CURVE_POINTS = 200

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """One point of a curve with its band; ``x`` is a rank, a threshold's FPIR, or a share that was discarded."""

    x: float
    y: Estimate


class Outcomes:
    """The outcomes of all searches as arrays, in their order."""

    def __init__(self, searches: Sequence[Searched], *, seed: int = 0) -> None:
        """Gather.

        Args:
            searches: At least one.
            seed: Of the draws of people.
        """
        self.searches = searches
        self.people = People([one.subject for one in searches], seed=seed)
        self.mated: Flags = np.array([one.mated for one in searches])
        self.rank = np.array([one.rank for one in searches])
        self.score = np.array([one.score for one in searches])
        self.stranger = np.array([one.stranger for one in searches])
        self.failed: Flags = self.stranger == NEVER
        self.everyone: Flags = np.ones(len(searches), dtype=np.bool_)

    def within(self, places: int) -> Flags:
        """Say of each search whether its mate stands among the first so many."""
        return (self.rank >= 1) & (self.rank <= places)

    def at(self, point: OperatingPoint | float) -> tuple[Flags, Flags]:
        """Give (mate not listed, somebody listed with the mate left out) at a pack's point, or at an FPIR."""
        if isinstance(point, OperatingPoint):
            unlisted = np.array([one.listed.get(point.name, 0) < 1 for one in self.searches])
            return unlisted, np.array([one.strangers.get(point.name, 0) > 0 for one in self.searches])
        threshold = threshold_at(self.stranger, point)
        return self.score < threshold, self.stranger >= threshold

    def fnir_at(self, share: float) -> Estimate:
        """Give FNIR at an FPIR; each draw of people sets its own threshold, so that its uncertainty is in the band."""

        def figure(places: Places) -> float:
            mated = places[self.mated[places]]
            if not len(mated):
                return float("nan")
            return float((self.score[mated] < threshold_at(self.stranger[places], share)).mean())

        return self.people.any_figure(figure, self.mated)


def det(outcomes: Outcomes) -> tuple[CurvePoint, ...]:
    """Give FNIR by FPIR at every threshold at which a search begins to list somebody, thinned to some 200 points.

    Source:
        ISO/IEC 19795-1:2021, detection error trade-off.
    """
    tops = np.unique(outcomes.stranger[~outcomes.failed])
    kept = tops[np.unique(np.linspace(0, len(tops) - 1, _CURVE_POINTS).astype(int))] if len(tops) else tops
    over = np.nextafter(tops[-1:], np.inf)
    return tuple(
        CurvePoint(
            x=float((outcomes.stranger >= threshold).mean()),
            y=outcomes.people.share(outcomes.score < threshold, outcomes.mated),
        )
        for threshold in (*kept, *over)
    )


def discard(outcomes: Outcomes, happened: Flags) -> tuple[CurvePoint, ...]:
    """Give the share of mated searches to which it happened when the worst probes by quality are not searched with.

    Searches without a template are the worst of all. Equal qualities are kept or left together, so never more than
    the share is left out.
    """
    quality = np.array([-1.0 if one.quality is None else one.quality for one in outcomes.searches])
    of_mated = np.sort(quality[outcomes.mated])
    found = []
    for share in DISCARDED if len(of_mated) else ():
        kept = outcomes.mated & (quality >= of_mated[int(share * len(of_mated) + 1e-9)])
        found.append(CurvePoint(x=share, y=outcomes.people.share(happened, kept)))
    return tuple(found)
