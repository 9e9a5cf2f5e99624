"""Sign out: the session's key signs nothing more."""

from dataclasses import dataclass, replace

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation


class NoSessionError(NotFound):
    """There is no such session of this person."""

    code = "no_session"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """The key of which session."""

    public_key: str


@operation(Permission.SESSION_END)
def end_session(turn: Turn, arguments: EndSession) -> None:
    """End one's own session at once.

    Raises:
        NoSessionError: There is none with this key, or it is another person's.
    """
    sessions = turn.work.mandates.where(public_key=arguments.public_key, person=turn.actor.id)
    if not sessions:
        raise NoSessionError("expected a session of one's own, got none with this key")
    turn.work.mandates.replace(replace(sessions[0], ends_at=turn.now))
    turn.record(EventKind.SESSION_ENDED, {"why": "signed_out"}, committed={"session": arguments.public_key})
