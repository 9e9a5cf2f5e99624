"""Give a request back to its requester for amendment, with a coded reason (T3)."""

from dataclasses import dataclass
from enum import StrEnum

from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.governance.request_rules import Duty, separated
from countersign.governance.request_transitions import Event
from countersign.ledger.event import EventKind
from countersign.operations.request_state import duties, move
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId


class ReturnReason(StrEnum):
    """What is to be amended."""

    UNCLEAR = "unclear"
    FACTS_MISSING = "facts_missing"
    ALTERNATIVES_MISSING = "alternatives_missing"
    PROBE_QUALITY = "probe_quality"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequest:
    """Which, and what is to be amended."""

    request: RequestId
    reason: ReturnReason
    explanation: str


@operation(Permission.REQUEST_RETURN)
def return_request(turn: Turn, arguments: ReturnRequest) -> SearchRequest:
    """Return a submitted request; it can be submitted again."""
    request = turn.work.requests.get(arguments.request)
    turn.demand(Permission.REQUEST_RETURN, requesters=[request.requester])
    turn.check(separated(duties(turn.work, request), Duty.OFFICER, turn.actor.id))
    after = move(turn, request, Event.RETURN)
    facts = {"request": request.id, "reason": arguments.reason}
    committed = {"reasons": arguments.explanation}
    turn.record(EventKind.REQUEST_RETURNED, facts, committed=committed, case=request.case, key=request.key)
    return after
