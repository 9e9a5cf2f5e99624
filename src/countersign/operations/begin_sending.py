"""Begin to send a file in parts: what is stated of it is checked before a byte of it is taken in."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.operations.seal_exhibit import SealExhibit, check_statement
from countersign.operations.sendings import (
    FILE_LIMIT_BYTES,
    MOST_AT_ONCE,
    Sending,
    SendingsAtOnceError,
    SendingSizeError,
)
from countersign.operations.turn import Turns, operation_in_turns
from countersign.primitives.ids import SendingId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSending:
    """What is to be sealed once it is whole.

    Attributes:
        statement: As for sealing; its ``file`` is not looked at.
        size_bytes: Of the whole file.
    """

    statement: SealExhibit
    size_bytes: int


@operation_in_turns(Permission.EXHIBIT_ADD)
def begin_sending(turns: Turns, arguments: BeginSending) -> Sending:
    """Make room for a file. Nothing was taken in yet, so nothing is recorded; a refusal is.

    Raises:
        GuardError: What is stated of the file is refused, as sealing would.
        SendingSizeError: No bytes, or more than may be sent.
        SendingsAtOnceError: The person has too many files on their way.
    """
    with turns.look() as turn:
        check_statement(turn, arguments.statement)
        sendings, size = turn.desk.sendings, arguments.size_bytes
        if not 0 < size <= FILE_LIMIT_BYTES:
            raise SendingSizeError(f"expected a file of 1 to {FILE_LIMIT_BYTES} bytes, got {size}")
        under_way = sendings.all_of(turn.actor.id, turn.now)
        if len(under_way) >= MOST_AT_ONCE:
            raise SendingsAtOnceError(
                f"expected at most {MOST_AT_ONCE} files on their way, got one more: wait for them"
            )
        sending = Sending(
            id=SendingId(new_id()), person=turn.actor.id, size_bytes=size, received_bytes=0, begun_at=turn.now
        )
        sendings.begin(sending)
        return sending
