"""What a measurement found: counts before rates, each rate with its interval, an undefined rate never written as 0."""

from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.evaluation.intervals import proportion_interval


class UndefinedRateError(Invalid):
    """A rate of nothing: undefined is not zero, and never a pass (EQV-06)."""

    code = "undefined_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with what it rests on.

    Attributes:
        count: Searches (or images, or comparisons) to which it happened.
        trials: Out of how many; at least 1.
        low: Lower end of the exact 95 % interval.
        high: Upper end; for a count of 0 it is about 3.7 divided by ``trials``.
    """

    count: int
    trials: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """Give the share, in [0, 1]."""
        return self.count / self.trials


def rate(count: int, trials: int, *, name: str) -> Rate:
    """Give a share with its exact 95 % interval.

    Raises:
        UndefinedRateError: ``trials`` is 0.

    Example:
        >>> eleven = rate(11, 12, name="rank 1")
        >>> eleven.count, eleven.trials, round(eleven.low, 3), round(eleven.high, 3)
        (11, 12, 0.615, 0.998)
    """
    if trials < 1:
        raise UndefinedRateError(f"expected at least one trial for {name}, got {trials}: the rate is undefined, not 0")
    low, high = proportion_interval(count, trials)
    return Rate(count=count, trials=trials, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One image or search of which no template was made; it stays in the counts."""

    subject: str
    file: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measured run of one-to-many search.

    Attributes:
        per_probe: ``still`` or ``set``.
        n_subjects: N, the size of the gallery.
        threshold_id: What was listed by; empty when every search was ranked without a threshold.
        list_length: R; 0 without a threshold.
        failures_to_enrol: References of which no template was made, of all references.
        failures_to_acquire: Probes of which no template was made, of all probes; each also counts in ``fnir``.
        ranked_first: Mated searches whose mate stands at rank 1 without a threshold; likewise 10 and 50.
        fnir: Mated searches whose mate is not listed; None when there was no threshold.
        fpir: Non-mated searches that list anybody; None when there was no threshold or mates were not left out.
        failures: Every image that failed, and why.
    """

    per_probe: str
    n_subjects: int
    threshold_id: str
    list_length: int
    failures_to_enrol: Rate
    failures_to_acquire: Rate
    ranked_first: Rate
    ranked_10: Rate
    ranked_50: Rate
    fnir: Rate | None
    fpir: Rate | None
    failures: tuple[Failure, ...]
