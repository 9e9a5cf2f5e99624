"""Show one whole picture of a recording, so that a person marks by hand a face that no track follows (PRB-03)."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.media.sandbox.viewer import picture_at
from countersign.operations.locate_faces import watermark_of
from countersign.operations.recordings import recording_of
from countersign.operations.shown_tracks import is_selected
from countersign.operations.turn import Turns, operation_in_turns
from countersign.primitives.arrays import RgbImage
from countersign.primitives.ids import ExhibitId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowMoment:
    """Which recording, and when: the first picture at or after that moment."""

    exhibit: ExhibitId
    time_ms: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moment:
    """A picture and its own time."""

    time_ms: int
    rgb: RgbImage
    watermark: str


@operation_in_turns(Permission.EXHIBIT_SCAN)
def show_moment(turns: Turns, arguments: ShowMoment) -> Moment:
    """Show the picture, as long as nobody in the recording was picked: from then on all others are masked.

    Raises:
        NotARecordingError: The exhibit is a single picture.
        GuardError: Somebody was picked.
        UndecodableVideoError: There is no picture at or after the moment.
    """
    with turns.look() as turn:
        turn.check_in_use()
        exhibit = recording_of(turn, arguments.exhibit)
        turn.check(
            require(
                not is_selected(turn.work, exhibit),
                "person_picked",
                "expected a recording of which nobody was picked yet, got one in which all others are masked",
            )
        )
        sealed = turn.work.blobs.open(exhibit.blob, key=exhibit.key)
    with sealed as source:
        time_ms, rgb = picture_at(source, arguments.time_ms)
    with turns.turn() as turn:
        facts = {"what": "exhibit.moment", "justification": "casework"}
        turn.record(EventKind.RECORD_CONSULTED, facts, case=exhibit.case, key=exhibit.key)
        return Moment(time_ms=time_ms, rgb=rgb, watermark=watermark_of(turn.programme.kind))
