"""A recording in the browser: scanned in the background, a track picked or a face marked by hand."""

import re
import threading
from collections.abc import Callable
from html import unescape

import pytest

from countersign.errors import CountersignError
from countersign.operations.command import Command
from countersign.operations.desk import Desk
from countersign.operations.scan_exhibit import ScanExhibit, ScannedMeanwhileError, scan_exhibit
from countersign.primitives.ids import ExhibitId
from countersign.web.moments import time_of
from countersign.web.office import Office
from countersign.web.picked import Pick
from countersign.web.request_pages import in_recordings
from tests.fakes import Face
from tests.operations.films import NOBODY, film
from tests.web.browsing import Browser
from tests.web.test_requester import DETAILS, begin, fill_in, pick

ONE, OTHER = Face(person=44), Face(person=84)
REASON = "the person who reaches over the counter"


def upload(browser: Browser, *pictures: list[Face], number: str = "CTV/2") -> str:
    """Seal a recording, wait for its scan, and give its id."""
    path = film(browser.scene.folder / "pictures" / f"{number.replace('/', '-')}.mp4", pictures)
    files = {"file": ("received.mp4", path.read_bytes(), "video/mp4")}
    answer = browser.post("/exhibits/new", {**DETAILS, "number": number}, files=files)
    assert answer.url.path.endswith("/recording"), answer.text
    exhibit = answer.url.path.split("/")[2]
    office(browser).scans.wait(ExhibitId(exhibit))
    return exhibit


def office(browser: Browser) -> Office:
    found: Office = browser.client.app.state.office  # type: ignore[attr-defined]
    return found


@pytest.fixture
def recording(browser: Browser) -> str:
    """Both people at once for 1.6 s, nobody for 2 s, then one of them for 1 s."""
    begin(browser)
    return upload(browser, *[[ONE, OTHER]] * 8, *[[NOBODY, NOBODY]] * 10, *[[ONE, NOBODY]] * 5)


def test_a_recording_is_scanned_in_the_background_and_its_tracks_are_shown_with_a_timeline(
    browser: Browser, recording: str
):
    page = unescape(browser.get(f"/exhibits/{recording}/recording").text)

    for text in ("3 faces were followed", "Track 1, 0:00:00.000 to 0:00:01.400", "cs-timeline__all", "Leave out"):
        assert text in page
    for text in (
        "Quality of track 1",
        "Overall",
        "Good enough at a first look",
        "All components of track 1",
        "when you submit",
    ):
        assert text in page
    assert "Pick a track" in browser.get("/exhibits").text
    assert not re.search(r"\b(score|rank|candidate)\b", page)


@pytest.mark.row("PRB-03")
def test_a_picked_track_becomes_the_probe_and_everybody_else_is_masked(browser: Browser, recording: str):
    page = f"/exhibits/{recording}/recording"
    shown = browser.get(page).text
    stills = re.findall(r'name="still" value="(1\.\d+)"', shown)
    picked = browser.post(page, {"number": "1", "reason": REASON, "still": stills, "leave": stills[:1]})
    assert "track 1" in picked.text
    fill_in(browser)
    answer = browser.post("/ask/check", {"declaration": "yes"})

    assert "Waiting for an officer" in answer.text, answer.text
    with browser.scene.reading() as work:
        (probe,) = work.probes.where()
    assert len(probe.stills) == len(stills) - 1
    masked = browser.get(page).text
    assert "everybody else is masked" in masked
    assert masked.count("disabled") == 2
    assert masked.count("Quality of track") == 1
    assert "Mark a face by hand" not in masked
    assert browser.get(f"/exhibits/{recording}/moment").status_code == 403


def test_what_is_missing_of_a_pick_is_told_beside_its_question(browser: Browser, recording: str):
    page = f"/exhibits/{recording}/recording"
    nothing = browser.post(page, {})
    none_left = browser.post(page, {"number": "1", "reason": REASON, "still": ["1.1"], "leave": ["1.1"]})
    browser.post(page, {"number": "1", "reason": REASON})
    without_basis = browser.post(page, {"number": "3"})
    both = browser.post(page, {"number": "3", "basis": "same coat, one minute later"})

    for text in ("Select the track of the person sought", "Enter why you pick this person"):
        assert text in nothing.text
    assert "Leave in at least one still" in none_left.text
    assert "Enter why this still shows the same person" in without_basis.text
    assert both.text.count("Take back") == 2
    one_left = browser.post(f"/exhibits/{recording}/drop", {"pick": "track.1"}, page="/exhibits")
    assert one_left.text.count("Take back") == 1


@pytest.mark.row("PRB-03")
def test_a_face_of_a_picture_and_a_track_are_one_probe_with_the_basis_that_was_given(browser: Browser, recording: str):
    pick(browser)
    browser.post(f"/exhibits/{recording}/recording", {"number": "1", "basis": "same coat"})
    fill_in(browser)
    answer = browser.post("/ask/check", {"declaration": "yes"})

    assert "Waiting for an officer" in answer.text, answer.text
    with browser.scene.reading() as work:
        (probe,) = work.probes.where()
        parents = [work.exhibits.get(still.exhibit).derived_from is not None for still in probe.stills]
    assert parents == [*[True] * (len(parents) - 1), False]
    assert len(parents) > 1
    assert probe.stills[-1].same_person_basis == "same coat"
    assert "everybody else is masked" in browser.get(f"/exhibits/{recording}/recording").text


def test_a_face_is_marked_by_two_clicks_and_becomes_the_probe(browser: Browser, recording: str):
    page = f"/exhibits/{recording}/moment"
    corner = {"at": "0", "factor": "0.5"}
    browser.post(f"{page}/corner", {**corner, "corner.x": "27", "corner.y": "28"}, page=page)
    assert "One corner is marked" in browser.get(page).text
    framed = browser.post(f"{page}/corner", {**corner, "corner.x": "4", "corner.y": "4"}, page=page).text
    assert "The face lies in the frame" in framed
    for name, value in (("left", "8"), ("top", "8"), ("right", "54"), ("bottom", "56")):
        assert re.search(rf'id="{name}" [^>]*value="{value}"', framed), name
    edges = {"at": "0", "left": "8", "top": "8", "right": "54", "bottom": "56"}
    picked = browser.post(page, {**edges, "act": "pick", "reason": REASON})
    assert "a face marked by hand at 0:00:00.000" in picked.text
    fill_in(browser)

    assert "Waiting for an officer" in browser.post("/ask/check", {"declaration": "yes"}).text


def test_a_third_click_begins_anew_and_a_key_is_led_to_the_fields(browser: Browser, recording: str):
    page = f"/exhibits/{recording}/moment"
    click = {"at": "0", "factor": "1", "corner.x": "9", "corner.y": "9"}
    for x in ("9", "50", "12"):
        browser.post(f"{page}/corner", {**click, "corner.x": x, "corner.y": x}, page=page)
    assert "One corner is marked" in browser.get(page).text

    for odd in ({"corner.x": "0", "corner.y": "0"}, {"factor": "0"}, {"corner.x": ""}, {"at": "now"}):
        assert "Enter the edges here" in browser.post(f"{page}/corner", {**click, **odd}, page=page).text


def test_a_frame_is_entered_as_numbers_and_shown(browser: Browser, recording: str):
    page = f"/exhibits/{recording}/moment"
    edges = {"at": "0", "left": "8", "top": "8", "right": "54", "bottom": "56"}

    assert "Mark both corners" in browser.post(page, {**edges, "right": "7", "act": "pick"}).text
    assert "Enter why you pick this person" in browser.post(page, {**edges, "act": "pick"}).text
    assert "The face lies in the frame" in browser.post(page, {**edges, "act": "show"}).text
    assert browser.post(page, {"at": "soon"}).url.path == "/exhibits"
    assert "Enter a moment" in browser.get(f"{page}?at=soon").text
    assert browser.get(f"{page}?at=9:00:00").status_code == 422


def test_another_case_s_recording_is_not_opened(browser: Browser, recording: str):
    browser.post("/ask", {"case_reference": "CASE/2026/0999"})

    for page in (f"/exhibits/{recording}/recording", f"/exhibits/{recording}/moment"):
        assert browser.get(page).url.path == "/exhibits"
        assert browser.post(page, {"at": "0"}, page="/exhibits").url.path == "/exhibits"
    assert browser.post(f"/exhibits/{recording}/scan", {}, page="/exhibits").url.path == "/exhibits"


def slowly(event: threading.Event) -> Callable[[Desk, Command[ScanExhibit]], object]:
    """Give a scan that tells how far it has come and goes on when the event is set."""

    def scan(desk: Desk, command: Command[ScanExhibit]) -> object:
        desk.progress(3000, 12000)
        event.wait(30)
        return scan_exhibit(desk, command)

    return scan


def test_while_a_scan_is_under_way_a_page_says_how_far_it_is(browser: Browser, recording: str):
    page, event = f"/exhibits/{recording}/recording", threading.Event()
    office(browser).scans.scan = slowly(event)
    browser.post(f"/exhibits/{recording}/scan", {}, page="/exhibits")
    again = browser.post(f"/exhibits/{recording}/scan", {}, page="/exhibits")
    said = browser.client.get(page, headers={"accept": "application/json"}).json()
    event.set()
    office(browser).scans.wait(ExhibitId(recording))
    over = browser.client.get(page, headers={"accept": "application/json"}).json()

    assert "The recording is looked at" in again.text
    assert said in (
        {"over": False, "share": 25, "said": "0:00:03.000 of 0:00:12.000 looked at."},
        {"over": False, "share": 0, "said": "It has begun, or waits for its turn."},
    )
    assert over["over"]


class BrokenError(Exception):
    """A fault."""


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (ScannedMeanwhileError("expected to be the only one, got another"), "expected to be the only one"),
        (BrokenError("a secret path"), "It stopped by a fault of the server"),
    ],
)
def test_a_scan_that_fails_says_so_and_can_go_on(browser: Browser, recording: str, fault: Exception, told: str):
    def fails(_desk: object, _command: object) -> None:
        raise fault

    office(browser).scans.scan = fails
    browser.post(f"/exhibits/{recording}/scan", {}, page="/exhibits")
    office(browser).scans.wait(ExhibitId(recording))
    page = browser.get(f"/exhibits/{recording}/recording").text

    assert told in page
    assert "secret" not in page
    assert isinstance(fault, CountersignError | BrokenError)


def test_a_recording_without_faces_says_so(browser: Browser):
    begin(browser)
    empty = upload(browser, *[[NOBODY, NOBODY]] * 6)

    assert "No face was followed" in browser.get(f"/exhibits/{empty}/recording").text


def test_the_first_of_a_probes_tracks_and_boxes_needs_no_basis_whatever_was_picked_first():
    box = Pick(exhibit="a", exhibit_number="1", number=40, basis="", note="n", kind="box", box=(1, 2, 3, 4))
    track = Pick(exhibit="b", exhibit_number="2", number=7, basis="same coat", note="n", kind="track", stills=(2,))
    made = in_recordings([box, track], "why")

    assert [(one.number, one.stills, one.same_person_basis) for one in made.tracks] == [(7, (2,), "")]
    assert [(one.time_ms, one.box_px, one.same_person_basis) for one in made.boxes] == [(40, (1, 2, 3, 4), "same coat")]
    assert made.quality_note == "n"
    assert (box.place, track.place) == ("/exhibits/a/moment?at=0:00:00.040", "/exhibits/b/recording")


def test_a_picture_that_was_picked_first_has_the_basis_of_the_track_that_goes_before_it():
    first = Pick(exhibit="a", exhibit_number="1", number=2, basis="", note="small")
    hat = Pick(exhibit="b", exhibit_number="2", number=1, basis="same hat", note="")
    coat = Pick(exhibit="c", exhibit_number="3", number=7, basis="same coat", note="dark", kind="track")
    made = in_recordings([first, hat, coat], "why")

    assert [one.same_person_basis for one in made.tracks] == [""]
    assert [(one.exhibit, one.number, one.same_person_basis, one.quality_note) for one in made.faces] == [
        ("a", 2, "same coat", "small"),
        ("b", 1, "same hat", ""),
    ]
    assert made.quality_note == "dark"


@pytest.mark.parametrize(("clock", "ms"), [("1:02:03.045", 3723045), ("2:03", 123000), ("3", 3000)])
def test_moments_are_read_as_people_write_them(clock: str, ms: int):
    assert time_of(clock) == ms


@pytest.mark.parametrize("clock", ["soon", "", "-1", "1:2:3:4", "nan", "99999999"])
def test_what_is_no_moment_is_none(clock: str):
    assert time_of(clock) is None
