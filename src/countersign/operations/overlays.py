"""The overlays of stored requests, as other operations ask after them."""

from collections.abc import Collection
from dataclasses import replace

from countersign.governance.actor import Role
from countersign.governance.overlay import OverlayKind, lying, overdue
from countersign.governance.verdict import Verdict, require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.primitives.ids import CaseId, RequestId

MAY_READ_RESTRICTED = frozenset({Role.DISCLOSURE_OFFICER, Role.RIGHTS_HANDLER})


def held(work: Work, request: RequestId) -> bool:
    """Say whether a disclosure hold lies over a request: nothing of it is erased (RET-04, T26)."""
    return bool(lying(work.overlays.where(request=request), OverlayKind.DISCLOSURE_HOLD))


def nothing_held(work: Work, case: CaseId) -> Verdict:
    """Refuse to erase a case over one of whose requests a disclosure hold lies."""
    requests = [request.id for request in work.requests.where(case=case) if held(work, request.id)]
    return require(
        not requests, "disclosure_hold", f"expected a case without a disclosure hold, got one over {len(requests)}"
    )


def readable(work: Work, request: RequestId, roles: Collection[Role]) -> Verdict:
    """Refuse a look at a restricted request to everybody but those who answer for rights and disclosure (s.47)."""
    restricted = lying(work.overlays.where(request=request), OverlayKind.RESTRICTED)
    return require(
        not restricted or not MAY_READ_RESTRICTED.isdisjoint(roles),
        "request_restricted",
        "expected a purpose of rights or disclosure to read a restricted request, got another",
    )


def tell_overdue(turn: Turn) -> int:
    """Tell, once, of every overlay whose review date has passed (RET-05)."""
    late = [one for one in overdue(turn.work.overlays.where(), turn.today) if one.told_on is None]
    for one in late:
        turn.work.overlays.replace(replace(one, told_on=turn.today))
        facts = {"request": one.request, "overlay": one.kind}
        turn.record(EventKind.OVERLAY_OVERDUE, facts, case=one.case, key=one.key)
    return len(late)
