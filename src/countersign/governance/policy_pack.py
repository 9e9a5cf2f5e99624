"""The policy pack: every number and every closed list of a programme, signed by its controller.

A pack may tighten, never loosen: floors and ceilings that no pack may pass stand here in code, and `policy_lint` checks
them. What a kind of programme relaxes stands in one table, `RELAXATIONS`; ``production`` relaxes nothing.

The thresholds of the shipped packs stand in one place each: the table ``[operating_points]`` of
``packs/demonstration.toml`` and ``packs/test.toml``.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from countersign.errors import Invalid
from countersign.governance.actor import Rank
from countersign.governance.anomaly_numbers import AnomalyNumbers
from countersign.governance.programme import Jurisdiction, ProgrammeKind
from countersign.governance.quality_rules import QualityFloors
from countersign.governance.register import CollectionClass, RegisterNumbers
from countersign.governance.request import SubjectCategory, Tier
from countersign.governance.request_clocks import RequestClocks
from countersign.governance.retention import RetentionRow
from countersign.governance.retention_sweep import OverdueLimits
from countersign.governance.review_numbers import ReviewNumbers
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.codec import from_plain

# LFR-02: no pack, no rank and no urgency goes below one hour; unhurried searches never below a day.
URGENT_AGE_FLOOR_H = 1
IMAGERY_AGE_FLOOR_H = 24
AUTHORISATION_CEILING_DAYS = 28
LIST_LENGTH_CEILING = 20
GALLERY_FLOOR = 1000
GROUP_RATIO_CEILING = 1.25
VIEW_BANDS: Mapping[str, range] = MappingProxyType({"1": range(1, 2), "2-7": range(2, 8)})


class Relaxation(StrEnum):
    """What a programme that never touches real data may do without (practice P-18)."""

    SMALL_GALLERY = "small_gallery"
    NO_ADDITION_DELAY = "no_addition_delay"
    NO_RATE_RULES = "no_rate_rules"
    NO_DWELL = "no_dwell"
    SYNTHETIC_TEMPLATES = "synthetic_templates"
    SIMULATED_CLOCK = "simulated_clock"
    UNCERTIFIED_EVALUATION = "uncertified_evaluation"
    SMALL_JOINT_TRIAL = "small_joint_trial"


RELAXATIONS: Mapping[ProgrammeKind, frozenset[Relaxation]] = MappingProxyType(
    {
        ProgrammeKind.PRODUCTION: frozenset(),
        ProgrammeKind.DEMONSTRATION: frozenset(Relaxation),
        ProgrammeKind.TEST: frozenset(Relaxation),
    }
)


class OperatingPoint(StrEnum):
    """Two certified points (practice P-01).

    ``strict`` may return nothing; ``investigation`` gives the best above a weak threshold.
    """

    STRICT = "strict"
    INVESTIGATION = "investigation"


class Severity(StrEnum):
    """Band of an offence, for the published figures."""

    SERIOUS = "serious"
    MEDIUM = "medium"
    LOW = "low"


class UnknownTierError(Invalid):
    """The pack has nothing for this tier."""

    code = "unknown_tier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One entry of a closed list."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """An offence for which a search may be asked at all; ``minimum_rank`` may only raise what the tier demands."""

    code: str
    title: str
    severity: Severity
    minimum_rank: Rank | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumChars:
    """Least length of each kind of free text, in characters without spaces at its ends."""

    request: int
    reasons: int
    review: int
    outcome: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPack:
    """The policy in force.

    Attributes:
        kinds: Kinds of programme it may serve.
        operating_points: Per point and band of views (``1``, ``2-7``) the lowest fused comparison score that is listed,
            per unit of weight, as an integer dot product at the extractor's int8 scale (381). Empty until certified.
        fusion_power: Exponent p of the still weight max(1, round(255 · quality^p)).
        max_group_ratio: A group's error rate may be shown to be this many times that of everybody else before a
            validation is refused for bias (EQV-02); public, at most `GROUP_RATIO_CEILING`.
        quality_floors: What quality the stills of a probe must have.
        reference_floors: Least scores in [0, 100] of a reference, by component of quality; below one it is refused.
        overdue: How much may be kept too long before use stops (RET-07).
        external_authority: Public key of the body that decides on targeted searches; without one they are refused.
        collection_classes: Classes of collection that may be searched at all.
        sought_in: Which categories of people may be sought in which classes of collection: a matrix (P-10).
        source_types: Kinds of recording that a probe may come from (`media.exhibit`).
        change_reason: Why this version lists other candidates than the one before; public (EQV-03).
        checklist: Components of the feature list that an examiner goes through (FISWG, version 2.0).
    """

    version: str
    kinds: tuple[ProgrammeKind, ...]
    jurisdictions: tuple[Jurisdiction, ...]
    offences: tuple[Offence, ...]
    purposes: tuple[Term, ...]
    schedule_8_conditions: tuple[Term, ...]
    collection_classes: tuple[CollectionClass, ...]
    sought_in: Mapping[SubjectCategory, tuple[CollectionClass, ...]]
    source_types: tuple[str, ...]
    minimum_imagery_age_h: int
    urgent_imagery_age_h: int
    authorisation_days: int
    fusion_power: int
    operating_point_by_tier: Mapping[Tier, OperatingPoint]
    list_lengths: Mapping[OperatingPoint, int]
    rank_by_tier: Mapping[Tier, Rank]
    minimum_gallery_subjects: int
    minimum_chars: MinimumChars
    checklist: tuple[str, ...]
    retention: tuple[RetentionRow, ...]
    register: RegisterNumbers
    review: ReviewNumbers
    operating_points: Mapping[OperatingPoint, Mapping[str, int]] = field(default_factory=dict)
    max_group_ratio: float = GROUP_RATIO_CEILING
    quality_floors: QualityFloors = field(default_factory=QualityFloors)
    reference_floors: Mapping[str, float] = field(default_factory=dict)
    request_clocks: RequestClocks = field(default_factory=RequestClocks)
    external_authority: str | None = None
    anomalies: AnomalyNumbers = field(default_factory=AnomalyNumbers)
    change_reason: str | None = None
    overdue: OverdueLimits = field(default_factory=OverdueLimits)


def read_pack(plain: object) -> PolicyPack:
    """Read a pack from plain values; ``MalformedRecordError`` names what does not fit."""
    return from_plain(PolicyPack, plain)


@lru_cache(maxsize=4)
def pack_of(content: str) -> PolicyPack:
    """Read the pack that an accepted artefact holds as JSON; every decision asks for it, so it is read once."""
    return read_pack(json.loads(content))


def read_pack_toml(text: str) -> PolicyPack:
    """Read a pack from TOML.

    Raises:
        Invalid: It is not TOML, or its values do not fit.
    """
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise Invalid(f"expected a policy pack in TOML, got: {reason}", code="malformed_pack") from reason
    return read_pack(plain)


@cache
def shipped(name: Literal["demonstration", "test", "example-production"]) -> str:
    """Give the TOML text of a pack that comes with the package."""
    return files("countersign.governance").joinpath("packs", f"{name}.toml").read_text(encoding="utf-8")


def relaxed(kind: ProgrammeKind, relaxation: Relaxation) -> bool:
    """Say whether a programme of this kind does without the rule."""
    return relaxation in RELAXATIONS[kind]


def serves(pack: PolicyPack, kind: ProgrammeKind, jurisdiction: Jurisdiction) -> Verdict:
    """Refuse a pack that was not made for this kind of programme or for its law (practice P-17, P-18)."""
    return first_refusal(
        require(kind in pack.kinds, "pack_kind", f"expected a pack for {kind}, got one for {', '.join(pack.kinds)}"),
        require(
            jurisdiction in pack.jurisdictions,
            "pack_jurisdiction",
            f"expected a pack for {jurisdiction}, got one for {', '.join(pack.jurisdictions)}",
        ),
    )


def within(pack: PolicyPack, collection_class: CollectionClass, source_types: Iterable[str]) -> Verdict:
    """Refuse a class of collection or a kind of recording that the policy does not name (GOV-08)."""
    unnamed = sorted(set(source_types) - set(pack.source_types))
    return first_refusal(
        require(
            collection_class in pack.collection_classes,
            "collection_class_not_in_policy",
            f"expected a collection of {', '.join(pack.collection_classes)}, got {collection_class}",
        ),
        require(
            not unnamed,
            "source_type_not_in_policy",
            f"expected imagery of {', '.join(pack.source_types)}, got {', '.join(unnamed)}",
        ),
    )


def thresholds(pack: PolicyPack, tier: Tier) -> tuple[OperatingPoint, Mapping[str, int]]:
    """Give the operating point of a tier and its threshold per band of views; nobody chooses it (ENG-02, P-01).

    Raises:
        UnknownTierError: The pack has no operating point, or no certified thresholds, for the tier.
    """
    point = pack.operating_point_by_tier.get(tier)
    bands = pack.operating_points.get(point) if point else None
    if point is None or not bands:
        raise UnknownTierError(f"expected certified thresholds for tier {tier}, got none in the policy pack")
    return point, bands
