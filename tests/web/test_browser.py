"""Pages in Debian's Chromium: nothing that axe finds, the bench by keyboard, and pages without scripts."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, sync_playwright

from countersign.governance.passkey import Site
from countersign.operations.desk import Desk
from countersign.primitives.ids import LeadId
from countersign.web.app import create_app
from countersign.web.office import Office
from countersign.web.security import Buckets
from countersign.web.serving import OneAtATime, scripted_people
from tests.fakes import Face
from tests.operations.scene import SOUGHT, Scene
from tests.web.browsing import Restless

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(scene: Scene) -> Iterator[str]:
    """Serve a demonstration with an authorised request on a free port of this machine."""
    with scene.reading() as work:
        (collection,) = work.collections.where()
    file = scene.draw("still.png", Face(person=SOUGHT, view=9, quality=0.8))
    exhibit = scene.casework.seal(file, taken=scene.clock.now() - timedelta(days=3)).id
    scene.casework.locate(exhibit)
    request = scene.casework.ask(scene.casework.mark([(exhibit, 1)]).id, collection.id)
    scene.ids = replace(scene.ids, collection=collection.id, exhibit=exhibit, request=request, lead=LeadId(""))
    config = uvicorn.Config(lambda: None, host="127.0.0.1", port=0, log_level="critical")
    bound = config.bind_socket()
    origin = f"http://localhost:{bound.getsockname()[1]}"
    desk: Desk = replace(scene.desk, engine=OneAtATime(scene.desk.engine))
    office = Office(
        desk=desk, site=Site(rp_id="localhost", origin=origin), people=scripted_people(scene.desk, scene.keys)
    )
    config.app = create_app(office, buckets=Buckets(Restless()))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    yield origin
    server.should_exit = True
    thread.join()
    bound.close()


def signed_in(context: BrowserContext, site: str, scene: Scene, who: str) -> Page:
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.locator(f"button[value='{scene.person(who).id}']").click()
    return page


def check_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def test_every_page_of_a_review_is_accessible_and_the_bench_obeys_the_keyboard(
    chromium: Chromium, site: str, scene: Scene
):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page = signed_in(context, site, scene, "operator")
    page.on("pageerror", lambda error: errors.append(str(error)))
    place = f"{site}/workstation/{scene.ids.request}"
    for address in (f"{site}/workstation", f"{place}/search"):
        page.goto(address)
        check_accessible(page)
    page.get_by_role("button", name="Run the one search").click()
    page.goto(f"{place}/review")
    check_accessible(page)
    page.get_by_role("button", name="Begin the review").click()
    check_accessible(page)
    page.fill("#features", "Oval outline, straight brows, a broad nose tip.")
    page.fill("#limits", "Seen from above and blurred; the ears cannot be judged.")
    page.check("#one_person")
    page.get_by_role("button", name="Lock this").click()
    page.wait_for_selector("[data-pane=left] canvas")
    check_accessible(page)
    page.locator("[data-pane=left] [data-viewer]").focus()
    for key, chosen in (("2", "over"), ("3", "swipe"), ("4", "blink"), ("1", "side")):
        page.keyboard.press(key)
        assert page.locator(f"[data-mode={chosen}]").get_attribute("aria-pressed") == "true"
    page.keyboard.press("m")
    assert page.locator("[data-mirrored]").is_visible()
    page.keyboard.press("p")
    box = page.locator("[data-pane=left] [data-viewer]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    marks = json.loads(page.locator("input[name=marks]").input_value())
    assert [(mark["side"], mark["picture"]) for mark in marks] == [("probe", 1)]
    while "/candidates/" in page.url:
        page.check("#conclusion")
        page.fill("#dissimilarities", "Brow shape and the tip of the nose differ clearly.")
        page.get_by_role("button", name="Save and go on").click()
    check_accessible(page)
    assert errors == []
    context.close()


@pytest.mark.parametrize(("who", "paths"), [
    ("requester", ("/requests", "/ask", "/help/privacy", "/help/accessibility")),
    ("officer", ("/decisions",)),
])  # fmt: skip
def test_pages_are_accessible_on_a_small_screen_and_without_scripts(
    chromium: Chromium, site: str, scene: Scene, who: str, paths: tuple[str, ...]
):
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    page = signed_in(context, site, scene, who)
    for path in paths:
        page.goto(site + path)
        check_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{path} is {width} px wide"
    context.close()
    plain = chromium.new_context(java_script_enabled=False)
    page = signed_in(plain, site, scene, who)
    page.locator("main h1").wait_for()
    assert page.locator("h1").count() == 1
    assert "/sign-in" not in page.url
    plain.close()


def test_a_file_is_sent_with_progress_and_its_faces_are_shown(chromium: Chromium, site: str, scene: Scene):
    context = chromium.new_context()
    page = signed_in(context, site, scene, "requester")
    page.goto(f"{site}/ask")
    page.fill("#case_reference", "CASE/2026/0200")
    page.locator("main button[type=submit]").click()
    page.goto(f"{site}/exhibits/new")
    check_accessible(page)
    page.locator("main button[type=submit]").click()
    page.wait_for_selector(".govuk-error-summary")
    assert "Choose a file" in page.locator(".govuk-error-summary").inner_text()
    context.close()
