"""Take in the next part of a file on its way; nothing of it is looked at."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.operations.sendings import PART_BYTES, Sending, SendingSizeError, find_sending
from countersign.operations.turn import Turns, operation_in_turns
from countersign.primitives.ids import SendingId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendSending:
    """A part, and the byte of the file that it begins with.

    Attributes:
        at: Place of its first byte in the file, 0 first.
    """

    sending: SendingId
    at: int
    data: bytes


@operation_in_turns(Permission.EXHIBIT_ADD)
def extend_sending(turns: Turns, arguments: ExtendSending) -> Sending:
    """Keep a part, sealed, and say how much has come. Sent again, a part that came already is refused.

    Raises:
        SendingGoneError: The person has no such file on its way.
        SendingSizeError: The part is empty, too large, or goes beyond the end of the file.
        SendingPlaceError: It does not begin where the last part ended.
    """
    with turns.look() as turn:
        sending = find_sending(turn.desk.sendings, arguments.sending, turn.actor.id, turn.now)
        size = len(arguments.data)
        most = min(PART_BYTES, sending.size_bytes - arguments.at)
        if not 0 < size <= most:
            raise SendingSizeError(f"expected a part of 1 to {most} bytes from byte {arguments.at} on, got {size}")
        return turn.desk.sendings.extend(sending.id, arguments.data, arguments.at)
