"""List the tracks of a recording with their stills, as far as it was scanned: the contact sheet."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.recordings import recording_of
from countersign.operations.shown_tracks import TrackSheet, sheet_of
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import ExhibitId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTracks:
    """Of which recording, and which page, from 1; the most promising tracks come first."""

    exhibit: ExhibitId
    page: int = 1


@operation(Permission.EXHIBIT_SCAN)
def list_tracks(turn: Turn, arguments: ListTracks) -> TrackSheet:
    """Show what a scan has found so far; from the moment a track is picked, all others are masked (PRB-03).

    Raises:
        NotARecordingError: The exhibit is a single picture.
        PageError: There is no such page.
    """
    turn.check_in_use()
    exhibit = recording_of(turn, arguments.exhibit)
    facts = {"what": "exhibit.tracks", "justification": "casework"}
    turn.record(EventKind.RECORD_CONSULTED, facts, case=exhibit.case, key=exhibit.key)
    return sheet_of(turn, exhibit, page=arguments.page)
