import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.governance.register import CollectionClass
from countersign.primitives.codec import to_plain
from tests.fakes import Face
from tests.operations.scene import SOUGHT, Scene
from tests.web.browsing import Browser, Fields

DETAILS: Fields = {
    "number": "CTV/1",
    "source_type": "cctv",
    "depiction": "photograph",
    "exhibit_privacy": "public_place",
    "basis": "recorder_log",
    "lawful_origin": "handed over by the shop, with a statement",
    "supplied_by": "shop manager",
    "earliest_day": "2026-01-06",
    "earliest_time": "10:00",
    "latest_day": "2026-01-06",
    "latest_time": "10:05",
}
STEPS = ("offence", "person", "why", "alternatives", "place", "urgency", "collection")


def still(scene: Scene, name: str = "still.png", *faces: Face) -> tuple[str, bytes, str]:
    path = scene.draw(name, *(faces or (Face(person=SOUGHT, view=9, quality=0.8),)))
    return name, Path(path).read_bytes(), "image/png"


def answers(browser: Browser, **changed: str) -> Fields:
    page = browser.get("/ask/collection").text
    collection = re.search(r'name="collection"[^>]*value="([0-9a-f]{32})"', page)
    plain = to_plain(FORM)
    assert isinstance(plain, dict)
    given = {name: value for name, value in plain.items() if isinstance(value, str)}
    return {**given, "collection": collection[1] if collection else "", **changed}


def seal(browser: Browser, **changed: str) -> str:
    """Seal a still of a case in hand and give the page with its faces."""
    answer = browser.post("/exhibits/new", {**DETAILS, **changed}, files={"file": still(browser.scene)})
    assert answer.status_code == 200, answer.text
    assert answer.url.path.endswith("/faces"), answer.text
    return answer.url.path


def pick(browser: Browser, **changed: str) -> None:
    page = seal(browser, **changed)
    answer = browser.post(page, {"number": "1", "reason": "the person who reaches over the counter"})
    assert "Picked so far" in answer.text
    assert "&lt;span" not in answer.text


def begin(browser: Browser, case: str = "CASE/2026/0117") -> None:
    browser.sign_in("requester")
    browser.post("/ask", {"case_reference": case})


def fill_in(browser: Browser, **changed: str) -> None:
    for slug in STEPS:
        answer = browser.post(f"/ask/{slug}", answers(browser, **changed))
        assert answer.status_code == 200, (slug, answer.text)
    assert answer.url.path == "/ask/check"


def ask(browser: Browser) -> str:
    """Ask for a search as the requester and give the request's page."""
    begin(browser)
    pick(browser)
    fill_in(browser)
    answer = browser.post("/ask/check", {"declaration": "yes"})
    assert "Waiting for an officer" in answer.text, answer.text
    return answer.url.path


def test_a_requester_goes_from_the_case_to_a_submitted_request(browser: Browser):
    page = ask(browser)

    shown = browser.get(page).text
    assert "CASE/2026/0117" in shown
    assert "left for the officer to decide" in shown
    assert FORM.why_this_face in unescape(shown)
    assert "Case CASE/2026/0117" in browser.get("/requests").text


def test_no_address_and_no_page_of_a_requester_names_a_score_or_a_rank(browser: Browser):
    page = ask(browser)

    for path in ("/requests", page, "/exhibits", "/ask/check"):
        text = browser.get(path).text
        assert not re.search(r"\b(score|rank|candidate)\b", text, re.IGNORECASE), path
    assert re.fullmatch(r"/requests/[0-9a-f]{32}", page)


def test_pictures_belong_to_the_session_that_they_were_shown_to(browser: Browser):
    page = ask(browser)
    picture = re.search(r'src="(/pictures/[0-9a-f]{32})"', browser.get(page).text)
    assert picture
    assert browser.get(picture[1]).headers["content-type"] == "image/png"
    assert browser.get(picture[1]).headers["cache-control"] == "no-store"

    browser.sign_in("officer")
    assert browser.get(picture[1]).status_code == 404
    browser.sign_in("requester")
    assert browser.get(picture[1]).status_code == 404


def test_a_picture_is_held_for_a_quarter_of_an_hour(browser: Browser):
    page = ask(browser)
    picture = re.search(r'src="(/pictures/[0-9a-f]{32})"', browser.get(page).text)
    assert picture
    for _ in range(2):
        browser.scene.clock.advance(timedelta(minutes=10))
        browser.get("/requests")

    assert browser.get(picture[1]).status_code == 404


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"number": ""}, "Enter an answer: exhibit number"),
        ({"source_type": "webcam"}, "Select one of the answers: what took the picture"),
        ({"basis": ""}, "Select an answer: what does the time of capture rest on"),
        ({"latest_day": "", "latest_time": ""}, "expected when the imagery was taken"),
        ({"latest_day": "2027-01-01"}, "expected moments before the sealing"),
        ({"earliest_day": "yesterday"}, "expected a day such as"),
        ({"depiction": "drawing"}, "photograph"),
        ({"exhibit_privacy": "intimate"}, "intimate"),
    ],
)
def test_an_exhibit_that_cannot_be_taken_is_refused_beside_its_question(
    browser: Browser, changed: dict[str, str], message: str
):
    begin(browser)
    answer = browser.post("/exhibits/new", {**DETAILS, **changed}, files={"file": still(browser.scene)})

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert message in answer.text
    assert "shop manager" in answer.text  # what was right is still there


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_kept(browser: Browser):
    begin(browser)
    answer = browser.post("/exhibits/new", DETAILS, files={"file": ("x.png", b"no picture", "image/png")})

    assert answer.status_code == 422
    assert "Nothing is sealed in this case yet" in browser.get("/exhibits").text


def test_without_a_file_nothing_is_sealed(browser: Browser):
    begin(browser)

    assert "Choose a file" in browser.post("/exhibits/new", DETAILS).text


def test_a_picture_without_a_face_says_so(browser: Browser):
    begin(browser)
    answer = browser.post("/exhibits/new", DETAILS, files={"file": still(browser.scene, "empty.png", Face(person=0))})

    assert "No face was located" in answer.text


def test_a_further_still_needs_why_it_shows_the_same_person(browser: Browser):
    begin(browser)
    pick(browser)
    page = seal(browser, number="CTV/2")
    refused = browser.post(page, {"number": "1"})
    assert "Enter why this still shows the same person" in refused.text

    taken = browser.post(page, {"number": "1", "basis": "same clothing within one minute"})
    assert "same person because same clothing within one minute" in taken.text
    dropped = browser.post(page.replace("/faces", "/drop"), page="/exhibits")
    assert "CTV/2</strong>" not in dropped.text


def test_a_face_is_picked_with_a_reason(browser: Browser):
    begin(browser)
    page = seal(browser)
    answer = browser.post(page, {})

    assert "Select the face of the person sought" in answer.text
    assert "Enter why you pick this person" in answer.text


def test_short_answers_are_told_beside_their_question_and_kept(browser: Browser):
    begin(browser)
    pick(browser)
    answer = browser.post("/ask/why", answers(browser, aim="too short"))

    assert answer.status_code == 422
    assert "What is it to achieve: write at least 20 characters" in answer.text
    assert "too short" in browser.get("/ask/why").text


def test_what_was_written_survives_a_session_that_ended(browser: Browser):
    begin(browser)
    pick(browser)
    browser.post("/ask/why", answers(browser))
    browser.scene.clock.advance(timedelta(minutes=20))
    assert browser.get("/ask/why").url.path == "/sign-in"
    browser.sign_in("requester")

    assert FORM.aim in unescape(browser.get("/ask/why").text)


def test_signing_out_forgets_what_was_written(browser: Browser):
    begin(browser)
    pick(browser)
    browser.post("/ask/why", answers(browser))
    browser.post("/sign-out", page="/exhibits")
    browser.sign_in("requester")

    assert browser.get("/ask/why").url.path == "/ask"


def test_nothing_is_submitted_without_the_declaration_or_with_a_question_open(browser: Browser):
    begin(browser)
    pick(browser)
    assert "not complete" in browser.post("/ask/check", {"declaration": "yes"}).text
    fill_in(browser)

    assert "Confirm that what you wrote is true" in browser.post("/ask/check", {}).text
    assert "You have not asked for anything yet" in browser.get("/requests").text


def test_a_form_that_an_operation_refuses_comes_back_with_its_reason(browser: Browser):
    begin(browser)
    pick(browser)
    fill_in(browser, subject_category="witness")
    answer = browser.post("/ask/check", {"declaration": "yes"})

    assert answer.status_code == 422
    assert "expected a collection in which a witness may be sought" in answer.text


@pytest.mark.row("P-10")
def test_a_missing_child_is_asked_for_without_an_offence_and_without_what_links_to_one(browser: Browser):
    with browser.scene.altering() as work:
        (before,) = work.collections.where()
        work.collections.replace(replace(before, collection_class=CollectionClass.MISSING))
    begin(browser)
    pick(browser)
    short = {
        "offence_code": "none",
        "subject_category": "missing",
        "use_class": "safeguarding",
        "age_band": "under_18",
        "best_interests": "The child was last seen with a stranger and is at risk.",
        "objective_facts": "",
        "expected_benefit": "",
    }
    fill_in(browser, **short, safeguarding_ground="")
    refused = browser.post("/ask/check", {"declaration": "yes"})
    assert "The ground does not fit the person" in refused.text
    fill_in(browser, **short, safeguarding_ground="risk")

    assert "Waiting for an officer" in browser.post("/ask/check", {"declaration": "yes"}).text


def test_an_offence_still_needs_what_links_the_person_to_it(browser: Browser):
    begin(browser)
    pick(browser)
    browser.post("/ask/person", answers(browser))

    assert browser.post("/ask/why", answers(browser, objective_facts="")).status_code == 422


def test_imagery_that_is_too_young_is_refused(browser: Browser):
    begin(browser)
    pick(browser, latest_day="2026-01-10", latest_time="08:00", earliest_day="", earliest_time="")
    fill_in(browser)
    answer = browser.post("/ask/check", {"declaration": "yes"})

    assert answer.status_code == 422
    assert "24" in answer.text


def test_a_further_person_of_the_case_is_one_screen(browser: Browser):
    page = ask(browser)
    assert browser.post("/ask/another", page=f"{page}?sent").url.path == "/exhibits"
    pick(browser, number="CTV/9")
    first = browser.get("/ask/start")
    assert first.url.path == "/ask/face"
    assert FORM.alternatives_tried not in unescape(first.text)
    checked = browser.post("/ask/face", answers(browser))

    assert checked.url.path == "/ask/check"
    assert FORM.alternatives_tried in unescape(checked.text)
    assert "Waiting for an officer" in browser.post("/ask/check", {"declaration": "yes"}).text
    assert browser.get("/requests").text.count("Case CASE/2026/0117") == 2


def test_a_request_is_withdrawn_with_a_reason(browser: Browser):
    page = ask(browser)
    refused = browser.post(f"{page}/withdraw", {}, page=page)
    assert "Select why you withdraw it" in refused.text
    answer = browser.post(f"{page}/withdraw", {"reason": "mistake"}, page=page)

    assert "Withdrawn" in answer.text


def test_somebody_elses_request_is_not_found(browser: Browser):
    page = ask(browser)
    browser.sign_in("operator")

    assert browser.get(page).status_code == 403
    browser.sign_in("requester")
    assert browser.get("/requests/" + "0" * 32).status_code == 404


def test_pages_before_a_case_or_a_pick_lead_back_to_where_they_begin(browser: Browser):
    browser.sign_in("requester")

    assert browser.get("/exhibits").url.path == "/ask"
    assert browser.get("/exhibits/new").url.path == "/ask"
    assert browser.get("/ask/why").url.path == "/ask"
    assert browser.get("/ask/check").url.path == "/ask"
    assert "Enter the case reference" in browser.post("/ask", {}).text
