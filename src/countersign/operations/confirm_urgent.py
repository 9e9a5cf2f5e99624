"""Confirm an urgent decision in writing, by the officer who made it and in time, or it is void (AUT-08)."""

from dataclasses import dataclass, replace

from countersign.governance.permission import Permission
from countersign.governance.request import Authorisation
from countersign.governance.request_rules import confirmable
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmUrgent:
    """Which, and what the officer finds now."""

    request: RequestId
    statement: str


@operation(Permission.REQUEST_CONFIRM)
def confirm_urgent(turn: Turn, arguments: ConfirmUrgent) -> Authorisation:
    """Confirm the urgent authorisation of a request.

    Raises:
        GuardError: Nothing urgent waits for it, its time is over, it is somebody else's, or the statement is too short.
    """
    request = turn.work.requests.get(arguments.request)
    granted = turn.work.authorisations.where(request=request.id)
    turn.check(confirmable(granted, turn.actor.id, arguments.statement, turn.pack, turn.now))
    after = replace(granted[-1], confirmed_at=turn.now)
    turn.work.authorisations.replace(after)
    facts, committed = {"request": request.id}, {"reasons": arguments.statement}
    turn.record(EventKind.REQUEST_CONFIRMED, facts, committed=committed, case=request.case, key=request.key)
    return after
