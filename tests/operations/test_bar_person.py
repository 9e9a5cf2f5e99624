from dataclasses import replace

import pytest

from countersign.governance.actor import Person, Role
from countersign.governance.permission import Permission
from countersign.operations.bar_person import BarPerson, BarReason, bar_person
from tests.operations.scene import Scene, check_refused

BAR = Permission.PERSON_BAR


def bar(scene: Scene, person: str, who: str = "supervisor") -> Person:
    if "supervisor" not in scene.keys:
        scene.hire("supervisor", Role.SUPERVISOR)
    arguments = BarPerson(person=scene.person(person).id, reason=BarReason.KEY_LOST)
    return scene.force.do(who, BAR, bar_person, arguments)


@pytest.mark.row("P-15")
def test_nothing_that_a_barred_person_signs_is_done(sealed: Scene):
    assert bar(sealed, "operator").barred_by == sealed.person("supervisor").id
    entry = sealed.last()
    assert (entry.kind, dict(entry.facts)) == ("person.barred", {"reason": "key_lost"})

    with check_refused(sealed, Permission.REVIEW_OPEN, "barred"):
        sealed.casework.open(sealed.ids.request, "operator")


def test_a_signer_oneself_and_whoever_is_barred_are_refused(pilot: Scene):
    pilot.hire("supervisor", Role.SUPERVISOR)
    with check_refused(pilot, BAR, "own_bar"):
        bar(pilot, "supervisor")
    with check_refused(pilot, BAR, "signer_barred"):
        bar(pilot, "dpo")
    bar(pilot, "examiner")
    with check_refused(pilot, BAR, "barred_already"):
        bar(pilot, "examiner", "dpo")


def test_a_supervisor_is_refused_other_organisations_people_and_the_controller_is_not(pilot: Scene):
    pilot.hire("supervisor", Role.SUPERVISOR)
    with pilot.altering() as work:
        person = work.people.get(pilot.person("examiner").id)
        work.people.replace(replace(person, organisation="Another Constabulary"))
    with check_refused(pilot, BAR, "other_organisation"):
        bar(pilot, "examiner")
    assert bar(pilot, "examiner", Role.CONTROLLER).barred_at


def test_whoever_answers_for_nobody_is_refused(pilot: Scene):
    pilot.hire("supervisor", Role.SUPERVISOR)
    with check_refused(pilot, BAR, "not_permitted", spoke="policy"):
        bar(pilot, "examiner", "administrator")
