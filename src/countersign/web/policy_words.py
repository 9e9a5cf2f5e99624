"""The policy in words: what each part of a pack is called, what changed in it, and what it asks of everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from countersign.governance.material_change import Change
from countersign.governance.policy_pack import PolicyPack

PART: Mapping[str, str] = MappingProxyType(
    {
        "kinds": "Kinds of programme that it serves",
        "jurisdictions": "Law that it serves",
        "offences": "Offences that may be searched for",
        "purposes": "Purposes of a search",
        "schedule_8_conditions": "Conditions of law for sensitive data",
        "collection_classes": "Collections that may be searched",
        "sought_in": "Who may be sought in which collection",
        "source_types": "Recordings that a picture may come from",
        "minimum_imagery_age_h": "Least age of a picture, in hours",
        "urgent_imagery_age_h": "Least age of a picture where it is urgent, in hours",
        "authorisation_days": "How long an authorisation holds, in days",
        "fusion_power": "Weight of good stills over poor ones",
        "operating_point_by_tier": "How strictly each tier searches",
        "operating_points": "Thresholds",
        "list_lengths": "Longest candidate lists",
        "rank_by_tier": "Rank that may authorise",
        "minimum_gallery_subjects": "Smallest collection that is searched, in people",
        "minimum_chars": "Least length of reasons, in characters",
        "checklist": "Features that an examiner goes through",
        "retention": "How long things are kept, in days",
        "register": "Clocks of the collections",
        "review": "Rules of examination",
        "quality_floors": "Quality that a picture must have",
        "reference_floors": "Quality that a reference must have",
        "request_clocks": "Clocks of a request",
        "external_authority": "Authority for searches for somebody named",
        "max_group_ratio": "How far the errors of groups may differ",
        "anomalies": "What counts as unusual use",
        "change_reason": "Reason given for this version",
        "overdue": "What may be kept too long before use stops",
        "version": "Version",
    }
)
"""A part that has no name here is shown by its own."""

APPROVAL: Mapping[str, str] = MappingProxyType({"dpia": "data protection impact assessment"})
UNITS: Mapping[str, str] = MappingProxyType(
    {"h": "hours", "s": "seconds", "days": "days", "months": "months", "permille": "in a thousand"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One difference: where, and what stood and stands there; ``before`` or ``after`` is empty for new and gone."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The differences in one part of the policy.

    Attributes:
        reopens: Approvals that must be given again because of it.
    """

    title: str
    rows: tuple[Row, ...]
    reopens: tuple[str, ...]


def parts(changes: Iterable[Change]) -> tuple[Part, ...]:
    """Give what changed by part, in the order of `PART`; the version's own name and reason stand elsewhere."""
    by_part: dict[str, list[Change]] = {}
    for change in changes:
        part, *inner = change.place.split(".")
        if inner[-1:] not in (["code"], ["object_class"]):  # a row of a table stands under its code
            by_part.setdefault(part, []).append(change)
    order = list(PART)
    known = sorted(by_part.keys() - {"version", "change_reason"}, key=lambda one: (one not in PART, _at(order, one)))
    return tuple(
        Part(
            title=PART.get(part, _spoken(part)),
            rows=tuple(_row(change) for change in by_part[part]),
            reopens=tuple(
                sorted({APPROVAL.get(kind, _spoken(kind)) for change in by_part[part] for kind in change.reopens})
            ),
        )
        for part in known
    )


def _at(order: list[str], part: str) -> int:
    return order.index(part) if part in order else len(order)


def _row(change: Change) -> Row:
    inner = change.place.split(".")[1:]
    if inner in ([change.before], [change.after]):  # an entry of a list is its own place
        inner = []
    return Row(place=place_of(inner), before=_spoken(change.before), after=_spoken(change.after))


def place_of(inner: Iterable[str]) -> str:
    """Say where in its part something stands.

    Example:
        >>> place_of(["case", "days"]), place_of(["dwell_s"]), place_of([])
        ('Case: days', 'Dwell (seconds)', '')
    """
    said = []
    for name in inner:
        stem, _, unit = name.rpartition("_")
        said.append(f"{_spoken(stem)} ({UNITS[unit]})" if stem and unit in UNITS else _spoken(name))
    text = ": ".join(said)
    return text[:1].upper() + text[1:]


def _spoken(code: object) -> str:
    return str(code).replace("_", " ")


def essentials(pack: PolicyPack) -> tuple[tuple[str, str], ...]:
    """Give what a person who reads their first policy has to know of it: name and text each."""
    return (
        ("A search is asked for", "; ".join(term.title for term in pack.purposes)),
        ("Offences", "; ".join(f"{one.title} ({one.severity})" for one in pack.offences)),
        ("Collections", ", ".join(_spoken(one) for one in pack.collection_classes)),
        (
            "Age of a picture",
            f"At least {pack.minimum_imagery_age_h} hours; {pack.urgent_imagery_age_h} where it is urgent",
        ),
        ("Who authorises", "; ".join(f"{tier.upper()}: {_spoken(rank)}" for tier, rank in pack.rank_by_tier.items())),
        ("An authorisation holds", f"{pack.authorisation_days} days, for one search"),
        (
            "A list holds at most",
            "; ".join(f"{point}: {most} candidates" for point, most in pack.list_lengths.items()),
        ),
        (
            "Examination",
            (
                f"At least {pack.review.dwell_s} seconds with each candidate; at most {pack.review.reviews_per_hour} "
                f"reviews an hour and {pack.review.reviews_per_day} a day"
            ),
        ),
        ("An outcome is recorded", f"Within {pack.review.outcome_block_days} days, or nothing more can be asked"),
        (
            "An overdue outcome is seen to",
            f"Within {pack.review.outcome_supervisor_days} more days, or the supervisor moves no other work",
        ),
        (
            "How long things are kept",
            "; ".join(
                f"{_spoken(row.object_class)}: {row.days} days from {_spoken(row.counted_from)}"
                for row in pack.retention
            ),
        ),
    )
