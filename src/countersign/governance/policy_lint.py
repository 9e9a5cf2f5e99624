"""Says what keeps a policy pack out of force: open categories, gaps, broken floors and ceilings."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from countersign.governance.actor import Rank
from countersign.governance.form_rules import SOUGHT_IN
from countersign.governance.policy_pack import (
    AUTHORISATION_CEILING_DAYS,
    GALLERY_FLOOR,
    GROUP_RATIO_CEILING,
    IMAGERY_AGE_FLOOR_H,
    LIST_LENGTH_CEILING,
    URGENT_AGE_FLOOR_H,
    VIEW_BANDS,
    OperatingPoint,
    PolicyPack,
    Relaxation,
    relaxed,
)
from countersign.governance.programme import ProgrammeKind
from countersign.governance.quality_rules import CODE_FLOORS
from countersign.governance.register import STRICTEST
from countersign.governance.request import Tier
from countersign.governance.retention import undated
from countersign.governance.retention_sweep import OverdueLimits
from countersign.governance.review_numbers import LOOSEST

# GOV-08, Bridges [2020] EWCA Civ 1058 at 91-96: a category that anyone can be put into limits nothing.
OPEN = re.compile(
    r"[*?]|\b(any|all|misc\w*|various|etc|general|unspecified|catch.?all)\b|\bother\b(?! than\b)"
    r"|where intelligence is required|as (required|necessary|appropriate)",
    re.IGNORECASE,
)
POWER_CEILING = 16
OVERDUE = ("permille", "days")


def _at_most(strictest: int) -> tuple[int, int | None]:
    return 1, strictest


def _at_least(strictest: int) -> tuple[int, int | None]:
    return strictest, None


# Which way is stricter, for each number of the register: a shorter time, or a longer one.
REGISTER_BOUNDS: Mapping[str, Callable[[int], tuple[int, int | None]]] = MappingProxyType(
    {
        "status_stale_days": _at_most,
        "feed_warn_days": _at_least,
        "addition_delay_h": _at_least,
        "unconvicted_erase_days": _at_most,
        "exception_days": _at_most,
        "child_review_years": _at_most,
        "deletion_days": _at_most,
        "audit_days": _at_most,
    }
)
# An officer of lower rank is not what the Home Office guidance of September 2025 calls an inspector or equivalent.
RANK_FLOOR = {Tier.T1: Rank.INSPECTOR, Tier.T2: Rank.SUPERINTENDENT}
RANKS = tuple(Rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that must be mended: where it stands in the pack and what is wrong."""

    place: str
    problem: str


def _closed_lists(pack: PolicyPack) -> Iterator[Finding]:
    lists: dict[str, list[tuple[str, str]]] = {
        "offences": [(row.code, row.title) for row in pack.offences],
        "purposes": [(row.code, row.title) for row in pack.purposes],
        "schedule_8_conditions": [(row.code, row.title) for row in pack.schedule_8_conditions],
        "checklist": [(name, name) for name in pack.checklist],
        "kinds": [(kind, kind) for kind in pack.kinds],
        "collection_classes": [(name, name) for name in pack.collection_classes],
        "source_types": [(name, name) for name in pack.source_types],
        "jurisdictions": [(law, law) for law in pack.jurisdictions],
    }
    for place, rows in lists.items():
        if not rows:
            yield Finding(place=place, problem="expected at least one entry, got none")
        if len({code for code, _ in rows}) < len(rows):
            yield Finding(place=place, problem="expected each code once, got one twice")
        for code, title in rows:
            if not code.strip() or not title.strip():
                yield Finding(place=place, problem=f"expected a code and a title, got {code!r}, {title!r}")
            elif OPEN.search(code.replace("_", " ")) or OPEN.search(title):
                yield Finding(place=place, problem=f"expected a closed category, got the open one {title!r}")


def _bounds(pack: PolicyPack) -> Iterator[Finding]:
    chars = pack.minimum_chars
    small = all(relaxed(kind, Relaxation.SMALL_GALLERY) for kind in pack.kinds)
    rows: Iterable[tuple[str, int, int, int | None]] = (
        ("minimum_imagery_age_h", pack.minimum_imagery_age_h, IMAGERY_AGE_FLOOR_H, None),
        ("urgent_imagery_age_h", pack.urgent_imagery_age_h, URGENT_AGE_FLOOR_H, pack.minimum_imagery_age_h),
        ("authorisation_days", pack.authorisation_days, 1, AUTHORISATION_CEILING_DAYS),
        ("fusion_power", pack.fusion_power, 1, POWER_CEILING),
        ("minimum_gallery_subjects", pack.minimum_gallery_subjects, 1 if small else GALLERY_FLOOR, None),
        *(
            (f"register.{name}", getattr(pack.register, name), *REGISTER_BOUNDS[name](getattr(STRICTEST, name)))
            for name in REGISTER_BOUNDS
        ),
        *((f"overdue.{name}", getattr(pack.overdue, name), 0, getattr(OverdueLimits(), name)) for name in OVERDUE),
        ("review.dwell_s", pack.review.dwell_s, LOOSEST.dwell_s, None),
        *(
            (f"review.{name}", getattr(pack.review, name), 1, getattr(LOOSEST, name))
            for name in LOOSEST.__slots__
            if name != "dwell_s"
        ),
        *((f"list_lengths.{name}", pack.list_lengths.get(name, 0), 1, LIST_LENGTH_CEILING) for name in OperatingPoint),
        *((f"minimum_chars.{name}", getattr(chars, name), 1, None) for name in chars.__slots__),
        *((f"retention.{row.object_class}", row.days, 0, None) for row in pack.retention),
    )
    for place, value, floor, ceiling in rows:
        if value < floor or (ceiling is not None and value > ceiling):
            span = f"at least {floor}" if ceiling is None else f"{floor} to {ceiling}"
            yield Finding(place=place, problem=f"expected {span}, got {value}")


def _operating_points(pack: PolicyPack) -> Iterator[Finding]:
    for point in OperatingPoint:
        bands = pack.operating_points.get(point, {})
        for band in sorted(VIEW_BANDS.keys() | bands.keys()):
            place = f"operating_points.{point}.{band}"
            if band not in VIEW_BANDS:
                yield Finding(place=place, problem=f"expected one of the bands {sorted(VIEW_BANDS)}, got {band!r}")
            elif bands.get(band, 0) < 1:
                yield Finding(place=place, problem="expected a certified threshold above zero, got none")
            elif pack.operating_points.get(OperatingPoint.STRICT, {}).get(band, 0) < bands[band]:
                yield Finding(place=place, problem="expected the strict threshold to be the higher one, got a lower")


def _quality(pack: PolicyPack) -> Iterator[Finding]:
    floors = pack.quality_floors
    for component, least in CODE_FLOORS.items():
        if floors.hard.get(component, 0) < least:
            yield Finding(place=f"quality_floors.hard.{component}", problem=f"expected at least {least:g}, got less")
    for component, floor in pack.reference_floors.items():
        if not 0 <= floor <= 100:  # noqa: PLR2004  every score lies in [0, 100]
            yield Finding(place=f"reference_floors.{component}", problem=f"expected 0 to 100, got {floor:g}")
    for kind, rows in (("hard", floors.hard), ("soft", floors.soft)):
        for component, floor in rows.items():
            lowest = floors.hard.get(component, 0) if kind == "soft" else 0
            if not lowest <= floor <= 100:  # noqa: PLR2004  every score lies in [0, 100]
                yield Finding(
                    place=f"quality_floors.{kind}.{component}", problem=f"expected {lowest:g} to 100, got {floor:g}"
                )


def _tiers(pack: PolicyPack) -> Iterator[Finding]:
    for tier, floor in RANK_FLOOR.items():
        rank = pack.rank_by_tier.get(tier)
        if rank is None or RANKS.index(rank) < RANKS.index(floor):
            yield Finding(place=f"rank_by_tier.{tier}", problem=f"expected {floor} or above, got {rank}")
        if tier not in pack.operating_point_by_tier:
            yield Finding(place=f"operating_point_by_tier.{tier}", problem="expected an operating point, got none")


def _rest(pack: PolicyPack) -> Iterator[Finding]:
    if not 1 <= pack.max_group_ratio <= GROUP_RATIO_CEILING:
        problem = f"expected 1 to {GROUP_RATIO_CEILING}, got {pack.max_group_ratio:g}"
        yield Finding(place="max_group_ratio", problem=problem)
    if not pack.version.strip():
        yield Finding(place="version", problem="expected a version, got none")
    if ProgrammeKind.PRODUCTION in pack.kinds and (len(pack.kinds) > 1 or len(pack.jurisdictions) > 1):
        yield Finding(place="kinds", problem="expected a production pack for one kind under one law, got more")
    for object_class in undated(pack.retention):
        yield Finding(place=f"retention.{object_class}", problem="expected a period, got none")
    for row in pack.retention:
        if not row.reason.strip():
            yield Finding(place=f"retention.{row.object_class}", problem="expected a reason, got none")


def _matrix(pack: PolicyPack) -> Iterator[Finding]:
    """Name what the matrix of categories and classes says beyond the program's own, or beyond the classes searched."""
    for category, classes in pack.sought_in.items():
        beyond = sorted(set(classes) - (SOUGHT_IN[category] & set(pack.collection_classes)))
        if beyond:
            place, problem = f"sought_in.{category}", f"expected no collection of {', '.join(beyond)}, got it"
            yield Finding(place=place, problem=problem)
    if not any(pack.sought_in.values()):
        yield Finding(place="sought_in", problem="expected at least one category in one class, got none")


def lint(pack: PolicyPack) -> tuple[Finding, ...]:
    """Give everything that keeps a pack out of force; empty is good."""
    checks = (_closed_lists, _matrix, _bounds, _operating_points, _quality, _tiers, _rest)
    return tuple(finding for look in checks for finding in look(pack))
