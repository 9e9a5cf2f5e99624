"""Pages of supervisor, disclosure officer and recordings in Chromium: accessible, narrow, also without scripts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from tests.fakes import Face
from tests.operations.films import NOBODY, film
from tests.operations.scene import Scene
from tests.web.chromium import CHROMIUM, FLAGS, Visitor, serving, visitor
from tests.web.test_policy import bump
from tests.web.test_requester import DETAILS

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


def check_sound(one: Visitor) -> None:
    assert (one.faults, one.wide, one.broken) == ([], [], [])
    one.context.close()


def test_policy_team_and_disclosure_are_sound_on_a_small_screen_and_without_scripts(chromium: Chromium, scene: Scene):
    still = scene.draw("still.png", Face(person=7, view=9, quality=0.8))
    exhibit = scene.casework.seal(still, taken=scene.clock.now() - timedelta(days=3)).id
    scene.casework.locate(exhibit)
    with scene.reading() as work:
        (collection,) = work.collections.where()
    request = scene.casework.ask(scene.casework.mark([(exhibit, 1)]).id, collection.id)
    scene.casework.search(request)
    bump(scene)
    with serving(scene) as served:
        boss = visitor(chromium, served, "supervisor", width=320, height=640)
        assert boss.seen[-1] == "/policy"
        boss.choose("read", "yes")
        boss.press("Acknowledge and go on")
        assert boss.seen[-1] == "/team"
        for path in (f"/team/requests/{request}", f"/team/people/{scene.person('operator').id}"):
            boss.go(path)
        check_sound(boss)
        clerk = visitor(chromium, served, "disclosure", width=320, height=640, scripts=False, audited=False)
        clerk.choose("read", "yes")
        clerk.press("Acknowledge and go on")
        clerk.write("case_reference", "CASE/2026/0117")
        clerk.press("Show its documents")
        assert "Download the result" in clerk.page.content()
        check_sound(clerk)
        reader = visitor(chromium, served, "officer", width=320, height=640)
        reader.choose("read", "yes")
        reader.press("Acknowledge and go on")
        reader.go(f"/decisions/{request}")
        check_sound(reader)


def test_a_recording_is_sent_scanned_and_a_track_picked_with_scripts(chromium: Chromium, scene: Scene):
    one, other = Face(person=44), Face(person=84)
    path = film(scene.folder / "pictures" / "film.mp4", [[one, other]] * 8 + [[NOBODY, NOBODY]] * 5)
    with serving(scene) as served:
        asker = visitor(chromium, served, "requester")
        asker.go("/ask")
        asker.write("case_reference", "CASE/2026/0301")
        asker.press("Continue")
        asker.go("/exhibits/new")
        asker.page.set_input_files("#file", str(path))
        for name, value in DETAILS.items():
            field = asker.page.locator(f"[name='{name}']").first
            if field.get_attribute("type") == "radio":
                asker.choose(name, str(value))
            else:
                asker.write(name, str(value))
        asker.press("Seal the exhibit", leaves=False)
        asker.page.wait_for_url("**/recording")
        asker.page.wait_for_selector(".cs-track")
        asker.look()
        place = asker.seen[-1]
        asker.go(place.replace("/recording", "/moment?at=0:00:01"))
        picture = asker.page.locator(".cs-moment__picture")
        for x, y in ((8, 8), (54, 54)):
            picture.click(position={"x": x, "y": y})
            asker.look()
        assert asker.page.locator("#right").input_value() == "54"
        asker.go(place)
        asker.choose("number", "1")
        asker.write("reason", "the person who reaches over the counter")
        asker.press("Pick this track")
        assert "track 1" in asker.page.content()
        asker.page.set_viewport_size({"width": 320, "height": 640})
        for address in ("/exhibits", place):
            asker.go(address)
        check_sound(asker)
