"""The whole story, from a file to what became of the lead, played once in Debian's Chromium; its tests look at it."""

import copy
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.governance.request import RequestState
from countersign.primitives.clock import SimulatedClock
from tests.operations.scene import Scene
from tests.web.chromium import CHROMIUM, Answered, Effort, Served, Visitor, launched, serving
from tests.web.story import CASE, OTHERS, look_alikes, play, words_of

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The story once it is over."""

    served: Served
    efforts: dict[str, Effort]
    visitors: dict[str, Visitor]
    last_page: str


@pytest.fixture(scope="module")
def played(made: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("story") / "scene"
    shutil.copytree(made.folder, folder)
    scene = replace(made, folder=folder, clock=SimulatedClock(made.clock.now()), keys=dict(made.keys))
    look_alikes(scene)
    efforts, visitors = {}, {}
    with launched() as chromium, serving(scene) as served:
        for chapter, one in play(chromium, served):
            efforts[chapter] = copy.deepcopy(one.effort)
            visitors[one.who] = one
        last = one.page.locator("main").inner_text()
        yield Played(served=served, efforts=efforts, visitors=visitors, last_page=last)
    scene.close()


def test_the_story_ends_with_an_outcome(played: Played):
    assert "Outcome recorded" in played.last_page
    with played.served.scene.reading() as work:
        states = {one.state for one in work.requests.where()}
    assert states == {RequestState.OUTCOME_RECORDED, RequestState.SUBMITTED}


def test_axe_finds_nothing_on_any_page_of_the_story(played: Played):
    seen = [page for one in played.visitors.values() for page in one.seen]

    assert len(seen) > 40
    assert [fault for one in played.visitors.values() for fault in one.faults] == []


def test_no_script_of_any_page_fails_or_is_stopped_by_the_policy(played: Played):
    assert [fault for one in played.visitors.values() for fault in one.broken] == []


def test_no_page_is_wider_than_its_window(played: Played):
    assert [fault for one in played.visitors.values() for fault in one.wide] == []


def hidden_from_reviewers(scene: Scene) -> dict[str, set[str]]:
    """Give what nobody at the bench may be told before the opinions are locked, by kind."""
    with scene.reading() as work:
        subjects = work.subjects.where()
        records = work.records.where()
        listed = [one for sealed in work.lists.where() for one in sealed.candidates]
        images = work.images.where()
    return {
        "score": {str(one.score) for one in listed},
        "data subject": {one.id for one in subjects} | set(OTHERS),
        "record": {one.id for one in records},
        "file": {one.file_name for one in images if one.file_name.startswith(tuple(OTHERS))},
        "offence": {"robbery", "Robbery"},
        "case": {CASE, FORM.aim, FORM.why_this_face, FORM.objective_facts, FORM.place},
        "requester and officer": {scene.person("requester").name, scene.person("officer").name},
    }


def texts(answers: list[Answered]) -> list[str]:
    return [one.body.decode() for one in answers if one.media_type.startswith(("text/html", "application/json"))]


@pytest.mark.parametrize("who", ["operator", "examiner"])
def test_no_answer_to_a_reviewer_says_who_is_listed_or_why(played: Played, who: str):
    served = played.served
    answers = [
        one for one in served.wire.answers if one.who == who and not one.path.startswith(("/assets/", "/sign-in"))
    ]
    bench = [one for one in answers if "/workstation/" in one.path or one.path.startswith("/pictures/")]
    assert len(bench) > 10
    assert len(texts(bench)) > 5

    for kind, values in hidden_from_reviewers(served.scene).items():
        assert values, kind
        for value in values:
            for one in answers:
                assert value.encode() not in one.body, (kind, value, one.path)
    for text in texts(bench):
        said = re.sub(r"You are shown no score, rank, name or offence|gets neither score nor rank", "", text)
        assert not re.search(r"\b(score|rank|offence)\b", said, re.IGNORECASE)


def test_neither_reviewer_is_sent_a_word_of_the_others(played: Played):
    """Both write other words on the same candidates; neither session is ever sent what the other wrote."""
    for who, other in (("operator", "examiner"), ("examiner", "operator")):
        own = [one for one in played.served.wire.answers if one.who == who]
        assert any(words_of(who).encode() in one.body for one in own)
        assert not any(words_of(other).encode() in one.body for one in own)


def test_neither_reviewer_is_given_a_picture_of_the_others_bench(played: Played):
    sent = {
        who: {one.path for one in played.served.wire.answers if one.who == who and one.path.startswith("/pictures/")}
        for who in ("operator", "examiner")
    }

    assert all(len(paths) >= 5 for paths in sent.values())
    assert not sent["operator"] & sent["examiner"]


def test_a_review_of_three_candidates_takes_at_most_twelve_acts_beyond_the_checklist(played: Played):
    assert [played.efforts[f"{who}: review"].acts for who in ("operator", "examiner")] == [11, 11]


@pytest.mark.parametrize(("errand", "most_min"), [
    ("requester: first face", 8), ("requester: next face", 2), ("officer", 3),
])  # fmt: skip
def test_an_errand_keeps_its_budget_at_a_steady_reading_speed(played: Played, errand: str, most_min: float):
    effort = played.efforts[errand]

    assert effort.words > 50
    assert effort.minutes <= most_min, f"{effort.words} words, {effort.written} characters, {effort.acts} acts"
