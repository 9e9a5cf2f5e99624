"""Withdraw a request, or revoke its authorisation; the list of a search that was made is destroyed (T23)."""

from dataclasses import dataclass
from enum import StrEnum

from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.governance.request_rules import withdrawable
from countersign.governance.request_transitions import Event
from countersign.operations.ending import end
from countersign.operations.request_state import officers
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId


class WithdrawalReason(StrEnum):
    """Why it is not wanted any more."""

    NOT_NEEDED = "not_needed"
    SOLVED_OTHERWISE = "solved_otherwise"
    MISTAKE = "mistake"
    NO_LONGER_NECESSARY = "no_longer_necessary"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRequest:
    """Which, and why."""

    request: RequestId
    reason: WithdrawalReason


@operation(Permission.REQUEST_WITHDRAW)
def withdraw_request(turn: Turn, arguments: WithdrawRequest) -> SearchRequest:
    """Withdraw a request as its requester, or revoke it as the officer who decided on it."""
    request = turn.work.requests.get(arguments.request)
    turn.check(withdrawable({request.requester, *officers(turn.work, request.id)}, turn.actor.id))
    return end(turn, request, Event.WITHDRAW, arguments.reason)
