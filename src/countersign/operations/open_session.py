"""Sign in: a fresh key may sign for a person, for a while. What this rests on is recorded with it."""

from dataclasses import dataclass

from countersign.governance.account import ABSOLUTE, Mandate, MandateKind, Way
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeKind
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import MandateId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Which key is to sign.

    Attributes:
        public_key: Of the session, 64 hexadecimal digits.
    """

    public_key: str


@operation(Permission.SESSION_OPEN)
def open_session(turn: Turn, arguments: OpenSession) -> Mandate:
    """Open a session by a passkey after a password, or in a demonstration by the person's own key.

    Raises:
        GuardError: The own key of a person signs in nobody but in a demonstration, where scripted people have none but
            theirs; or a password's key asks for a session of another key.
    """
    waiting = turn.work.mandates.where(public_key=turn.command.public_key)
    turn.check(
        require(
            bool(waiting) or turn.programme.kind is ProgrammeKind.DEMONSTRATION,
            "demonstration_only",
            "expected a passkey, got a key file: only a demonstration signs its scripted people in with one",
        ),
        require(
            not waiting or waiting[0].public_key == arguments.public_key,
            "mandate",
            "expected a session of the key that waited for its passkey, got another key",
        ),
    )
    session = Mandate(
        id=waiting[0].id if waiting else MandateId(new_id()),
        person=turn.actor.id,
        public_key=arguments.public_key,
        kind=MandateKind.SESSION,
        way=Way.PASSKEY if waiting else Way.DEMONSTRATION,
        opened_at=turn.now,
        seen_at=turn.now,
        ends_at=turn.now + ABSOLUTE,
    )
    if waiting:
        turn.work.mandates.replace(session)
    else:
        turn.work.mandates.add(session)
    turn.record(EventKind.SESSION_OPENED, {"way": session.way}, committed={"session": session.public_key})
    return session
