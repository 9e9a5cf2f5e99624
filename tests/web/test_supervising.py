"""The supervisor's pages: queues, handing over, absence, barring; nothing of a case."""

from datetime import timedelta
from html import unescape

import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.queues import Queue
from countersign.governance.request_rules import Duty
from countersign.operations.bar_person import BarPerson, BarReason, bar_person
from countersign.operations.readmit_person import ReadmitReason
from countersign.operations.reassign_request import ReassignReason
from countersign.web.team_words import BAR, DUTY, QUEUE, READMIT, REASSIGN
from tests.web.browsing import Browser
from tests.web.test_requester import ask


@pytest.fixture
def asked(browser: Browser) -> str:
    """A request waits for an officer, and the supervisor is signed in. Gives the request's id."""
    request = ask(browser).rsplit("/", 1)[1]
    browser.scene.hire("colleague", Role.REQUESTER)
    browser.sign_in("supervisor")
    return request


def refresh(browser: Browser, who: str) -> str:
    return browser.scene.person(who).id


def test_a_supervisor_sees_queues_clocks_and_workload_and_nothing_of_a_case(browser: Browser, asked: str):
    page = unescape(browser.get("/team").text)

    for text in ("1 request waits", "Waits for an officer", "left for the officer to decide", "Requester: R. Quist"):
        assert text in page
    assert asked[:8] in page
    for secret in ("CASE/2026", "/pictures/", "till", "score", "candidate"):
        assert secret not in page


@pytest.mark.row("P-15")
def test_a_duty_is_given_to_somebody_else_who_is_here(browser: Browser, asked: str):
    to = refresh(browser, "colleague")
    page = f"/team/requests/{asked}"
    answer = browser.post(page, {"duty": "requester", "to": to, "reason": "absent"})

    assert "Somebody else goes on with it" in answer.text
    with browser.scene.reading() as work:
        assert work.requests.get(asked).requester == to


def test_what_is_missing_or_refused_is_told_beside_its_question(browser: Browser, asked: str):
    page = f"/team/requests/{asked}"
    nothing = browser.post(page, {})
    other = browser.post(page, {"duty": "requester", "to": refresh(browser, "officer"), "reason": "absent"})
    odd = browser.post(page, {"duty": "king", "to": refresh(browser, "officer"), "reason": "absent"})

    assert nothing.status_code == other.status_code == odd.status_code == 422
    for text in ("Select the duty", "Select who goes on", "Select why"):
        assert text in nothing.text
    assert "There is a problem" in other.text
    assert browser.get("/team/requests/unknown").status_code == 404


@pytest.mark.row("P-15")
def test_an_absence_is_recorded_and_what_went_over_is_told(browser: Browser, asked: str):
    person, to = refresh(browser, "requester"), refresh(browser, "colleague")
    place = f"/team/people/{person}"
    until = (browser.scene.clock.now() + timedelta(days=7)).date().isoformat()
    wrong = browser.post(f"{place}/cover", {"until": "next week"}, page=place)
    refused = browser.post(f"{place}/cover", {"until": until, "cover": "nobody known"}, page=place)
    done = unescape(browser.post(f"{place}/cover", {"until": until, "cover": to}, page=place).text)
    again = unescape(browser.post(f"{place}/cover", {"until": until, "cover": "nobody"}, page=place).text)

    assert "Enter the last day of the absence" in wrong.text
    assert refused.status_code == 422
    assert f'Requester of request <span class="cs-mono">{asked[:8]}</span>: handed over' in done
    assert "nothing was handed over" in again
    assert "Away until 17 January 2026" in unescape(browser.get("/team").text)


def test_a_duty_that_cannot_go_over_stays_and_says_why(browser: Browser, asked: str):
    person, to = refresh(browser, "requester"), browser.scene.hire("untrained", Role.REQUESTER, days=-1).id
    place = f"/team/people/{person}"
    until = browser.scene.clock.now().date().isoformat()

    page = unescape(browser.post(f"{place}/cover", {"until": until, "cover": to}, page=place).text)

    assert "<strong>stays</strong>" in page
    assert asked[:8] in page


def test_somebody_is_barred_at_once_and_readmitted_by_another(browser: Browser, asked: str):
    del asked
    person = refresh(browser, "operator")
    place = f"/team/people/{person}"
    assert "Select why you bar them" in browser.post(f"{place}/bar", {}, page=place).text
    barred = browser.post(f"{place}/bar", {"bar": "key_lost"}, page=place)
    own = browser.post(f"{place}/readmit", {"readmit": "key_safe"}, page=place)

    assert "Nothing that they sign is done any more" in barred.text
    assert "expected another person than whoever barred them" in own.text
    with browser.scene.reading() as work:
        assert work.people.get(person).barred_at is not None
    assert browser.get("/team/people/unknown").status_code == 404


def test_whoever_was_barred_by_somebody_else_is_readmitted(browser: Browser, asked: str):
    del asked
    browser.scene.hire("second supervisor", Role.SUPERVISOR, rank=Rank.INSPECTOR)
    person = browser.scene.person("operator").id
    arguments = BarPerson(person=person, reason=BarReason.KEY_LOST)
    browser.scene.force.do("second supervisor", Permission.PERSON_BAR, bar_person, arguments)
    place = f"/team/people/{person}"

    assert "They may act again" in browser.post(f"{place}/readmit", {"readmit": "key_safe"}, page=place).text


def test_whoever_is_no_supervisor_is_led_away(browser: Browser):
    browser.sign_in("officer")

    assert browser.get("/team").status_code == 403


def test_every_code_has_words():
    assert set(QUEUE) == set(Queue)
    assert set(DUTY) == set(Duty)
    assert set(REASSIGN) == set(ReassignReason)
    assert set(BAR) == set(BarReason)
    assert set(READMIT) == set(ReadmitReason)
