"""A file on its way through a connection that breaks: sent in parts, it goes on where it stopped."""

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Route

from countersign.operations.sendings import PART_BYTES
from countersign.primitives.clock import SimulatedClock
from countersign.primitives.digest import sha256
from tests.operations.scene import SOUGHT, Scene
from tests.web.chromium import CHROMIUM, Served, Visitor, check_accessible, launched, serving, visitor
from tests.web.story import give_exhibit, picture

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def served(made: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("sending") / "scene"
    shutil.copytree(made.folder, folder)
    scene = replace(made, folder=folder, clock=SimulatedClock(made.clock.now()), keys=dict(made.keys))
    with serving(scene) as served:
        yield served
    scene.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def large(served: Served) -> Path:
    """A picture of three parts: noise, with one drawn face in its first row."""
    pixels = np.random.default_rng(7).integers(0, 256, (1500, 1024, 3), dtype=np.uint8)
    pixels[0] = 0
    pixels[:64, :64] = (SOUGHT, 9, 204)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=0)
    path = served.scene.folder / "large.png"
    path.write_bytes(stream.getvalue())
    assert 2 * PART_BYTES < path.stat().st_size <= 3 * PART_BYTES
    return path


def adding(served: Served, chromium: Chromium, case: str, *, scripts: bool = True) -> Visitor:
    one = visitor(chromium, served, "requester", audited=False, scripts=scripts)
    one.go("/ask")
    one.write("case_reference", case)
    one.press("Continue")
    one.press("Add an exhibit")
    return one


def sealed_of(served: Served, path: Path) -> int:
    with served.scene.reading() as work:
        return sum(one.sha256 == sha256(path.read_bytes()) for one in work.exhibits.where())


def parts_of(served: Served) -> list[str]:
    """Give the answers to parts and to questions after them, in order: method is not kept, so by their bodies."""
    return [one.body.decode() for one in served.wire.answers if re.search(r"/sendings/[0-9a-f]{32}$", one.path)]


def received(served: Served) -> list[int]:
    return [int(found[1]) for text in parts_of(served) if (found := re.search(r'"received":(\d+)', text))]


def test_a_connection_that_breaks_is_waited_for_and_sending_goes_on_where_it_stopped(
    served: Served, chromium: Chromium, large: Path
):
    one = adding(served, chromium, "CASE/BROKEN")
    cut: list[str] = []

    def breaks(route: Route) -> None:
        if route.request.method == "PUT" and route.request.url.endswith(f"at={PART_BYTES}") and len(cut) < 2:
            cut.append(route.request.url)
            route.abort("connectionreset")
            return
        route.continue_()

    one.page.route("**/sendings/**", breaks)
    give_exhibit(one, large, number="CTV/7")
    one.page.get_by_text("The connection was lost").wait_for()
    check_accessible(one.page)
    one.page.wait_for_url("**/faces")

    assert len(cut) == 2
    assert received(served) == [PART_BYTES, 2 * PART_BYTES, large.stat().st_size]
    assert sealed_of(served, large) == 1
    one.context.close()


def test_a_part_whose_answer_was_lost_is_not_sent_into_the_file_twice(served: Served, chromium: Chromium, large: Path):
    one = adding(served, chromium, "CASE/LOST")
    lost: list[int] = []

    def loses(route: Route) -> None:
        if route.request.method == "PUT" and not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
            return
        route.continue_()

    one.page.route("**/sendings/**", loses)
    give_exhibit(one, large, number="CTV/8")
    one.page.wait_for_url("**/faces")

    assert lost
    assert sealed_of(served, large) == 2
    one.context.close()


def test_a_page_that_was_left_goes_on_when_the_same_file_is_chosen_again(
    served: Served, chromium: Chromium, large: Path
):
    one = adding(served, chromium, "CASE/LEFT")
    before = len(received(served))
    one.page.route(f"**/sendings/*?at={PART_BYTES}", lambda route: route.abort("connectionreset"))
    give_exhibit(one, large, number="CTV/9")
    one.page.get_by_text("The connection was lost").wait_for()
    one.go("/requests")
    one.page.unroute_all()
    one.go("/exhibits/new")
    give_exhibit(one, large, number="CTV/9")
    one.page.wait_for_url("**/faces")

    size = large.stat().st_size
    assert received(served)[before:] == [PART_BYTES, PART_BYTES, 2 * PART_BYTES, size]
    assert sealed_of(served, large) == 3
    one.context.close()


def test_nothing_of_what_was_sent_is_left_behind(served: Served):
    assert [path for path in (served.scene.folder / "data" / "sendings").rglob("*") if path.is_file()] == []


def test_without_scripts_the_form_sends_the_file_at_once(served: Served, chromium: Chromium):
    one = adding(served, chromium, "CASE/PLAIN", scripts=False)
    before = len(parts_of(served))
    give_exhibit(one, picture(served.scene, "plain.png"))
    one.page.wait_for_url("**/faces")

    assert "Which face is it?" in one.page.inner_text("main")
    assert len(parts_of(served)) == before
    one.context.close()
