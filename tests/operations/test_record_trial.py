from datetime import date, timedelta

import pytest

from countersign.errors import Conflict, NotFound
from countersign.governance.known_trial import KnownTrial
from countersign.governance.permission import Permission
from countersign.operations.record_trial import RecordTrial, record_trial
from countersign.primitives.ids import PersonId
from tests.operations.scene import START, Scene, check_refused

ASSESS = Permission.PERSON_ASSESS
TODAY = START.date()


def assess(
    scene: Scene, name: str = "examiner", *, trial: str = "T/1", on: date = TODAY, who: str = "oversight"
) -> KnownTrial:
    examiner = scene.person(name).id if name else PersonId("nobody")
    arguments = RecordTrial(trial=trial, examiner=examiner, mated=False, supported=True, held_on=on)
    return scene.force.do(who, ASSESS, record_trial, arguments)


@pytest.mark.row("REV-10")
def test_a_result_is_kept_and_names_nobody_in_the_clear(founded: Scene):
    trial = assess(founded)
    entry = founded.last()
    assert (entry.kind, dict(entry.facts)) == ("person.assessed", {"mated": "no", "supported": "yes"})
    with founded.reading() as work:
        assert work.trials.where(examiner=trial.examiner) == [trial]


def test_one_trial_twice_is_refused(founded: Scene):
    assess(founded)
    with check_refused(founded, ASSESS, "row_taken", family=Conflict):
        assess(founded)


def test_who_examines_nothing_is_refused(founded: Scene):
    with check_refused(founded, ASSESS, "not_an_examiner"):
        assess(founded, "requester")


def test_a_trial_of_tomorrow_is_refused(founded: Scene):
    with check_refused(founded, ASSESS, "trial_in_future"):
        assess(founded, on=TODAY + timedelta(days=1))


def test_nobody_known_is_refused(founded: Scene):
    with check_refused(founded, ASSESS, "row_missing", family=NotFound):
        assess(founded, "")


def test_people_who_are_not_independent_are_refused(founded: Scene):
    with check_refused(founded, ASSESS, "not_permitted", spoke="policy"):
        assess(founded, who="operator")
