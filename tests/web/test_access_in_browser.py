"""Whoever has no mouse, no scripts, a small window or large letters does the same work on the same pages."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, expect

from countersign.cli.demonstration.casework import NECESSITY, PROPORTIONALITY
from countersign.governance.request import RequestState
from countersign.primitives.clock import SimulatedClock
from countersign.primitives.ids import RequestId
from tests.fakes import Face
from tests.operations.scene import SOUGHT, Scene
from tests.web import story
from tests.web.chromium import CHROMIUM, Served, Visitor, check_accessible, launched, serving, visitor

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def served(made: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("access") / "scene"
    shutil.copytree(made.folder, folder)
    scene = replace(made, folder=folder, clock=SimulatedClock(made.clock.now()), keys=dict(made.keys))
    story.look_alikes(scene)
    with serving(scene) as served:
        yield served
    scene.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with launched() as browser:
        yield browser


def request_of(scene: Scene, number: int, *, authorised: bool = True) -> RequestId:
    """Ask for a search in a case of its own, up to the officer's decision, by operations."""
    with scene.reading() as work:
        (collection,) = work.collections.where()
    case = replace(scene.casework, reference=f"CASE/2026/{number}")
    stills = []
    for view in (1, 2):
        file = scene.draw(f"{number}-{view}.png", Face(person=SOUGHT, view=10 * view + number, quality=0.8))
        exhibit = case.seal(file, taken=scene.clock.now() - timedelta(days=3), number=f"CTV/{view}").id
        case.locate(exhibit)
        stills.append((exhibit, 1))
    request = case.draft(case.mark(stills).id, collection.id).id
    case.submit(request)
    if authorised:
        case.consider(request)
        case.authorise(request)
    return request


# -- the keyboard


def reach(page: Page, control: Locator) -> None:
    """Go to a control by the tabulator alone, from wherever the focus is."""
    for _ in range(120):
        if control.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"expected {control} to be reached by the tabulator")


def hit(one: Visitor, name: str, key: str = "Enter") -> None:
    """Reach a button or a link by the tabulator and press it."""
    main = one.page.locator("main")
    control = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first
    reach(one.page, control)
    shown = control.evaluate("one => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow")
    assert shown != "nonenone", f"{name} does not show that it has the focus"
    one.page.keyboard.press(key)
    one.page.wait_for_load_state("load")


def type_into(one: Visitor, name: str, text: str) -> None:
    reach(one.page, one.page.locator(f"[name='{name}']"))
    one.page.keyboard.type(text)


def test_a_whole_review_is_given_by_the_keyboard_alone(served: Served, chromium: Chromium):
    scene = served.scene
    request = request_of(scene, 21)
    scene.casework.search(request)
    one = visitor(chromium, served, "operator", audited=False)
    page = one.page
    hit(one, "Begin a review")
    hit(one, "Begin the review")
    page.wait_for_selector("[data-pane=left] canvas")
    type_into(one, "features", story.FEATURES)
    type_into(one, "limits", story.LIMITS)
    reach(page, page.locator("#one_person"))
    page.keyboard.press("Space")
    hit(one, "Lock this")
    page.wait_for_url("**/candidates/**")
    first = True
    while "/candidates/" in page.url:
        page.wait_for_selector("[data-pane=right] canvas")
        if first:
            look_around(page)
            mark_by_keys(page)
            first = False
        reach(page, page.locator("#conclusion"))
        page.keyboard.press("Space")
        expect(page.locator("#conclusion")).to_be_checked()
        type_into(one, "dissimilarities", story.DIFFERS)
        before = page.url
        hit(one, "Save and go on")
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
    scene.clock.advance(timedelta(minutes=5))
    hit(one, "Lock my opinions")
    page.wait_for_url("**/workstation?locked")

    with scene.reading() as work:
        (kept,) = work.reviews.where(request=request)
        assert work.requests.get(request).state is not RequestState.SCREENING
    marks = [mark for opinion in kept.opinions for mark in opinion.marks]
    assert [(mark.side, mark.to_px is None) for mark in marks] == [("probe", True)]
    assert one.broken == []
    one.context.close()


def look_around(page: Page) -> None:
    """Every way of showing the pictures, by its key."""
    reach(page, page.locator("[data-pane=left] [data-viewer]"))
    for key, chosen in (("2", "over"), ("3", "swipe"), ("4", "blink"), ("1", "side")):
        page.keyboard.press(key)
        expect(page.locator(f"[data-mode={chosen}]")).to_have_attribute("aria-pressed", "true")
    for key in ("+", "+", "ArrowLeft", "ArrowDown", "]", "[", "w", "q", "g", "g", "-", "0"):
        page.keyboard.press(key)
    page.keyboard.press("m")
    expect(page.locator("[data-mirrored]")).to_be_visible()
    page.keyboard.press("m")


def mark_by_keys(page: Page) -> None:
    """A point in the middle of the picture that has the focus; the arrows bring what it marks there."""
    kept = page.locator("input[name=marks]")
    page.keyboard.press("p")
    while (
        not kept.input_value()
    ):  # a picture that is just being shown takes no mark yet; the test's own limit ends this
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)
    marks = json.loads(kept.input_value())
    assert [(mark["side"], mark["to_px"]) for mark in marks] == [("probe", None)]
    page.keyboard.press("Escape")


def test_a_decision_is_taken_by_the_keyboard_alone(served: Served, chromium: Chromium):
    request = request_of(served.scene, 22, authorised=False)
    one = visitor(chromium, served, "officer", audited=False)
    hit(one, "Case CASE/2026/22")
    hit(one, "Go on to your decision")
    reach(one.page, one.page.locator("input[name=decision]").first)
    one.page.keyboard.press("Space")
    type_into(one, "necessity", NECESSITY)
    type_into(one, "proportionality", PROPORTIONALITY)
    hit(one, "Decide")
    one.page.wait_for_url("**/decisions")

    with served.scene.reading() as work:
        assert work.requests.get(request).state is RequestState.AUTHORISED
    one.context.close()


def test_the_first_stop_of_the_tabulator_leads_past_the_navigation(served: Served, chromium: Chromium):
    one = visitor(chromium, served, "requester", audited=False)
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    one.page.keyboard.press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "main-content"
    one.context.close()


# -- a small window, large letters


@pytest.fixture(scope="module")
def places(served: Served) -> dict[str, tuple[str, ...]]:
    """Pages of every kind, by who opens them; a lead is released and another request is under review."""
    scene = served.scene
    done, waits, searched = request_of(scene, 31), request_of(scene, 32, authorised=False), request_of(scene, 33)
    scene.casework.search(done)
    for who in ("operator", "examiner"):
        scene.casework.review(done, who, lambda shown: len(shown.images) > 1)
    lead = scene.casework.show(done).lead
    if lead is not None:
        scene.casework.reconfirm(lead)
        scene.casework.release(lead)
    scene.casework.search(searched)
    opened = scene.casework.open(searched, "operator")
    scene.casework.analyse(opened.review.id, "operator")
    bench = f"/workstation/{searched}"
    with scene.reading() as work:
        exhibit = work.exhibits.where()[0].id
    return {
        "requester": (
            "/requests", "/ask", f"/requests/{done}", f"/requests/{done}/lead", "/exhibits", "/exhibits/new",
            f"/exhibits/{exhibit}/faces", "/help/privacy", "/help/accessibility",
        ),
        "officer": ("/decisions", f"/decisions/{waits}", f"/decisions/{waits}/decide", f"/decisions/{done}"),
        "operator": ("/workstation", f"{bench}/review", f"{bench}/candidates/A", f"{bench}/opinions"),
    }  # fmt: skip


@pytest.mark.parametrize("who", ["requester", "officer", "operator"])
def test_no_page_scrolls_sideways_in_a_small_window_or_with_large_letters(
    served: Served, chromium: Chromium, places: dict[str, tuple[str, ...]], who: str
):
    """A window of 320 px is what one of 1280 px shows at 400 % (WCAG 2.2, 1.4.10); then text of 200 % (1.4.4)."""
    one = visitor(chromium, served, who, width=320, height=640, audited=False)
    page = one.page
    for path in places[who]:
        page.set_viewport_size({"width": 320, "height": 640})
        one.go(path)
        check_accessible(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide with large letters"

    assert one.wide == []
    one.context.close()


# -- no scripts


def test_a_request_a_decision_a_review_and_an_outcome_need_no_scripts(served: Served, chromium: Chromium):
    """The whole work without a script; only pictures side by side and passkeys need one."""
    scene = served.scene
    requester, officer, operator, examiner = (
        visitor(chromium, served, who, scripts=False, audited=False)
        for who in ("requester", "officer", "operator", "examiner")
    )
    request = story.ask(requester, scene)
    officer.go("/decisions")
    story.authorise(officer, request)
    operator.go(f"/workstation/{request}/search")
    operator.press("Run the one search")
    for one in (operator, examiner):
        one.go(f"/workstation/{request}/review")
        story.review(one, scene, supports="Reference image 2", waits=False)
    story.reconfirm(officer, request)
    operator.go(f"/workstation/{request}/release")
    operator.press("Release the lead")
    requester.go(f"/requests/{request}/lead")
    story.record_outcome(requester)

    assert "Outcome recorded" in requester.page.inner_text("main")
    for one in (requester, officer, operator, examiner):
        one.context.close()
