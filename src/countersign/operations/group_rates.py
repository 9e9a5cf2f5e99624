"""Error rates by group as an officer is shown them before deciding, out of the counts that the validation carries.

What too few people were measured for is shown as too small to say, and never as equal (EQV-05, EQV-08, practice P-04).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from countersign.governance.artefact_content import Validation
from countersign.governance.certificate import Counted, GroupCount
from countersign.governance.certificate_rules import ratio_at_least, rule_of_three, wilson
from countersign.governance.policy_pack import OperatingPoint
from countersign.operations.report_facts import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRate:
    """One rate of one group.

    Attributes:
        people: Of how many people it was measured.
        rate: The rate and its interval; None where so few people could not show what is claimed for everybody.
        is_worse: Whether it is shown, with statistical support, to be higher than that of everybody else.
    """

    people: int
    rate: Interval | None
    is_worse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRates:
    """Both rates of one group; ``attribute`` is one such as ``sex``, or a product of several."""

    attribute: str
    group: str
    fnir: GroupRate
    fpir: GroupRate


def group_rates(validation: Validation, point: OperatingPoint | None) -> tuple[GroupRates, ...]:
    """Give the rates at one operating point, single attributes first; empty where nothing was counted by group."""
    certificate = validation.certificate
    if certificate is None:
        return ()
    claims = [claim for claim in certificate.points if claim.point is point]
    most_missed, most_false = (claims[0].fnir, claims[0].fpir) if claims else (0.0, 0.0)
    counted = [one for one in certificate.groups if one.point is point]
    return tuple(
        GroupRates(
            attribute=one.attribute,
            group=one.group,
            fnir=_rate(one.missed, _others(counted, one, "missed"), most_missed, _peers(counted, one)),
            fpir=_rate(one.false, _others(counted, one, "false"), most_false, _peers(counted, one)),
        )
        for one in sorted(counted, key=lambda one: (one.is_product, one.attribute))
    )


def _peers(counted: Sequence[GroupCount], one: GroupCount) -> int:
    return sum(other.attribute == one.attribute for other in counted)


def _others(counted: Iterable[GroupCount], one: GroupCount, which: str) -> Counted:
    rest: Iterator[Counted] = (
        getattr(other, which) for other in counted if other.attribute == one.attribute and other.group != one.group
    )
    counts = tuple(rest)
    return Counted(
        errors=sum(other.errors for other in counts),
        searches=sum(other.searches for other in counts),
        people=sum(other.people for other in counts),
    )


def _rate(counted: Counted, others: Counted, claimed: float, groups: int) -> GroupRate:
    if rule_of_three(counted.people) > claimed:
        return GroupRate(people=counted.people, rate=None, is_worse=False)
    low, high = wilson(counted)
    rate = Interval(value=_text(counted.errors / counted.searches), low=_text(low), high=_text(high))
    is_worse = ratio_at_least(counted, others, comparisons=groups) > 1
    return GroupRate(people=counted.people, rate=rate, is_worse=is_worse)


def _text(share: float) -> str:
    return f"{share:.3g}"
