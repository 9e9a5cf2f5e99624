import re
from html import unescape

import pytest

from countersign.cli.demonstration.casework import AGAINST, FORM, NECESSITY, PROPORTIONALITY
from countersign.governance.request import RequestState, Urgency
from countersign.outcome.caveat import CAVEAT
from countersign.primitives.ids import RequestId
from tests.operations.scene import everyone
from tests.operations.test_group_rates import certify
from tests.web.browsing import Browser, Fields
from tests.web.test_requester import ask, begin, fill_in, pick

AUTHORISE: Fields = {"decision": "authorise", "necessity": NECESSITY, "proportionality": PROPORTIONALITY}


@pytest.fixture
def asked(browser: Browser) -> str:
    """A request waits; its officer is signed in. Gives the request's id."""
    request = ask(browser).rsplit("/", 1)[1]
    browser.sign_in("officer")
    return request


def state(browser: Browser, request: str) -> RequestState:
    with browser.scene.reading() as work:
        return work.requests.get(request).state


def decide(browser: Browser, request: str, fields: Fields) -> str:
    browser.get(f"/decisions/{request}")
    return unescape(browser.post(f"/decisions/{request}/decide", fields).text)


def test_an_officer_sees_what_waits_and_everything_that_a_decision_rests_on(browser: Browser, asked: str):
    assert "Case CASE/2026/0117" in browser.get("/decisions").text
    page = unescape(browser.get(f"/decisions/{asked}").text)

    for text in (
        FORM.why_this_face,
        "FNIR",
        "FPIR",
        "N = 613",
        "Here, N = 3",
        "Searchable records",
        "None was refused",
        CAVEAT,
    ):
        assert text in page
    assert "no rates by group" in page
    assert not re.search(r"\b(candidate|rank)\b", page)


def test_rates_by_group_say_where_a_group_is_too_small_to_say(browser: Browser, asked: str):
    certify(browser.scene)
    page = unescape(browser.get(f"/decisions/{asked}").text)

    for text in ("By sex, at this operating point", "higher than others", "too small to say", "0.272 to 0.329"):
        assert text in page
    assert "no rates by group" not in page


def test_an_officer_authorises_in_their_own_words(browser: Browser, asked: str):
    page = decide(browser, asked, AUTHORISE)

    assert "Authorised, waiting for the search" in page
    assert state(browser, asked) is RequestState.AUTHORISED


def test_a_decision_without_having_opened_its_basis_is_refused(browser: Browser, asked: str):
    answer = browser.post(f"/decisions/{asked}/decide", AUTHORISE)

    assert answer.status_code == 422
    assert "expected the officer to have opened" in answer.text
    assert state(browser, asked) is RequestState.SUBMITTED


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Select your decision"),
        ({"decision": "delete"}, "Select your decision"),
        ({"decision": "authorise"}, "Enter why it is strictly necessary"),
        ({"decision": "refuse"}, "Select why you refuse"),
        ({"decision": "return", "return_reason": "unclear"}, "Enter it in your own words"),
        ({**AUTHORISE, "necessity": FORM.aim, "proportionality": FORM.aim}, "expected"),
        ({**AUTHORISE, "decision": "urgent"}, "expected"),
        ({**AUTHORISE, "decision": "refer"}, "expected"),
    ],
)
def test_an_incomplete_decision_is_told_and_nothing_is_decided(
    browser: Browser, asked: str, fields: Fields, message: str
):
    page = decide(browser, asked, fields)

    assert "There is a problem" in page
    assert message in page
    assert state(browser, asked) is RequestState.SUBMITTED


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({"decision": "return", "return_reason": "unclear", "explanation": "Say which till."}, RequestState.RETURNED),
        ({"decision": "refuse", "refusal_reason": "not_necessary", "explanation": "It is not."}, RequestState.REFUSED),
    ],
)
def test_an_officer_returns_or_refuses(browser: Browser, asked: str, fields: Fields, after: RequestState):
    decide(browser, asked, fields)

    assert state(browser, asked) is after


def test_an_officer_revokes_what_they_authorised(browser: Browser, asked: str):
    decide(browser, asked, AUTHORISE)
    page = f"/decisions/{asked}"
    assert "Select why you revoke it" in browser.post(f"{page}/revoke", {}, page=page).text
    answer = browser.post(f"{page}/revoke", {"reason": "no_longer_necessary"}, page=page)

    assert "Withdrawn" in answer.text
    assert browser.post(f"{page}/nothing", {}, page=page).status_code == 200


def test_an_urgent_request_comes_first_and_is_confirmed_in_writing(browser: Browser):
    begin(browser)
    pick(browser)
    fill_in(browser, urgency=Urgency.THREAT_TO_LIFE)
    request = browser.post("/ask/check", {"declaration": "yes"}).url.path.rsplit("/", 1)[1]
    browser.sign_in("officer")
    decide(browser, request, {**AUTHORISE, "decision": "urgent"})
    page = f"/decisions/{request}"
    assert "Confirm your urgent decision in writing" in browser.get(page).text
    refused = browser.post(f"{page}/confirm", {"statement": ""}, page=page)
    assert "Enter what you find now" in refused.text
    browser.post(f"{page}/confirm", {"statement": "I find the same as then: a life was at stake."}, page=page)

    assert "Confirm your urgent decision" not in browser.get(page).text


def test_a_supported_lead_goes_to_its_requester_and_to_an_outcome(browser: Browser, asked: str):
    decide(browser, asked, AUTHORISE)
    case, request = browser.scene.casework, RequestId(asked)
    case.search(request)
    for who in ("operator", "examiner"):
        case.review(request, who, everyone)
    page = f"/decisions/{asked}"
    short = browser.post(f"{page}/reconfirm", {"reasons_against": ""}, page=page)
    assert "Enter what speaks against the lead" in short.text
    browser.post(f"{page}/reconfirm", {"reasons_against": AGAINST}, page=page)
    case.release(case.show(request).lead)  # type: ignore[arg-type]
    browser.sign_in("requester")
    lead = unescape(browser.get(f"/requests/{asked}/lead").text)

    assert CAVEAT in lead
    assert "DEMONSTRATION" in lead
    assert AGAINST in lead
    assert not re.search(r"\b(score|rank|candidate|probability)\b", lead, re.IGNORECASE)
    own = {"own_comparison": "Outline and brows agree, the nose tip less so.", "reasons_against": AGAINST}
    first = browser.post(f"/requests/{asked}/lead", {"code": "arrest"})
    assert "Write at least 20 characters" in first.text
    alone = browser.post(f"/requests/{asked}/lead", {**own, "code": "arrest"})
    assert "expected" in alone.text
    assert alone.status_code == 422
    done = browser.post(
        f"/requests/{asked}/lead",
        {**own, "code": "arrest", "evidence_type": "forensic", "evidence_reference": "fingerprint FP/3 on the till"},
    )
    assert "Outcome recorded" in done.text


def test_a_request_without_a_lead_has_no_lead_page(browser: Browser, asked: str):
    browser.sign_in("requester")

    assert browser.get(f"/requests/{asked}/lead").status_code == 404


def test_pages_of_another_role_are_refused(browser: Browser, asked: str):
    assert browser.get("/requests").status_code == 403
    assert browser.get("/ask").status_code == 403
    browser.sign_in("requester")
    assert browser.get("/decisions").status_code == 403
    assert browser.get(f"/decisions/{asked}").status_code == 403
