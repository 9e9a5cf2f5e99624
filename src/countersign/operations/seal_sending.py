"""Seal a file that was sent in parts, once it is whole: as any other file, and never decrypted onto a disk."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.media.exhibit import Exhibit
from countersign.media.intake import refuse_playlist
from countersign.operations.seal_exhibit import SealExhibit, check_statement, seal_received
from countersign.operations.sendings import Sending, SendingNotWholeError, Sendings, find_sending
from countersign.operations.turn import Turns, operation_in_turns
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import SendingId

START_BYTES = 4096
"""What kind of file it is shows in so many bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSending:
    """A file that was sent, and what is known of it.

    Attributes:
        statement: As for any other file; its ``file`` is not looked at.
    """

    sending: SendingId
    statement: SealExhibit


class WholeFile:
    """A file of parts, read once from its first byte to its last and hashed on the way, as `intake.OpenedFile`.

    Attributes:
        start: Its first bytes; what kind of file it is shows here.
        size_bytes: How many bytes it has.
    """

    def __init__(self, sendings: Sendings, sending: Sending) -> None:
        self._blocks = sendings.blocks(sending.id)
        self._hash = hashlib.sha256()
        self.start = b""
        for block in self._blocks:  # however small the parts are that somebody sends first
            self.start += block
            if len(self.start) >= START_BYTES:
                break
        self.size_bytes = sending.size_bytes

    @property
    def sha256(self) -> Sha256:
        """Give the digest of the bytes that were given out so far."""
        return Sha256(self._hash.hexdigest())

    def blocks(self) -> Iterator[bytes]:
        """Give all bytes, once, part by part."""
        self._hash.update(self.start)
        yield self.start
        for block in self._blocks:
            self._hash.update(block)
            yield block


@operation_in_turns(Permission.EXHIBIT_ADD)
def seal_sending(turns: Turns, arguments: SealSending) -> Exhibit:
    """Seal a file that was sent in parts.

    What is stated wrongly can be put right without sending the file again. Once the file itself is looked at it is
    sealed or refused, and what was sent is destroyed in either case.

    Raises:
        SendingGoneError: The person has no such file on its way.
        SendingNotWholeError: Something of it has not come yet.
        CountersignError: As for sealing any other file.
    """
    with turns.look() as turn:
        check_statement(turn, arguments.statement)
        sendings = turn.desk.sendings
        sending = find_sending(sendings, arguments.sending, turn.actor.id, turn.now)
        if not sending.is_whole:
            raise SendingNotWholeError(f"expected {sending.size_bytes} bytes, got {sending.received_bytes} so far")
    try:
        received = WholeFile(sendings, sending)
        refuse_playlist(received.start)
        with turns.turn() as turn:
            return seal_received(turn, arguments.statement, received)
    finally:
        sendings.drop(sending.id)
