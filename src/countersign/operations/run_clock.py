"""Run the clock: carry out, step by step, everything that is due by now. A job calls it, at least once an hour.

Each step is a transaction of its own: what one step cannot do keeps no other from being done, and is told at the end.
Running it twice at the same moment does nothing the second time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from countersign.errors import CountersignError
from countersign.governance.permission import Permission
from countersign.governance.request_clocks import tightened
from countersign.governance.request_transitions import Event, Mechanism
from countersign.governance.time_limits import run_out
from countersign.ledger.event import EventKind
from countersign.operations.anomaly_watch import look_back
from countersign.operations.close_request import close_unsearched, erase_closed
from countersign.operations.ending import end, forget
from countersign.operations.group_outcomes import keep_groups
from countersign.operations.keep_programme import keep_programme
from countersign.operations.keep_register import keep_register
from countersign.operations.keep_retention import keep_retention
from countersign.operations.overlays import tell_overdue
from countersign.operations.request_state import move
from countersign.operations.turn import Turn, Turns, operation_in_turns

CLOCK = (Mechanism.CLOCK,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunClock:
    """Everything that is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """What one step did."""

    step: str
    done: int


def end_overdue_requests(turn: Turn) -> int:
    """End, return or delete every request one of whose limits has run out (T3, T8, T23)."""
    clocks, done = tightened(turn.pack.request_clocks), 0
    for request in turn.work.requests.where():
        granted = turn.work.authorisations.where(request=request.id)
        found = run_out(request, granted[-1] if granted else None, clocks, turn.now)
        if found is None:
            continue
        name, limit = found
        done += 1
        if limit.event is None:
            forget(turn, request, name)
        elif limit.event is Event.RETURN:
            move(turn, request, Event.RETURN, by=CLOCK)
            facts = {"request": request.id, "reason": name}
            turn.record(EventKind.REQUEST_RETURNED, facts, case=request.case, key=request.key)
        else:
            end(turn, request, limit.event, name, by=CLOCK)
    return done


STEPS: Mapping[str, Callable[[Turn], int]] = MappingProxyType(
    {
        "requests": end_overdue_requests,
        "register": keep_register,
        "programme": keep_programme,
        "retention": keep_retention,
        "anomalies": look_back,
        "groups": keep_groups,
        "overlays": tell_overdue,
        "closing": close_unsearched,
        "erasing": erase_closed,
    }
)


@operation_in_turns(Permission.CLOCK_RUN)
def run_clock(turns: Turns, _arguments: RunClock) -> list[ClockStep]:
    """Run every step; raises the first failure once all were tried."""
    done, failures = [], []
    for name, step in STEPS.items():
        try:
            with turns.turn() as turn:
                count = step(turn)
                turn.record(EventKind.CLOCK_RUN, {"step": name, "done": count})
            done.append(ClockStep(step=name, done=count))
        except CountersignError as reason:
            failures.append(reason)
    if failures:
        raise failures[0]
    return done
