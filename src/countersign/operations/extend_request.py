"""Set the running clock of a request back, once for each of its states: leave, illness, a court day (practice P-15)."""

from dataclasses import dataclass, replace
from datetime import timedelta

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import AUTHORISATION_CEILING_DAYS
from countersign.governance.request import AuthorisationState, RequestState, SearchRequest
from countersign.governance.request_rules import expires_at, independent, rank_suffices, trained
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId

EXTENSIBLE = frozenset(
    {
        *(RequestState.DRAFT, RequestState.RETURNED, RequestState.AUTHORISED),
        *(RequestState.EXECUTED, RequestState.LEAD_SUPPORTED, RequestState.RELEASED),
    }
)
"""States whose time a person may set back; what waits for a decision or a written confirmation is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendRequest:
    """Which request."""

    request: RequestId


@operation(Permission.REQUEST_EXTEND)
def extend_request(turn: Turn, arguments: ExtendRequest) -> SearchRequest:
    """Give a request the time of its present state again; no authorisation outlasts the ceiling for all that.

    Raises:
        GuardError: Not an officer who could have decided on it, no clock that may be set back, or it was once already.
    """
    work, request = turn.work, turn.work.requests.get(arguments.request)
    turn.demand(Permission.REQUEST_EXTEND, requesters=[request.requester])
    turn.check(
        independent(turn.actor, work.people.get(request.requester)),
        rank_suffices(turn.actor, request.tier, request.form, turn.pack),
        trained(turn.actor, Role.AUTHORISING_OFFICER, turn.today),
        require(
            request.state in EXTENSIBLE,
            "not_extensible",
            f"expected a state whose time may be set back, got {request.state}",
        ),
        require(not request.extended, "extended", "expected a clock that runs for the first time, got the second"),
    )
    after = replace(request, state_since=turn.now, extended=True)
    work.requests.replace(after)
    for one in work.authorisations.where(request=request.id):
        if one.state is AuthorisationState.LIVE:
            latest = one.granted_at + timedelta(days=AUTHORISATION_CEILING_DAYS)
            work.authorisations.replace(replace(one, expires_at=min(latest, expires_at(turn.now, turn.pack))))
    turn.record(EventKind.REQUEST_EXTENDED, {"request": request.id}, case=request.case, key=request.key)
    return after
