"""File the external authority's signed decision: it authorises the targeted search, or stops and purges it (T7, T8)."""

from dataclasses import dataclass, replace

from countersign.governance.external import ExternalDecision, decision_holds
from countersign.governance.permission import Permission
from countersign.governance.request import AuthorisationState, SearchRequest
from countersign.governance.request_rules import expires_at
from countersign.governance.request_transitions import Event, Mechanism
from countersign.operations.ending import end
from countersign.operations.officer_conditions import record_authorised
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, operation

AUTHORITY = (Mechanism.EXTERNAL_AUTHORITY,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideExternally:
    """The decision as it came."""

    decision: ExternalDecision


@operation(Permission.REQUEST_REFER)
def decide_externally(turn: Turn, arguments: DecideExternally) -> SearchRequest:
    """File a decision. A rejection, also of a search that was granted before, leaves nothing but its entry (AUT-09).

    Raises:
        GuardError: It is not the authority's, not on this request, or out of time.
        TransitionError: There is nothing to decide.
    """
    decision = arguments.decision
    request = turn.work.requests.get(decision.request)
    turn.demand(Permission.REQUEST_REFER, requesters=[request.requester])
    turn.check(decision_holds(decision, request, turn.pack, turn.now))
    if not decision.granted:
        return end(turn, request, Event.STOP, "rejected", by=AUTHORITY)
    after = move(turn, request, Event.GRANT_EXTERNALLY, by=AUTHORITY)
    pending = turn.work.authorisations.where(request=request.id)[-1]
    live = replace(
        pending, state=AuthorisationState.LIVE, granted_at=turn.now, expires_at=expires_at(turn.now, turn.pack)
    )
    turn.work.authorisations.replace(live)
    record_authorised(turn, after, live)
    return after
