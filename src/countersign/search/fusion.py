"""Puts the scores of a probe's stills together: a mean weighted by quality, in integers, so that it can be replayed."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid


class QualityError(Invalid):
    """A quality or power from which no weight can be made."""

    code = "quality"


class WeightsError(Invalid):
    """The weights do not fit the stills."""

    code = "weights"


def still_weight(unified: float, power: int) -> int:
    """Give the integer weight of a still: max(1, round(255 · quality^power)).

    Args:
        unified: Quality of the still in [0, 1]; high is good.
        power: How strongly quality counts; at 0 all stills weigh the same.

    Returns:
        A weight in 1 … 255. A still never weighs nothing: it was marked, so it counts.

    Raises:
        QualityError: The quality is outside [0, 1] or no number, or the power is negative.

    Source:
        Decisions, "Templates, scores, fusion": 39 people, 5,749 others, FNIR 0.05 at FPIR 0.1 with power 8.

    Example:
        >>> still_weight(0.9, 8), still_weight(0.9, 1), still_weight(0.1, 8)
        (110, 230, 1)
    """
    if not (math.isfinite(unified) and 0 <= unified <= 1) or power < 0:
        raise QualityError(f"expected a quality in [0, 1] and a power >= 0, got {unified} and {power}")
    return max(1, round(255 * unified**power))


def fuse(best: NDArray[np.int32], weights: Sequence[int]) -> NDArray[np.int64]:
    """Give each subject's fused comparison score S = Σ wᵢ·bᵢ.

    A subject is listed when S >= T·Σw: equality is listed.

    Args:
        best: Each still's best score over a subject's views, shape (k, subjects); higher is more alike.
        weights: One weight a still, k of them.

    Returns:
        S of each subject, shape (subjects,), exact.

    Raises:
        WeightsError: There is no still, not one weight a still, or a weight below 1.

    Example:
        >>> fuse(np.array([[10, -3], [1, 5]], dtype=np.int32), (2, 1)).tolist()
        [21, -1]
    """
    if len(weights) != len(best) or not weights or min(weights) < 1:
        raise WeightsError(f"expected {len(best)} weights, at least one, each >= 1, got {tuple(weights)}")
    fused: NDArray[np.int64] = np.asarray(weights, dtype=np.int64) @ best.astype(np.int64)
    return fused
