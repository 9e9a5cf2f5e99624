"""What lies over a request's state without being one: suspension, restriction, disclosure hold (T24 to T26).

The rules:

- Who may lay one, on which ground and for how long until it is looked at again, stands in `OVERLAYS`.
- A suspended or restricted request goes nowhere: no person moves it. The clock still ends it, so that no overlay keeps
  data longer than the law does; a disclosure hold keeps its keys, and only that one does.
- It is lifted once everybody whom `OVERLAYS` names has agreed, each of them another person than who laid it alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from countersign.governance.actor import Person, Rank, Role
from countersign.governance.policy_pack import PolicyPack
from countersign.governance.request import Tier
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.ids import CaseId, KeyId, PersonId, RequestId

RANKS = tuple(Rank)
REVIEW_WITHIN = timedelta(days=183)


class OverlayKind(StrEnum):
    """What lies over a request."""

    SUSPENDED = "suspended"
    RESTRICTED = "restricted"
    DISCLOSURE_HOLD = "disclosure_hold"


class Ground(StrEnum):
    """Why; each kind has its own (`OVERLAYS`)."""

    ANOMALY = "anomaly"
    COMPLAINT = "complaint"
    INCIDENT = "incident"
    UNLAWFUL_USE_SUSPECTED = "unlawful_use_suspected"
    NEEDED_AS_EVIDENCE = "needed_as_evidence"
    DATA_CONTESTED = "data_contested"
    CRIMINAL_PROCEEDINGS = "criminal_proceedings"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """One overlay on one request.

    Attributes:
        reason: In words; sealed under the request's key.
        review_by: Last day on which it need not be looked at again; after it, it is told as overdue.
        agreed_by: Who has agreed to lift it so far.
        told_on: When it was told that the review is overdue.
        subject_told: For a restriction: when the data subject was told that it will be lifted (s.48(10)).
    """

    id: str
    request: RequestId
    case: CaseId
    key: KeyId
    kind: OverlayKind
    ground: Ground
    reason: str
    laid_by: PersonId
    laid_at: datetime
    review_by: date
    agreed_by: tuple[PersonId, ...] = ()
    subject_told: date | None = None
    lifted_at: datetime | None = None
    told_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayRule:
    """Who lays an overlay of one kind, on which grounds, and who must agree to lift it."""

    laid_by: frozenset[Role]
    grounds: frozenset[Ground]
    lifted_by: tuple[Role, ...]


OVERLAYS: Mapping[OverlayKind, OverlayRule] = MappingProxyType(
    {
        OverlayKind.SUSPENDED: OverlayRule(
            laid_by=frozenset({Role.DPO, Role.OVERSIGHT}),
            grounds=frozenset({Ground.ANOMALY, Ground.COMPLAINT, Ground.INCIDENT, Ground.UNLAWFUL_USE_SUSPECTED}),
            lifted_by=(Role.DPO, Role.AUTHORISING_OFFICER),
        ),
        # s.47(2) and (3): needed as evidence, or contested data, where nobody can settle it.
        OverlayKind.RESTRICTED: OverlayRule(
            laid_by=frozenset({Role.RIGHTS_HANDLER}),
            grounds=frozenset({Ground.NEEDED_AS_EVIDENCE, Ground.DATA_CONTESTED}),
            lifted_by=(Role.RIGHTS_HANDLER,),
        ),
        OverlayKind.DISCLOSURE_HOLD: OverlayRule(
            laid_by=frozenset({Role.DISCLOSURE_OFFICER}),
            grounds=frozenset({Ground.CRIMINAL_PROCEEDINGS, Ground.APPEAL}),
            lifted_by=(Role.DISCLOSURE_OFFICER,),
        ),
    }
)
STOPS = frozenset({OverlayKind.SUSPENDED, OverlayKind.RESTRICTED})


def lying(overlays: Iterable[Overlay], *kinds: OverlayKind) -> tuple[Overlay, ...]:
    """Give the overlays of these kinds that nobody lifted."""
    return tuple(one for one in overlays if one.lifted_at is None and one.kind in kinds)


def free_to_move(overlays: Iterable[Overlay]) -> Verdict:
    """Refuse every step of a request that is suspended or restricted."""
    on = sorted({one.kind for one in lying(overlays, *STOPS)})
    return require(not on, "request_overlaid", f"expected a request that may go on, got one that is {', '.join(on)}")


def layable(
    kind: OverlayKind, ground: Ground, person: Person, overlays: Iterable[Overlay], review_by: date, now: datetime
) -> Verdict:
    """Refuse an overlay by somebody else than its rule names, on another ground, twice, or without a review in time."""
    rule, latest = OVERLAYS[kind], (now + REVIEW_WITHIN).date()
    return first_refusal(
        require(
            not rule.laid_by.isdisjoint(person.roles),
            "overlay_role",
            f"expected {' or '.join(sorted(rule.laid_by))} to lay {kind}, got {', '.join(person.roles)}",
        ),
        require(
            ground in rule.grounds,
            "overlay_ground",
            f"expected one of {', '.join(sorted(rule.grounds))} for {kind}, got {ground}",
        ),
        require(not lying(overlays, kind), "overlay_lies", f"expected a request without it, got one that is {kind}"),
        require(
            now.date() < review_by <= latest,
            "overlay_review",
            f"expected a review date after {now.date()} and not after {latest}, got {review_by}",
        ),
    )


def may_agree(overlay: Overlay, person: Person, tier: Tier, pack: PolicyPack, told: date | None) -> Verdict:
    """Refuse agreement to lift by somebody whom the rule does not name, or before the data subject was told.

    A suspension needs an officer above the rank that decides on the request's tier.
    """
    rule, rank = OVERLAYS[overlay.kind], pack.rank_by_tier[tier]
    officer = Role.AUTHORISING_OFFICER in person.roles
    return first_refusal(
        require(
            not set(rule.lifted_by).isdisjoint(person.roles),
            "overlay_role",
            f"expected {' and '.join(rule.lifted_by)} to lift {overlay.kind}, got {', '.join(person.roles)}",
        ),
        require(
            not officer or RANKS.index(person.rank) > RANKS.index(rank) or rank is RANKS[-1],
            "rank_too_low",
            f"expected an officer above {rank} to lift a suspension, got {person.rank}",
        ),
        require(
            overlay.kind is not OverlayKind.RESTRICTED or told is not None,
            "subject_not_told",
            "expected the data subject to be told before a restriction is lifted (s.48(10)), got nobody told",
        ),
    )


def all_agreed(overlay: Overlay, agreed: Sequence[Person]) -> bool:
    """Say whether each role that must agree has: one person speaks for one role."""
    waiting = list(OVERLAYS[overlay.kind].lifted_by)
    for person in agreed:
        role = next((role for role in waiting if role in person.roles), None)
        if role is not None:
            waiting.remove(role)
    return not waiting


def overdue(overlays: Iterable[Overlay], today: date) -> tuple[Overlay, ...]:
    """Give the overlays whose review date has passed; they stay, and are told (RET-05)."""
    return tuple(one for one in lying(overlays, *OverlayKind) if one.review_by < today)
