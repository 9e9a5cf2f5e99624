"""Files on their way: what was sent so far of a file that is not whole yet.

1. It is no exhibit. Nothing of it is decoded, hashed, shown or recorded before it is whole and sealed.
2. It lies part by part under a key of its own, which only this process's memory holds.
3. It is forgotten `KEPT` after it was begun, once it is sealed or cannot be, and when the process ends.
4. It belongs to the person who began it; to anybody else it does not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from countersign.errors import Conflict, Invalid, NotFound, Refused
from countersign.primitives.ids import PersonId, SendingId

KEPT = timedelta(hours=24)
PART_BYTES = 2 * 1024 * 1024
"""Most that is taken at once."""
FILE_LIMIT_BYTES = 8 * 1024**3
MOST_AT_ONCE = 3
"""Files that one person may have on their way."""


class SendingGoneError(NotFound):
    """It was never begun by this person, is sealed already, or was forgotten."""

    code = "sending_gone"


class SendingSizeError(Invalid):
    """Empty, too large, or more than was announced."""

    code = "sending_size"


class SendingPlaceError(Conflict):
    """A part does not begin where the last one ended."""

    code = "sending_place"


class SendingNotWholeError(Conflict):
    """Something of the file has not come yet."""

    code = "sending_not_whole"


class SendingsAtOnceError(Refused):
    """The person has too many files on their way."""

    code = "sendings_at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A file on its way.

    Attributes:
        size_bytes: Of the whole file, as announced.
        received_bytes: How much of it has come: from its first byte on, without a gap.
    """

    id: SendingId
    person: PersonId
    size_bytes: int
    received_bytes: int
    begun_at: datetime

    @property
    def is_whole(self) -> bool:
        """Say whether all of it has come."""
        return self.received_bytes == self.size_bytes


class Sendings(Protocol):
    """Where files on their way lie: sealed at rest, in this process only, each no longer than `KEPT`."""

    def begin(self, sending: Sending) -> None:
        """Make room for a file of which nothing has come yet."""
        ...

    def all_of(self, person: PersonId, now: datetime) -> list[Sending]:
        """Give what a person has on its way; whatever is older than `KEPT` is destroyed first."""
        ...

    def extend(self, sending: SendingId, data: bytes, at: int) -> Sending:
        """Keep a part that begins at byte ``at``, and give what has come by now.

        Raises:
            SendingPlaceError: The last part did not end there; nothing is kept.
            SendingGoneError: It is not there.
        """
        ...

    def blocks(self, sending: SendingId) -> Iterator[bytes]:
        """Give the file's bytes part by part, each decrypted in memory only."""
        ...

    def drop(self, sending: SendingId) -> None:
        """Destroy the key and delete the parts; one that is gone is no error."""
        ...


def find_sending(sendings: Sendings, sending: SendingId, person: PersonId, now: datetime) -> Sending:
    """Give a file that a person has on its way.

    Raises:
        SendingGoneError: It is not theirs, or not there any more.
    """
    found = next((one for one in sendings.all_of(person, now) if one.id == sending), None)
    if found is None:
        raise SendingGoneError("expected a file that you are sending, got none: sealed, too old, or never begun")
    return found
