"""Searching and reviewing in a browser: two examiners who see nothing of each other and nothing of who is listed."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from httpx import Response

from countersign.governance.request import RequestState
from countersign.primitives.ids import LeadId
from tests.fakes import Face
from tests.operations.comparing import authorised_comparison
from tests.operations.scene import SOUGHT, Scene
from tests.web.browsing import Browser, Fields, client_of

FEATURES = "Oval outline, straight brows, a broad nose tip."
LIMITS = "Seen from above and blurred; the ears cannot be judged."
DIFFERS = "Brow shape and the tip of the nose differ clearly."
RESTS = "Outline, brows and mouth were compared where they can be seen."


@pytest.fixture
def asked(scene: Scene) -> Scene:
    """A request that an officer authorised."""
    with scene.reading() as work:
        (collection,) = work.collections.where()
    stills = []
    for number in (1, 2):
        file = scene.draw(f"still-{number}.png", Face(person=SOUGHT, view=8 + number, quality=0.8))
        exhibit = scene.casework.seal(file, taken=scene.clock.now() - timedelta(days=3), number=f"CTV/{number}").id
        scene.casework.locate(exhibit)
        stills.append((exhibit, 1))
    request = scene.casework.ask(scene.casework.mark(stills).id, collection.id)
    scene.ids = type(scene.ids)(
        collection=collection.id, exhibit=stills[0][0], probe=scene.ids.probe, request=request, lead=LeadId("")
    )
    return scene


def at(scene: Scene, who: str) -> Browser:
    browser = Browser(client_of(scene), scene)
    browser.sign_in(who)
    return browser


def place(scene: Scene, rest: str) -> str:
    return f"/workstation/{scene.ids.request}/{rest}"


def search(scene: Scene) -> Response:
    return at(scene, "operator").post(place(scene, "search"))


def analyse(browser: Browser, **changed: str) -> Response:
    given: Fields = {"features": FEATURES, "limits": LIMITS, "one_person": "yes", **changed}
    return browser.post(place(browser.scene, "probe"), given)


def begin(browser: Browser) -> Response:
    return browser.post(place(browser.scene, "review"))


def letters(page: str) -> list[str]:
    return re.findall(r"/candidates/([A-Z])\"", page.split("</nav>")[-2])


def opine(browser: Browser, page: Response, *, support: bool) -> Response:
    """Support the first candidate, or none; exclude the rest; lock."""
    for number, letter in enumerate(letters(page.text)):
        fields: Fields = {"conclusion": "no_support", "dissimilarities": DIFFERS}
        if support and number == 0:
            names = set(re.findall(r'name="(seen\.[a-z_]+)"', page.text))
            fields = {"conclusion": "moderate_support", "notes": RESTS, **dict.fromkeys(names, "similar")}
        browser.post(place(browser.scene, f"candidates/{letter}"), fields)
    browser.scene.clock.advance(timedelta(minutes=5))
    return browser.post(place(browser.scene, "opinions"))


def review(scene: Scene, who: str, *, support: bool) -> Response:
    browser = at(scene, who)
    begin(browser)
    return opine(browser, analyse(browser), support=support)


def test_the_whole_review_from_search_to_release(asked: Scene):
    assert "The candidate list is sealed" in search(asked).text
    assert "Your opinions are locked" in review(asked, "operator", support=True).text
    assert "Your opinions are locked" in review(asked, "examiner", support=True).text
    with asked.reading() as work:
        lead = work.leads.where(request=asked.ids.request)[0]
        assert work.requests.get(asked.ids.request).state is RequestState.LEAD_SUPPORTED
    asked.casework.reconfirm(lead.id)
    operator = at(asked, "operator")
    assert "What is released cannot be taken back" in operator.get(place(asked, "release")).text
    assert "with its caveat" in operator.post(place(asked, "release")).text


def test_nothing_waits_for_an_examiner_before_the_first_opinion_is_locked(asked: Scene):
    assert "Run the search" in at(asked, "operator").get("/workstation").text
    search(asked)

    assert "Nothing waits for you" in at(asked, "examiner").get("/workstation").text
    assert at(asked, "examiner").get(place(asked, "review")).status_code == 404


def test_pages_of_a_review_say_no_score_rank_name_offence_or_opinion(asked: Scene):
    search(asked)
    review(asked, "operator", support=True)
    examiner = at(asked, "examiner")
    pages = [begin(examiner), analyse(examiner)]
    pages += [examiner.get(place(asked, f"candidates/{letter}")) for letter in letters(pages[-1].text)]
    pages.append(examiner.get(place(asked, "opinions")))
    with asked.reading() as work:
        (run,) = work.runs.where(request=asked.ids.request)
        listed = work.lists.get(run.id).candidates
        hidden = {str(one.score) for one in listed} | {one.subject for one in listed} | {RESTS}
        hidden |= {work.subjects.get(one.subject).external_id for one in listed}
        form = work.requests.get(asked.ids.request).form
    words = re.compile(r"\b(score|rank|robbery|murder|burglary|CASE/2026|operator's)\b", re.IGNORECASE)
    for page in pages:
        assert page.status_code == 200
        main = page.text.split("<main")[1].split("</main>")[0]
        text = re.sub(r'name="seen\.[^>]*', "", main)
        assert not words.search(re.sub(r"no score, rank", "", text)), words.search(text)
        assert not [one for one in (hidden - {"7", "5", "3"}) if one and one in text]
        assert form.why_this_face not in text


def test_the_order_of_candidates_is_the_reviews_own(asked: Scene):
    search(asked)
    operator = at(asked, "operator")
    begin(operator)
    shown = letters(analyse(operator).text)

    assert shown == sorted(shown)
    assert shown


def test_no_candidate_is_shown_before_the_probe_is_described(asked: Scene):
    search(asked)
    operator = at(asked, "operator")
    begin(operator)

    assert operator.get(place(asked, "candidates/A")).url.path.endswith("/probe")
    refused = analyse(operator, features="short", one_person="")
    assert refused.status_code == 422
    assert "Describe what can be seen" in refused.text
    assert "Confirm that the stills show one person" in refused.text
    assert "Candidate A" not in refused.text


def test_a_still_is_left_out_with_a_reason_and_never_all_of_them(asked: Scene):
    search(asked)
    operator = at(asked, "operator")
    begin(operator)

    assert "Say why still 2 is left out" in analyse(operator, **{"struck.2": "yes"}).text
    both = {"struck.1": "yes", "struck.2": "yes", "why.1": "another jacket altogether", "why.2": "another jacket too"}
    assert "Leave at least one still in" in analyse(operator, **both).text
    page = analyse(operator, **{"struck.2": "yes", "why.2": "another jacket altogether", "struck.1": "", "why.1": ""})
    assert 'data-number="1"' in page.text
    assert page.text.count('data-side="probe"') == 1
    assert "Still 2" not in page.text


def test_an_opinion_lacks_nothing_before_it_can_be_locked(asked: Scene):
    search(asked)
    operator = at(asked, "operator")
    begin(operator)
    analyse(operator)
    path = place(asked, "candidates/A")

    assert "Select a conclusion" in operator.post(path).text
    assert "Say what your conclusion rests on" in operator.post(path, {"conclusion": "inconclusive"}).text
    assert "State at least one clear dissimilarity" in operator.post(path, {"conclusion": "no_support"}).text
    half = operator.post(path, {"conclusion": "strong_support", "notes": RESTS, "seen.nose": "similar"})
    assert "are left" in half.text
    assert "Something is left to write on" in operator.get(place(asked, "opinions")).text
    assert operator.post(path, {"conclusion": "inconclusive", "notes": RESTS, "marks": "{"}).status_code == 422
    assert operator.post(path, {"conclusion": "inconclusive", "notes": "It is definitely that man."}).status_code == 200
    refused = operator.post(place(asked, "opinions"))
    assert refused.status_code == 422
    assert "definitely" in refused.text


def test_marks_are_kept_as_data_with_the_opinion(asked: Scene):
    search(asked)
    operator = at(asked, "operator")
    begin(operator)
    page = analyse(operator)
    mark = {"side": "probe", "picture": 1, "at_px": [10, 12], "to_px": None, "feature": "nose", "seen": "dissimilar"}
    for letter in letters(page.text):
        fields: Fields = {"conclusion": "no_support", "dissimilarities": DIFFERS, "marks": json.dumps([mark])}
        operator.post(place(asked, f"candidates/{letter}"), fields)
    asked.clock.advance(timedelta(minutes=5))
    operator.post(place(asked, "opinions"))
    with asked.reading() as work:
        (kept,) = work.reviews.where(request=asked.ids.request)

    assert {(one.at_px, one.feature) for opinion in kept.opinions for one in opinion.marks} == {((10, 12), "nose")}


def test_an_examiner_goes_on_where_they_were_interrupted(asked: Scene):
    search(asked)
    operator = at(asked, "operator")
    begin(operator)
    assert "Go on with your review" in operator.get("/workstation").text
    analyse(operator)
    operator.post(place(asked, "candidates/A"), {"conclusion": "inconclusive", "notes": RESTS})

    again = at(asked, "operator").get(place(asked, "review"))
    assert again.url.path.endswith("/candidates/A")


def test_pictures_of_a_review_are_given_to_its_examiner_only(asked: Scene):
    search(asked)
    operator = at(asked, "operator")
    begin(operator)
    page = analyse(operator)
    urls = re.findall(r'src="(/pictures/[0-9a-f]+)"', page.text)

    assert urls
    assert all(operator.get(url).headers["content-type"] == "image/png" for url in urls)
    assert all(at(asked, "examiner").get(url).status_code == 404 for url in urls[:2])


@pytest.mark.parametrize("who", ["requester", "officer"])
def test_others_have_no_workstation(asked: Scene, who: str):
    assert at(asked, who).get("/workstation").status_code == 403


def test_a_search_without_candidates_says_that_this_is_a_good_answer(asked: Scene):
    with asked.altering() as work:
        for record in work.records.where():
            if work.subjects.get(record.subject).external_id == str(SOUGHT):
                templates = work.templates.where(record=record.id)
                work.gallery.changed(asked.ids.collection, [(one.id, "hidden") for one in templates])
                for one in templates:
                    work.templates.remove(one.id)
    assert "a good answer" in search(asked).text


def test_a_comparison_is_made_on_the_page_of_the_search_and_says_that_nothing_is_searched(asked: Scene):
    with asked.reading() as work:
        request = work.requests.get(asked.ids.request)
    asked.ids = replace(asked.ids, probe=request.probe)
    asked.ids = replace(asked.ids, request=authorised_comparison(asked))
    browser = at(asked, "operator")

    assert "Make the comparison" in browser.get("/workstation").text
    page = browser.get(place(asked, "search")).text
    assert "No collection is searched." in page
    assert "Threshold" not in page
    browser.post(place(asked, "search"))
    with asked.reading() as work:
        assert work.requests.get(asked.ids.request).state is RequestState.EXECUTED
