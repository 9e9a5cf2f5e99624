import json
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from countersign.governance.material_change import Change, pack_changes
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import read_pack, read_pack_toml, shipped
from countersign.governance.programme import ArtefactType
from countersign.operations.sign_document import sign_document
from countersign.operations.submit_artefact import SubmitArtefact, submit_artefact
from countersign.primitives.codec import to_plain
from countersign.primitives.digest import EMPTY
from countersign.web.policy_words import PART, essentials, parts, place_of
from tests.operations.scene import Scene
from tests.web.browsing import SITE, Browser, post
from tests.web.test_requester import begin

REASON = "The seven-day window was longer than anybody ever needed, says the review of March."


def bump(scene: Scene, version: str = "demonstration-2", days: int = 7) -> None:
    """Put a new version in force that nobody has read."""
    content = to_plain(read_pack_toml(shipped("demonstration")))
    assert isinstance(content, dict)
    content |= {"version": version, "authorisation_days": days, "change_reason": REASON}
    scene.clock.advance(timedelta(minutes=1))
    document = sign_document(
        ArtefactType.POLICY_PACK,
        version,
        content,
        review_by=(scene.clock.now() + timedelta(days=90)).date(),
        key=scene.keys["controller"],
        clock=scene.clock,
    )
    scene.force.do("controller", Permission.PROGRAMME_SUBMIT, submit_artefact, SubmitArtefact(document=document))


@pytest.mark.row("GOV-10")
def test_whoever_has_not_read_the_policy_is_led_to_it_and_back_to_where_they_were(browser: Browser):
    browser.sign_in("requester")
    bump(browser.scene)
    assert browser.get("/ask").url.path == "/ask"

    shown = browser.get("/requests")
    page = unescape(shown.text)
    after = browser.post("/policy", {"read": "yes", "held": held(page)})

    assert shown.url.path == "/policy"
    for text in ("What changed since version 1", "How long an authorisation holds, in days", REASON):
        assert text in page
    assert "<del>14</del>" in page
    assert "<ins>7</ins>" in page
    assert after.url.path == "/requests"
    assert browser.scene.entries()[-2].kind == "policy.acknowledged"
    assert "You have read the policy in force" in browser.get("/policy").text


def held(page: str) -> str:
    return page.split('name="held" value="')[1].split('"', maxsplit=1)[0]


def test_people_who_sign_in_meet_the_policy_before_their_work_and_nothing_is_denied_for_it(browser: Browser):
    bump(browser.scene)

    answer = browser.sign_in("officer")

    assert answer.url.path == "/policy"
    assert "denied" not in {entry.kind for entry in browser.scene.entries()}


def test_it_has_to_be_said_that_it_was_read(browser: Browser):
    bump(browser.scene)
    browser.sign_in("officer")

    answer = browser.post("/policy", {"held": held(browser.get("/policy").text)})

    assert answer.status_code == 422
    assert "Select that you have read it" in answer.text
    assert browser.get("/").url.path == "/policy"


def test_a_version_that_came_meanwhile_is_shown_and_not_acknowledged_unseen(browser: Browser):
    bump(browser.scene)
    browser.sign_in("officer")
    before = held(browser.get("/policy").text)
    bump(browser.scene, "demonstration-3", 6)

    answer = browser.post("/policy", {"read": "yes", "held": before})

    assert answer.status_code == 422
    assert "Another version came into force" in answer.text
    assert "<ins>6</ins>" in answer.text


def test_a_form_that_was_refused_unread_leads_back_to_its_page(browser: Browser):
    begin(browser)
    bump(browser.scene)

    answer = browser.client.post(
        "/exhibits/x/drop",
        data={"csrf": csrf(browser)},
        headers={"origin": SITE.origin, "referer": f"{SITE.origin}/exhibits"},
    )
    assert answer.url.path == "/policy"

    for referer, back in (
        (f"{SITE.origin}/exhibits/new", "/exhibits/new"),
        ("https://elsewhere.example/x", "/requests"),
    ):
        bump(browser.scene, f"demonstration-{back.count('/')}{len(back)}", 5 + len(back) % 2)
        refused = browser.client.post(
            "/requests/x/withdraw",
            data={"csrf": csrf(browser), "reason": "mistake"},
            headers={"origin": SITE.origin, "referer": referer},
        )
        after = browser.post("/policy", {"read": "yes", "held": held(refused.text)})
        assert (refused.url.path, after.url.path) == ("/policy", back)


def csrf(browser: Browser) -> str:
    return browser.get("/ask").text.split('name="csrf" value="')[1].split('"')[0]


def test_a_script_that_sends_a_file_is_told_where_to_go(browser: Browser):
    begin(browser)
    bump(browser.scene)

    answer = browser.client.post(
        "/requests/x/withdraw",
        data={"csrf": csrf(browser), "reason": "mistake"},
        headers={"origin": SITE.origin, "accept": "application/json"},
    )

    assert json.loads(answer.text) == {"next": "/policy"}


def test_another_refusal_of_an_acknowledgement_is_an_error_and_not_the_page(browser: Browser):
    browser.sign_in("officer")
    bump(browser.scene)
    page = browser.get("/policy").text
    person = browser.scene.person("officer")
    with browser.scene.altering() as work:
        work.people.replace(replace(person, organisation=""))

    answer = post(browser.client, "/policy", {"read": "yes", "held": held(page)})

    assert answer.status_code == 403


def test_somebody_new_reads_the_policy_in_short(browser: Browser):
    person = browser.scene.person("officer")
    with browser.scene.altering() as work:
        work.people.replace(replace(person, acknowledged=EMPTY))

    page = unescape(browser.sign_in("officer").text)

    assert "Read the policy first" in page
    assert "14 days, for one search" in page
    assert "What changed" not in page


def test_a_version_without_a_difference_says_so(browser: Browser):
    bump(browser.scene, days=14)

    assert "Nothing but its name" in browser.sign_in("officer").text


def test_every_part_of_a_pack_has_a_name():
    assert set(to_plain(read_pack_toml(shipped("demonstration")))) <= set(PART)  # type: ignore[arg-type]


def test_changes_stand_by_part_with_what_they_reopen():
    before = read_pack_toml(shipped("demonstration"))
    changed = to_plain(before)
    assert isinstance(changed, dict)
    changed["retention"][3]["days"] = 28  # type: ignore[index, call-overload]
    changed["source_types"].remove("dashcam")  # type: ignore[union-attr]
    changed["purposes"].append({"code": "audit", "title": "Audit"})  # type: ignore[union-attr]
    shown = parts((*pack_changes(before, read_pack(changed)), odd()))

    assert [one.title for one in shown] == [
        "Purposes of a search",
        "Recordings that a picture may come from",
        "How long things are kept, in days",
        "something else",
    ]
    assert [(row.place, row.before, row.after) for row in shown[2].rows] == [("Case: days", "31", "28")]
    assert [(row.place, row.before, row.after) for row in shown[1].rows] == [("", "dashcam", "")]
    assert shown[2].reopens == ("appropriate policy document",)


def odd() -> Change:
    return Change(place="something_else", before="1", after="2", reopens=())


def test_places_and_essentials_read_as_sentences():
    texts = dict(essentials(read_pack_toml(shipped("demonstration"))))

    assert place_of(["quality_floors", "soft"]) == "Quality floors: soft"
    assert texts["Who authorises"] == "T1: inspector; T2: superintendent"
