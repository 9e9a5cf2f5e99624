"""Each refusal that a person can meet on the pages: GOV.UK's error summary, in words that help."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from countersign.cli.demonstration.casework import FORM, NECESSITY, PROPORTIONALITY, Casework
from countersign.governance.actor import Person, Rank, Role
from countersign.governance.programme import ProgrammeState
from countersign.governance.signature import public_hex
from countersign.operations.desk import PROGRAMME_ID
from countersign.primitives.clock import SimulatedClock
from countersign.primitives.ids import ExhibitId, RequestId
from countersign.web.picked import ASKING
from tests.fakes import Face
from tests.operations.accounts import CODE, NAME, PASSWORD, invite
from tests.operations.scene import SOUGHT, Scene
from tests.web.chromium import CHROMIUM, Served, Visitor, check_accessible, launched, serving, visitor
from tests.web.story import form_of, give_exhibit, picture

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def served(made: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("refusals") / "scene"
    shutil.copytree(made.folder, folder)
    scene = replace(made, folder=folder, clock=SimulatedClock(made.clock.now()), keys=dict(made.keys))
    scene.hire("team mate", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT, team="burglary")
    with serving(scene) as served:
        yield served
    scene.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with launched() as browser:
        yield browser


@pytest.fixture
def case(served: Served, request: pytest.FixtureRequest) -> Casework:
    """A case of the test's own."""
    return replace(served.scene.casework, reference=f"CASE/{request.node.name[:40]}")


def check_told(one: Visitor, field: str, *words: str) -> None:
    """Check that the page says what is wrong as GOV.UK does: in the title, in the summary, and beside the field."""
    summary = one.page.locator(".govuk-error-summary")
    summary.wait_for()
    text = summary.inner_text()
    assert "There is a problem" in text
    for part in words:
        assert part in text, text
    expect(summary).to_be_focused()
    link = summary.locator(f"a[href='#{field}']")
    assert link.count() >= 1, text
    assert one.page.locator(f"[id='{field}']").count() == 1
    check_accessible(one.page)
    one.context.close()


def marked(served: Served, case: Casework, *, hours_old: float = 72) -> tuple[ExhibitId, str]:
    """Seal and locate a still; give it and its case."""
    scene = served.scene
    file = scene.draw(f"{abs(hash(case.reference))}.png", Face(person=SOUGHT, view=9, quality=0.8))
    exhibit = case.seal(file, taken=scene.clock.now() - timedelta(hours=hours_old)).id
    case.locate(exhibit)
    return exhibit, case.reference


def before_submission(served: Served, case: Casework, chromium: Chromium, **how: float) -> Visitor:
    """A requester who has answered everything and is about to submit."""
    exhibit, reference = marked(served, case, **how)
    scene = served.scene
    one = visitor(chromium, served, "requester", audited=False)
    answers = {**form_of(scene), "case_reference": reference, "reason": "the person who reaches over the counter"}
    served.office.answers.write(scene.person("requester").id, ASKING, answers, scene.clock.now())
    one.go(f"/exhibits/{exhibit}/faces")
    one.choose("number", "1")
    one.write("reason", answers["reason"])
    one.press("Pick this face")
    one.go("/ask/check")
    return one


def submit(one: Visitor) -> None:
    one.choose("declaration", "yes")
    one.press("Submit to the authorising officer")


def waiting(served: Served, case: Casework) -> RequestId:
    exhibit, _ = marked(served, case)
    with served.scene.reading() as work:
        (collection,) = work.collections.where()
    request = RequestId(case.draft(case.mark([(exhibit, 1)]).id, collection.id).id)
    case.submit(request)
    return request


def deciding(served: Served, case: Casework, chromium: Chromium, who: str = "officer", **written: str) -> Visitor:
    """An officer who opened what the decision rests on and has just decided."""
    request = waiting(served, case)
    one = visitor(chromium, served, who, audited=False)
    one.go(f"/decisions/{request}")
    one.go(f"/decisions/{request}/decide")
    one.choose("decision", "authorise")
    for name, text in {"necessity": NECESSITY, "proportionality": PROPORTIONALITY, **written}.items():
        one.write(name, text)
    one.press("Decide")
    return one


def adding(served: Served, case: Casework, chromium: Chromium) -> Visitor:
    one = visitor(chromium, served, "requester", audited=False)
    scene = served.scene
    served.office.answers.drop(scene.person("requester").id, ASKING)
    served.office.answers.write(
        scene.person("requester").id, ASKING, {"case_reference": case.reference}, scene.clock.now()
    )
    one.go("/exhibits/new")
    return one


# -- the picture


def test_imagery_that_is_too_young(served: Served, case: Casework, chromium: Chromium):
    one = before_submission(served, case, chromium, hours_old=0.5)
    submit(one)
    check_told(one, "declaration", "The picture is too young", "wait until it is old enough", "got 0 h")


STATED = (
    ({"earliest_day": "2026-01-07", "latest_day": "2026-01-06"}, "latest_day", "earliest"),
    ({"latest_day": "2026-02-06"}, "latest_day", "lies in the future"),
    ({"latest_day": "", "latest_time": ""}, "latest_day", "Give the latest time"),
    ({"depiction": "drawing"}, "depiction", "Only photographs and frames of recordings"),
    ({"depiction": "look_alike"}, "depiction", "Ask for the original picture"),
    ({"exhibit_privacy": "intimate"}, "exhibit_privacy", "neither kept nor searched with"),
    ({"number": ""}, "number", "exhibit number"),
    ({"lawful_origin": ""}, "lawful_origin", "how was it lawfully obtained"),
)


def test_what_is_stated_of_a_file(served: Served, case: Casework, chromium: Chromium):
    """A wrong interval, a sketch by declaration, an intimate picture and what is missing, one after another."""
    one = adding(served, case, chromium)
    page, file = one.page, picture(served.scene)
    for stated, field, words in STATED:
        give_exhibit(one, file, **stated)
        summary = page.locator(".govuk-error-summary", has_text=words)
        summary.wait_for()
        expect(summary).to_be_focused()
        assert summary.locator("a").get_attribute("href") == f"#{field}", stated
        assert page.locator(f"[id='{field}-error']").count() == 1, stated
    check_accessible(page)
    one.context.close()


def test_a_file_that_is_no_picture(served: Served, case: Casework, chromium: Chromium):
    one = adding(served, case, chromium)
    file = served.scene.folder / "letter.png"
    file.write_text("Dear all")
    give_exhibit(one, file)
    check_told(one, "file", "no picture or recording", "Ask for the original file")


def test_no_face_found(served: Served, case: Casework, chromium: Chromium):
    one = adding(served, case, chromium)
    give_exhibit(one, picture(served.scene, "empty.png", Face(person=0)))
    one.page.wait_for_url("**/faces")
    assert "No face was located in this picture. It stays sealed; use another one." in one.page.inner_text("main")
    check_accessible(one.page)
    one.context.close()


def test_an_answer_that_is_too_short(served: Served, case: Casework, chromium: Chromium):
    one = before_submission(served, case, chromium)
    one.go("/ask/why")
    one.write("aim", "short")
    one.press("Save and continue")
    check_told(one, "aim", "write at least")


# -- the decision


def test_no_necessity(served: Served, case: Casework, chromium: Chromium):
    check_told(deciding(served, case, chromium, necessity=""), "necessity", "Enter why it is strictly necessary")


@pytest.mark.parametrize(("necessity", "words"), [
    ("It is needed.", "Write each reason in your own words"),
    (PROPORTIONALITY, "Write two different reasons"),
    (FORM.objective_facts, "Those are the requester's words"),
])  # fmt: skip
def test_no_necessity_in_own_words(served: Served, case: Casework, chromium: Chromium, necessity: str, words: str):
    check_told(deciding(served, case, chromium, necessity=necessity), "decision", words)


def test_an_officer_who_is_not_independent(served: Served, case: Casework, chromium: Chromium):
    check_told(
        deciding(served, case, chromium, "team mate"), "decision", "so you are not independent", "another team decides"
    )


def change(scene: Scene, who: str, **changed: object) -> Person:
    """Change a person behind the operations' back, and give them as they were."""
    with scene.altering() as work:
        (person,) = work.people.where(public_key=public_hex(scene.keys[who]))
        work.people.replace(replace(person, **changed))  # type: ignore[arg-type]
    return person


def test_training_that_ran_out(served: Served, case: Casework, chromium: Chromium):
    scene = served.scene
    before = change(scene, "officer", trained_until=((Role.AUTHORISING_OFFICER, date(2025, 1, 1)),))
    try:
        check_told(deciding(served, case, chromium), "decision", "Your training has run out", "Renew it")
    finally:
        change(scene, "officer", trained_until=before.trained_until)


# -- the programme, the session, the passkey


def test_a_programme_that_is_suspended(served: Served, case: Casework, chromium: Chromium):
    scene = served.scene
    request = waiting(served, case)
    case.consider(request)
    case.authorise(request)
    one = visitor(chromium, served, "operator", audited=False)
    one.go(f"/workstation/{request}/search")
    with scene.altering() as work:
        programme = work.programmes.get(PROGRAMME_ID)
        work.programmes.replace(replace(programme, state=ProgrammeState.SUSPENDED))
    one.press("Run the one search")
    with scene.altering() as work:
        work.programmes.replace(programme)
    check_told(one, "what-to-do", "does not search at present", "Nothing is lost")


def test_a_page_of_another_role(served: Served, chromium: Chromium):
    one = visitor(chromium, served, "examiner", audited=False)
    one.go("/decisions")
    check_told(one, "what-to-do", "This page belongs to another role")


def test_a_session_that_ended(served: Served, chromium: Chromium):
    one = visitor(chromium, served, "requester", audited=False)
    served.scene.clock.advance(timedelta(minutes=16))
    one.go("/requests")

    assert "/sign-in" in one.page.url
    assert "A session ends after 15 minutes without a request" in one.page.inner_text("main")
    assert "What you had written on a form is kept" in one.page.inner_text("main")
    check_accessible(one.page)
    one.context.close()


def test_a_wrong_passkey_and_the_right_one(served: Served, chromium: Chromium):
    """With Chromium's own authenticator: another passkey of the same device signs nobody in, theirs does."""
    scene = served.scene
    invite(scene, "officer")
    with serving(scene, scripted=False) as plain:
        one = visitor(chromium, plain, "officer", signs_in=False, audited=False)
        keys = one.context.new_cdp_session(one.page)
        keys.send("WebAuthn.enable")
        device = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True,
        }  # fmt: skip
        right = keys.send("WebAuthn.addVirtualAuthenticator", {"options": device})["authenticatorId"]
        one.go("/join")
        one.write("code", CODE)
        one.press("Continue")
        one.write("name", NAME)
        one.write("password", PASSWORD)
        one.act(one.page.get_by_role("button", name="Make a passkey"))
        one.page.wait_for_url("**/sign-in")
        one.write("name", NAME)
        one.write("password", "something else entirely")
        one.press("Continue to your passkey")
        assert "Enter the name and password of your account" in one.errors()[0]
        one.write("name", NAME)
        one.write("password", PASSWORD)
        one.press("Continue to your passkey")
        keys.send("WebAuthn.setUserVerified", {"authenticatorId": right, "isUserVerified": False})
        one.act(one.page.get_by_role("button", name="Use your passkey"))
        said = one.page.locator("[data-passkey-error]")
        said.wait_for()
        assert "The passkey did not answer" in said.inner_text()
        check_accessible(one.page)
        keys.send("WebAuthn.setUserVerified", {"authenticatorId": right, "isUserVerified": True})
        one.act(one.page.get_by_role("button", name="Use your passkey"))
        one.page.wait_for_url("**/decisions")
        assert "A. Orme" in one.page.inner_text("header")
        one.context.close()
