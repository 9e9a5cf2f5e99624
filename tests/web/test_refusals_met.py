"""Refusals met between two pages, as the server answers them: nothing is done, and what helps is said."""

import re
from datetime import timedelta
from html import unescape

import pytest

from countersign.cli.demonstration.casework import NECESSITY
from countersign.governance.actor import Role
from countersign.governance.quality_rules import QualityFloors
from countersign.governance.request import RequestState
from countersign.media.exhibit import Medium, QualityMeasure
from countersign.web.faces import shown_quality
from tests.authenticator import Authenticator
from tests.fakes import Face
from tests.operations.scene import SOUGHT
from tests.web.browsing import SITE, Browser, client_of
from tests.web.test_accounts import confirm, join, sign_in
from tests.web.test_decisions import AUTHORISE, decide, state
from tests.web.test_policy import bump, held
from tests.web.test_recordings import upload
from tests.web.test_requester import DETAILS, ask, begin, fill_in, pick, still

FLOORS = QualityFloors(hard={"unified": 15}, soft={"unified": 50})


@pytest.mark.parametrize(("score", "poor", "refused"), [(50, False, False), (49, True, False), (14, True, True)])
def test_quality_is_judged_by_the_floors_of_the_policy(score: float, *, poor: bool, refused: bool):
    measured = [
        QualityMeasure(component=name, score=value, raw=value, method="m")
        for name, value in (("unified", score), ("inter_eye_distance", 30), ("dynamic_range", 10))
    ]
    found = shown_quality(measured, FLOORS)

    assert (found.needs_note, found.refused) == (poor, refused)
    assert [bar.level for bar in found.bars] == ["middling" if score == 50 else "low", "middling", "middling"]
    assert found.advice[0] == "Use a frame that is not against the light"


def test_an_authorisation_whose_clock_ran_out_between_two_pages_buys_no_search(browser: Browser):
    request = ask(browser).rsplit("/", 1)[1]
    browser.sign_in("officer")
    decide(browser, request, AUTHORISE)
    with browser.scene.reading() as work:
        (granted,) = work.authorisations.where(request=request)
    browser.scene.clock.advance(granted.expires_at - browser.scene.clock.now() - timedelta(minutes=5))
    browser.sign_in("operator")
    page = f"/workstation/{request}/search"
    assert "one search" in browser.get(page).text
    value = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get(page).text)
    assert value
    browser.scene.clock.advance(timedelta(minutes=10))
    answer = browser.client.post(page, data={"csrf": value[1]}, headers={"origin": SITE.origin})

    assert answer.status_code in {403, 404}
    assert "There is a problem" in answer.text
    assert "ran out" in answer.text or "has run out" in answer.text
    with browser.scene.reading() as work:
        assert work.runs.where(request=request) == []


def test_a_decision_is_not_taken_on_a_request_that_was_withdrawn_meanwhile(browser: Browser):
    request = ask(browser).rsplit("/", 1)[1]
    place = f"/requests/{request}"
    officer = Browser(client_of(browser.scene), browser.scene)
    officer.sign_in("officer")
    officer.get(f"/decisions/{request}")
    browser.post(f"{place}/withdraw", {"reason": "mistake"}, page=place)
    answer = officer.post(f"/decisions/{request}/decide", AUTHORISE)

    assert answer.status_code >= 400
    assert "expected" in answer.text
    assert state(officer, request) is RequestState.WITHDRAWN


def test_a_still_under_the_floor_of_quality_is_told_where_it_is_picked_and_refused_where_it_is_submitted(
    browser: Browser,
):
    begin(browser)
    poor = still(browser.scene, "poor.png", Face(person=SOUGHT, view=9, quality=0.1))
    place = browser.post("/exhibits/new", DETAILS, files={"file": poor}).url.path
    assert "Too poor to search with" in browser.get(place).text
    browser.post(place, {"number": "1", "reason": "the person who reaches over the counter", "note": NECESSITY})
    fill_in(browser)
    answer = browser.post("/ask/check", {"declaration": "yes"})

    assert answer.status_code == 422
    assert "The picture is too poor" in answer.text
    assert "Look for another still of the same person" in answer.text
    assert "unified of at least" in answer.text
    assert "You have not asked for anything yet" in browser.get("/requests").text


def test_a_track_that_a_thorough_look_finds_poor_is_refused_until_it_is_said_why_it_is_used(browser: Browser):
    begin(browser)
    exhibit = upload(browser, *[[Face(person=44, quality=0.4)]] * 6)
    page = f"/exhibits/{exhibit}/recording"
    shown = unescape(browser.get(page).text)
    for text in ("at a first look", "Quality of track 1", "What would improve it"):
        assert text in shown
    browser.post(page, {"number": "1", "reason": "the person who reaches over the counter"})
    fill_in(browser)
    answer = browser.post("/ask/check", {"declaration": "yes"})

    assert answer.status_code == 422
    assert "Say why it is used all the same" in answer.text
    with browser.scene.reading() as work:
        assert {one.medium for one in work.exhibits.where()} == {Medium.VIDEO}
    browser.post(page, {"number": "1", "reason": "the person who reaches over the counter", "note": NECESSITY})
    assert "Waiting for an officer" in browser.post("/ask/check", {"declaration": "yes"}).text


def test_another_persons_passkey_decides_nothing_and_the_right_one_does(browser: Browser):
    request = ask(browser).rsplit("/", 1)[1]
    mine, another = Authenticator(SITE), Authenticator(SITE)
    officer = Browser(client_of(browser.scene, scripted=False), browser.scene)
    join(officer, mine, "officer")
    sign_in(officer, mine)
    officer.get(f"/decisions/{request}")
    path = f"/decisions/{request}/decide"
    page = officer.post(path, AUTHORISE).text
    answer = confirm(officer, page, another, path)

    assert "There is a problem" in answer
    assert "Use the passkey of your own account" in answer
    assert state(officer, request) is RequestState.SUBMITTED
    confirm(officer, officer.post(path, AUTHORISE).text, mine, path)
    assert state(officer, request) is RequestState.AUTHORISED


def test_a_policy_that_came_meanwhile_leads_from_every_kind_of_form_to_it_and_back(browser: Browser):
    begin(browser)
    pick(browser)
    fill_in(browser)
    bump(browser.scene)
    unread = browser.post("/ask/check", {"declaration": "yes"})
    assert unread.url.path == "/policy"
    assert "What changed since" in unescape(unread.text)
    browser.post("/policy", {"read": "yes", "held": held(unread.text)})
    assert "Waiting for an officer" in browser.post("/ask/check", {"declaration": "yes"}).text


def test_a_policy_that_came_meanwhile_is_answered_to_a_script_by_the_page_to_go_to(browser: Browser):
    begin(browser)
    bump(browser.scene)
    value = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get("/exhibits/new").text)
    assert value
    answer = browser.client.post(
        "/exhibits/sendings",
        data={**DETAILS, "size": "1000", "csrf": value[1]},
        headers={"origin": SITE.origin, "accept": "application/json"},
    )

    assert answer.json() == {"next": "/policy"}


def test_a_supervisor_is_told_what_helps_where_work_cannot_be_given_to_somebody(browser: Browser):
    request = ask(browser).rsplit("/", 1)[1]
    untrained = browser.scene.hire("untrained", Role.REQUESTER, days=-1).id
    browser.sign_in("supervisor")
    page = f"/team/requests/{request}"
    answer = browser.post(page, {"duty": "requester", "to": untrained, "reason": "absent"})

    assert answer.status_code == 422
    assert "Their training has run out. Choose somebody else" in answer.text


def test_whoever_opens_an_account_is_told_what_helps(browser: Browser):
    plain = Browser(client_of(browser.scene, scripted=False), browser.scene)

    assert "Choose a longer one" in join(plain, Authenticator(SITE), password="short")  # noqa: S106


def test_a_case_that_is_not_there_is_told_with_what_helps(browser: Browser):
    browser.sign_in("disclosure")
    answer = browser.post("/disclosure", {"case_reference": "CASE/none"})

    assert answer.status_code == 422
    assert "Look how it is written in the file" in answer.text
