"""Agree to lift what lies over a request; it is lifted once everybody has agreed who must."""

from dataclasses import dataclass, replace
from datetime import date

from countersign.governance.overlay import Overlay, OverlayKind, all_agreed, may_agree
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.ending import leftover_keys
from countersign.operations.turn import Turn, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftOverlay:
    """Which overlay; for a restriction, on which day the data subject was told."""

    overlay: str
    subject_told: date | None = None


@operation(Permission.OVERLAY_LIFT)
def lift_overlay(turn: Turn, arguments: LiftOverlay) -> Overlay:
    """Agree to lift; with the last agreement needed it is lifted, and what a hold kept too long is destroyed.

    Raises:
        GuardError: It is lifted, it is not this person's to lift, or a restriction whose subject was not told.
    """
    work, before = turn.work, turn.work.overlays.get(arguments.overlay)
    request = work.requests.get(before.request)
    turn.check(
        require(before.lifted_at is None, "overlay_lifted", "expected an overlay that lies, got one that was lifted"),
        may_agree(before, turn.actor, request.tier, turn.pack, arguments.subject_told),
    )
    agreed = tuple(dict.fromkeys((*before.agreed_by, turn.actor.id)))
    lifted = all_agreed(before, [work.people.get(person) for person in agreed])
    after = replace(
        before, agreed_by=agreed, subject_told=arguments.subject_told, lifted_at=turn.now if lifted else None
    )
    work.overlays.replace(after)
    facts: dict[str, str | int] = {
        "request": request.id,
        "overlay": after.kind,
        "agreed": len(agreed),
        "lifted": "yes" if lifted else "no",
    }
    turn.record(EventKind.OVERLAY_LIFTED, facts, case=request.case, key=request.key)
    if lifted and after.kind is OverlayKind.DISCLOSURE_HOLD and request.state in ENDED_WITHOUT_USE:
        leftover_keys(turn, request)
    return after


ENDED_WITHOUT_USE = frozenset(
    {RequestState.WITHDRAWN, RequestState.EXPIRED, RequestState.LAPSED, RequestState.VOIDED, RequestState.STOPPED}
)
