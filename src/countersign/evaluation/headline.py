"""The headline protocol: CCTV stills against custody photographs among strangers, open set, one search a person.

The gallery holds the searched people's custody photographs (frontal, seven views, all views) and one image of
everybody else. Probes are single CCTV stills, or all of a person's stills as one probe. Each probe is searched twice:
with its subject enrolled (mated) and with the subject taken out (non-mated). Nothing is left out: a probe without a
face fails at every rank and is a non-mated search without a candidate; a tie counts against us.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countersign.errors import CountersignError
from countersign.evaluation.manifest import Picture, first_of_each
from countersign.evaluation.protocol import ReadTemplate, SampleTemplate
from countersign.primitives.ids import SubjectId
from countersign.search.exact import ExactGallery
from countersign.search.fusion import fuse, still_weight

VIEWS: Mapping[str, frozenset[tuple[int, int]] | None] = {
    "frontal": frozenset({(0, 0)}),
    "seven": frozenset({(-90, 0), (-45, 0), (0, 0), (45, 0), (90, 0), (0, 30), (0, -30)}),
    "all": None,
}
"""(yaw, pitch) in degrees of the custody photographs that a gallery holds; None holds every one."""

CUSTODY, CCTV, OTHERS = "mugshot", "cctv", "news"
"""Kinds of picture, as the manifest calls them."""

RANKS = (1, 10, 50)
FPIRS = (0.1, 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineProtocol:
    """One row of the headline.

    Attributes:
        fnir_rank: Share of mated searches whose mate is not among the first R, by R; low is good.
        fnir_at_fpir: Share of mated searches whose mate scores below the threshold at which at most that share of
            non-mated searches lists anybody, by that share; low is good.
    """

    name: str
    gallery_subjects: int
    mated: int
    non_mated: int
    failure_to_acquire: int
    failure_to_enrol: int
    fnir_rank: Mapping[str, float]
    fnir_at_fpir: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """All rows of the headline."""

    protocols: tuple[HeadlineProtocol, ...]


def headline(read: ReadTemplate, pictures: Sequence[Picture], *, power: int) -> Headline:
    """Measure every row of the headline; each picture is read once.

    Args:
        read: Makes the template of a picture; what it raises of ours is a counted failure.
        pictures: The manifest.
        power: How strongly a still's quality counts (`search.fusion.still_weight`).
    """
    probes = sorted((one for one in pictures if one.kind == CCTV), key=lambda one: (one.subject, str(one.path)))
    searched = {one.subject for one in probes}
    photographs = [one for one in pictures if one.kind == CUSTODY and one.subject in searched]
    others = first_of_each(one for one in pictures if one.kind == OTHERS and one.subject not in searched)
    templates = {one.path: _template(read, one.path) for one in [*photographs, *others, *probes]}
    rows = []
    for name, views in VIEWS.items():
        shown = [one for one in photographs if views is None or one.view in views]
        references = [*shown, *others]
        bench = _Bench(references, templates, power)
        missing = sum(templates[one.path] is None for one in references)
        singles = [[one] for one in probes]
        sets = [list(stills) for _, stills in groupby(probes, key=lambda one: one.subject)]
        rows += [
            bench.measure(f"cctv-{name}-{kind}", searches, missing)
            for kind, searches in (("single", singles), ("set", sets))
        ]
    return Headline(protocols=tuple(rows))


def _template(read: ReadTemplate, path: Path) -> SampleTemplate | None:
    try:
        return read(path)
    except CountersignError:
        return None


class _Bench:
    """One gallery, and what its searches give."""

    def __init__(
        self, references: Sequence[Picture], templates: Mapping[Path, SampleTemplate | None], power: int
    ) -> None:
        self._templates, self._power = templates, power
        rows = [(one.subject, template) for one in references if (template := templates[one.path]) is not None]
        rows.sort(key=lambda row: (row[0], -row[1].unified))
        codes = np.stack([template.codes for _, template in rows])
        self._gallery = ExactGallery(codes, tuple(SubjectId(subject) for subject, _ in rows))

    def measure(self, name: str, searches: Sequence[Sequence[Picture]], failure_to_enrol: int) -> HeadlineProtocol:
        found = [self._search(stills) for stills in searches]
        ranks = [rank for rank, _, _ in found]
        mates = np.array([mate for _, mate, _ in found])
        strangers = np.array([stranger for _, _, stranger in found])
        return HeadlineProtocol(
            name=name,
            gallery_subjects=self._gallery.n_subjects,
            mated=len(found),
            non_mated=len(found),
            failure_to_acquire=int(np.isneginf(strangers).sum()),
            failure_to_enrol=failure_to_enrol,
            fnir_rank={str(place): 1 - sum(rank <= place for rank in ranks) / len(ranks) for place in RANKS},
            fnir_at_fpir={str(share): float((mates < threshold_at(strangers, share)).mean()) for share in FPIRS},
        )

    def _search(self, stills: Sequence[Picture]) -> tuple[float, float, float]:
        """Give (rank of the mate, its score, the best stranger's score), each per unit of weight."""
        given = [template for one in stills if (template := self._templates[one.path]) is not None]
        if not given:
            return np.inf, -np.inf, -np.inf
        weights = [still_weight(template.unified, self._power) for template in given]
        subjects, best = self._gallery.best_per_subject(np.stack([template.codes for template in given]))
        scores = fuse(best, weights) / sum(weights)
        mate = np.array([subject == stills[0].subject for subject in subjects])
        stranger = float(scores[~mate].max(initial=-np.inf))
        if not mate.any():
            return np.inf, -np.inf, stranger
        own = float(scores[mate][0])
        return 1 + int((scores[~mate] >= own).sum()), own, stranger


def threshold_at(strangers: NDArray[np.float64], share: float) -> float:
    """Give the smallest threshold at which at most this share of non-mated searches lists anybody.

    A search lists somebody when its best stranger's score reaches the threshold; equality lists.

    Args:
        strangers: Best score of each non-mated search; minus infinity for a search without a template.
        share: FPIR that is allowed, in [0, 1).

    Example:
        >>> 0.7 < threshold_at(np.array([0.5, 0.7, 0.9, 0.6]), 0.25) < 0.7000001
        True
    """
    ordered = np.sort(strangers)[::-1]
    allowed = int(share * len(ordered) + 1e-9)
    return float(np.nextafter(ordered[allowed], np.inf))
