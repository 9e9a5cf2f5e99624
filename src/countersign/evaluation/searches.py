"""Open-set searches over labelled pictures: each one's outcome, before anything is counted.

Each probe is searched among the references and the others, once with its subject enrolled (mated) and once with the
subject left out (non-mated). A probe of whom there is no reference gives a non-mated search only. Nothing is left out:
a probe without a template fails at every rank and threshold and is a non-mated search that lists nobody; a tie counts
against us.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countersign.errors import CountersignError
from countersign.evaluation.manifest import Picture
from countersign.evaluation.measurement import Failure
from countersign.evaluation.protocol import NoSamplesError, ReadTemplate, SampleTemplate
from countersign.primitives.ids import SubjectId
from countersign.primitives.parallel import each
from countersign.search.candidates import cut
from countersign.search.exact import ExactGallery
from countersign.search.fusion import fuse, still_weight
from countersign.search.operating_point import OperatingPoint

NEVER = float("-inf")
"""Score of somebody who was not compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What one probe gave. Scores are per unit of weight: S / Σw.

    Attributes:
        labels: Of the probe's subject.
        strata: What kind of picture it is and how good: see `strata`.
        quality: Best unified quality of its stills; None without a template.
        mated: There is a reference of the subject.
        rank: Place of the mate without a threshold; 0 when it was not compared.
        score: The mate's; `NEVER` when it was not compared.
        stranger: The best stranger's; `NEVER` without a template.
        listed: Place of the mate on the list of each operating point; 0 when unlisted.
        strangers: How many are listed at each operating point when the mate is left out.
    """

    subject: str
    labels: Mapping[str, str]
    strata: Mapping[str, str]
    quality: float | None
    mated: bool
    rank: int
    score: float
    stranger: float
    listed: Mapping[str, int]
    strangers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Which picture is what.

    Attributes:
        references: Whose subjects are searched for; at most seven views of each enter.
        others: They fill the gallery.
        probes: Searched with.
        sets: All probes of a subject make one search.
    """

    references: tuple[Picture, ...]
    others: tuple[Picture, ...]
    probes: tuple[Picture, ...]
    sets: bool = False

    @property
    def everything(self) -> tuple[Picture, ...]:
        """Give every picture once."""
        return (*self.references, *self.others, *self.probes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """The template of every picture of which one could be made, and the failures."""

    by_path: Mapping[Path, SampleTemplate]
    failures: tuple[Failure, ...]

    def of(self, pictures: Iterable[Picture]) -> list[tuple[Picture, SampleTemplate]]:
        """Give the pictures that have a template, with it."""
        return [(one, self.by_path[one.path]) for one in pictures if one.path in self.by_path]


def read_templates(read: ReadTemplate, pictures: Sequence[Picture], *, threads: int = 1) -> Templates:
    """Read each picture once; one that fails is listed with its reason and stops nothing."""

    def attempt(picture: Picture) -> SampleTemplate | Failure:
        try:
            return read(picture.path)
        except CountersignError as reason:
            return Failure(subject=picture.subject, file=picture.path.name, code=reason.code)

    unique = {one.path: one for one in pictures}
    done = list(zip(unique, each(attempt, unique.values(), threads=threads), strict=True))
    return Templates(
        by_path={path: given for path, given in done if isinstance(given, SampleTemplate)},
        failures=tuple(given for _, given in done if isinstance(given, Failure)),
    )


class Gallery:
    """References and others, and what a probe finds among them."""

    def __init__(self, roles: Roles, templates: Templates, *, power: int) -> None:
        """Enrol.

        Args:
            roles: Who is a reference.
            templates: Of all pictures.
            power: How strongly a still's quality counts (`search.fusion.still_weight`).

        Raises:
            NoSamplesError: Nothing could be enrolled.
        """
        rows = templates.of((*roles.references, *roles.others))
        if not rows:
            raise NoSamplesError("expected at least one reference that can be enrolled, got none")
        rows.sort(key=lambda row: (row[0].subject, -row[1].unified))
        self.exact = ExactGallery(
            np.stack([template.codes for _, template in rows]), tuple(SubjectId(one.subject) for one, _ in rows)
        )
        self._power = power
        self._wanted = {one.subject for one in roles.references}

    def score(self, given: Sequence[SampleTemplate]) -> tuple[tuple[SubjectId, ...], NDArray[np.int64], int]:
        """Give every subject, its fused score S, and Σw of the probe."""
        weights = [still_weight(template.unified, self._power) for template in given]
        subjects, best = self.exact.best_per_subject(np.stack([template.codes for template in given]))
        return subjects, fuse(best, weights), sum(weights)

    def search(
        self, probe: Sequence[Picture], given: Sequence[SampleTemplate], points: Sequence[OperatingPoint]
    ) -> Searched:
        """Search with one probe, with its subject and without."""
        mated = probe[0].subject in self._wanted
        if not given:
            return self._outcome(probe, given, mated, (0, NEVER, NEVER), {}, {})
        subjects, scores, weight = self.score(given)
        mate = np.array([subject == probe[0].subject for subject in subjects])
        views = [self.exact.views(subject) for subject in subjects]
        listed: dict[str, int] = {}
        strangers: dict[str, int] = {}
        others = np.flatnonzero(~mate)
        for point in points:
            found = cut(subjects, scores, views, weight, point)
            listed[point.name] = next((one.rank for one in found if one.subject == probe[0].subject), 0)
            alone = [subjects[place] for place in others], scores[others], [views[place] for place in others]
            strangers[point.name] = len(cut(*alone, weight, point))
        own = float(scores[mate][0]) if mate.any() else NEVER
        rank = 1 + int((scores[~mate] >= own).sum()) if mate.any() else 0
        best = float(scores[others].max()) if len(others) else NEVER
        return self._outcome(probe, given, mated, (rank, own / weight, best / weight), listed, strangers)

    @staticmethod
    def _outcome(
        probe: Sequence[Picture],
        given: Sequence[SampleTemplate],
        mated: bool,  # noqa: FBT001  one of the six parts of an outcome
        found: tuple[int, float, float],
        listed: Mapping[str, int],
        strangers: Mapping[str, int],
    ) -> Searched:
        best = max(given, key=lambda template: template.unified, default=None)
        return Searched(
            subject=probe[0].subject,
            labels=probe[0].labels,
            strata=strata(probe, best),
            quality=best.unified if best else None,
            mated=mated,
            rank=found[0],
            score=found[1],
            stranger=found[2],
            listed=listed,
            strangers=strangers,
        )


def search_all(
    roles: Roles, templates: Templates, *, power: int, points: Sequence[OperatingPoint] = ()
) -> tuple[Gallery, tuple[Searched, ...]]:
    """Search with every probe.

    Raises:
        NoSamplesError: There is no probe, or nothing could be enrolled.
    """
    if not roles.probes:
        raise NoSamplesError("expected at least one probe, got none")
    gallery = Gallery(roles, templates, power=power)
    probes = [[one] for one in roles.probes]
    if roles.sets:
        by_subject = sorted(roles.probes, key=lambda one: one.subject)
        probes = [list(stills) for _, stills in groupby(by_subject, key=lambda one: one.subject)]
    return gallery, tuple(
        gallery.search(probe, [template for _, template in templates.of(probe)], points) for probe in probes
    )


_SIZES = ((16, "under 16 px"), (32, "16 to 31 px"), (64, "32 to 63 px"))
_POSES = ((15, "under 15°"), (30, "15 to 29°"), (60, "30 to 59°"))


def strata(probe: Sequence[Picture], best: SampleTemplate | None) -> Mapping[str, str]:
    """Say what kind of probe it is: kind, view, eye distance and turn of its best still (EQV-09)."""
    first = probe[0]
    told = {"kind": f"{first.dataset} {first.kind}".strip()}
    if len(probe) == 1 and first.view_text:
        told["view"] = first.view_text
    if best is None:
        return told
    measures = best.measures
    if "inter_eye_distance" in measures:
        told["eye distance"] = _band(measures["inter_eye_distance"], _SIZES, "64 px and more")
    if "head_pose_yaw" in measures:
        told["turn of the head"] = _band(abs(measures["head_pose_yaw"]), _POSES, "60° and more")
    return told


def _band(value: float, ends: Sequence[tuple[float, str]], last: str) -> str:
    return next((name for end, name in ends if value < end), last)
