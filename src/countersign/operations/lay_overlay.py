"""Lay a suspension, restriction or disclosure hold over a request (T24 to T26)."""

from dataclasses import dataclass
from datetime import date

from countersign.governance.overlay import Ground, Overlay, OverlayKind, layable
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class LayOverlay:
    """Over which request, what, why, and until when it is looked at again."""

    request: RequestId
    kind: OverlayKind
    ground: Ground
    reason: str
    review_by: date


@operation(Permission.OVERLAY_LAY)
def lay_overlay(turn: Turn, arguments: LayOverlay) -> Overlay:
    """Lay an overlay.

    Raises:
        GuardError: Not this person's to lay, another ground, one lies there already, no review in time, no reason.
    """
    request, least = turn.work.requests.get(arguments.request), turn.pack.minimum_chars.reasons
    there = turn.work.overlays.where(request=request.id)
    turn.check(
        layable(arguments.kind, arguments.ground, turn.actor, there, arguments.review_by, turn.now),
        require(
            len(arguments.reason.strip()) >= least,
            "reasons_too_short",
            f"expected at least {least} characters on why, got fewer",
        ),
    )
    overlay = Overlay(
        id=new_id(),
        request=request.id,
        case=request.case,
        key=request.key,
        kind=arguments.kind,
        ground=arguments.ground,
        reason=arguments.reason,
        laid_by=turn.actor.id,
        laid_at=turn.now,
        review_by=arguments.review_by,
    )
    turn.work.overlays.add(overlay)
    facts: dict[str, str | int] = {
        "request": request.id,
        "overlay": overlay.kind,
        "reason": overlay.ground,
        "review_days": (overlay.review_by - turn.today).days,
    }
    turn.record(
        EventKind.OVERLAY_LAID, facts, committed={"reasons": overlay.reason}, case=request.case, key=request.key
    )
    return overlay
