"""One-to-many search, measured: every figure that a report prints, from the outcomes of the searches."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from countersign.evaluation.differentials import GroupTable, attributes, group_table
from countersign.evaluation.headline import threshold_at
from countersign.evaluation.intervals import rule_of_three
from countersign.evaluation.measurement import Failure, Rate, rate
from countersign.evaluation.outcomes import CurvePoint, Flags, Outcomes, det, discard
from countersign.evaluation.resampling import Estimate
from countersign.evaluation.searches import Roles, Searched, Templates
from countersign.search.operating_point import OperatingPoint

RANKS = (1, 10, 20, 50)
FPIRS = (0.1, 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much was measured; a report prints them before any rate."""

    gallery_subjects: int
    references: int
    others: int
    probes: int
    searches: int
    mated: int
    people_searched_for: int
    people_searched_with: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointResult:
    """One operating point.

    Attributes:
        name: ``strict``, ``investigation``, or the FPIR that the threshold was set for on these searches.
        threshold: In words: one number, or one by number of views.
        list_length: R; 0 where every subject above the threshold counts as listed.
        fnir: Low is good.
        fpir: Low is good; of a threshold set on these very searches it is what was asked for and no evidence.
        supported: Lowest FPIR that so many people could show at all: the rule of three.
    """

    name: str
    threshold: str
    list_length: int
    fnir: Estimate
    fpir: Estimate
    supported: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """The searches that share a trait (EQV-09)."""

    attribute: str
    value: str
    mated: int
    subjects: int
    first: Rate | None
    fnir: Rate | None
    fpir: Rate | None
    failures_to_acquire: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class OneToMany:
    """Everything that one run of one-to-many search showed.

    Attributes:
        ranked: Share of mated searches with the mate among the first R, by R; high is good.
        det: FNIR by FPIR over all thresholds, with the band of FNIR.
        discard: FNIR at `stratified_at` when the worst share of probes by quality is not searched with (x: the share).
        discard_first: Share of mates at rank 1 likewise.
        stratified_at: Operating point at which strata and discards are counted.
    """

    counts: Counts
    sets: bool
    failures_to_enrol: Rate
    failures_to_acquire: Rate
    ranked: Mapping[str, Estimate]
    points: tuple[PointResult, ...]
    cmc: tuple[CurvePoint, ...]
    det: tuple[CurvePoint, ...]
    discard: tuple[CurvePoint, ...]
    discard_first: tuple[CurvePoint, ...]
    stratified_at: str
    strata: tuple[Stratum, ...]
    groups: tuple[GroupTable, ...]
    failures: tuple[Failure, ...]


def one_to_many(
    roles: Roles,
    templates: Templates,
    gallery_subjects: int,
    searches: Sequence[Searched],
    *,
    points: Sequence[OperatingPoint] = (),
    seed: int = 0,
) -> OneToMany:
    """Count everything.

    Args:
        roles: Who was what.
        templates: What could be read of them.
        gallery_subjects: N.
        searches: The outcome of each search, at least one.
        points: Of a pack; without one only thresholds set on these searches are reported.
        seed: Of the draws of people.
    """
    outcomes = Outcomes(searches, seed=seed)
    chosen: list[OperatingPoint | float] = [*points, *FPIRS]
    named = [(name_of(point), *outcomes.at(point)) for point in chosen]
    stratified_at, missed, false = named[0]
    enrolled = (*roles.references, *roles.others)
    enrol_failed = len(enrolled) - len(templates.of(enrolled))
    return OneToMany(
        counts=_counts(roles, gallery_subjects, outcomes),
        sets=roles.sets,
        failures_to_enrol=rate(enrol_failed, len(enrolled), name="failures to enrol"),
        failures_to_acquire=rate(int(outcomes.failed.sum()), len(searches), name="failures to acquire"),
        ranked={str(places): outcomes.people.share(outcomes.within(places), outcomes.mated) for places in RANKS},
        points=tuple(_point_result(outcomes, point) for point in chosen),
        cmc=tuple(
            CurvePoint(x=place, y=outcomes.people.share(outcomes.within(place), outcomes.mated))
            for place in range(1, max(RANKS) + 1)
        ),
        det=det(outcomes),
        discard=discard(outcomes, missed),
        discard_first=discard(outcomes, outcomes.within(1)),
        stratified_at=stratified_at,
        strata=tuple(_strata(outcomes, missed, false)),
        groups=tuple(
            group_table(searches, attribute, name, missed.tolist(), false.tolist())
            for attribute in attributes()
            for name, missed, false in named
        ),
        failures=templates.failures,
    )


def name_of(point: OperatingPoint | float) -> str:
    """Give the name of an operating point, or of a threshold that was set for an FPIR."""
    return point.name if isinstance(point, OperatingPoint) else f"FPIR {point:g}"


def _counts(roles: Roles, gallery_subjects: int, outcomes: Outcomes) -> Counts:
    return Counts(
        gallery_subjects=gallery_subjects,
        references=len(roles.references),
        others=len(roles.others),
        probes=len(roles.probes),
        searches=len(outcomes.searches),
        mated=int(outcomes.mated.sum()),
        people_searched_for=len({one.subject for one in outcomes.searches if one.mated}),
        people_searched_with=len({one.subject for one in outcomes.searches}),
    )


def _point_result(outcomes: Outcomes, point: OperatingPoint | float) -> PointResult:
    missed, false = outcomes.at(point)
    fpir = outcomes.people.share(false, outcomes.everyone)
    if isinstance(point, OperatingPoint):
        threshold, fnir = point.threshold_id, outcomes.people.share(missed, outcomes.mated)
    else:
        threshold, fnir = f"{threshold_at(outcomes.stranger, point):.0f}", outcomes.fnir_at(point)
    return PointResult(
        name=name_of(point),
        threshold=threshold,
        list_length=point.list_length if isinstance(point, OperatingPoint) else 0,
        fnir=fnir,
        fpir=fpir,
        supported=rule_of_three(fpir.subjects),
    )


def _strata(outcomes: Outcomes, missed: Flags, false: Flags) -> list[Stratum]:
    told = [{**one.strata, **part} for one, part in zip(outcomes.searches, _quarters(outcomes), strict=True)]
    rows = []
    for attribute in sorted({name for one in told for name in one}):
        for value in sorted({one[attribute] for one in told if attribute in one}, key=_in_order):
            here: Flags = np.array([one.get(attribute) == value for one in told])
            rows.append(_stratum(outcomes, attribute, value, here, missed, false))
    return rows


def _in_order(value: str) -> tuple[float, str]:
    """Order bands by where they begin, names by the alphabet."""
    begins = re.search(r"\d+", value)
    return (-1.0 if value.startswith("under") else float(begins[0]) if begins else 0.0), value


def _quarters(outcomes: Outcomes) -> list[dict[str, str]]:
    measured = [one.quality for one in outcomes.searches if one.quality is not None]
    if not measured:
        return [{} for _ in outcomes.searches]
    ends = np.quantile(measured, [0.25, 0.5, 0.75])
    names = ("1st quarter (worst)", "2nd quarter", "3rd quarter", "4th quarter (best)")
    return [
        {} if one.quality is None else {"quality": names[int(np.searchsorted(ends, one.quality, side="right"))]}
        for one in outcomes.searches
    ]


def _stratum(outcomes: Outcomes, attribute: str, value: str, here: Flags, missed: Flags, false: Flags) -> Stratum:
    mated = here & outcomes.mated

    def share(happened: Flags, counted: Flags, name: str) -> Rate | None:
        trials = int(counted.sum())
        return rate(int((happened & counted).sum()), trials, name=name) if trials else None

    return Stratum(
        attribute=attribute,
        value=value,
        mated=int(mated.sum()),
        subjects=len({one.subject for one, counts in zip(outcomes.searches, here, strict=True) if counts}),
        first=share(outcomes.within(1), mated, "rank 1"),
        fnir=share(missed, mated, "FNIR"),
        fpir=share(false, here, "FPIR"),
        failures_to_acquire=rate(int((outcomes.failed & here).sum()), int(here.sum()), name="failures to acquire"),
    )
