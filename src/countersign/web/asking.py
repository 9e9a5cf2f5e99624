"""The requester's way to a probe: which case, which exhibits, which face. A pick waits in memory until it is marked."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from countersign.errors import CountersignError, Invalid
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.media.exhibit import CaptureBasis, Depiction, Exhibit, Medium, SourceType
from countersign.operations.locate_faces import LocateFaces, locate_faces
from countersign.operations.read_case import ListedExhibit, ReadCase, ShownCase, read_case
from countersign.operations.read_choices import read_choices
from countersign.operations.scan_exhibit import ScanExhibit
from countersign.operations.seal_exhibit import SealExhibit, seal_exhibit
from countersign.primitives.codec import from_plain
from countersign.primitives.ids import ExhibitId
from countersign.primitives.privacy import Privacy
from countersign.web.exhibit_form import DETAILS
from countersign.web.faces import drawn_size, shown
from countersign.web.picked import ASKING, Pick, keep_picks, picks
from countersign.web.questions import answered, wrong
from countersign.web.refusals import in_words
from countersign.web.rendering import render, summary
from countersign.web.visit import Fields, FieldsOf, Visit, Visiting, demand_role

router = APIRouter()
EXHIBIT = "exhibit"


class MomentError(Invalid):
    """A day and a time do not make a moment."""

    code = "moment"


@router.get("/ask")
def ask_case(request: Request, visit: Visiting) -> Response:
    """Ask which case it is."""
    demand_role(visit, Role.REQUESTER)
    return render(request, "ask_case.html", answers=visit.answers(ASKING), errors=[], back="/requests")


@router.post("/ask")
def take_case(request: Request, visit: Visiting, fields: FieldsOf) -> Response:
    """Begin a request in a case; another case begins with empty pages."""
    reference = fields["case_reference"]
    if not reference:
        errors = summary([("case_reference", "Enter the case reference")])
        return render(request, "ask_case.html", status=422, answers={}, errors=errors, back="/requests")
    if visit.answers(ASKING).get("case_reference") != reference:
        visit.forget(ASKING)
    visit.answer(ASKING, {"case_reference": reference})
    return RedirectResponse("/exhibits", status_code=303)


def case_in_hand(visit: Visit) -> ShownCase | None:
    """Give the case that the person works on; None before they said which."""
    reference = visit.answers(ASKING).get("case_reference")
    return visit.do(Permission.CASE_READ, read_case, ReadCase(reference=reference)) if reference else None


@router.get("/exhibits")
def exhibits(request: Request, visit: Visiting) -> Response:
    """Show what the case holds, and what was picked of it."""
    case = case_in_hand(visit)
    if case is None:
        return RedirectResponse("/ask", status_code=303)
    return render(request, "exhibits.html", case=case, picks=picks(visit), errors=[], back="/ask")


@router.get("/exhibits/new")
def ask_exhibit(request: Request, visit: Visiting) -> Response:
    """Ask for a file and where it comes from."""
    if not visit.answers(ASKING).get("case_reference"):
        return RedirectResponse("/ask", status_code=303)
    return _exhibit_page(request, visit, [], visit.answers(EXHIBIT))


def _exhibit_page(
    request: Request, visit: Visit, errors: list[tuple[str, str]], answers: dict[str, str], status: int = 200
) -> Response:
    return render(
        request,
        "exhibit_new.html",
        status=status,
        step=DETAILS,
        choices=read_choices(visit.desk),
        answers=answers,
        errors=summary(errors),
        wrong=dict(errors),
        back="/exhibits",
    )


@router.post("/exhibits/new")
def take_exhibit(request: Request, visit: Visiting, fields: FieldsOf) -> Response:
    """Seal a file. The browser's copy lies in a private folder of this machine while it is sealed, and no longer."""
    answers, errors = taken(visit, fields)
    file = fields.file("file")
    if file is None:
        errors.insert(0, ("file", "Choose a file"))
    if errors or file is None:
        return _exhibit_page(request, visit, errors, answers, status=422)
    try:
        exhibit = _seal(visit, file, answers)
    except CountersignError as reason:
        return _exhibit_page(request, visit, [refused(reason)], answers, status=422)
    visit.forget(EXHIBIT)
    return RedirectResponse(place_after(visit, exhibit), status_code=303)


def place_after(visit: Visit, exhibit: Exhibit) -> str:
    """Give the page that a sealed exhibit goes on with; a recording is scanned first."""
    if exhibit.medium is Medium.VIDEO:
        begin_scan(visit, exhibit.id)
        return f"/exhibits/{exhibit.id}/recording"
    return f"/exhibits/{exhibit.id}/faces"


def taken(visit: Visit, fields: Fields) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Keep what was answered about a file, and say what is wrong with it."""
    answers = answered(DETAILS, fields)
    answers |= {name: fields[name] for name in ("earliest_day", "earliest_time", "latest_day", "latest_time")}
    visit.answer(EXHIBIT, answers)
    return answers, wrong(DETAILS, answers, read_choices(visit.desk))


FIELD_OF = {"not_a_photograph": "depiction", "intimate_imagery": "exhibit_privacy"}


def refused(reason: CountersignError) -> tuple[str, str]:
    """Say beside which field a refusal belongs, and in which words."""
    field = "latest_day" if reason.code.startswith(("capture", "moment")) else FIELD_OF.get(reason.code, "file")
    return field, in_words(reason)


def _seal(visit: Visit, file: UploadFile, answers: dict[str, str]) -> Exhibit:
    with tempfile.TemporaryDirectory(prefix="countersign-") as folder:
        place = Path(folder) / "received"
        with place.open("wb") as stream:
            while part := file.file.read(1024 * 1024):
                stream.write(part)
        return visit.do(Permission.EXHIBIT_ADD, seal_exhibit, statement_of(visit, answers, str(place)))


def statement_of(visit: Visit, answers: dict[str, str], file: str) -> SealExhibit:
    """Make the answers about a file into what is stated of it.

    Raises:
        MomentError: A day and a time do not make a moment.
    """
    basis: CaptureBasis = from_plain(CaptureBasis, answers["basis"], "basis")
    latest = moment_of(answers["latest_day"], answers["latest_time"], end=True)
    bound = _BOUND_BY.get(basis)
    return SealExhibit(
        case_reference=visit.answers(ASKING).get("case_reference", ""),
        number=answers["number"],
        file=file,
        source_type=from_plain(SourceType, answers["source_type"], "source_type"),
        depiction=from_plain(Depiction, answers["depiction"], "depiction"),
        privacy=from_plain(Privacy, answers["exhibit_privacy"], "privacy"),
        basis=basis,
        lawful_origin=answers["lawful_origin"],
        supplied_by=answers["supplied_by"],
        captured_earliest=moment_of(answers["earliest_day"], answers["earliest_time"], end=False),
        captured_latest=None if bound or basis is CaptureBasis.SEALED else latest,
        posted_at=latest if bound == "posted_at" else None,
        first_seen_at=latest if bound == "first_seen_at" else None,
        seized_at=latest if bound == "seized_at" else None,
        received_at=latest if bound == "received_at" else None,
    )


_BOUND_BY = {
    CaptureBasis.POST_DATE: "posted_at",
    CaptureBasis.FIRST_SEEN: "first_seen_at",
    CaptureBasis.SEIZED: "seized_at",
    CaptureBasis.RECEIVED: "received_at",
}


def moment_of(day: str, time: str, *, end: bool) -> datetime | None:
    """Read a day and a time of day in UTC; without a time the day's first or last minute.

    Raises:
        MomentError: They are not both what they should be.
    """
    if not day:
        return None
    try:
        return datetime.fromisoformat(f"{day}T{time or ('23:59' if end else '00:00')}").replace(tzinfo=UTC)
    except ValueError as reason:
        raise MomentError(f"expected a day such as 2026-01-31 and a time such as 14:05, got {day} {time}") from reason


@router.get("/exhibits/{exhibit}/faces")
def faces(request: Request, exhibit: str, visit: Visiting) -> Response:
    """Show the faces that were located, each with its quality, to pick one."""
    return _faces_page(request, visit, exhibit, [], {})


def _faces_page(
    request: Request, visit: Visit, exhibit: str, errors: list[tuple[str, str]], answers: dict[str, str]
) -> Response:
    case = case_in_hand(visit)
    listed = _find(case, exhibit)
    if listed is None:
        return RedirectResponse("/exhibits", status_code=303)
    located = visit.do(Permission.EXHIBIT_LOCATE, locate_faces, LocateFaces(exhibit=ExhibitId(exhibit)))
    floors = read_choices(visit.desk).quality_floors
    others = [one for one in picks(visit) if one.exhibit != exhibit]
    return render(
        request,
        "faces.html",
        status=422 if errors else 200,
        exhibit=listed,
        faces=[shown(face, floors) for face in located.faces],
        picture=visit.shelve(located.picture),
        size=drawn_size(located.picture, max(listed.width_px, listed.height_px)),
        further=bool(others),
        answers=answers,
        errors=summary(errors),
        wrong=dict(errors),
        back="/exhibits",
    )


def exhibit_in_hand(visit: Visit, exhibit: str) -> ListedExhibit | None:
    """Give an exhibit of the case that the person works on; None where it is none of it."""
    return _find(case_in_hand(visit), exhibit)


def begin_scan(visit: Visit, exhibit: ExhibitId) -> None:
    """Begin, or go on with, the scan of a recording in the background."""
    command = visit.command(Permission.EXHIBIT_SCAN, ScanExhibit(exhibit=exhibit))
    visit.office.scans.begin(visit.desk, command)


def _find(case: ShownCase | None, exhibit: str) -> ListedExhibit | None:
    return next((one for one in case.exhibits if one.id == exhibit), None) if case else None


@router.post("/exhibits/{exhibit}/faces")
def pick(request: Request, exhibit: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Pick a face; nothing is made of it before the person is marked."""
    others = [one for one in picks(visit) if one.exhibit != exhibit]
    errors = _wrong_pick(fields, further=bool(others))
    answers = {name: fields[name] for name in ("number", "reason", "basis", "note")}
    if errors:
        return _faces_page(request, visit, exhibit, errors, answers)
    case = case_in_hand(visit)
    listed = _find(case, exhibit)
    if listed is None:
        return RedirectResponse("/exhibits", status_code=303)
    chosen = Pick(
        exhibit=exhibit,
        exhibit_number=listed.number,
        number=int(fields["number"]),
        basis=fields["basis"] if others else "",
        note=fields["note"],
    )
    keep_picks(visit, [*others, chosen])
    if fields["reason"]:
        visit.answer(ASKING, {"reason": fields["reason"]})
    return RedirectResponse("/exhibits", status_code=303)


def _wrong_pick(fields: Fields, *, further: bool) -> list[tuple[str, str]]:
    rules = (
        ("number", fields["number"].isdecimal(), "Select the face of the person sought"),
        ("reason", further or bool(fields["reason"]), "Enter why you pick this person"),
        ("basis", not further or bool(fields["basis"]), "Enter why this still shows the same person"),
    )
    return [(name, message) for name, holds, message in rules if not holds]


@router.post("/exhibits/{exhibit}/drop")
def drop(exhibit: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Take a pick back; without saying which, all of the exhibit."""
    which = fields["pick"]
    keep_picks(visit, [one for one in picks(visit) if one.exhibit != exhibit or (which and one.key != which)])
    return RedirectResponse("/exhibits", status_code=303)
