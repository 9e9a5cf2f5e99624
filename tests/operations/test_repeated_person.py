"""Within one case, and nowhere else, a search for the same person is noticed though another picture is used."""

from dataclasses import replace

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.governance.request import FurtherGround, RequestState
from countersign.operations.repeated_person import SamePersonError
from countersign.primitives.ids import RequestId
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, SOUGHT, Scene


def ask_with(scene: Scene, person: int, ground: FurtherGround = FurtherGround.NONE) -> RequestId:
    still = scene.draw(f"another-{person}.png", Face(person=person, view=11, quality=0.8))
    exhibit = scene.casework.seal(still, taken=LONG_AGO, number="CTV/9").id
    scene.casework.locate(exhibit)
    probe = scene.casework.mark([(exhibit, 1)]).id
    return scene.casework.ask(probe, scene.ids.collection, replace(FORM, further_ground=ground))


@pytest.mark.row("AUT-10", "LFR-06")
def test_another_picture_of_the_same_person_is_refused_without_a_ground_and_the_authorisation_returned(sealed: Scene):
    request = ask_with(sealed, SOUGHT)

    with pytest.raises(SamePersonError, match="expected a ground"):
        sealed.casework.search(request)

    assert [entry.kind for entry in sealed.entries()][-2:] == ["search.aborted", "denied"]
    with sealed.reading() as work:
        assert work.requests.get(request).state is RequestState.AUTHORISED


def test_with_a_ground_the_same_person_is_searched_for_again(sealed: Scene):
    assert sealed.casework.search(ask_with(sealed, SOUGHT, FurtherGround.NEW_MATERIAL)).n_subjects == 3


def test_another_person_of_the_case_is_searched_for_without_one(sealed: Scene):
    assert sealed.casework.search(ask_with(sealed, 5)).n_subjects == 3


@pytest.mark.row("REF-09", "ENG-09")
def test_in_another_case_nobody_notices_that_it_is_the_same_person(sealed: Scene):
    sealed.casework = replace(sealed.casework, reference="CASE/2026/0999")

    assert sealed.casework.search(ask_with(sealed, SOUGHT)).n_subjects == 3
