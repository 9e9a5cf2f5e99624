"""Measure likelihood ratios on labelled pictures. Opens nothing of a programme and gives aggregates only."""

from dataclasses import dataclass
from pathlib import Path

from countersign.evaluation.headline import CCTV, CUSTODY, OTHERS
from countersign.evaluation.measurement import Failure
from countersign.evaluation.ratios import RatioBand, comparisons, fit_ratios
from countersign.evaluation.score_table import score_table
from countersign.evaluation.searches import read_templates
from countersign.governance.likelihood import LikelihoodBand, LikelihoodMethod
from countersign.operations.desk import Engine, Progress
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_one_to_many import POWER, MeasureOneToMany, reader, roles_of

__all__ = ["MeasureRatios", "Ratios", "measure_ratios", "method_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRatios:
    """Which pictures of a manifest are what (`MeasureOneToMany`), and of which population a ratio speaks.

    Attributes:
        population: From whom the others were drawn, in words that a court can read.
        ends: Qualities in (0, 1) at which a new band begins.
        power: Exponent of the still weight (`PolicyPack.fusion_power`).
    """

    data: Path
    population: str
    references: tuple[str, ...] = (CUSTODY,)
    probes: tuple[str, ...] = (CCTV,)
    others: tuple[str, ...] = (OTHERS,)
    views: str = "frontal"
    sets: bool = False
    ends: tuple[float, ...] = ()
    power: int = POWER
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """What was measured, by band of quality, and for which numbers of stills and views it holds."""

    population: str
    power: int
    stills_from: int
    stills_to: int
    views_from: int
    views_to: int
    bands: tuple[RatioBand, ...]
    failures: tuple[Failure, ...]


def measure_ratios(engine: Engine, arguments: MeasureRatios, progress: Progress, *, threads: int = 1) -> Ratios:
    """Measure.

    Args:
        engine: The networks to measure.
        arguments: Which pictures.
        progress: Told (pictures done, pictures in all).
        threads: Pictures that are read at a time.

    Raises:
        RatioError: A band has too few people or strangers.
    """
    roles = roles_of(
        MeasureOneToMany(
            data=arguments.data,
            references=arguments.references,
            probes=arguments.probes,
            others=arguments.others,
            views=arguments.views,
            sets=arguments.sets,
        )
    )
    read = reader(engine, progress, roles.everything, roles.probes)
    templates = read_templates(read, roles.everything, threads=threads)
    table = score_table(roles, templates, power=arguments.power)
    stills = [len(one) for one in table.probes if one]
    views = [int(number) for number in table.mate_views if number]
    return Ratios(
        population=arguments.population,
        power=arguments.power,
        stills_from=min(stills),
        stills_to=max(stills),
        views_from=min(views, default=1),
        views_to=max(views, default=1),
        bands=fit_ratios(comparisons(table, seed=arguments.seed), arguments.ends, seed=arguments.seed),
        failures=templates.failures,
    )


def method_of(done: Ratios, given: EvaluationConditions) -> LikelihoodMethod:
    """Give the method as a validation states it, to be signed by the controller and looked at again at acceptance."""
    return LikelihoodMethod(
        population=done.population,
        dataset=f"{given.data}, {given.data_sha256}",
        extractor=given.extractor,
        fusion=f"weighted-mean/p{done.power}",
        stills_from=done.stills_from,
        stills_to=done.stills_to,
        views_from=done.views_from,
        views_to=done.views_to,
        bands=tuple(map(_band, done.bands)),
    )


def _band(one: RatioBand) -> LikelihoodBand:
    return LikelihoodBand(
        quality_from=one.quality_from,
        quality_to=one.quality_to,
        slope=one.slope,
        intercept=one.intercept,
        log10_low=one.log10_low,
        log10_high=one.log10_high,
        people=one.people,
        strangers=one.strangers,
        cllr=one.cllr,
        cllr_high=one.cllr_high,
        cllr_min=one.cllr_min,
    )
