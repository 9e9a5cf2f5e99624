"""`countersign exhibit scan` and what belongs to it: the faces followed in a recording, and the one that is picked."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, must_be_new, write_new
from countersign.cli.exhibit import app, marked_face
from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.primitives.ids import ExhibitId

if TYPE_CHECKING:
    from countersign.operations.pick_track import MarkedBox, PickedTrack
    from countersign.operations.shown_tracks import TrackSheet

ExhibitArgument = Annotated[str, typer.Argument(help="Exhibit id of a recording.")]
SheetOption = Annotated[
    Path, typer.Option(help="Contact sheet to write, without ending; .html, .png and -timeline.png are added.")
]
PageOption = Annotated[int, typer.Option(help="Page of the sheet; the most promising tracks come first.")]

_TRACK = re.compile(r"(?P<exhibit>[^:/@]+):(?P<number>\d+)(?:/(?P<stills>\d+(?:,\d+)*))?(?::(?P<basis>.+))?")
_BOX = re.compile(r"(?P<exhibit>[^:/@]+)@(?P<time>[\d:.]+)=(?P<box>\d+,\d+,\d+,\d+)(?::(?P<basis>.+))?")
_MOMENT = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,2}(?:\.\d{1,3})?)")


@app.command()
def scan(
    exhibit: ExhibitArgument, out: SheetOption, key: KeyOption, page: PageOption = 1, as_json: JsonOption = False
) -> None:
    """Follow every face through a recording and write the contact sheet; can be interrupted and run again."""
    from countersign.cli.progress import recording_progress
    from countersign.operations.scan_exhibit import ScanExhibit, scan_exhibit

    must_be_new(*_files(out))
    arguments = ScanExhibit(exhibit=ExhibitId(exhibit), page=page)
    with recording_progress("scanning", quiet=as_json) as progress:
        sheet = act(key, Permission.EXHIBIT_SCAN, scan_exhibit, arguments, progress)
    _show(sheet, out, as_json=as_json)


@app.command()
def tracks(
    exhibit: ExhibitArgument, out: SheetOption, key: KeyOption, page: PageOption = 1, as_json: JsonOption = False
) -> None:
    """Write the contact sheet of what was scanned so far; from the moment a person is picked, all others are masked."""
    from countersign.operations.list_tracks import ListTracks, list_tracks

    must_be_new(*_files(out))
    sheet = act(key, Permission.EXHIBIT_SCAN, list_tracks, ListTracks(exhibit=ExhibitId(exhibit), page=page))
    _show(sheet, out, as_json=as_json)


@app.command()
def moment(
    exhibit: ExhibitArgument,
    at: Annotated[str, typer.Option(help="When, such as 1:02:03.5 or 12.4; the first picture at or after it.")],
    out: Annotated[Path, typer.Option(help="Picture (PNG) to write.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Write one whole picture of a recording, so that a face can be marked by hand; refused once one is picked."""
    from countersign.faces.drawing import plain
    from countersign.operations.show_moment import ShowMoment, show_moment

    must_be_new(out)
    arguments = ShowMoment(exhibit=ExhibitId(exhibit), time_ms=_milliseconds(at))
    shown = act(key, Permission.EXHIBIT_SCAN, show_moment, arguments)
    write_new(out, plain(shown.rgb, watermark=shown.watermark))
    height, width = shown.rgb.shape[:2]
    rows = {
        "exhibit": exhibit,
        "at": _clock(shown.time_ms),
        "width_px": width,
        "height_px": height,
        "picture": str(out),
    }
    emit(rows, as_json=as_json, title=f"The picture at {_clock(shown.time_ms)}: {out}")


@app.command()
def pick(
    reason: Annotated[str, typer.Option(help="Why this person.")],
    key: KeyOption,
    tracks: Annotated[
        list[str] | None,
        typer.Argument(help="EXHIBIT:TRACK[/STILL,STILL…][:why it shows the same person], of one or more recordings."),
    ] = None,
    box: Annotated[
        list[str] | None,
        typer.Option(help="EXHIBIT@TIME=LEFT,TOP,RIGHT,BOTTOM[:basis]: a face marked by hand, in px of the picture."),
    ] = None,
    face: Annotated[
        list[str] | None,
        typer.Option(help="EXHIBIT[/EDIT]:NUMBER:basis: a face of a picture that shows the same person."),
    ] = None,
    quality_note: Annotated[str, typer.Option(help="Why stills below a soft floor of quality are used.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Pick one person's tracks; their stills are the probe, and all others are masked from here on."""
    from countersign.operations.mark_probe import MarkedFace
    from countersign.operations.pick_track import MarkedBox, PickedTrack, PickTrack, pick_track

    arguments = PickTrack(
        reason=reason,
        tracks=tuple(_track(PickedTrack, text) for text in tracks or ()),
        boxes=tuple(_box(MarkedBox, text) for text in box or ()),
        faces=tuple(marked_face(MarkedFace, text, quality_note) for text in face or ()),
        quality_note=quality_note,
    )
    probe = act(key, Permission.EXHIBIT_MARK, pick_track, arguments)
    emit(probe, as_json=as_json, title=f"Probe: {probe.id}", hide=("key",))


def _files(out: Path) -> tuple[Path, ...]:
    return tuple(out.with_name(f"{out.name}{ending}") for ending in (".html", ".png", "-timeline.png"))


def _show(sheet: "TrackSheet", out: Path, *, as_json: bool) -> None:
    from countersign.reports.contact_sheet import contact_sheet

    drawn = contact_sheet(sheet)
    for path, data in zip(_files(out), (drawn.html.encode(), drawn.picture, drawn.timeline), strict=True):
        write_new(path, data)
    rows = {
        "exhibit": sheet.exhibit.id,
        "length": _clock(sheet.duration_ms),
        "scanned": _clock(sheet.scanned_ms),
        "finished": sheet.is_finished,
        "pictures": sheet.pictures,
        "damaged": [f"{_clock(since)} to {_clock(until)}" for since, until in sheet.damaged_ms],
        "picked": sorted(sheet.picked),
        "page": f"{sheet.page} of {sheet.pages}",
        "files": list(map(str, _files(out))),
    }
    listed = [
        {"number": one.number, "from": _clock(one.first_ms), "to": _clock(one.last_ms), "stills": len(one.stills)}
        for one in sheet.shown
    ]
    emit(
        {**rows, "tracks": listed} if as_json else rows, as_json=as_json, title=f"{sheet.tracks} tracks, in {out}.html"
    )


def _clock(time_ms: int) -> str:
    from countersign.operations.pick_track import clock_of

    return clock_of(time_ms)


def _milliseconds(text: str) -> int:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Invalid(f"expected a time in the recording such as 1:02:03.5 or 12.4, got {text!r}", code="moment")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return round(((hours * 60 + minutes) * 60 + seconds) * 1000)


def _track(kind: "type[PickedTrack]", text: str) -> "PickedTrack":
    found = _TRACK.fullmatch(text)
    if found is None:
        raise Invalid(f"expected EXHIBIT:TRACK[/STILL,STILL][:basis], got {text!r}", code="picked_track")
    return kind(
        exhibit=ExhibitId(found["exhibit"]),
        number=int(found["number"]),
        stills=_numbers(found["stills"]),
        same_person_basis=found["basis"] or "",
    )


def _box(kind: "type[MarkedBox]", text: str) -> "MarkedBox":
    found = _BOX.fullmatch(text)
    if found is None:
        raise Invalid(f"expected EXHIBIT@TIME=LEFT,TOP,RIGHT,BOTTOM[:basis], got {text!r}", code="marked_box")
    left, top, right, bottom = _numbers(found["box"])
    if not (left < right and top < bottom):
        raise Invalid(f"expected left < right and top < bottom, got {found['box']}", code="marked_box")
    return kind(
        exhibit=ExhibitId(found["exhibit"]),
        time_ms=_milliseconds(found["time"]),
        box_px=(left, top, right, bottom),
        same_person_basis=found["basis"] or "",
    )


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(map(int, text.split(","))) if text else ()
