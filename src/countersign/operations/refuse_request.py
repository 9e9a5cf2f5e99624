"""Refuse a request, for good, with a coded reason and the officer's own words."""

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


class RefusalReason(StrEnum):
    """Why an officer refuses; published in numbers."""

    NOT_NECESSARY = "not_necessary"
    NOT_PROPORTIONATE = "not_proportionate"
    ALTERNATIVES_NOT_TRIED = "alternatives_not_tried"
    FACTS_INSUFFICIENT = "facts_insufficient"
    PROBE_UNSUITABLE = "probe_unsuitable"
    OFFENCE_NOT_SERIOUS = "offence_not_serious"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRequest:
    """Which request, and why not."""

    request: RequestId
    reason: RefusalReason
    explanation: str


@operation(Permission.REQUEST_REFUSE)
def refuse_request(turn: Turn, arguments: RefuseRequest) -> SearchRequest:
    """Refuse a submitted request; it cannot be taken up again."""
    request = turn.work.requests.get(arguments.request)
    turn.demand(Permission.REQUEST_REFUSE, requesters=[request.requester])
    turn.check(separated(duties(turn.work, request), Duty.OFFICER, turn.actor.id))
    after = move(turn, request, Event.REFUSE)
    facts = {"request": request.id, "reason": arguments.reason}
    turn.record(
        EventKind.REQUEST_REFUSED,
        facts,
        committed={"reasons": arguments.explanation},
        case=request.case,
        key=request.key,
    )
    return after
