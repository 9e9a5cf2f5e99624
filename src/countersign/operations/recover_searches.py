"""Recover: searches that a crash left RUNNING are finished under their own run id, or given up."""

from collections.abc import Callable
from dataclasses import dataclass

from countersign.errors import CountersignError
from countersign.governance.actor import Person, Role
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.run_search import finish, give_up
from countersign.operations.turn import Turns, operation_in_turns
from countersign.primitives.ids import RunId
from countersign.search.probe import RunState, SearchRun

End = Callable[[Turns, RunId], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverSearches:
    """All of the operator's own; for an administrator everybody's."""


@operation_in_turns(Permission.SEARCH_RECOVER)
def recover_searches(turns: Turns, _arguments: RecoverSearches) -> list[SearchRun]:
    """Finish an operator's own RUNNING searches. An administrator gives up those of others and compares nothing.

    One that cannot be finished is aborted and does not stop the rest. One that could not even be aborted is told once
    the rest were tried.
    """
    with turns.turn() as turn:
        running = turn.work.runs.where(state=RunState.RUNNING)
        ends = [(run.id, end) for run in running if (end := _way(turn.actor, run)) is not None]
        turn.record(EventKind.RECORD_CONSULTED, {"what": "search.running", "justification": "recovery"})
    failed = {run: reason for run, end in ends if (reason := _failure(turns, run, end)) is not None}
    with turns.look() as turn:
        ended = [turn.work.runs.get(run) for run, _ in ends]
    for run in ended:
        if run.state is RunState.RUNNING:
            raise failed[run.id]
    return ended


def _way(actor: Person, run: SearchRun) -> End | None:
    if run.operator == actor.id:
        return finish
    return give_up if Role.ADMINISTRATOR in actor.roles else None


def _failure(turns: Turns, run: RunId, end: End) -> CountersignError | None:
    """Give why a search could not be finished; where it was aborted, its entry says so too."""
    try:
        end(turns, run)
    except CountersignError as reason:
        return reason
    return None
