"""Recover: searches that a crash left RUNNING are finished under their own run id, or given up."""

from dataclasses import dataclass

from countersign.errors import CountersignError
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.run_search import finish
from countersign.operations.turn import Turns, operation_in_turns
from countersign.primitives.ids import RunId
from countersign.search.probe import RunState, SearchRun


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverSearches:
    """All of the operator's own."""


@operation_in_turns(Permission.SEARCH_RECOVER)
def recover_searches(turns: Turns, _arguments: RecoverSearches) -> list[SearchRun]:
    """Finish every RUNNING search of this operator; one that cannot be is aborted and does not stop the rest."""
    with turns.turn() as turn:
        mine: list[RunId] = [run.id for run in turn.work.runs.where(state=RunState.RUNNING, operator=turn.actor.id)]
        turn.record(EventKind.RECORD_CONSULTED, {"what": "search.running", "justification": "recovery"})
    ended = [_end(turns, run) for run in mine]
    with turns.look() as turn:
        return [turn.work.runs.get(run) for run in ended]


def _end(turns: Turns, run: RunId) -> RunId:
    try:
        finish(turns, run)
    except CountersignError:
        # The abort is recorded with its reason; its authorisation is live again.
        return run
    return run
