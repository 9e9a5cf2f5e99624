"""Moving a stored request through its state machine."""

from collections.abc import Collection
from dataclasses import replace

from countersign.governance.actor import Role
from countersign.governance.overlay import free_to_move
from countersign.governance.request import SearchRequest
from countersign.governance.request_rules import Duty, fit_to_act
from countersign.governance.request_transitions import TRANSITIONS, Event, Mechanism, apply
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.primitives.ids import PersonId, RequestId
from countersign.review.facial_review import Position
from countersign.search.probe import RunState

ENGINE = (Mechanism.ENGINE,)
ENDS = frozenset(row.source for row in TRANSITIONS if row.event is Event.CLOSE)
"""States in which nothing more happens to a request but that it is looked back at and closed."""

DUTY_OF = {Position.FIRST: Duty.OPERATOR, Position.SECOND: Duty.EXAMINER, Position.THIRD: Duty.THIRD}


def move(
    turn: Turn, request: SearchRequest, event: Event, *, by: Collection[Role | Mechanism] | None = None
) -> SearchRequest:
    """Move a request by an event and store it; what the table does not list raises ``TransitionError``.

    What lies over the request stops every person (T24, T25), and training that ran out stops that one (GOV-15); the
    clock, the engine and the authority go on.
    """
    if by is None:
        turn.check(
            free_to_move(turn.work.overlays.where(request=request.id)),
            fit_to_act(turn.actor, request.state, event, turn.today),
        )
    state = apply(request.state, event, by or turn.actor.roles)
    ended = turn.now if request.ended_at is None and state in ENDS else request.ended_at
    after = replace(request, state=state, state_since=turn.now, extended=False, ended_at=ended)
    turn.work.requests.replace(after)
    return after


def duties(work: Work, request: SearchRequest) -> dict[Duty, PersonId]:
    """Give who has done what for a request so far, by person."""
    done = {Duty.REQUESTER: request.requester}
    for authorisation in work.authorisations.where(request=request.id):
        done[Duty.OFFICER] = authorisation.officer
    for run in work.runs.where(request=request.id):
        if run.state is not RunState.ABORTED:  # one that was given up binds nobody: another operator may go on
            done[Duty.OPERATOR] = run.operator
    for review in work.reviews.where(request=request.id):
        done[DUTY_OF[review.position]] = review.examiner
    return done


def officers(work: Work, request: RequestId) -> list[PersonId]:
    """Give the officers who decided on a request."""
    return [authorisation.officer for authorisation in work.authorisations.where(request=request)]
