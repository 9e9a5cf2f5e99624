"""Finds the threshold at which strangers are seldom listed."""

from collections.abc import Sequence
from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.evaluation.intervals import rule_of_three
from countersign.evaluation.measurement import Rate, rate


class CalibrationError(Invalid):
    """Searches of which no threshold can be found."""

    code = "calibration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A threshold and the evidence for it.

    Attributes:
        threshold: Lowest T >= 1 at which the measured rate is not above what was asked.
        fpir: Measured at T, on the searches that T was found with; certify on others.
        supported: Lowest rate that so many searches could show at all: the rule of three. What was asked for and is
            lower than this is not shown, whatever was counted (EQV-05).
    """

    threshold: int
    fpir: Rate
    supported: float


def calibrate(top_scores: Sequence[int], weight_sums: Sequence[int], *, fpir: float) -> Calibration:
    """Give the lowest threshold T at which at most this share of non-mated searches lists anybody.

    A search lists somebody when its best S >= T·Σw, that is when T <= ⌊S / Σw⌋.

    Args:
        top_scores: Best fused score S of any subject in each non-mated search.
        weight_sums: Σw of each search's stills.
        fpir: Highest share that may list anybody, in [0, 1).

    Raises:
        CalibrationError: There is no search, not one Σw a search, or a share outside [0, 1).

    Example:
        >>> found = calibrate([100, 220, 330, 90], [10, 20, 30, 10], fpir=0.25)
        >>> found.threshold, found.fpir.count  # the tops are 10, 11, 11, 9: at 11 two searches would list somebody
        (12, 0)
    """
    if not top_scores or len(top_scores) != len(weight_sums) or not 0 <= fpir < 1:
        raise CalibrationError(
            f"expected searches with one weight sum each and a rate in [0, 1), got {len(top_scores)} scores, "
            f"{len(weight_sums)} sums, {fpir}"
        )
    reached = sorted((top // total for top, total in zip(top_scores, weight_sums, strict=True)), reverse=True)
    threshold = max(1, reached[int(fpir * len(reached))] + 1)
    listed = sum(top >= threshold for top in reached)
    return Calibration(
        threshold=threshold, fpir=rate(listed, len(reached), name="FPIR"), supported=rule_of_three(len(reached))
    )
