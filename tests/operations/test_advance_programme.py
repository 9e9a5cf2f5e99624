from datetime import timedelta

import pytest

from countersign.cli.demonstration.documents import documents
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeKind, ProgrammeState
from countersign.operations.record_trial import RecordTrial, record_trial
from tests.fakes_governance import CONTENT
from tests.operations.scene import Scene, check_refused

ADVANCE = Permission.PROGRAMME_ADVANCE


def submit(scene: Scene, kind: ArtefactType, *, days: int = 150) -> None:
    due = scene.clock.now() + timedelta(days=days)
    content = documents(ProgrammeKind.TEST, scene.engine.extractor, due.date())[kind]
    scene.force.submit(kind, content, review_by=due)


def test_each_step_is_an_entry_from_state_to_state(founded: Scene):
    submit(founded, ArtefactType.DPIA)
    founded.force.advance(ProgrammeState.DPIA_APPROVED, "controller")

    entry = founded.last()
    assert (entry.kind, dict(entry.facts)) == (
        "programme.state",
        {"from": "proposed", "to": "dpia_approved", "reason": "decided"},
    )
    with founded.reading() as work:
        assert work.programmes.where()[0].state is ProgrammeState.DPIA_APPROVED


def test_a_step_without_its_document_is_refused(founded: Scene):
    with check_refused(founded, ADVANCE, "artefact_missing") as raised:
        founded.force.advance(ProgrammeState.DPIA_APPROVED, "controller")
    assert "dpia" in str(raised.value)


@pytest.mark.row("GOV-06")
def test_a_programme_without_an_ethics_opinion_is_refused(founded: Scene):
    submit(founded, ArtefactType.DPIA)
    founded.force.advance(ProgrammeState.DPIA_APPROVED, "controller")

    with check_refused(founded, ADVANCE, "artefact_missing") as raised:
        founded.force.advance(ProgrammeState.ETHICS_REVIEWED, "oversight")
    assert "ethics_opinion" in str(raised.value)


@pytest.mark.row("GOV-01")
def test_a_step_on_an_expired_document_is_refused(founded: Scene):
    submit(founded, ArtefactType.DPIA, days=10)
    founded.clock.advance(timedelta(days=11))

    with check_refused(founded, ADVANCE, "artefact_expired"):
        founded.force.advance(ProgrammeState.DPIA_APPROVED, "controller")


def test_a_step_by_another_signer_is_refused(founded: Scene):
    submit(founded, ArtefactType.DPIA)

    with check_refused(founded, ADVANCE, "transition_role"):
        founded.force.advance(ProgrammeState.DPIA_APPROVED, "dpo")


def test_a_leap_is_refused(founded: Scene):
    with check_refused(founded, ADVANCE, "transition"):
        founded.force.advance(ProgrammeState.PILOT, "oversight")


@pytest.mark.parametrize("who", ["operator", "officer"])
def test_people_who_do_not_sign_for_the_programme_are_refused(founded: Scene, who: str):
    with check_refused(founded, ADVANCE, "not_permitted", spoke="policy"):
        founded.force.advance(ProgrammeState.DPIA_APPROVED, who)


def evaluate(scene: Scene, mated: int, non_mated: int) -> None:
    """Sign an evaluation of the pilot that says so many trials were held."""
    plan = documents(ProgrammeKind.TEST, scene.engine.extractor, scene.clock.now().date())[ArtefactType.PILOT_PLAN]
    measures = plan["measures"]
    assert isinstance(measures, list)
    content = {
        **CONTENT[ArtefactType.PILOT_EVALUATION],
        "measured": [{"measure": one, "finding": "as hoped"} for one in measures],
        "joint_trial": {"mated": mated, "found": mated, "non_mated": non_mated, "false_leads": 0},
    }
    due = scene.clock.now() + timedelta(days=150)
    scene.force.submit(ArtefactType.PILOT_EVALUATION, content, review_by=due)


def hold_trial(scene: Scene, name: str, *, mated: bool) -> None:
    arguments = RecordTrial(
        trial=name,
        examiner=scene.person("examiner").id,
        mated=mated,
        supported=mated,
        held_on=scene.clock.now().date(),
    )
    scene.force.do("oversight", Permission.PERSON_ASSESS, record_trial, arguments)


@pytest.mark.row("EQV-10")
def test_going_on_from_a_pilot_in_which_people_and_engine_were_not_jointly_tested_is_refused(pilot: Scene):
    evaluate(pilot, 1, 1)
    with check_refused(pilot, ADVANCE, "joint_trial_other"):
        pilot.force.advance(ProgrammeState.OPERATIONAL, "oversight")

    hold_trial(pilot, "one", mated=True)
    evaluate(pilot, 1, 0)
    with check_refused(pilot, ADVANCE, "joint_trial_small"):
        pilot.force.advance(ProgrammeState.OPERATIONAL, "oversight")

    hold_trial(pilot, "two", mated=False)
    evaluate(pilot, 1, 1)
    pilot.force.advance(ProgrammeState.OPERATIONAL, "oversight")
    with pilot.reading() as work:
        assert work.programmes.where()[0].state is ProgrammeState.OPERATIONAL
