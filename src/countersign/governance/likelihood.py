"""A validated method for stating likelihood ratios, part of a validation that the controller signs (REV-15, EQV-15)."""

from collections.abc import Iterable
from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.governance.policy_pack import Relaxation, relaxed
from countersign.governance.programme import ProgrammeKind
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require

PEOPLE_FLOOR = 50
"""Fewest people of whom mated comparisons were made, in each band of quality. [H]"""
STRANGERS_FLOOR = 1000
"""Fewest strangers in each band, one comparison each. [H]"""


class LikelihoodError(Invalid):
    """Numbers of a method that cannot be."""

    code = "likelihood"


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodBand:
    """One band of quality: log10 of the ratio is ``slope`` · score + ``intercept``, never beyond the bounds.

    Attributes:
        quality_from: Lower end of the best still's unified quality, which belongs to the band.
        quality_to: Upper end, which does not.
        log10_low: Empirical lower bound (ELUB), 0 or less.
        log10_high: Empirical upper bound, 0 or more.
        people: Of whom there are mated comparisons.
        strangers: One comparison each.
        cllr: Cost on people who were left out of the fit, in bits; 1 says nothing.
        cllr_high: Upper end of its 95 % interval.
        cllr_min: What of it no calibration could mend.
    """

    quality_from: float
    quality_to: float
    slope: float
    intercept: float
    log10_low: float
    log10_high: float
    people: int
    strangers: int
    cllr: float
    cllr_high: float
    cllr_min: float

    def __post_init__(self) -> None:
        if not self.quality_from < self.quality_to or not self.log10_low <= 0 <= self.log10_high or self.slope <= 0:
            raise LikelihoodError(
                "expected a band of quality, bounds around 0 and a slope above 0, got "
                f"{self.quality_from} to {self.quality_to}, {self.log10_low} to {self.log10_high}, {self.slope}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodMethod:
    """What was validated, and for what.

    Attributes:
        population: From whom the strangers were drawn, in words; a ratio means nothing without it.
        dataset: On which data, with the digest of its list.
        extractor: Of the scores.
        fusion: How scores of several stills are put together.
        stills_from: Fewest stills of a probe.
        stills_to: Most stills.
        views_from: Fewest views of a candidate.
        views_to: Most views.
    """

    population: str
    dataset: str
    extractor: str
    fusion: str
    stills_from: int
    stills_to: int
    views_from: int
    views_to: int
    bands: tuple[LikelihoodBand, ...]

    def __post_init__(self) -> None:
        if not (1 <= self.stills_from <= self.stills_to and 1 <= self.views_from <= self.views_to and self.bands):
            raise LikelihoodError("expected numbers of stills and views from 1 on and a band of quality, got none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A likelihood ratio that may be stated: log10, with the bounds it was held to.

    Attributes:
        clipped: The score asked for more than the bounds bear; the bound is stated instead.
    """

    log10: float
    clipped: bool
    log10_low: float
    log10_high: float
    quality_from: float
    quality_to: float
    population: str


def likelihood_holds(methods: Iterable[LikelihoodMethod], extractor: str, kind: ProgrammeKind) -> Verdict:
    """Refuse a method of another extractor, one that is shown to say no more than nothing, or one of too few people."""
    small = relaxed(kind, Relaxation.UNCERTIFIED_EVALUATION)
    return first_refusal(*(_holds(method, extractor, small=small) for method in methods), ALLOWED)


def _holds(method: LikelihoodMethod, extractor: str, *, small: bool) -> Verdict:
    few = min(min(one.people / PEOPLE_FLOOR, one.strangers / STRANGERS_FLOOR) for one in method.bands)
    worst = max(one.cllr_high for one in method.bands)
    return first_refusal(
        require(
            method.extractor == extractor,
            "likelihood_other_network",
            f"expected ratios of extractor {extractor}, got some of {method.extractor}",
        ),
        require(
            worst < 1,
            "likelihood_says_nothing",
            f"expected a cost (Cllr) below 1 bit in each band of quality, got one of up to {worst:.3f}",
        ),
        require(
            small or few >= 1,
            "likelihood_too_small",
            f"expected {PEOPLE_FLOOR} people and {STRANGERS_FLOOR} strangers or more in each band, got fewer",
        ),
    )


def ratio(
    methods: Iterable[LikelihoodMethod],
    score: float,
    *,
    extractor: str,
    fusion: str,
    stills: int,
    views: int,
    quality: float,
) -> Ratio | None:
    """Give the ratio of a score, held to its bounds; None where no method was validated for such a comparison.

    Args:
        methods: Of the validation in force.
        score: S / Σw; high is more alike.
        extractor: That gave it.
        fusion: `certificate.fusion_id` of the pack.
        stills: Number of stills of the probe.
        views: Number of views of the candidate.
        quality: Best unified quality of the stills.
    """
    for method in methods:
        if (method.extractor, method.fusion) != (extractor, fusion):
            continue
        if not (method.stills_from <= stills <= method.stills_to and method.views_from <= views <= method.views_to):
            continue
        for band in method.bands:
            if band.quality_from <= quality < band.quality_to:
                return _ratio(method, band, score)
    return None


def _ratio(method: LikelihoodMethod, band: LikelihoodBand, score: float) -> Ratio:
    asked = band.slope * score + band.intercept
    stated = min(max(asked, band.log10_low), band.log10_high)
    return Ratio(
        log10=stated,
        clipped=stated != asked,
        log10_low=band.log10_low,
        log10_high=band.log10_high,
        quality_from=band.quality_from,
        quality_to=band.quality_to,
        population=method.population,
    )
