from datetime import timedelta

import pytest

from countersign.cli.demonstration.documents import documents
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeKind, ProgrammeState
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
