"""Sending a file in parts, as the page's script does."""

import re
from typing import cast

import pytest
from httpx import Response

from countersign.operations.sendings import PART_BYTES
from tests.web.browsing import SITE, Browser, Fields
from tests.web.test_requester import DETAILS, begin, still

Told = dict[str, object]
PLACE = "/exhibits/sendings"


def value(browser: Browser) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get("/exhibits/new").text)
    assert found
    return found[1]


def post(browser: Browser, path: str, fields: Fields) -> Response:
    return browser.post(path, fields, page="/exhibits/new")


def put(browser: Browser, sending: object, at: int, data: bytes, **headers: str) -> Response:
    sent = {"origin": SITE.origin, "x-csrf": value(browser), **headers}
    answer: Response = browser.client.put(f"{PLACE}/{sending}?at={at}", content=data, headers=sent)
    return answer


def told(answer: Response) -> Told:
    return cast("Told", answer.json())


def announce(browser: Browser, data: bytes, **changed: str) -> Told:
    begin(browser)
    return told(post(browser, PLACE, {**DETAILS, "size": str(len(data)), **changed}))


def test_a_file_sent_in_parts_becomes_an_exhibit_with_faces_to_pick(browser: Browser):
    _, data, _ = still(browser.scene)
    at = announce(browser, data)
    assert at["part"] == PART_BYTES
    put(browser, at["sending"], 0, data[:50])
    assert told(browser.get(f"{PLACE}/{at['sending']}"))["received"] == 50
    assert told(put(browser, at["sending"], 50, data[50:]))["received"] == len(data)
    place = str(told(post(browser, f"{PLACE}/{at['sending']}/seal", DETAILS))["next"])

    assert "Which face is it?" in browser.get(place).text


@pytest.mark.parametrize(("changed", "field", "words"), [
    ({"size": ""}, "file", "Choose a file"),
    ({"number": ""}, "number", "Enter an answer"),
    ({"depiction": "drawing"}, "depiction", "photograph"),
    ({"exhibit_privacy": "intimate"}, "exhibit_privacy", "intimate"),
    ({"latest_day": "2026-13-01"}, "latest_day", "2026-13-01"),
    ({"size": "0"}, "file", "0"),
])  # fmt: skip
def test_what_is_wrong_is_told_before_anything_is_sent(
    browser: Browser, changed: dict[str, str], field: str, words: str
):
    ((named, message),) = cast("list[list[str]]", announce(browser, b"12", **changed)["errors"])

    assert named == field
    assert words in message


def test_a_part_that_came_already_and_a_file_that_is_gone_are_told(browser: Browser):
    at = announce(browser, b"0123456789")
    put(browser, at["sending"], 0, b"01234")

    assert put(browser, at["sending"], 0, b"01234").status_code == 409
    assert browser.get(f"{PLACE}/{'0' * 32}").status_code == 409
    assert told(browser.get(f"{PLACE}/{at['sending']}"))["received"] == 5


def test_sealing_tells_what_is_missing_and_what_is_wrong_with_the_file(browser: Browser):
    at = announce(browser, b"0123456789")
    seal = f"{PLACE}/{at['sending']}/seal"

    assert "number" in str(told(post(browser, seal, {**DETAILS, "number": ""}))["errors"])
    assert "0 so far" in str(told(post(browser, seal, DETAILS))["errors"])
    put(browser, at["sending"], 0, b"0123456789")
    assert "image" in str(told(post(browser, seal, DETAILS))["errors"])


def test_a_part_without_the_value_of_this_sessions_pages_is_refused(browser: Browser):
    at = announce(browser, b"0123456789")

    assert put(browser, at["sending"], 0, b"01234", **{"x-csrf": "0" * 64}).status_code == 403
    assert put(browser, at["sending"], 0, b"01234", origin="https://elsewhere.example").status_code == 403
    assert put(browser, at["sending"], 0, bytes(4 * 1024 * 1024)).status_code == 413
    assert told(browser.get(f"{PLACE}/{at['sending']}"))["received"] == 0
