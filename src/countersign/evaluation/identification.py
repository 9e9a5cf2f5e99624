"""One-to-many error rates, and the measurement that counts every failure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countersign.errors import CountersignError
from countersign.evaluation.measurement import Failure, Measurement, Rate, rate
from countersign.evaluation.protocol import (
    NoSamplesError,
    PerProbe,
    ReadTemplate,
    Sample,
    SampleTemplate,
    read_folder,
)
from countersign.primitives.ids import SubjectId
from countersign.search.candidates import cut
from countersign.search.exact import ExactGallery
from countersign.search.fusion import fuse, still_weight
from countersign.search.operating_point import OperatingPoint
from countersign.search.probe import Candidate


def ranked_within(mate_ranks: Sequence[int], *, places: int) -> Rate:
    """Give the share of mated searches whose mate stands among the first ``places``. High is good.

    Args:
        mate_ranks: Place of each mate; 1 is first, 0 is unlisted or never compared.
        places: How many places count.

    Raises:
        UndefinedRateError: There is no mated search: the rate is undefined, not zero.

    Source:
        ISO/IEC 19795-1:2021, true-positive identification rate at a rank.

    Example:
        >>> ranked_within([1, 3, 0, 2], places=2).value
        0.5
    """
    return rate(sum(1 <= rank <= places for rank in mate_ranks), len(mate_ranks), name=f"rank {places}")


def cmc(mate_ranks: Sequence[int], *, places: int) -> tuple[Rate, ...]:
    """Give the cumulative match characteristic: `ranked_within` for 1, 2 … ``places``.

    Example:
        >>> [step.value for step in cmc([1, 3, 0, 2], places=3)]
        [0.25, 0.5, 0.75]
    """
    return tuple(ranked_within(mate_ranks, places=place) for place in range(1, places + 1))


def fnir(listed_ranks: Sequence[int]) -> Rate:
    """Give the false-negative identification rate: mated searches whose mate is not on the list. Low is good.

    Args:
        listed_ranks: Place of each mate on the list that was cut at threshold and length; 0 is unlisted, also because
            no template could be made.

    Raises:
        UndefinedRateError: There is no mated search: the rate is undefined, not zero.

    Source:
        ISO/IEC 19795-1:2021, false-negative identification rate.

    Example:
        >>> fnir([1, 0, 3, 1]).value
        0.25
    """
    return rate(sum(rank < 1 for rank in listed_ranks), len(listed_ranks), name="FNIR")


def fpir(list_lengths: Sequence[int]) -> Rate:
    """Give the false-positive identification rate: non-mated searches that list anybody. Low is good.

    Args:
        list_lengths: Length of the list of each non-mated search.

    Raises:
        UndefinedRateError: There is no non-mated search: the rate is undefined, not zero.

    Source:
        ISO/IEC 19795-1:2021, false-positive identification rate.

    Example:
        >>> fpir([0, 2, 0, 0]).value
        0.25
    """
    return rate(sum(length > 0 for length in list_lengths), len(list_lengths), name="FPIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """One search of the protocol; without templates when none could be made."""

    subject: str
    templates: tuple[SampleTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """What became of one search.

    Attributes:
        rank: Place of the mate without a threshold; 0 when it was not compared.
        listed_rank: Place of the mate on the list; 0 when unlisted.
        strangers: Length of the list once the mate was left out; None when that is not a non-mated search.
    """

    mated: bool
    rank: int
    listed_rank: int
    strangers: int | None


def measure_identification(
    read: ReadTemplate,
    references: Path,
    probes: Path,
    *,
    others: Path | None = None,
    per_probe: PerProbe = PerProbe.STILL,
    operating_point: OperatingPoint | None = None,
    exclude_mates: bool = True,
    power: int = 8,
) -> Measurement:
    """Measure one-to-many search on folders of pictures.

    A picture of which no template can be made is listed with its reason, and its mated search fails. A non-mated search
    that could not be made is left out of FPIR: a failure never makes a rate look better.

    Args:
        read: Makes the template of a picture.
        references: ``<subject>/<picture>``; all pictures of a subject enter.
        probes: ``<subject>/<picture>``; a search is mated when ``references`` holds a folder of the same name.
        others: ``<subject>/<picture>``, people who fill the gallery with their first picture and are not searched for.
        per_probe: One search a still, or one search a person with all their stills.
        operating_point: Where lists are cut; without it FNIR and FPIR are not given.
        exclude_mates: Make every mated search a second time without the mate, as a non-mated search.
        power: How strongly a still's quality counts (`search.fusion.still_weight`).

    Raises:
        NoSamplesError: A folder without pictures, or nothing that could be enrolled.
        UndefinedRateError: No probe is mated.
    """
    failures: list[Failure] = []
    given = read_folder(references)
    fill = read_folder(others, first_only=True) if others else ()
    gallery, enrolled = _enrolled(read, given, fill, failures)
    not_enrolled = len(failures)
    stills = read_folder(probes)
    searches = _searches(read, stills, per_probe, failures)
    referenced = {sample.subject for sample in given}
    counted = [
        _count(gallery, search, referenced, operating_point, power, exclude=exclude_mates) for search in searches
    ]
    mated = [one for one in counted if one.mated]
    strangers = [one.strangers for one in counted if one.strangers is not None]
    ranks = [one.rank for one in mated]
    return Measurement(
        per_probe=per_probe,
        n_subjects=enrolled,
        threshold_id=operating_point.threshold_id if operating_point else "",
        list_length=operating_point.list_length if operating_point else 0,
        failures_to_enrol=rate(not_enrolled, len(given) + len(fill), name="failures to enrol"),
        failures_to_acquire=rate(len(failures) - not_enrolled, len(stills), name="failures to acquire"),
        ranked_first=ranked_within(ranks, places=1),
        ranked_10=ranked_within(ranks, places=10),
        ranked_50=ranked_within(ranks, places=50),
        fnir=fnir([one.listed_rank for one in mated]) if operating_point else None,
        fpir=fpir(strangers) if operating_point and strangers else None,
        failures=tuple(failures),
    )


def _read(read: ReadTemplate, sample: Sample, failures: list[Failure]) -> SampleTemplate | None:
    try:
        return read(sample.path)
    except CountersignError as reason:
        failures.append(Failure(subject=sample.subject, file=sample.path.name, code=reason.code))
        return None


def _enrolled(
    read: ReadTemplate, given: Iterable[Sample], fill: Iterable[Sample], failures: list[Failure]
) -> tuple[ExactGallery, int]:
    rows: list[tuple[str, SampleTemplate]] = []
    # A filler of the same name as a reference is another person all the same.
    for prefix, samples in (("references/", given), ("others/", fill)):
        for sample in samples:
            template = _read(read, sample, failures)
            if template is not None:
                rows.append((prefix + sample.subject, template))
    if not rows:
        raise NoSamplesError("expected at least one reference that can be enrolled, got none")
    rows.sort(key=lambda row: (row[0], -row[1].unified))
    gallery = ExactGallery(np.stack([template.codes for _, template in rows]), tuple(SubjectId(who) for who, _ in rows))
    return gallery, gallery.n_subjects


def _searches(
    read: ReadTemplate, stills: Iterable[Sample], per_probe: PerProbe, failures: list[Failure]
) -> list[_Search]:
    taken = [(still.subject, _read(read, still, failures)) for still in stills]
    if per_probe is PerProbe.STILL:
        return [_Search(subject=who, templates=(one,) if one else ()) for who, one in taken]
    return [
        _Search(subject=who, templates=tuple(one for _, one in of_one if one))
        for who, of_one in groupby(taken, key=lambda pair: pair[0])
    ]


def _count(
    gallery: ExactGallery,
    search: _Search,
    referenced: set[str],
    point: OperatingPoint | None,
    power: int,
    *,
    exclude: bool,
) -> _Counted:
    mated = search.subject in referenced
    if not search.templates:
        return _Counted(mated=mated, rank=0, listed_rank=0, strangers=None)
    weights = [still_weight(template.unified, power) for template in search.templates]
    subjects, best = gallery.best_per_subject(np.stack([template.codes for template in search.templates]))
    scores = fuse(best, weights)
    mate = SubjectId("references/" + search.subject)
    place = subjects.index(mate) if mate in subjects else None

    def listed(places: Sequence[int]) -> tuple[Candidate, ...]:
        who = [subjects[at] for at in places]
        views = [gallery.views(one) for one in who]
        return cut(who, scores[list(places)], views, sum(weights), point) if point else ()

    return _Counted(
        mated=mated,
        rank=_rank(scores, place) if place is not None else 0,
        listed_rank=next((one.rank for one in listed(range(len(subjects))) if one.subject == mate), 0),
        strangers=len(listed([at for at in range(len(subjects)) if at != place])) if exclude or not mated else None,
    )


def _rank(scores: NDArray[np.int64], place: int) -> int:
    """Give the rank of one subject: by S, then by id, and subjects stand in the order of their ids."""
    above = int((scores > scores[place]).sum())
    return 1 + above + int((scores[:place] == scores[place]).sum())
