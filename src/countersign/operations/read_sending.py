"""Say how much of a file on its way has come, so that sending goes on where it stopped."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.operations.sendings import Sending, find_sending
from countersign.operations.turn import Turns, operation_in_turns
from countersign.primitives.ids import SendingId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSending:
    """Which file."""

    sending: SendingId


@operation_in_turns(Permission.EXHIBIT_ADD)
def read_sending(turns: Turns, arguments: ReadSending) -> Sending:
    """Give the state of a file on its way.

    Raises:
        SendingGoneError: The person has no such file on its way.
    """
    with turns.look() as turn:
        return find_sending(turn.desk.sendings, arguments.sending, turn.actor.id, turn.now)
