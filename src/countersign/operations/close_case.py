"""Close a case: its disclosure period begins, and after that everything of it is erased (RET-02)."""

from dataclasses import dataclass, replace

from countersign.governance.permission import Permission
from countersign.governance.request import Case
from countersign.governance.request_rules import case_over
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """Which case has been disposed of."""

    case: CaseId


@operation(Permission.CASE_CLOSE)
def close_case(turn: Turn, arguments: CloseCase) -> Case:
    """Record that a case was disposed of.

    Raises:
        GuardError: A request of it is under way, or it was closed before.
    """
    case = turn.work.cases.get(arguments.case)
    requests = turn.work.requests.where(case=case.id)
    turn.check(
        case_over(requests),
        require(case.closed_at is None, "case_closed", "expected an open case, got one that was closed before"),
    )
    closed = replace(case, closed_at=turn.now)
    turn.work.cases.replace(closed)
    turn.record(EventKind.CASE_CLOSED, {"requests": len(requests)}, case=case.id, key=case.key)
    return closed
