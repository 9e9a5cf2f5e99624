"""The requester's way through a recording: it is scanned in the background, then a track is picked or a face marked."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from countersign.faces.drawing import annotate
from countersign.governance.permission import Permission
from countersign.governance.quality_rules import QualityFloors
from countersign.operations.list_tracks import ListTracks, list_tracks
from countersign.operations.pick_track import clock_of
from countersign.operations.read_case import ListedExhibit
from countersign.operations.read_choices import read_choices
from countersign.operations.shown_tracks import ShownTrack, TrackSheet
from countersign.primitives.ids import ExhibitId
from countersign.web.asking import begin_scan, exhibit_in_hand
from countersign.web.faces import ShownQuality, shown_quality
from countersign.web.picked import ASKING, Pick, keep_picks, picks
from countersign.web.rendering import render, summary
from countersign.web.scans import BackgroundScan
from countersign.web.visit import Fields, FieldsOf, Visit, Visiting

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStill:
    """One still of a track on the page."""

    place: int
    url: str
    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One track on the page, with where it lies on the timeline in hundredths of the recording's length.

    Attributes:
        quality: Of its best still; None where it is masked.
    """

    number: int
    begins: str
    ends: str
    left: float
    width: float
    stills: tuple[ShownStill, ...]
    is_picked: bool
    is_masked: bool
    quality: ShownQuality | None


@router.post("/exhibits/{exhibit}/scan")
def scan(exhibit: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Begin to look at a recording."""
    del fields
    if exhibit_in_hand(visit, exhibit) is None:
        return RedirectResponse("/exhibits", status_code=303)
    begin_scan(visit, ExhibitId(exhibit))
    return RedirectResponse(f"/exhibits/{exhibit}/recording", status_code=303)


@router.get("/exhibits/{exhibit}/recording")
def recording(request: Request, exhibit: str, visit: Visiting) -> Response:
    """Show how far a scan has come; once it is over, the contact sheet."""
    running = visit.office.scans.find(ExhibitId(exhibit))
    is_under_way = running is not None and not running.is_over
    if request.headers.get("accept") == "application/json":
        return JSONResponse({"over": not is_under_way, "share": _share(running), "said": _said(running)})
    listed = exhibit_in_hand(visit, exhibit)
    if listed is None:
        return RedirectResponse("/exhibits", status_code=303)
    if is_under_way:
        return render(
            request,
            "scanning.html",
            exhibit=listed,
            share=_share(running),
            said=_said(running),
            back="/exhibits",
        )
    return _sheet_page(request, visit, listed, running, [], {})


def _share(running: BackgroundScan | None) -> int:
    return round(100 * running.done_ms / running.all_ms) if running and running.all_ms else 0


def _said(running: BackgroundScan | None) -> str:
    if running is None or running.is_over:
        return "It is over."
    if not running.all_ms:
        return "It has begun, or waits for its turn."
    return f"{clock_of(running.done_ms)} of {clock_of(running.all_ms)} looked at."


def _sheet_page(
    request: Request,
    visit: Visit,
    listed: ListedExhibit,
    running: BackgroundScan | None,
    errors: list[tuple[str, str]],
    answers: Mapping[str, str],
) -> Response:
    asked = request.query_params.get("page", "1")
    arguments = ListTracks(exhibit=listed.id, page=int(asked) if asked.isdecimal() else 1)
    floors = read_choices(visit.desk).quality_floors
    sheet: TrackSheet = visit.do(Permission.EXHIBIT_SCAN, list_tracks, arguments)
    return render(
        request,
        "recording.html",
        status=422 if errors else 200,
        exhibit=listed,
        sheet=sheet,
        length=clock_of(sheet.duration_ms),
        damaged=[(clock_of(begin), clock_of(end)) for begin, end in sheet.damaged_ms],
        cards=[_card(visit, track, sheet, floors) for track in sheet.shown],
        lanes=[(*_lane(begin, end, sheet.duration_ms), number) for number, begin, end in sheet.spans_ms],
        failed=running.failed if running else "",
        further=bool(picks(visit)),
        answers=answers,
        errors=summary(errors),
        wrong=dict(errors),
        back="/exhibits",
    )


def _lane(begin: int, end: int, whole: int) -> tuple[float, float]:
    """Give left edge and width of a span on a line of 100; never too narrow to be seen."""
    return (round(100 * begin / whole, 2), max(0.6, round(100 * (end - begin) / whole, 2))) if whole else (0.0, 100.0)


def _card(visit: Visit, track: ShownTrack, sheet: TrackSheet, floors: QualityFloors) -> Card:
    left, width = _lane(track.first_ms, track.last_ms, sheet.duration_ms)
    return Card(
        number=track.number,
        begins=clock_of(track.first_ms),
        ends=clock_of(track.last_ms),
        left=left,
        width=width,
        stills=tuple(
            ShownStill(
                place=place, url=visit.shelve(annotate(rgb, [], [], watermark=sheet.watermark)), clock=clock_of(time_ms)
            )
            for place, (time_ms, rgb) in enumerate(track.stills, start=1)
        ),
        is_picked=track.is_picked,
        is_masked=track.is_masked,
        quality=shown_quality(track.measures, floors) if track.measures else None,
    )


@router.post("/exhibits/{exhibit}/recording")
def pick(request: Request, exhibit: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Pick a track; nothing is made of it before the person is marked."""
    listed = exhibit_in_hand(visit, exhibit)
    if listed is None:
        return RedirectResponse("/exhibits", status_code=303)
    others = [
        one for one in picks(visit) if (one.exhibit, one.kind, str(one.number)) != (exhibit, "track", fields["number"])
    ]
    further = bool(others)
    answers = {name: fields[name] for name in ("number", "reason", "basis", "note")}
    answers |= {f"leave.{value}": "yes" for value in fields.all("leave")}
    errors = [("number", "Select the track of the person sought")] if not fields["number"].isdecimal() else []
    errors += wrong_words(fields, further=further)
    if errors:
        running = visit.office.scans.find(listed.id)
        return _sheet_page(request, visit, listed, running, errors, answers)
    number = int(fields["number"])
    kept = tuple(int(value.split(".")[1]) for value in fields.all("still") if value.startswith(f"{number}."))
    left_out = {value for value in fields.all("leave") if value.startswith(f"{number}.")}
    stills = tuple(place for place in kept if f"{number}.{place}" not in left_out)
    if left_out and not stills:
        running = visit.office.scans.find(listed.id)
        return _sheet_page(request, visit, listed, running, [("number", "Leave in at least one still")], answers)
    chosen = Pick(
        exhibit=exhibit,
        exhibit_number=listed.number,
        number=number,
        basis=fields["basis"] if further else "",
        note=fields["note"],
        kind="track",
        stills=stills if left_out else (),
    )
    return keep_and_go(visit, [*others, chosen], fields)


def wrong_words(fields: Fields, *, further: bool) -> list[tuple[str, str]]:
    """Give what is missing of the words that go with a pick."""
    if further:
        return [] if fields["basis"] else [("basis", "Enter why this still shows the same person")]
    return [] if fields["reason"] else [("reason", "Enter why you pick this person")]


def keep_and_go(visit: Visit, chosen: list[Pick], fields: Fields) -> Response:
    """Keep what was picked and go back to the exhibits."""
    keep_picks(visit, chosen)
    if fields["reason"]:
        visit.answer(ASKING, {"reason": fields["reason"]})
    return RedirectResponse("/exhibits", status_code=303)
