from datetime import timedelta

import pytest

from countersign.web.serving import ScriptedPeopleError
from tests.operations.scene import Scene
from tests.web.browsing import Browser, client_of, post

COOKIE = "__Host-countersign"


def test_one_click_signs_a_scripted_person_in(browser: Browser):
    answer = browser.sign_in("requester")

    assert answer.url.path == "/requests" or answer.status_code == 404
    assert "R. Quist" in browser.get("/help/privacy").text


def test_the_secret_before_signing_in_is_not_the_one_after(browser: Browser):
    browser.get("/sign-in")
    before = browser.client.cookies[COOKIE]
    browser.sign_in("officer")

    assert browser.client.cookies[COOKIE] != before


def test_somebody_who_is_not_signed_in_is_led_to_the_way_in(browser: Browser):
    answer = browser.get("/")

    assert answer.url.path == "/sign-in"
    assert "You are signed out" in answer.text


def test_signing_out_makes_the_cookie_worthless(browser: Browser):
    browser.sign_in("requester")
    secret = browser.client.cookies[COOKIE]
    browser.post("/sign-out", page="/help/privacy")
    browser.client.cookies.set(COOKIE, secret, domain="localhost")

    assert browser.get("/").url.path == "/sign-in"


def test_a_session_that_was_idle_is_over(browser: Browser):
    browser.sign_in("requester")
    browser.scene.clock.advance(timedelta(minutes=15))

    assert browser.get("/").url.path == "/sign-in"


def test_an_answer_is_kept_nowhere_and_framed_by_nobody(browser: Browser):
    headers = browser.get("/sign-in").headers

    assert headers["cache-control"] == "no-store"
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["strict-transport-security"]


def test_the_cookie_is_for_this_host_over_tls_and_for_no_script(browser: Browser):
    cookie = browser.get("/sign-in").headers["set-cookie"]

    for part in (f"{COOKIE}=", "HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("path", ["/sign-in", "/", "/help/privacy", "/nothing/here"])
def test_no_page_holds_a_script_of_its_own(browser: Browser, path: str):
    browser.sign_in("requester")
    text = browser.get(path).text

    assert "<script>" not in text
    assert " style=" not in text
    assert "onclick" not in text


def test_nobody_is_signed_in_with_one_click_outside_a_demonstration(founded: Scene):
    client = client_of(founded, scripted=False)

    assert "scripted people" not in client.get("/sign-in").text
    answer = post(client, "/sign-in/demonstration", {"person": founded.person("officer").id}, page="/sign-in")
    assert answer.status_code == 403


def test_keys_of_people_on_the_server_of_another_programme_are_refused(founded: Scene):
    with pytest.raises(ScriptedPeopleError, match=r"expected .*got"):
        client_of(founded)
