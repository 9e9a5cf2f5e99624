"""Authorise a search that cannot wait: life or serious harm, younger imagery, confirmed in writing or void (AUT-08)."""

from dataclasses import dataclass, replace
from datetime import timedelta

from countersign.governance.external import decided_inside
from countersign.governance.permission import Permission
from countersign.governance.request import Authorisation, AuthorisationState
from countersign.governance.request_clocks import tightened
from countersign.governance.request_rules import urgency_stated
from countersign.governance.request_transitions import Event
from countersign.operations.officer_conditions import check_officer, new_authorisation, record_authorised
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoriseUrgently:
    """The officer's decision in the officer's own words; an oral one is written down by whoever gave it."""

    request: RequestId
    necessity: str
    proportionality: str


@operation(Permission.REQUEST_AUTHORISE)
def authorise_urgently(turn: Turn, arguments: AuthoriseUrgently) -> Authorisation:
    """Authorise an urgent request (T5). The imagery may be younger, never below the floor of an hour.

    Raises:
        GuardError: No threat to life or serious harm is stated, or the search is a targeted one: that always needs the
            external authority first.
    """
    request = turn.work.requests.get(arguments.request)
    texts = (arguments.necessity, arguments.proportionality)
    check_officer(turn, request, Permission.REQUEST_AUTHORISE, *texts, urgent=True)
    turn.check(urgency_stated(request.form), decided_inside(request))
    move(turn, request, Event.AUTHORISE_URGENTLY)
    hours = tightened(turn.pack.request_clocks).confirmation_h
    authorisation = replace(
        new_authorisation(turn, request, *texts, AuthorisationState.LIVE),
        confirm_by=turn.now + timedelta(hours=hours),
    )
    turn.work.authorisations.add(authorisation)
    record_authorised(turn, request, authorisation)
    return authorisation
