"""What every decision of an authorising officer needs, and the authorisation that comes of it."""

from countersign.governance.actor import Role
from countersign.governance.form_rules import form_acceptable
from countersign.governance.permission import Permission
from countersign.governance.request import Authorisation, AuthorisationState, SearchRequest
from countersign.governance.request_rules import (
    Duty,
    expires_at,
    independent,
    own_reasons,
    rank_suffices,
    separated,
    trained,
)
from countersign.ledger.event import EventKind
from countersign.operations.consider_request import considered
from countersign.operations.imagery_age import imagery_ages
from countersign.operations.request_state import duties
from countersign.operations.turn import Turn
from countersign.primitives.ids import AuthorisationId, new_id


def check_officer(
    turn: Turn,
    request: SearchRequest,
    permission: Permission,
    necessity: str,
    proportionality: str,
    *,
    urgent: bool = False,
) -> None:
    """Refuse a decision unless officer, reasons, form and imagery are what they must be (AUT-02, AUT-04)."""
    work, pack = turn.work, turn.pack
    requester = work.people.get(request.requester)
    collection_class = work.collections.get(request.collection).collection_class
    turn.demand(permission, requesters=[requester.id])
    turn.check(
        separated(duties(work, request), Duty.OFFICER, turn.actor.id),
        independent(turn.actor, requester),
        rank_suffices(turn.actor, request.tier, request.form, pack),
        trained(turn.actor, Role.AUTHORISING_OFFICER, turn.today),
        turn.in_use(),
        form_acceptable(request.form, pack, collection_class),
        own_reasons(necessity, proportionality, request.form, pack),
        *imagery_ages(work, work.probes.get(request.probe), pack, turn.now, urgent=urgent),
        considered(request, turn.actor.id),
    )


def new_authorisation(
    turn: Turn, request: SearchRequest, necessity: str, proportionality: str, state: AuthorisationState
) -> Authorisation:
    """Make the officer's authorisation: this probe, one search, until it lapses (AUT-07)."""
    return Authorisation(
        id=AuthorisationId(new_id()),
        request=request.id,
        case=request.case,
        key=request.key,
        officer=turn.actor.id,
        tier=request.tier,
        necessity=necessity,
        proportionality=proportionality,
        binding=request.binding,
        granted_at=turn.now,
        expires_at=expires_at(turn.now, turn.pack),
        state=state,
    )


def record_authorised(turn: Turn, request: SearchRequest, authorisation: Authorisation) -> None:
    """Record that a search was authorised, with the reasons and what it binds committed."""
    turn.record(
        EventKind.REQUEST_AUTHORISED,
        {"request": request.id, "tier": request.tier},
        committed={"reasons": authorisation, "probe": request.binding},
        case=request.case,
        key=request.key,
    )
