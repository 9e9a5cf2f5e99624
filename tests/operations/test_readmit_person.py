from countersign.governance.actor import Person, Role
from countersign.governance.permission import Permission
from countersign.operations.bar_person import BarPerson, BarReason, bar_person
from countersign.operations.readmit_person import ReadmitPerson, ReadmitReason, readmit_person
from tests.operations.scene import Scene, check_refused

READMIT = Permission.PERSON_READMIT


def readmit(scene: Scene, person: str, who: str) -> Person:
    arguments = ReadmitPerson(person=scene.person(person).id, reason=ReadmitReason.CLEARED)
    return scene.force.do(who, READMIT, readmit_person, arguments)


def test_somebody_else_readmits_and_they_act_again(sealed: Scene):
    sealed.hire("supervisor", Role.SUPERVISOR)
    barring = BarPerson(person=sealed.person("operator").id, reason=BarReason.UNDER_INQUIRY)
    sealed.force.do("supervisor", Permission.PERSON_BAR, bar_person, barring)
    with check_refused(sealed, READMIT, "own_bar"):
        readmit(sealed, "operator", "supervisor")

    assert readmit(sealed, "operator", Role.CONTROLLER).barred_by is None
    assert dict(sealed.last().facts) == {"reason": "cleared"}
    assert sealed.casework.open(sealed.ids.request, "operator").review.position == "first"


def test_whom_nobody_barred_and_whoever_answers_for_nobody_are_refused(pilot: Scene):
    with check_refused(pilot, READMIT, "not_barred"):
        readmit(pilot, "examiner", Role.DPO)
    with check_refused(pilot, READMIT, "not_permitted", spoke="policy"):
        readmit(pilot, "examiner", "officer")
