"""Measure error rates by the size of the gallery. Opens nothing of a programme and gives aggregates only."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from countersign.errors import Invalid
from countersign.evaluation.at_size import DRAWS, FPIRS, RANKS, AtSize, Basis, Rule, at_size
from countersign.evaluation.headline import CCTV, CUSTODY, OTHERS
from countersign.evaluation.measurement import Failure
from countersign.evaluation.score_table import ScoreTable, score_table
from countersign.evaluation.searches import NEVER, Roles, Templates, read_templates
from countersign.evaluation.synthetic import Agreement, agreement, scores_of, synthetic_templates
from countersign.evaluation.tail import Scores
from countersign.governance.certificate import SizeRate
from countersign.governance.policy_pack import OperatingPoint, PolicyPack
from countersign.operations.desk import Engine, Progress
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_one_to_many import POWER, MeasureOneToMany, pack_points, reader, roles_of
from countersign.primitives.arrays import Codes
from countersign.primitives.codec import from_plain
from countersign.search.fusion import still_weight

__all__ = ["AtSizes", "MeasureAtSize", "SizeRatesError", "measure_at_size", "read_sizes", "size_rates"]

SYNTHETIC = 100_000
"""Synthetic others that are drawn where nothing else is asked for; 0 draws none."""
COMPARED = 20_000
"""Synthetic others that are held against real ones."""


class SizeRatesError(Invalid):
    """A measurement by size that does not belong to the evaluation that it is to widen."""

    code = "evaluation_sizes"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAtSize:
    """Which pictures of a manifest are what (`MeasureOneToMany`), and how far to go.

    Attributes:
        views: Which views of the searched-for people are enrolled; a report for each, in this order.
        synthetic: Number of synthetic others.
        draws: Of people, for the intervals.
    """

    data: Path
    references: tuple[str, ...] = (CUSTODY,)
    probes: tuple[str, ...] = (CCTV,)
    others: tuple[str, ...] = (OTHERS,)
    views: tuple[str, ...] = ("frontal", "seven")
    pack: PolicyPack | None = None
    synthetic: int = SYNTHETIC
    seed: int = 0
    draws: int = DRAWS


@dataclass(frozen=True, slots=True, kw_only=True)
class AtSizes:
    """Rates by size: for each choice of views one probe picture a search, then all of a person's."""

    measured: tuple[AtSize, ...]
    failures: tuple[Failure, ...]


def measure_at_size(engine: Engine, arguments: MeasureAtSize, progress: Progress, *, threads: int = 1) -> AtSizes:
    """Measure; each picture is read once, whatever it is used for.

    Args:
        engine: The networks to measure.
        arguments: Which pictures.
        progress: Told (pictures done, pictures in all).
        threads: Pictures that are read at a time.

    Raises:
        TailError: There are too few others to say anything about more.
        NoSamplesError: There are no probes with a template, or too few others to draw synthetic ones after.
    """
    plans = [roles_of(_of_views(arguments, views)) for views in arguments.views]
    everything = list({one.path: one for plan in plans for one in plan.everything}.values())
    probes = [one for plan in plans for one in plan.probes]
    templates = read_templates(reader(engine, progress, everything, probes), everything, threads=threads)
    power = arguments.pack.fusion_power if arguments.pack else POWER
    rules: tuple[Rule, ...] = (*pack_points(arguments.pack), *FPIRS, *RANKS)
    measured = []
    for views, plan in zip(arguments.views, plans, strict=True):
        for sets in (False, True):
            roles = replace(plan, sets=sets)
            table = score_table(roles, templates, power=power)
            measured.append(
                at_size(
                    table,
                    rules,
                    views=views,
                    sets=sets,
                    synthetic=_synthetic(roles, templates, table, arguments, power),
                    agreement=_agreement(roles, templates, table, arguments, power),
                    seed=arguments.seed,
                    draws=arguments.draws,
                )
            )
    return AtSizes(measured=tuple(measured), failures=templates.failures)


def _of_views(arguments: MeasureAtSize, views: str) -> MeasureOneToMany:
    return MeasureOneToMany(
        data=arguments.data,
        references=arguments.references,
        probes=arguments.probes,
        others=arguments.others,
        views=views,
    )


def _synthetic(
    roles: Roles, templates: Templates, table: ScoreTable, arguments: MeasureAtSize, power: int
) -> Scores | None:
    """Give the scores of synthetic others with every probe, shape (n, s)."""
    if not arguments.synthetic:
        return None
    return _scores_after(_codes(roles, templates), arguments.synthetic, table, power, arguments.seed)


def _agreement(
    roles: Roles, templates: Templates, table: ScoreTable, arguments: MeasureAtSize, power: int
) -> Agreement | None:
    """Hold real others against synthetic ones that were drawn after other real ones, each half of them."""
    if not arguments.synthetic:
        return None
    real, tried = _codes(roles, templates), ~table.failed
    drawn = _scores_after(real[::2], COMPARED, table, power, arguments.seed + 1)
    return agreement(table.others[tried][:, 1::2], drawn[tried])


def _codes(roles: Roles, templates: Templates) -> Codes:
    """Give the others' templates in the order of their scores: by subject, one each."""
    rows = sorted(templates.of(roles.others), key=lambda row: row[0].subject)
    return np.stack([template.codes for _, template in rows])


def _scores_after(real: Codes, number: int, table: ScoreTable, power: int, seed: int) -> Scores:
    scores = np.full((len(table.probes), number), NEVER, dtype=np.float64)
    start = 0
    for drawn in synthetic_templates(real, number, np.random.default_rng(seed)):
        for row, stills in enumerate(table.probes):
            if stills:
                weights = [still_weight(one.unified, power) for one in stills]
                scores[row, start : start + len(drawn)] = scores_of([one.codes for one in stills], weights, drawn)
        start += len(drawn)
    return scores


def read_sizes(data: bytes, given: EvaluationConditions) -> AtSizes:
    """Read what ``evaluate size`` wrote, if it was measured on the same pictures with the same network and pack.

    Raises:
        SizeRatesError: It was not, or it is something else.
    """
    try:
        plain = json.loads(data, parse_float=str)
        made_with, measured = plain["conditions"], plain["measured"]
        pairs = [(made_with[name], getattr(given, name)) for name in ("extractor", "data_sha256", "pack_sha256")]
    except (ValueError, KeyError, TypeError) as cause:
        raise SizeRatesError(f"expected the JSON file of `evaluate size`, got: {cause!r}") from cause
    if any(one != other for one, other in pairs):
        raise SizeRatesError("expected rates by size of the same network, pictures and pack, got others")
    return from_plain(AtSizes, measured)


def size_rates(
    measured: Iterable[AtSize], points: Sequence[OperatingPoint], views: str, *, sets: bool
) -> tuple[SizeRate, ...]:
    """Give the extrapolated rates of a pack's operating points, to widen the band of a certificate (practice P-04).

    Args:
        measured: Of any views and kinds of search; only what was measured as the evaluation was is taken.
        points: The pack's.
        views: As in the evaluation.
        sets: As in the evaluation.

    Raises:
        SizeRatesError: Nothing was measured so, or not at a point of the pack.
    """
    alike = [one for one in measured if (one.views, one.sets) == (views, sets)]
    curves = {curve.rule: curve for one in alike for curve in one.curves}
    missing = sorted(set(points) - curves.keys())
    if missing:
        raise SizeRatesError(f"expected rates by size with {views} views at {', '.join(missing)}, got none")
    return tuple(
        SizeRate(
            n=at.n,
            point=point,
            fnir=at.fnir.value,
            fnir_high=at.fnir.high,
            fpir=at.fpir.value,
            fpir_high=at.fpir.high,
        )
        for point in points
        for at in curves[point].points
        if at.basis is Basis.EXTRAPOLATED and at.fpir is not None
        if at.fnir.value is not None and at.fnir.high is not None
        if at.fpir.value is not None and at.fpir.high is not None
    )
