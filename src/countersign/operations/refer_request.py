"""Refer a targeted search to the authority outside the force, with the officer's own reasons (T6, AUT-09)."""

from dataclasses import dataclass

from countersign.governance.external import authority_named, decided_outside
from countersign.governance.permission import Permission
from countersign.governance.request import Authorisation, AuthorisationState
from countersign.governance.request_transitions import Event
from countersign.ledger.event import EventKind
from countersign.operations.officer_conditions import check_officer, new_authorisation
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferRequest:
    """Which, and why the officer holds that it should be granted."""

    request: RequestId
    necessity: str
    proportionality: str


@operation(Permission.REQUEST_REFER)
def refer_request(turn: Turn, arguments: ReferRequest) -> Authorisation:
    """Refer a submitted targeted search; what the officer leaves behind buys nothing until the authority grants it."""
    request = turn.work.requests.get(arguments.request)
    check_officer(turn, request, Permission.REQUEST_REFER, arguments.necessity, arguments.proportionality)
    turn.check(authority_named(turn.pack), decided_outside(request))
    move(turn, request, Event.REFER_EXTERNALLY)
    pending = new_authorisation(
        turn, request, arguments.necessity, arguments.proportionality, AuthorisationState.PENDING
    )
    turn.work.authorisations.add(pending)
    committed = {"reasons": pending, "probe": request.binding}
    facts = {"request": request.id, "justification": request.form.purpose}
    turn.record(EventKind.REQUEST_REFERRED, facts, committed=committed, case=request.case, key=request.key)
    return pending
