"""Grant a request for deletion at once, or refuse it in time with a signed, exceptional reason (DSR-06)."""

from dataclasses import dataclass, replace

from countersign.governance.deletion import DeletionRequest, DeletionState, may_refuse, undecided
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.request_deletion import grant
from countersign.operations.turn import Turn, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDeletion:
    """Which request, and the reason to refuse it; empty grants it."""

    request: str
    refuse_because: str = ""


@operation(Permission.DELETION_DECIDE)
def decide_deletion(turn: Turn, arguments: DecideDeletion) -> DeletionRequest:
    """Decide a request. Granted, the records are erased with this very entry.

    Raises:
        GuardError: Decided already; or refused too late, without a reason, or by whoever registered it.
    """
    request = turn.work.deletions.get(arguments.request)
    if not arguments.refuse_because:
        turn.check(undecided(request))
        grant(turn, request, turn.actor.id)
        return turn.work.deletions.get(request.id)
    least = turn.pack.minimum_chars.reasons
    turn.check(may_refuse(request, turn.actor.id, arguments.refuse_because, turn.today, least))
    after = replace(
        request,
        state=DeletionState.REFUSED,
        decided_by=turn.actor.id,
        decided_at=turn.now,
        reason=arguments.refuse_because,
    )
    turn.work.deletions.replace(after)
    facts = {"outcome": "refused", "by": "person"}
    turn.record(EventKind.DELETION_DECIDED, facts, committed={"reasons": arguments.refuse_because}, key=request.key)
    return after
