"""Authorise one search: the officer's own reasons, rank and independence, for one probe, for a limited time."""

from dataclasses import dataclass

from countersign.governance.actor import Role
from countersign.governance.form_rules import form_acceptable
from countersign.governance.permission import Permission
from countersign.governance.programme_transitions import may_search
from countersign.governance.request import Authorisation, AuthorisationState
from countersign.governance.request_rules import (
    Duty,
    expires_at,
    independent,
    own_reasons,
    rank_suffices,
    separated,
    trained,
)
from countersign.governance.request_transitions import Event
from countersign.ledger.event import EventKind
from countersign.operations.request_state import duties, move
from countersign.operations.submit_request import imagery_ages
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import AuthorisationId, RequestId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoriseRequest:
    """The officer's decision in the officer's own words."""

    request: RequestId
    necessity: str
    proportionality: str


@operation(Permission.REQUEST_AUTHORISE)
def authorise_request(turn: Turn, arguments: AuthoriseRequest) -> Authorisation:
    """Authorise a submitted request: one probe, one search, until it lapses (AUT-02, AUT-04, AUT-07)."""
    request, pack = turn.work.requests.get(arguments.request), turn.pack
    requester = turn.work.people.get(request.requester)
    turn.demand(Permission.REQUEST_AUTHORISE, requesters=[requester.id])
    turn.check(
        separated(duties(turn.work, request), Duty.OFFICER, turn.actor.id),
        independent(turn.actor, requester),
        rank_suffices(turn.actor, request.tier, request.form, pack),
        trained(turn.actor, Role.AUTHORISING_OFFICER, turn.today),
        may_search(turn.programme.state, turn.artefacts(), turn.now),
        form_acceptable(request.form, pack, turn.work.collections.get(request.collection).collection_class),
        own_reasons(arguments.necessity, arguments.proportionality, request.form, pack),
        *imagery_ages(turn.work, turn.work.probes.get(request.probe), pack, turn.now),
    )
    move(turn, request, Event.AUTHORISE)
    authorisation = Authorisation(
        id=AuthorisationId(new_id()),
        request=request.id,
        case=request.case,
        key=request.key,
        officer=turn.actor.id,
        tier=request.tier,
        necessity=arguments.necessity,
        proportionality=arguments.proportionality,
        binding=request.binding,
        granted_at=turn.now,
        expires_at=expires_at(turn.now, pack),
        state=AuthorisationState.LIVE,
    )
    turn.work.authorisations.add(authorisation)
    turn.record(
        EventKind.REQUEST_AUTHORISED,
        {"request": request.id, "tier": request.tier},
        committed={"reasons": authorisation, "probe": request.binding},
        case=request.case,
        key=request.key,
    )
    return authorisation
