"""The candidate list: complete above the threshold, short, and often empty. Empty is a normal result (ENG-03)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from countersign.primitives.arrays import Codes
from countersign.primitives.ids import SubjectId
from countersign.search.comparison import Comparison
from countersign.search.fusion import fuse
from countersign.search.operating_point import OperatingPoint
from countersign.search.probe import Candidate

#: Rows that each still looks at before the bound is tried. It decides speed alone, never the list.
_DEPTH = 512


def cut(
    subjects: Sequence[SubjectId],
    scores: NDArray[np.int64],
    views: Sequence[int],
    weight_sum: int,
    operating_point: OperatingPoint,
) -> tuple[Candidate, ...]:
    """Give the subjects that reach the threshold of their own band, best first, at most R of them.

    Args:
        subjects: Who was compared, s of them.
        scores: Fused score S of each, shape (s,); higher is more alike.
        views: Number of views of each, at least 1.
        weight_sum: Σw of the probe's stills.
        operating_point: A subject is listed when S >= T·Σw of its band: equality is listed.

    Example:
        >>> point = OperatingPoint(name="strict", thresholds={(1, 1): 50, (2, 7): 60}, list_length=2)
        >>> places = cut(("d", "c", "b", "a"), np.array([100, 119, 120, 120]), (1, 2, 2, 1), 2, point)
        >>> [(place.rank, place.subject) for place in places]
        [(1, 'a'), (2, 'b')]
    """
    # Far fewer than all reach the lowest threshold; only these are looked at one by one.
    near = np.flatnonzero(scores >= operating_point.lowest * weight_sum)
    reached = [
        (-int(scores[place]), subjects[place])
        for place in near.tolist()
        if int(scores[place]) >= operating_point.threshold_for(views[place]) * weight_sum
    ]
    best = sorted(reached)[: operating_point.list_length]
    return tuple(Candidate(rank=rank, subject=who, score=-negated) for rank, (negated, who) in enumerate(best, start=1))


def _proven(listed: Sequence[Candidate], bound: int, weight_sum: int, operating_point: OperatingPoint) -> bool:
    """Say whether a subject that was not seen, and so scores at most ``bound``, could have a place on the list."""
    if bound < operating_point.lowest * weight_sum:
        return True
    # Strictly less: at an equal score the subject's id decides, and the unseen one's is unknown.
    return len(listed) == operating_point.list_length and bound < listed[-1].score


def list_candidates(
    gallery: Comparison, probe_codes: Codes, weights: Sequence[int], operating_point: OperatingPoint
) -> tuple[Candidate, ...]:
    """Give the candidate list of one probe against one gallery.

    The nearest rows of each still are fetched first. Whoever is not among them scores at most Σ wᵢ·(the last score seen
    for still i); when that bound cannot reach the list, the list is proven complete, else every row is compared.

    Args:
        gallery: What to compare with.
        probe_codes: One template a still, shape (k, d).
        weights: One integer weight a still (`fusion.still_weight`).
        operating_point: Thresholds by band of views and the length of the list.

    Returns:
        Candidates in the order of S, then subject id; empty when nobody reaches the threshold.

    Raises:
        WeightsError: There is no still, not one weight a still, or a weight below 1.
        GalleryShapeError: Templates of another length than the gallery's.
    """
    near = gallery.nearest(probe_codes, _DEPTH)
    weight_sum = sum(weights)
    listed = _listed(gallery, near.subjects, gallery.best_of(probe_codes, near.subjects), weights, operating_point)
    bound = sum(weight * int(last) for weight, last in zip(weights, near.bound, strict=True))
    if near.complete or _proven(listed, bound, weight_sum, operating_point):
        return listed
    return _listed(gallery, *gallery.best_per_subject(probe_codes), weights, operating_point)


def _listed(
    gallery: Comparison,
    subjects: Sequence[SubjectId],
    best: NDArray[np.int32],
    weights: Sequence[int],
    operating_point: OperatingPoint,
) -> tuple[Candidate, ...]:
    views = [gallery.views(subject) for subject in subjects]
    return cut(subjects, fuse(best, weights), views, sum(weights), operating_point)
