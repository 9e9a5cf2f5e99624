"""One-to-one comparison, measured on pairs: FMR, FNMR, the trade-off between them, failures, discards."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countersign.evaluation.headline import threshold_at
from countersign.evaluation.intervals import rule_of_three
from countersign.evaluation.measurement import Failure, Rate, rate
from countersign.evaluation.outcomes import DISCARDED, CurvePoint
from countersign.evaluation.pairs import Pair, PairsError
from countersign.evaluation.resampling import Estimate, People, Places
from countersign.evaluation.searches import NEVER, Templates

FMRS = (0.1, 0.01, 0.001)
_CURVE_POINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One pair and its score.

    Attributes:
        score: Integer dot product of the two templates, higher is more alike; `NEVER` when it could not be made.
        quality: The lower one of the two samples' qualities.
    """

    pair: Pair
    score: float
    quality: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FmrPoint:
    """FNMR where FMR is at most what was asked for, at a threshold set on these very pairs.

    Attributes:
        supported: Lowest FMR that so many non-mated pairs could show at all: the rule of three.
    """

    fmr_asked: float
    threshold: float
    fmr: Rate
    fnmr: Estimate
    supported: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OneToOne:
    """Everything that one run of one-to-one comparison showed.

    Attributes:
        failures_to_acquire: Pairs that could not be compared, of all pairs; a mated one also counts in FNMR, and a
            non-mated one as accepted by no threshold.
        best: Highest share of pairs decided rightly at any one threshold; flattering, since chosen on these pairs.
        det: FNMR by FMR at every threshold.
        discard: FNMR at the second FMR of `FMRS` when the worst pairs by quality are left out.
    """

    mated: int
    non_mated: int
    people: int
    failures_to_acquire: Rate
    points: tuple[FmrPoint, ...]
    best: float
    det: tuple[CurvePoint, ...]
    discard: tuple[CurvePoint, ...]
    failures: tuple[Failure, ...]


def compare_all(pairs: Sequence[Pair], templates: Templates) -> tuple[Compared, ...]:
    """Give the score of every pair."""
    return tuple(_compared(pair, templates) for pair in pairs)


def _compared(pair: Pair, templates: Templates) -> Compared:
    first, second = templates.by_path.get(pair.first), templates.by_path.get(pair.second)
    if first is None or second is None:
        return Compared(pair=pair, score=NEVER, quality=-1.0)
    score = int(first.codes.astype(np.int64) @ second.codes.astype(np.int64))
    return Compared(pair=pair, score=score, quality=min(first.unified, second.unified))


def one_to_one(compared: Sequence[Compared], failures: Sequence[Failure], *, seed: int = 0) -> OneToOne:
    """Count everything.

    Args:
        compared: Mated and non-mated pairs, at least one of each.
        failures: Pictures of which no template was made.
        seed: Of the draws of people; a pair belongs to its first picture's person.

    Raises:
        PairsError: There is no mated or no non-mated pair.
    """
    mated = np.array([one.pair.mated for one in compared], dtype=np.bool_)
    if not mated.any() or mated.all():
        raise PairsError(f"expected mated and non-mated pairs, got {int(mated.sum())} mated of {len(mated)}")
    scores = np.array([one.score for one in compared])
    quality = np.array([one.quality for one in compared])
    people = People([one.pair.subjects[0] for one in compared], seed=seed)
    wanted = threshold_at(scores[~mated], FMRS[1])
    return OneToOne(
        mated=int(mated.sum()),
        non_mated=int((~mated).sum()),
        people=len({who for one in compared for who in one.pair.subjects}),
        failures_to_acquire=rate(int((scores == NEVER).sum()), len(scores), name="failures to acquire"),
        points=tuple(_point(people, scores, mated, share) for share in FMRS),
        best=_best(scores, mated),
        det=_det(people, scores, mated),
        discard=tuple(_discard(people, scores < wanted, quality, mated)),
        failures=tuple(failures),
    )


def _point(people: People, scores: NDArray[np.float64], mated: NDArray[np.bool_], share: float) -> FmrPoint:
    threshold = threshold_at(scores[~mated], share)

    def fnmr(places: Places) -> float:
        own, others = scores[places[mated[places]]], scores[places[~mated[places]]]
        if not len(own) or not len(others):
            return float("nan")
        return float((own < threshold_at(others, share)).mean())

    return FmrPoint(
        fmr_asked=share,
        threshold=threshold,
        fmr=rate(int((scores[~mated] >= threshold).sum()), int((~mated).sum()), name="FMR"),
        fnmr=people.any_figure(fnmr, mated),
        supported=rule_of_three(int((~mated).sum())),
    )


def _thresholds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    made = np.unique(scores[scores > NEVER])
    return np.append(made, np.nextafter(made[-1:], np.inf))


def _best(scores: NDArray[np.float64], mated: NDArray[np.bool_]) -> float:
    decided = [float(((scores >= threshold) == mated).mean()) for threshold in _thresholds(scores)]
    return max(decided, default=float((~mated).mean()))


def _det(people: People, scores: NDArray[np.float64], mated: NDArray[np.bool_]) -> tuple[CurvePoint, ...]:
    every = _thresholds(scores)
    kept = every[np.unique(np.linspace(0, len(every) - 1, _CURVE_POINTS).astype(int))] if len(every) else every
    return tuple(
        CurvePoint(x=float((scores[~mated] >= threshold).mean()), y=people.share(scores < threshold, mated))
        for threshold in kept
    )


def _discard(
    people: People, missed: NDArray[np.bool_], quality: NDArray[np.float64], mated: NDArray[np.bool_]
) -> list[CurvePoint]:
    ordered = np.sort(quality[mated])
    kept = [mated & (quality >= ordered[int(share * len(ordered) + 1e-9)]) for share in DISCARDED]
    return [CurvePoint(x=share, y=people.share(missed, of)) for share, of in zip(DISCARDED, kept, strict=True)]
