"""Scan a recording: follow the faces in it and keep the best stills of each. No template is made of any of them.

A scan goes stretch by stretch. Nothing is decoded while a transaction is open: the recording is opened in one that is
closed again, and what a stretch showed is kept in a turn of its own together with its entry. So whoever stops a scan,
or whose machine dies, loses at most the stretch under way, and the next command goes on where this one ended. Two that
scan one exhibit at once do not spoil each other's work: the later to finish a stretch finds that it was kept already
and is told so. A case that is erased meanwhile ends the scan at the end of the stretch; nothing more of it is kept.

Asked again when it is finished, it looks at nothing and gives what was found, page by page. As soon as a person has
picked a track, all others are masked.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from countersign.errors import Conflict
from countersign.faces.following import Follower
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.media.exhibit import Exhibit
from countersign.media.footage import Footage, Stretch, StretchEnd
from countersign.media.sandbox.viewer import StretchLostError, look_at, watch
from countersign.media.scan import Scan
from countersign.operations.kept_tracks import reopened, track_of
from countersign.operations.recordings import opened, recording_of
from countersign.operations.shown_tracks import TrackSheet, sheet_of
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.primitives.arrays import RgbImage
from countersign.primitives.ids import ExhibitId, ScanId, new_id

EVERY_MS = 200
SIDE_PX = 960
SOFT_MS, HARD_MS = 50_000, 60_000
LOST_STEP_MS = 5_000
LOST_IN_A_ROW = 24
"""So many stretches that are lost one after another end a scan: two minutes in which nothing can be decoded."""


class ScannedMeanwhileError(Conflict):
    """Somebody else kept the same stretch first."""

    code = "scanned_meanwhile"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanExhibit:
    """Which recording, and which page of its tracks is to be shown; the most promising come first."""

    exhibit: ExhibitId
    page: int = 1


@operation_in_turns(Permission.EXHIBIT_SCAN)
def scan_exhibit(turns: Turns, arguments: ScanExhibit) -> TrackSheet:
    """Look at all of a recording that was not looked at before.

    Raises:
        NotARecordingError: The exhibit is a single picture.
        ScannedMeanwhileError: Somebody else scans it at the same time.
        UndecodableVideoError: It can be decoded no more; what was found before stays.
    """
    exhibit, footage = _looked_at(turns, arguments.exhibit)
    with turns.turn() as turn:
        turn.check_in_use()
        turn.work.exhibits.get(exhibit.id)  # it may have been erased meanwhile
        scan = _begun(turn, exhibit, footage)
        trails = [reopened(track) for track in turn.work.tracks.where(scan=scan.id, is_open=True)]
        _record(turn, scan, seconds=0, tracks=0, damaged=0)
    with ThreadPoolExecutor(turns.desk.threads) as beside:
        follower = Follower(
            turns.desk.engine.glimpse,
            beside,
            trails,
            next_number=scan.next_number,
            view=_view(scan),
            told=lambda time_ms: turns.desk.progress(time_ms, scan.duration_ms),
        )
        lost = 0
        while not scan.is_finished:
            end, is_lost = _watched(turns, exhibit, scan, follower, final=lost + 1 >= LOST_IN_A_ROW)
            lost = lost + 1 if is_lost else 0
            scan = _kept(turns, scan, end, follower)
            turns.desk.progress(scan.next_ms if not scan.is_finished else scan.duration_ms, scan.duration_ms)
    with turns.look() as turn:
        return sheet_of(turn, exhibit, page=arguments.page)


def _looked_at(turns: Turns, which: ExhibitId) -> tuple[Exhibit, Footage | None]:
    """Give a recording, and what it is, unless its scan was begun before."""
    with turns.look() as turn:
        turn.check_in_use()
        exhibit = recording_of(turn, which)
        if turn.work.scans.where(exhibit=exhibit.id):
            return exhibit, None
    with opened(turns, exhibit) as sealed:
        return exhibit, look_at(sealed)


def _begun(turn: Turn, exhibit: Exhibit, footage: Footage | None) -> Scan:
    """Give the exhibit's scan, begun at its first picture where there is none yet."""
    found = turn.work.scans.where(exhibit=exhibit.id)
    if found or footage is None:
        return found[0]
    scan = Scan(
        id=ScanId(new_id()),
        exhibit=exhibit.id,
        case=exhibit.case,
        key=exhibit.key,
        every_ms=EVERY_MS,
        side_px=SIDE_PX,
        next_ms=0,
        duration_ms=footage.duration_ms,
        pictures=0,
        next_number=1,
        damaged_ms=(),
        view=b"",
        view_px=(0, 0),
        started_at=turn.now,
    )
    turn.work.scans.add(scan)
    return scan


def _watched(turns: Turns, exhibit: Exhibit, scan: Scan, follower: Follower, *, final: bool) -> tuple[StretchEnd, bool]:
    """Look at the next stretch; say how it ended, and whether its decoder was lost.

    A lost stretch is left a few seconds further on, and the part between is told as damaged.
    """
    stretch = Stretch(
        start_ms=scan.next_ms,
        soft_ms=scan.next_ms + SOFT_MS,
        hard_ms=scan.next_ms + HARD_MS,
        every_ms=scan.every_ms,
        side_px=scan.side_px,
    )
    follower.begin()
    with opened(turns, exhibit) as sealed:
        try:
            return watch(sealed, stretch, follower), False
        except StretchLostError:
            if final:
                raise
            follower.give_up()
    from_ms = max(stretch.start_ms, follower.last_ms + 1)
    next_ms = from_ms + LOST_STEP_MS
    is_over = bool(scan.duration_ms) and next_ms >= scan.duration_ms
    return StretchEnd(next_ms=None if is_over else next_ms, damaged_ms=((from_ms, next_ms),)), True


def _kept(turns: Turns, scan: Scan, end: StretchEnd, follower: Follower) -> Scan:
    """Keep what a stretch showed, with its entry; from here on nothing of it can be lost."""
    with turns.turn() as turn:
        if turn.work.scans.get(scan.id).next_ms != scan.next_ms:
            raise ScannedMeanwhileError("expected to be the only one who scans this exhibit, got another's work")
        after = replace(
            scan,
            next_ms=-1 if end.next_ms is None else end.next_ms,
            pictures=scan.pictures + follower.seen,
            next_number=follower.next_number,
            damaged_ms=scan.damaged_ms + end.damaged_ms,
            view=b"" if follower.view is None else follower.view.tobytes(),
            view_px=(0, 0) if follower.view is None else (follower.view.shape[1], follower.view.shape[0]),
        )
        going_on = set() if after.is_finished else follower.open_numbers
        before = {track.number: track for track in turn.work.tracks.where(scan=scan.id, is_open=True)}
        for number, trail in sorted(follower.trails.items()):
            track = track_of(turn.work, scan, trail, before.get(number), is_open=number in going_on)
            turn.work.tracks.replace(track) if number in before else turn.work.tracks.add(track)
        turn.work.scans.replace(after)
        seconds = (max(0, follower.last_ms) - scan.next_ms) // 1000
        new = after.next_number - scan.next_number
        _record(turn, after, seconds=max(0, seconds), tracks=new, damaged=len(end.damaged_ms))
    follower.forget(going_on)
    return after


def _view(scan: Scan) -> RgbImage | None:
    width, height = scan.view_px
    return np.frombuffer(scan.view, dtype=np.uint8).reshape(height, width, 3) if width else None


def _record(turn: Turn, scan: Scan, *, seconds: int, tracks: int, damaged: int) -> None:
    facts: dict[str, str | int] = {
        "seconds": seconds,
        "tracks": tracks,
        "damaged": damaged,
        "finished": "yes" if scan.is_finished else "no",
    }
    turn.record(EventKind.EXHIBIT_SCANNED, facts, case=scan.case, key=scan.key)
