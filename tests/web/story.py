"""The whole story as people play it in their browsers: from a case and a file to what became of the lead."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser as Chromium

from countersign.cli.demonstration.casework import AGAINST, FORM, NECESSITY, PROPORTIONALITY
from countersign.outcome.caveat import CAVEAT
from countersign.primitives.codec import to_plain
from tests.fakes import Face
from tests.operations.scene import SOUGHT, Scene
from tests.web.chromium import Served, Sitting, Visitor, visitor

CASE = "CASE/2026/0117"
OTHERS = {"HOLLIS-1984": 21, "MARWOOD-1990": 22}
"""External ids of two further data subjects who look like the person sought, and the view that each is drawn by."""
RESTS = "Outline, brows and mouth were compared where they can be seen; hairline hidden."
DIFFERS = "Brow shape and the tip of the nose differ clearly."


def words_of(who: str) -> str:
    """Give the words that one reviewer writes and the other does not."""
    return {"operator": "the left brow ends lower", "examiner": "the upper lip is thinner"}[who]


FEATURES = "Oval outline, straight brows, a broad nose tip."
LIMITS = "Seen from above and blurred; the ears cannot be judged."
STILL = {
    "number": "CTV/1",
    "earliest_day": "2026-01-06",
    "earliest_time": "10:00",
    "latest_day": "2026-01-06",
    "latest_time": "10:05",
    "lawful_origin": "handed over by the shop, with a statement",
    "supplied_by": "shop manager",
}
CHOSEN = {
    "source_type": "cctv",
    "depiction": "photograph",
    "exhibit_privacy": "public_place",
    "basis": "recorder_log",
}
QUESTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "offence": (("offence_code", "purpose", "schedule_8_condition"), ()),
    "person": (("subject_category", "age_band", "use_class"), ()),
    "why": ((), ("aim", "why_this_face", "objective_facts")),
    "alternatives": ((), ("alternatives_tried", "expected_benefit")),
    "place": (("setting", "privacy"), ("place", "collateral_intrusion")),
    "urgency": (("urgency",), ()),
    "collection": (("collection", "further_ground"), ()),
}
"""By page: what is chosen and what is written."""
FACE = (("subject_category", "age_band", "urgency", "further_ground"), ("why_this_face", "objective_facts"))


def look_alikes(scene: Scene) -> None:
    """Enrol two more people who look like the person sought, so that a list has three places."""
    with scene.reading() as work:
        (collection,) = work.collections.where()
    for name, view in OTHERS.items():
        scene.draw(f"further/{name}/{name}-front.png", Face(person=SOUGHT, view=view))
    scene.force.enrol(collection.id, scene.folder / "pictures" / "further")


def picture(scene: Scene, name: str = "still.png", *faces: Face) -> Path:
    drawn = faces or (Face(person=SOUGHT, view=9, quality=0.8), Face(person=200, view=4, quality=0.8))
    return Path(scene.draw(name, *drawn))


def form_of(scene: Scene) -> dict[str, str]:
    plain = to_plain(FORM)
    assert isinstance(plain, dict)
    with scene.reading() as work:
        (collection,) = work.collections.where()
    return {**{name: text for name, text in plain.items() if isinstance(text, str)}, "collection": collection.id}


def give_exhibit(one: Visitor, file: Path, **changed: str) -> None:
    """Fill in what is asked of a file, and send it."""
    one.page.locator("#file").set_input_files(file)
    one.effort.acts += 1
    for name, value in {**CHOSEN, **changed}.items():
        if name in CHOSEN:
            one.choose(name, value)
    for name, text in {**STILL, **changed}.items():
        if name in STILL:
            one.write(name, text)
    one.act(one.page.get_by_role("button", name="Seal the exhibit"))


def fill_in(one: Visitor, chosen: tuple[str, ...], written: tuple[str, ...], answers: dict[str, str]) -> None:
    for name in chosen:
        one.choose(name, answers[name])
    for name in written:
        one.write(name, answers[name])
    one.press("Save and continue")


def ask(one: Visitor, scene: Scene, still: Path | None = None) -> str:
    """Ask for a search as the requester, from the first page on; give the request."""
    answers = form_of(scene)
    one.press("Start a request")
    one.write("case_reference", CASE)
    one.press("Continue")
    one.press("Add an exhibit")
    give_exhibit(one, still or picture(scene))
    one.page.wait_for_url("**/faces")
    one.look()
    one.choose("number", "1")
    one.write("reason", "the person who reaches over the counter")
    one.press("Pick this face")
    one.press("Continue to the questions")
    for chosen, written in QUESTIONS.values():
        fill_in(one, chosen, written, answers)
    one.choose("declaration", "yes")
    one.press("Submit to the authorising officer")
    return one.page.url.split("/requests/")[1][:32]


def ask_about_another(one: Visitor, scene: Scene) -> None:
    """Ask about the other person of the same picture: one page."""
    answers = {**form_of(scene), "why_this_face": "The second person, who held the door from the inside all the while."}
    one.press("Ask about a further person of this case")
    one.press("Pick a face")
    one.choose("number", "2")
    one.write("reason", "the person who holds the door")
    one.press("Pick this face")
    one.press("Continue to the questions")
    fill_in(one, *FACE, answers)
    one.choose("declaration", "yes")
    one.press("Submit to the authorising officer")


def authorise(one: Visitor, request: str) -> None:
    one.act(one.page.locator(f"a[href='/decisions/{request}']"))
    one.look()
    one.press("Go on to your decision")
    one.choose("decision", "authorise")
    one.write("necessity", NECESSITY)
    one.write("proportionality", PROPORTIONALITY)
    one.press("Decide")


def review(one: Visitor, scene: Scene, *, supports: str, waits: bool = True) -> int:
    """Give a whole review: support the candidate whose page says ``supports``, exclude the others; give how many."""
    if waits:
        one.press("Begin a review")
    one.press("Begin the review")
    one.write("features", FEATURES)
    one.write("limits", LIMITS)
    one.choose("one_person", "yes")
    one.press("Lock this and show the candidates")
    letters = one.page.locator(".cs-letters a").count()
    while "/candidates/" in one.page.url:
        judge(one, supported=supports in one.page.locator("main").inner_text())
        one.press("Save and go on")
    scene.clock.advance(timedelta(minutes=5))
    one.press("Lock my opinions")
    return letters


def judge(one: Visitor, *, supported: bool) -> None:
    """Write the opinion on one candidate; the checklist's rows are the checklist, and counted as nothing else."""
    if not supported:
        one.choose("conclusion", "no_support")
        one.write("dissimilarities", f"{DIFFERS} Also: {words_of(one.who)}.")
        return
    one.choose("conclusion", "moderate_support")
    one.write("notes", f"{RESTS} Seen clearly: {words_of(one.who)}.")
    if one.page.locator("[data-checklist]").get_attribute("open") is None:
        one.page.locator("[data-checklist] summary").click()  # without scripts nothing opens it
    for row in one.page.locator("[data-checklist] input[value=similar]").all():
        row.click()


def reconfirm(one: Visitor, request: str) -> None:
    one.go(f"/decisions/{request}")
    one.write("reasons_against", AGAINST)
    one.press("Still necessary")


def record_outcome(one: Visitor) -> None:
    one.write("own_comparison", "Outline and brows agree, the nose tip less so.")
    one.write("reasons_against", AGAINST)
    one.choose("evidence_type", "forensic")
    one.write("evidence_reference", "fingerprint FP/3 on the till")
    one.choose("code", "arrest")
    one.press("Record the outcome")


def play(
    chromium: Chromium, served: Served, how: Sitting | None = None, still: Path | None = None
) -> Iterator[tuple[str, Visitor]]:
    """Play the story; gives each chapter's name and who acts once it is over."""
    scene = served.scene
    requester = visitor(chromium, served, "requester", how)
    request = ask(requester, scene, still)
    yield "requester: first face", requester
    requester.effort = requester.effort.then()
    ask_about_another(requester, scene)
    yield "requester: next face", requester
    officer = visitor(chromium, served, "officer", how)
    officer.effort.known.add(CAVEAT)  # the same words on every request; training teaches them
    authorise(officer, request)
    yield "officer", officer
    operator = visitor(chromium, served, "operator", how)
    operator.press("Run the search")
    operator.press("Run the one search")
    yield "operator: search", operator
    for who in ("operator", "examiner"):
        one = operator if who == "operator" else visitor(chromium, served, who, how)
        one.effort = one.effort.then()
        review(one, scene, supports="Reference image 2")
        yield f"{who}: review", one
    reconfirm(officer, request)
    yield "officer: reconfirms", officer
    operator.go("/workstation")
    operator.press("Release a lead")
    operator.press("Release the lead")
    yield "operator: release", operator
    requester.go(f"/requests/{request}")
    requester.press("Open the lead")
    yield "requester: lead", requester
    record_outcome(requester)
    yield "requester: outcome", requester
