"""Exhibits that are recordings: found, or refused where a recording is needed, and opened to be decoded."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from countersign.errors import Invalid
from countersign.media.exhibit import Exhibit, Medium
from countersign.operations.turn import Turn, Turns
from countersign.operations.work import SealedFile
from countersign.primitives.ids import ExhibitId


class NotARecordingError(Invalid):
    """A single picture, where a recording is needed."""

    code = "not_a_recording"


def recording_of(turn: Turn, exhibit: ExhibitId) -> Exhibit:
    """Give the exhibit.

    Raises:
        NotARecordingError: It is a single picture.
    """
    found = turn.work.exhibits.get(exhibit)
    if found.medium is not Medium.VIDEO:
        raise NotARecordingError("expected a recording, got a picture: `exhibit faces` locates the faces in it")
    return found


@contextmanager
def opened(turns: Turns, exhibit: Exhibit) -> Iterator[SealedFile]:
    """Open a recording and leave the transaction again: decoding takes long, and an open one holds up others."""
    with ExitStack() as held:
        with turns.look() as turn:
            sealed = held.enter_context(turn.work.blobs.open(exhibit.blob, key=exhibit.key))
        yield sealed
