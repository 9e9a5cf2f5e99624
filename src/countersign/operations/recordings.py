"""Exhibits that are recordings: found, or refused where a recording is needed."""

from countersign.errors import Invalid
from countersign.media.exhibit import Exhibit, Medium
from countersign.operations.turn import Turn
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
