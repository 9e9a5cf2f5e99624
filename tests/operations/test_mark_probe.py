from dataclasses import replace

import pytest

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.operations.mark_probe import MarkedFace, MarkProbe, mark_probe
from countersign.primitives.ids import ExhibitId
from countersign.search.fusion import still_weight
from countersign.search.probe import Probe
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, Scene, check_refused

MARK = Permission.EXHIBIT_MARK


def mark(scene: Scene, *faces: MarkedFace, reason: str = "the person at the till", who: str = "requester") -> Probe:
    return scene.force.do(who, MARK, mark_probe, MarkProbe(reason=reason, faces=faces))


def face(exhibit: ExhibitId, number: int = 1, basis: str = "") -> MarkedFace:
    return MarkedFace(exhibit=exhibit, number=number, same_person_basis=basis)


def another(scene: Scene, reference: str = "CASE/2026/0117") -> ExhibitId:
    casework = replace(scene.casework, reference=reference)
    exhibit = casework.seal(scene.draw("another.png", Face(person=7, view=8)), taken=LONG_AGO).id
    casework.locate(exhibit)
    return exhibit


def test_a_probe_is_one_persons_stills_weighted_by_quality(marked: Scene):
    probe = mark(marked, face(marked.ids.exhibit), face(another(marked), basis="the same coat"))

    assert [still.weight for still in probe.stills] == [still_weight(204 / 255, 8), still_weight(230 / 255, 8)]
    entry = marked.last()
    assert (entry.kind, dict(entry.facts)) == ("probe.marked", {"stills": 2})
    assert "probe" in entry.commit
    assert marked.engine.described == 0


def test_a_probe_without_a_face_is_refused(marked: Scene):
    with check_refused(marked, MARK, "probe_stills", family=Invalid):
        mark(marked)


def test_a_probe_without_a_reason_is_refused(marked: Scene):
    with check_refused(marked, MARK, "probe_stills", family=Invalid):
        mark(marked, face(marked.ids.exhibit), reason=" ")


@pytest.mark.row("LFR-04", "PRB-03")
def test_two_faces_of_one_exhibit_are_refused(marked: Scene):
    with check_refused(marked, MARK, "probe_stills", family=Invalid):
        mark(marked, face(marked.ids.exhibit), face(marked.ids.exhibit, basis="twins"))


def test_a_further_still_without_a_basis_is_refused(marked: Scene):
    further = another(marked)

    with check_refused(marked, MARK, "probe_stills", family=Invalid):
        mark(marked, face(marked.ids.exhibit), face(further, basis=" "))


@pytest.mark.row("ENG-09")
def test_stills_of_two_cases_are_refused(marked: Scene):
    elsewhere = another(marked, "CASE/other")

    with check_refused(marked, MARK, "probe_stills", family=Invalid):
        mark(marked, face(marked.ids.exhibit), face(elsewhere, basis="the same coat"))


@pytest.mark.parametrize("number", [0, 2])
def test_a_number_that_no_face_has_is_refused(marked: Scene, number: int):
    with check_refused(marked, MARK, "probe_stills", family=Invalid) as raised:
        mark(marked, face(marked.ids.exhibit, number))
    assert f"1 located faces, got {number}" in str(raised.value)


def faint(scene: Scene, quality: float) -> ExhibitId:
    exhibit = scene.casework.seal(scene.draw("faint.png", Face(person=7, quality=quality)), taken=LONG_AGO).id
    scene.casework.locate(exhibit)
    return exhibit


@pytest.mark.row("PRB-05")
def test_a_still_below_a_hard_floor_of_quality_is_refused_by_its_component(marked: Scene):
    exhibit = faint(marked, 0.1)

    with check_refused(marked, MARK, "quality_floor") as raised:
        mark(marked, replace(face(exhibit), quality_note="the only still there is"))
    assert "unified of at least 15 of 100, got 10.2" in str(raised.value)


@pytest.mark.row("PRB-05")
def test_a_still_below_a_soft_floor_is_taken_with_a_note_that_stays_with_it(marked: Scene):
    exhibit = faint(marked, 0.4)

    with check_refused(marked, MARK, "quality_note"):
        mark(marked, face(exhibit))
    probe = mark(marked, replace(face(exhibit), quality_note="the only still there is"))
    assert probe.stills[0].quality_note == "the only still there is"


def test_people_outside_casework_are_refused(marked: Scene):
    with check_refused(marked, MARK, "not_permitted", spoke="policy"):
        mark(marked, face(marked.ids.exhibit), who="examiner")
