"""Authorise one search: the officer's own reasons, rank and independence, for one probe, for a limited time."""

from dataclasses import dataclass

from countersign.governance.external import decided_inside
from countersign.governance.permission import Permission
from countersign.governance.request import Authorisation, AuthorisationState
from countersign.governance.request_transitions import Event
from countersign.operations.officer_conditions import check_officer, new_authorisation, record_authorised
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoriseRequest:
    """The officer's decision in the officer's own words."""

    request: RequestId
    necessity: str
    proportionality: str


@operation(Permission.REQUEST_AUTHORISE)
def authorise_request(turn: Turn, arguments: AuthoriseRequest) -> Authorisation:
    """Authorise a submitted request: one probe, one search, until it lapses (AUT-02, AUT-04, AUT-07)."""
    request = turn.work.requests.get(arguments.request)
    check_officer(turn, request, Permission.REQUEST_AUTHORISE, arguments.necessity, arguments.proportionality)
    turn.check(decided_inside(request))
    move(turn, request, Event.AUTHORISE)
    authorisation = new_authorisation(
        turn, request, arguments.necessity, arguments.proportionality, AuthorisationState.LIVE
    )
    turn.work.authorisations.add(authorisation)
    record_authorised(turn, request, authorisation)
    return authorisation
