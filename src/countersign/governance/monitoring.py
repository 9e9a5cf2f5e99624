"""Labels by which use and error are watched by group, and when a difference between groups stops use (EQV-07, EQV-14).

A label says what an officer and what the person themselves call their ethnicity, as far as known; unknown is a
group of its own and counted (STA-04). It is kept apart from everything that decides or searches, and read in sums only.

Source:
    Equality Act 2010 s.149; the test is the likelihood ratio of Wald's sequential test against a fixed alternative. By
    Ville's inequality it ever exceeds 1/a, however often one looks, in a share a of equal worlds at most.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from countersign.governance.request import AgeBand
from countersign.governance.verdict import Verdict, require
from countersign.primitives.ids import KeyId

RATIO = 3.0
"""How many times as often a lead to somebody of a group is wrong in the alternative that is tested; a house rule."""
ERROR = 0.05
"""How often, over all groups together, use may be stopped though groups do not differ; a house rule."""


class CensusGroup(StrEnum):
    """High-level groups of the census of England and Wales."""

    ASIAN = "asian"
    BLACK = "black"
    MIXED = "mixed"
    WHITE = "white"
    OTHER = "other"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    """As recorded; not inferred from a picture."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringLabel:
    """What is known of the person sought, for monitoring alone.

    Attributes:
        id: Keyed digest of the request's id: without this installation's secret nobody joins the two (EQV-13).
        key: The request's; the label goes with it.
    """

    id: str
    key: KeyId
    officer_defined: CensusGroup
    self_defined: CensusGroup
    sex: Sex
    age_band: AgeBand


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """How far requests about a group came, each number of the one before."""

    probes: int = 0
    listed: int = 0
    leads: int = 0
    disproved: int = 0
    arrests: int = 0


def evidence(wrong_here: int, wrong_elsewhere: int, share: float) -> float:
    """Give how much better wrong leads are explained by a group's being wronged `RATIO` times as often.

    Args:
        wrong_here: Disproved leads to people of the group.
        wrong_elsewhere: Disproved leads to everybody else.
        share: Share of all leads that were to people of the group, in [0, 1].

    Returns:
        A ratio of likelihoods; 1 says nothing, high speaks for a difference.

    Example:
        >>> round(evidence(3, 0, 0.25), 3), round(evidence(0, 3, 0.25), 3)
        (8.0, 0.296)
    """
    wrong = wrong_here + wrong_elsewhere
    return math.exp(wrong_here * math.log(RATIO) - wrong * math.log1p((RATIO - 1) * share))


def drifted(counts: Mapping[str, Mapping[str, Stages]]) -> Verdict:
    """Refuse to go on where wrong leads fall on a group more often than chance allows (EQV-07).

    Args:
        counts: By attribute and group; the unknown are counted and are no group.
    """
    named = [
        (f"{attribute} {group}", stages, groups)
        for attribute, groups in counts.items()
        for group, stages in groups.items()
        if group != CensusGroup.UNKNOWN
    ]
    bound = len(named) / ERROR
    found = sorted(name for name, stages, groups in named if _against(stages, groups) >= bound)
    return require(
        not found, "group_drift", f"expected wrong leads to fall on groups alike, got more on {', '.join(found)}"
    )


def _against(stages: Stages, groups: Mapping[str, Stages]) -> float:
    leads, wrong = sum(one.leads for one in groups.values()), sum(one.disproved for one in groups.values())
    return evidence(stages.disproved, wrong - stages.disproved, stages.leads / leads) if leads else 1.0
