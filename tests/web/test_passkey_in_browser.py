"""A local account in Debian's Chromium, with an authenticator of its own: opened, signed in with, and asked again."""

import pytest
from playwright.sync_api import sync_playwright

from countersign.web.provider import Provider
from tests.operations.accounts import CODE, NAME, PASSWORD, invite
from tests.operations.scene import Scene
from tests.web.browsing import Browser
from tests.web.test_browser import CHROMIUM, FLAGS
from tests.web.test_led_here import serving
from tests.web.test_requester import ask

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PROVIDER = Provider(name="the force", issuer="https://login.force.example.org", client="countersign")


@pytest.mark.enable_socket
@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
def test_an_officer_opens_an_account_signs_in_and_confirms_a_decision_with_a_passkey(browser: Browser, scene: Scene):
    request = ask(browser).rsplit("/", 1)[1]
    invite(scene, "officer")
    with serving(scene, PROVIDER) as origin, sync_playwright() as play:
        page = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS).new_page()
        told = page.context.new_cdp_session(page)
        told.send("WebAuthn.enable")
        told.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        page.goto(f"{origin}/join")
        page.fill("#code", CODE)
        page.locator("main button").click()
        page.fill("#name", NAME)
        page.fill("#password", PASSWORD)
        page.locator("main button[type=submit]").last.click()
        page.wait_for_url(f"{origin}/sign-in")
        page.fill("#name", NAME)
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Continue to your passkey").click()
        page.locator("main button[type=submit]").click()
        page.wait_for_url(f"{origin}/decisions")
        page.goto(f"{origin}/decisions/{request}")
        page.goto(f"{origin}/decisions/{request}/decide")
        page.check("input[value=refuse]")
        assert "A. Orme" in page.locator("header").inner_text()
        page.check("input[value=authorise]")
        page.fill(
            "#necessity",
            "The only picture of the suspect; nobody at the scene can name this person, and it is serious.",
        )
        page.fill(
            "#proportionality",
            "One person, one search of custody pictures, and every candidate is examined by two people.",
        )
        page.locator("main button[type=submit]").click()
        page.locator("form[data-passkey] button[type=submit]").click()
        page.wait_for_url(f"{origin}/decisions")

        assert "Authorised, waiting for the search" in page.locator("main").inner_text()
