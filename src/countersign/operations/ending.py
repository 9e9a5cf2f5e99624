"""Ending a request before its time, and destroying what must not outlive that (requirements T8, T23).

What an ending destroys follows from its event. The list of a search has a key of its own, so that it can go while the
request is still answered for; a search that was stopped or voided leaves nothing but its entry. Exhibits and marked
faces are under the case's key: they were lawfully held before and stay.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from countersign.governance.actor import Role
from countersign.governance.request import AuthorisationState, RequestState, SearchRequest
from countersign.governance.request_transitions import Event, Mechanism
from countersign.ledger.event import EventKind
from countersign.operations.overlays import held
from countersign.operations.request_state import move
from countersign.operations.turn import Turn
from countersign.primitives.ids import KeyId

ENDED: Mapping[Event, str] = MappingProxyType(
    {
        Event.WITHDRAW: "withdrawn",
        Event.EXPIRE: "expired",
        Event.LAPSE: "lapsed",
        Event.VOID: "voided",
        Event.STOP: "stopped",
    }
)
NOTHING_LEFT = frozenset({Event.VOID, Event.STOP})


def end(
    turn: Turn, request: SearchRequest, event: Event, reason: str, *, by: Collection[Role | Mechanism] | None = None
) -> SearchRequest:
    """End a request: no authorisation of it buys anything any more, and its list is gone."""
    after = move(turn, request, event, by=by)
    for authorisation in turn.work.authorisations.where(request=request.id):
        if authorisation.state is not AuthorisationState.SPENT:
            turn.work.authorisations.replace(replace(authorisation, state=AuthorisationState.REVOKED))
    # A disclosure hold keeps them, and only that: whoever lifts it destroys them.
    keys = [] if held(turn.work, request.id) else keys_of(turn, request, nothing_left=event in NOTHING_LEFT)
    facts: dict[str, str | int] = {
        "request": request.id,
        "ended": ENDED[event],
        "reason": reason,
        "openings": destroy(turn, keys),
    }
    turn.record(EventKind.REQUEST_WITHDRAWN, facts, case=request.case)
    return after


def leftover_keys(turn: Turn, request: SearchRequest) -> int:
    """Destroy what a disclosure hold kept of a request that had ended, and give how many openings went with it."""
    nothing_left = request.state in {RequestState.VOIDED, RequestState.STOPPED}
    return destroy(turn, keys_of(turn, request, nothing_left=nothing_left))


def forget(turn: Turn, request: SearchRequest, reason: str) -> None:
    """Delete a request that was never put before anybody, or not again."""
    turn.work.requests.remove(request.id)
    openings = destroy(turn, [request.key])
    facts: dict[str, str | int] = {"request": request.id, "ended": "deleted", "reason": reason, "openings": openings}
    turn.record(EventKind.REQUEST_WITHDRAWN, facts, case=request.case)


def destroy(turn: Turn, keys: Collection[KeyId]) -> int:
    """Destroy keys that are still there, and give how many openings went with them."""
    there = [key for key in keys if turn.work.keys.exists(key)]
    openings = sum(turn.work.openings.count(key) for key in there)
    for key in there:
        turn.work.keys.destroy(key)
    return openings


def keys_of(turn: Turn, request: SearchRequest, *, nothing_left: bool) -> list[KeyId]:
    """Give the keys of a request's lists, and its own where nothing is to be left."""
    lists = [turn.work.lists.find(run.id) for run in turn.work.runs.where(request=request.id)]
    own = [request.key] if nothing_left else []
    return [*(one.key for one in lists if one is not None), *own]
