"""Whether counts bear what a validation claims, for everybody and for each group (EQV-01, 02, 05, 08; practice P-04).

- Too small is a fail: without one error the bound of so few people, by the rule of three, must not lie above the claim.
- Everybody: the upper end of each measured rate must not lie above the claim.
- Bias is a fail, in every attribute and product: when a group's rate is shown, with statistical support, to be more
  than the pack's `max_group_ratio` times that of everybody else.
- The band of sizes ends at `GROWTH` times the evaluated size, or where an extrapolation still bears the claim with the
  upper end of its interval; no search is made in a larger collection.
- A product too small to say is no bar. A single attribute is: no difference shown in a small group is no equality.

People count, not searches: those of one person resemble each other.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from statistics import NormalDist

from countersign.governance.artefact_content import Validation
from countersign.governance.certificate import (
    GROWTH,
    Certificate,
    Counted,
    GroupCount,
    PointClaim,
    SizeRate,
    fusion_id,
    pack_key,
)
from countersign.governance.likelihood import likelihood_holds
from countersign.governance.policy_pack import GROUP_RATIO_CEILING, PolicyPack, Relaxation, relaxed
from countersign.governance.programme import ProgrammeKind
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require

ATTRIBUTES = ("sex", "age", "ethnicity")
"""Each must have been measured, in two groups at least, for each operating point."""

_TWO_SIDED = 1.959964
_ONE_SIDED = 0.05


def rule_of_three(people: int) -> float:
    """Give the upper 95 % bound of a rate of which no case was seen among so many people; 1 of nobody.

    Example:
        >>> round(rule_of_three(100), 4), round(rule_of_three(1000), 5), rule_of_three(0)
        (0.0295, 0.00299, 1.0)
    """
    return 1 - _ONE_SIDED ** (1 / people) if people else 1.0


def wilson(counted: Counted) -> tuple[float, float]:
    """Give both ends of Wilson's 95 % interval of a rate, over people; 0 and 1 of nobody.

    Source:
        Wilson 1927; for no error the upper end lies a little above the rule of three.

    Example:
        >>> [round(end, 4) for end in wilson(Counted(errors=10, searches=200, people=100))]
        [0.0215, 0.1118]
    """
    n = counted.people
    if not n:
        return 0.0, 1.0
    share, z2 = counted.errors / counted.searches, _TWO_SIDED**2
    middle, half = share + z2 / (2 * n), _TWO_SIDED * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z2 / n)), (middle + half) / (1 + z2 / n)


def upper_end(counted: Counted) -> float:
    """Give the upper end of `wilson`.

    Example:
        >>> round(upper_end(Counted(errors=10, searches=200, people=100)), 4)
        0.1118
    """
    return wilson(counted)[1]


def ratio_at_least(group: Counted, others: Counted, *, comparisons: int) -> float:
    """Give the lower end of the interval of a group's rate by that of everybody else; 0 where nothing can be said.

    Args:
        group: Errors of the group.
        others: Errors of everybody else with this attribute.
        comparisons: How many groups are looked at; the level is divided by it (Bonferroni).

    Source:
        Katz et al. 1978, logarithm of the ratio, with half an error added on both sides.

    Example:
        >>> worse, better = (Counted(errors=n, searches=1000, people=1000) for n in (60, 10))
        >>> round(ratio_at_least(worse, better, comparisons=1), 2)
        3.01
    """
    if not group.people or not others.people:
        return 0.0
    worse, better = (one.errors / one.searches * one.people + 0.5 for one in (group, others))
    ratio = (worse / (group.people + 0.5)) / (better / (others.people + 0.5))
    spread = 1 / worse - 1 / (group.people + 0.5) + 1 / better - 1 / (others.people + 0.5)
    return ratio * math.exp(-NormalDist().inv_cdf(1 - 0.025 / comparisons) * math.sqrt(max(spread, 0.0)))


def certificate_holds(validation: Validation, kind: ProgrammeKind) -> Verdict:
    """Refuse a validation whose counts do not bear its claim, or whose likelihood ratios are not validated."""
    return first_refusal(
        _counts_hold(validation, kind), likelihood_holds(validation.likelihood, validation.extractor, kind)
    )


def _counts_hold(validation: Validation, kind: ProgrammeKind) -> Verdict:
    """Refuse counts that do not bear the claim; only a programme without real data does without them."""
    certificate = validation.certificate
    if certificate is None:
        return require(
            relaxed(kind, Relaxation.UNCERTIFIED_EVALUATION),
            "validation_uncertified",
            "expected a validation with the counts that bear its claim, as `evaluate` writes it, got none",
        )
    if relaxed(kind, Relaxation.UNCERTIFIED_EVALUATION):
        return ALLOWED
    claimed = {claim.point for claim in certificate.points}
    unclaimed = sorted(set(validation.thresholds) - claimed)
    return first_refusal(
        require(not unclaimed, "validation_unclaimed", f"expected a claim for each point, got none for {unclaimed}"),
        _band(validation, certificate),
        *_everybody(certificate.points),
        *_groups(certificate),
    )


def _band(validation: Validation, certificate: Certificate) -> Verdict:
    """Refuse a band of sizes that is neither near the evaluated size nor borne by an extrapolation (practice P-04)."""
    widest = widest_band(validation.gallery_size, certificate.points, certificate.sizes)
    return require(
        certificate.n_highest <= widest,
        "evaluation_band",
        f"expected a band of at most {widest} people ({GROWTH} times {validation.gallery_size}, or an extrapolation "
        f"whose upper ends bear the claim), got {certificate.n_highest}",
    )


def widest_band(evaluated: int, points: Iterable[PointClaim], sizes: Iterable[SizeRate]) -> int:
    """Give the largest number of people for which a certificate may be made out (practice P-04).

    It is `GROWTH` times the evaluated size; or, where larger, the largest size at which the upper ends of the
    extrapolated FPIR and FNIR of every operating point do not lie above what is claimed of it.

    Args:
        evaluated: Number of people in the tested gallery.
        points: What is claimed, at least one.
        sizes: Extrapolated rates.
    """
    far = list(sizes)
    reached = min(
        max((one.n for one in far if one.point is claim.point and _bears(one, claim)), default=0) for claim in points
    )
    return max(int(evaluated * GROWTH), reached)


def _bears(one: SizeRate, claim: PointClaim) -> bool:
    return one.fpir_high <= claim.fpir and one.fnir_high <= claim.fnir


def _everybody(points: Iterable[PointClaim]) -> Iterator[Verdict]:
    for claim in points:
        for rate, counted, most in (("FPIR", claim.false, claim.fpir), ("FNIR", claim.missed, claim.fnir)):
            least = rule_of_three(counted.people)
            yield require(
                least <= most,
                "evaluation_too_small",
                f"expected enough people for a {rate} of {most} at {claim.point}, got {counted.people}: "
                f"they show {least:.4f} at best",
            )
            high = upper_end(counted)
            yield require(
                high <= most,
                "evaluation_claim",
                f"expected a {rate} of at most {most} at {claim.point}, got one of up to {high:.4f}",
            )


def _groups(certificate: Certificate) -> Iterator[Verdict]:
    for claim in certificate.points:
        of_point = [one for one in certificate.groups if one.point is claim.point]
        for attribute in ATTRIBUTES:
            number = sum(one.attribute == attribute for one in of_point)
            reason = f"expected at least two groups by {attribute} at {claim.point}, got {number}"
            yield require(number > 1, "evaluation_groups_missing", reason)
        for one in of_point:
            if not one.is_product:
                yield from _large_enough(one, claim)
        bound = min(certificate.max_group_ratio, GROUP_RATIO_CEILING)
        for attribute in sorted({one.attribute for one in of_point}):
            yield from _alike([one for one in of_point if one.attribute == attribute], bound)


def _large_enough(one: GroupCount, claim: PointClaim) -> Iterator[Verdict]:
    for rate, counted, most in (("FPIR", one.false, claim.fpir), ("FNIR", one.missed, claim.fnir)):
        least = rule_of_three(counted.people)
        yield require(
            least <= most,
            "evaluation_too_small",
            f"expected enough people of {one.attribute} {one.group} for a {rate} of {most} at {claim.point}, got "
            f"{counted.people}: they show {least:.4f} at best",
        )


def _alike(groups: list[GroupCount], bound: float) -> Iterator[Verdict]:
    for rate in ("FPIR", "FNIR"):
        counts = [one.false if rate == "FPIR" else one.missed for one in groups]
        for place, one in enumerate(groups):
            others = _sum(counts[:place] + counts[place + 1 :])
            least = ratio_at_least(counts[place], others, comparisons=len(groups))
            yield require(
                least <= bound,
                "evaluation_biased",
                f"expected a {rate} of {one.attribute} {one.group} at {one.point} of at most {bound} times that of "
                f"everybody else, got at least {least:.2f} times",
            )


def _sum(counts: list[Counted]) -> Counted:
    return Counted(
        errors=sum(one.errors for one in counts),
        searches=sum(one.searches for one in counts),
        people=sum(one.people for one in counts),
    )


def certificate_covers(certificate: Certificate, pack: PolicyPack, n_subjects: int) -> Verdict:
    """Refuse use of a certificate for anything but its key: what changed asks for a new evaluation (EQV-01)."""
    given: Mapping[str, tuple[object, object]] = {
        "fusion": (certificate.fusion, fusion_id(pack)),
        "list lengths": (dict(certificate.list_lengths), dict(pack.list_lengths)),
        "view bands": (certificate.view_bands, view_bands(pack)),
        "numbers of the pack": (certificate.pack, pack_key(pack)),
    }
    changed = [name for name, (certified, now) in given.items() if certified != now]
    return first_refusal(
        require(not changed, "validation_other_key", f"expected what was certified, got other {', '.join(changed)}"),
        require(
            n_subjects <= certificate.n_highest,
            "validation_other_size",
            f"expected at most {certificate.n_highest} people, as certified, got {n_subjects}",
        ),
    )


def view_bands(pack: PolicyPack) -> tuple[str, ...]:
    """Give the bands of views for which a pack has thresholds, sorted."""
    return tuple(sorted({band for bands in pack.operating_points.values() for band in bands}))
