"""Turn a measurement into the content of a validation, to be signed by the controller and counted again at acceptance.

The measurement must have used the pack that will be in force: thresholds, list lengths and fusion are part of the key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.evaluation.differentials import GroupRate
from countersign.evaluation.one_to_many import OneToMany, PointResult
from countersign.evaluation.resampling import Estimate
from countersign.governance.artefact_content import Rate, Validation
from countersign.governance.certificate import (
    Certificate,
    Counted,
    GroupCount,
    PointClaim,
    SizeRate,
    fusion_id,
    pack_key,
)
from countersign.governance.certificate_rules import view_bands, widest_band
from countersign.governance.likelihood import LikelihoodMethod
from countersign.governance.policy_pack import OperatingPoint, PolicyPack
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.primitives.digest import Sha256

__all__ = ["ClaimError", "Claims", "certify", "read_claims"]


class ClaimError(Invalid):
    """A claim that is none, or is missing for a point of the pack."""

    code = "evaluation_claim_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What is promised of one point: the highest FPIR and FNIR."""

    fpir: float
    fnir: float


def read_claims(texts: Sequence[str]) -> Mapping[OperatingPoint, Claims]:
    """Read claims such as ``strict=0.01,0.6``: point, highest FPIR, highest FNIR.

    Raises:
        ClaimError: It is none of these.

    Example:
        >>> read_claims(["strict=0.01,0.6"])[OperatingPoint.STRICT].fnir
        0.6
    """
    claims = {}
    for text in texts:
        name, _, numbers = text.partition("=")
        try:
            fpir, fnir = (float(number) for number in numbers.split(","))
            claims[OperatingPoint(name.strip())] = Claims(fpir=fpir, fnir=fnir)
        except ValueError as cause:
            raise ClaimError(f"expected a claim such as strict=0.01,0.6, got {text!r}") from cause
    return claims


def certify(
    done: OneToMany,
    given: EvaluationConditions,
    pack: PolicyPack,
    claims: Mapping[OperatingPoint, Claims],
    *,
    report: Sha256,
    sizes: Sequence[SizeRate] = (),
    likelihood: Sequence[LikelihoodMethod] = (),
) -> Validation:
    """Give the content of a validation; whether it holds is not decided here.

    Args:
        done: Measured at the pack's operating points.
        given: With what.
        pack: The one that will be in force.
        claims: A promise for every operating point of the pack.
        report: Digest of the report.
        sizes: Extrapolated rates; where their upper ends still bear every claim they widen the band of N (P-04).

        likelihood: Methods for likelihood ratios, as `measure_ratios.method_of` gives them.

    Raises:
        ClaimError: A point of the pack has no claim, or was not measured.
    """
    measured = {one.name: one for one in done.points}
    for point in pack.operating_points:
        if point not in claims or point not in measured:
            raise ClaimError(
                f"expected a claim and a measurement for {point}, got {sorted(claims)}, {sorted(measured)}"
            )
    strict = measured[next(iter(pack.operating_points))]
    points = tuple(_claim(point, claims[point], measured[point]) for point in pack.operating_points)
    certificate = Certificate(
        precision=_precision(given.extractor),
        fusion=fusion_id(pack),
        list_lengths=pack.list_lengths,
        view_bands=view_bands(pack),
        n_highest=widest_band(done.counts.gallery_subjects, points, sizes),
        max_group_ratio=pack.max_group_ratio,
        pack=pack_key(pack),
        report=report,
        points=points,
        groups=tuple(_groups(done, pack)),
        sizes=tuple(sizes),
    )
    return Validation(
        extractor=given.extractor,
        dataset=f"{given.data}, {given.data_sha256}",
        thresholds=pack.operating_points,
        gallery_size=done.counts.gallery_subjects,
        searches=done.counts.mated,
        list_length=strict.list_length,
        fnir=_rate(strict.fnir),
        fpir=_rate(strict.fpir),
        certificate=certificate,
        likelihood=tuple(likelihood),
    )


def _precision(extractor: str) -> str:
    """Read the number format out of an extractor's identity, ``digest/precision/preprocessing/scale``."""
    parts = extractor.split("/")
    return parts[1] if len(parts) > 1 else extractor


def _rate(one: Estimate) -> Rate:
    if one.value is None or one.low is None or one.high is None:
        raise ClaimError("expected a rate that is defined, got none: there was no such search")
    return Rate(value=one.value, low=min(one.low, one.value), high=max(one.high, one.value))


def _claim(point: OperatingPoint, claim: Claims, measured: PointResult) -> PointClaim:
    return PointClaim(
        point=point,
        fpir=claim.fpir,
        fnir=claim.fnir,
        false=_counted(measured.fpir),
        missed=_counted(measured.fnir),
    )


def _counted(one: Estimate) -> Counted:
    return Counted(errors=round((one.value or 0) * one.searches), searches=one.searches, people=one.subjects)


def _groups(done: OneToMany, pack: PolicyPack) -> list[GroupCount]:
    points = {str(point): point for point in pack.operating_points}

    def counted(one: GroupRate) -> Counted:
        return Counted(errors=one.count, searches=one.trials, people=one.subjects)

    return [
        GroupCount(
            point=points[table.point],
            attribute=table.attribute,
            group=group.name,
            false=counted(group.fpir),
            missed=counted(group.fnir),
        )
        for table in done.groups
        if table.point in points
        for group in table.groups
    ]
