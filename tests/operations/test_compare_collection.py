from dataclasses import replace
from typing import Any

import pytest

from countersign.governance.permission import Permission
from countersign.operations import compare_collection as module
from countersign.operations.compare_collection import (
    CompareCollection,
    ComparedCollection,
    IdentityDoubt,
    Pictured,
    compare_collection,
)
from countersign.search.resemblance import Doubt, doubts
from tests.fakes import Face
from tests.operations.scene import SOUGHT, VIEWS, Scene, check_refused

COMPARE = Permission.COLLECTION_COMPARE


def compare(scene: Scene, who: str = "owner") -> ComparedCollection:
    return scene.force.do(who, COMPARE, compare_collection, CompareCollection(collection=scene.ids.collection))


def enrol(scene: Scene, **pictures: Face) -> None:
    """Enrol pictures named ``subject_file`` beside those that are there."""
    for name, face in pictures.items():
        scene.draw(f"more/{name.replace('_', '/')}.png", face)
    scene.force.enrol(scene.ids.collection, scene.folder / "pictures" / "more")


def pictured(subject: str, file: str) -> Pictured:
    return Pictured(subject=subject, custody_record=f"{subject}/folder", file=f"{file}.png")


def places(doubts: tuple[IdentityDoubt, ...]) -> list[tuple[str, Pictured, Pictured | None]]:
    return [(str(one.kind), one.reference, one.resembles) for one in doubts]


def test_a_collection_in_which_everybody_is_somebody_else_raises_no_doubt(enrolled: Scene):
    found = compare(enrolled)

    assert (found.subjects, found.templates, found.doubts, found.left_off) == (len(VIEWS), sum(VIEWS.values()), (), 0)
    assert found.alike > found.unlike > 0


@pytest.mark.row("REF-12")
def test_a_planted_swap_and_a_person_enrolled_twice_are_told_and_nothing_is_changed(enrolled: Scene):
    enrol(
        enrolled,
        right_a=Face(person=30, view=1),
        right_b=Face(person=30, view=2),
        right_swapped=Face(person=3, view=3),
        again_a=Face(person=5, view=4),
    )
    before, seq = enrolled.state(), len(enrolled.entries())

    found = compare(enrolled)

    assert places(found.doubts) == [
        ("swapped", pictured("right", "swapped"), pictured("3", "1")),
        ("duplicate", *sorted((pictured("again", "a"), pictured("5", "1")), key=lambda one: before_of(enrolled, one))),
    ]
    assert all(one.score >= found.alike for one in found.doubts)
    assert enrolled.state() == before
    (entry,) = enrolled.entries(seq)
    facts = dict(entry.facts)
    assert (entry.kind, facts["swapped"], facts["duplicate"], facts["unlike_own"]) == ("collection.compared", 1, 1, 0)


def before_of(scene: Scene, one: Pictured) -> str:
    """Give what rows are ordered by: the id of the subject, which is drawn anew for each scene."""
    with scene.reading() as work:
        return next(subject.id for subject in work.subjects.where() if subject.external_id == one.subject)


def test_a_picture_of_nobody_else_among_those_of_one_subject_is_told(enrolled: Scene):
    enrol(enrolled, mixed_a=Face(person=40, view=1), mixed_b=Face(person=40, view=2), mixed_odd=Face(person=41))

    found = compare(enrolled)

    assert places(found.doubts) == [("unlike_own", pictured("mixed", "odd"), None)]
    assert found.doubts[0].score < found.unlike


def test_only_what_can_be_searched_is_compared(enrolled: Scene):
    enrol(enrolled, again_a=Face(person=SOUGHT, view=4))
    with enrolled.altering() as work:
        (again,) = (one for one in work.subjects.where() if one.external_id == "again")
        (template,) = work.templates.where(subject=again.id)
        work.templates.replace(replace(template, searchable=False))

    assert compare(enrolled).doubts == ()


def test_of_many_doubts_the_first_are_told_and_all_are_counted(enrolled: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST", 1)
    enrol(enrolled, again_a=Face(person=3, view=4), twice_a=Face(person=5, view=4))

    found = compare(enrolled)

    assert (len(found.doubts), found.left_off) == (1, 1)
    assert enrolled.last().facts["duplicate"] == 2


def test_a_collection_that_changes_while_it_is_compared_is_compared_again(
    enrolled: Scene, monkeypatch: pytest.MonkeyPatch
):
    def meanwhile(*given: Any, **numbers: Any) -> tuple[Doubt, ...]:
        enrol(enrolled, new_a=Face(person=50))
        return doubts(*given, **numbers)

    monkeypatch.setattr(module, "doubts", meanwhile)
    with pytest.raises(module.CollectionChangedError, match="expected the collection as it was compared, got a change"):
        compare(enrolled)

    assert dict(enrolled.last().facts)["reason"] == "collection_changed"


def test_comparing_by_people_without_the_role_is_refused(enrolled: Scene):
    with check_refused(enrolled, COMPARE, "not_permitted", spoke="policy"):
        compare(enrolled, "operator")
