import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from countersign.cli.demonstration.documents import documents
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import shipped
from countersign.governance.programme import ArtefactType, ProgrammeKind, ProgrammeState
from countersign.governance.signature import generate
from countersign.operations.sign_document import sign_document
from countersign.operations.submit_artefact import SignedDocument, SubmitArtefact, submit_artefact
from tests.operations.scene import Scene, check_refused

SUBMIT = Permission.PROGRAMME_SUBMIT
CONTROLLER = "controller"


def dpia(scene: Scene, signer: str = CONTROLLER, **changes: object) -> SignedDocument:
    due = (scene.clock.now() + timedelta(days=30)).date()
    content = {**documents(ProgrammeKind.TEST, scene.engine.extractor, due)[ArtefactType.DPIA], **changes}
    return sign_document(ArtefactType.DPIA, "2", content, review_by=due, key=scene.keys[signer], clock=scene.clock)


def pack(scene: Scene, name: Literal["test", "demonstration"] = "test", **changes: object) -> SignedDocument:
    content = {**tomllib.loads(shipped(name)), **changes}
    due = (scene.clock.now() + timedelta(days=30)).date()
    key = scene.keys[CONTROLLER]
    return sign_document(ArtefactType.POLICY_PACK, "2", content, review_by=due, key=key, clock=scene.clock)


def submit(scene: Scene, document: SignedDocument, who: str = CONTROLLER) -> None:
    scene.force.do(who, SUBMIT, submit_artefact, SubmitArtefact(document=document))


def test_a_document_takes_the_place_of_its_predecessor(pilot: Scene):
    submit(pilot, dpia(pilot))

    entry = pilot.last()
    assert (entry.kind, dict(entry.facts)) == ("programme.artefact", {"type": "dpia", "review_days": 30})
    with pilot.reading() as work:
        versions = [(one.version, one.current) for one in work.artefacts.where(type=ArtefactType.DPIA)]
    assert versions == [("1", False), ("2", True)]


def test_a_pack_for_this_kind_and_law_is_taken_in(pilot: Scene):
    submit(pilot, pack(pilot))

    assert pilot.last().facts["type"] == "policy_pack"


def test_a_document_by_a_key_nobody_registered_is_refused(pilot: Scene):
    pilot.keys["stranger"] = generate()

    with check_refused(pilot, SUBMIT, "signature"):
        submit(pilot, dpia(pilot, "stranger"))


def test_a_document_by_the_wrong_role_is_refused(pilot: Scene):
    with check_refused(pilot, SUBMIT, "signer_role"):
        submit(pilot, dpia(pilot, "oversight"))


@pytest.mark.row("GOV-01")
def test_a_document_that_was_altered_after_signing_is_refused(pilot: Scene):
    altered = replace(dpia(pilot), content=dpia(pilot, measures="none at all").content)

    with check_refused(pilot, SUBMIT, "signature"):
        submit(pilot, altered)


@pytest.mark.row("GOV-01", "GOV-07")
def test_a_document_past_its_review_date_is_refused(pilot: Scene):
    document = dpia(pilot)
    pilot.clock.advance(timedelta(days=31))

    with check_refused(pilot, SUBMIT, "artefact_dates"):
        submit(pilot, document)


def test_a_document_with_an_empty_part_is_refused(pilot: Scene):
    with check_refused(pilot, SUBMIT, "artefact_content"):
        submit(pilot, dpia(pilot, measures=" "))


def test_a_document_that_lacks_a_part_is_refused(pilot: Scene):
    with check_refused(pilot, SUBMIT, "artefact_content"):
        submit(pilot, dpia(pilot, residual_risk="unheard of"))


def test_a_pack_of_another_kind_is_refused(pilot: Scene):
    with check_refused(pilot, SUBMIT, "pack_kind"):
        submit(pilot, pack(pilot, "demonstration"))


def test_a_pack_of_another_law_is_refused(pilot: Scene):
    with check_refused(pilot, SUBMIT, "pack_jurisdiction"):
        submit(pilot, pack(pilot, jurisdictions=["eu"]))


def test_a_pack_that_leaves_something_open_is_refused(pilot: Scene):
    with check_refused(pilot, SUBMIT, "artefact_content"):
        submit(pilot, pack(pilot, purposes=[{"code": "other", "title": "Other purposes"}]))


def test_people_who_do_not_sign_for_the_programme_are_refused(pilot: Scene):
    with check_refused(pilot, SUBMIT, "not_permitted", spoke="policy"):
        submit(pilot, dpia(pilot), "operator")


def test_a_document_older_than_the_one_in_force_is_refused(pilot: Scene):
    older = pack(pilot)
    pilot.clock.advance(timedelta(minutes=1))
    pilot.force.do(CONTROLLER, SUBMIT, submit_artefact, SubmitArtefact(document=pack(pilot)))

    with check_refused(pilot, SUBMIT, "artefact_older"):
        pilot.force.do(CONTROLLER, SUBMIT, submit_artefact, SubmitArtefact(document=older))


def state(scene: Scene) -> ProgrammeState:
    with scene.reading() as work:
        return work.programmes.where()[0].state


WHY = "The laboratory measured the lower threshold and found fewer people missed."


def lower(scene: Scene, by: int, why: str = WHY) -> SignedDocument:
    points = tomllib.loads(shipped("test"))["operating_points"]
    points["strict"]["1"] -= by
    return pack(scene, operating_points=points, change_reason=why)


@pytest.mark.row("GOV-11", "EQV-03")
def test_a_threshold_that_changes_alone_suspends_until_everything_it_touches_is_signed_again(pilot: Scene):
    pilot.clock.advance(timedelta(minutes=1))
    submit(pilot, lower(pilot, 1))

    assert state(pilot) is ProgrammeState.SUSPENDED
    assert dict(pilot.last().facts) == {"from": "pilot", "to": "suspended", "reason": "approval_reopened"}
    pilot.force.submit(ArtefactType.LIFT_DECISION, {"cause": "a threshold changed", "mended": "nothing yet"})
    with check_refused(pilot, Permission.PROGRAMME_ADVANCE, "approval_reopened"):
        pilot.force.advance(ProgrammeState.PILOT, "oversight")

    due = pilot.clock.now() + timedelta(days=100)
    contents = documents(ProgrammeKind.TEST, pilot.engine.extractor, due.date())
    for kind in (
        *(ArtefactType.DPIA, ArtefactType.ETHICS_OPINION, ArtefactType.VALIDATION, ArtefactType.EQUALITY_DECISION),
        ArtefactType.RIGHTS_ASSESSMENT,
    ):
        pilot.force.submit(kind, contents[kind], review_by=due)
    pilot.force.advance(ProgrammeState.PILOT, "oversight")
    assert state(pilot) is ProgrammeState.PILOT


@pytest.mark.row("EQV-03")
def test_a_threshold_changed_without_a_public_reason_is_refused(pilot: Scene):
    with check_refused(pilot, SUBMIT, "change_reason"):
        submit(pilot, lower(pilot, 1, why="quicker"))


@pytest.mark.row("EQV-03")
def test_an_old_threshold_that_comes_back_without_a_reason_and_new_approvals_is_refused(pilot: Scene):
    pilot.clock.advance(timedelta(minutes=1))
    submit(pilot, lower(pilot, 1))
    pilot.force.submit(ArtefactType.LIFT_DECISION, {"cause": "a threshold changed", "mended": "it was taken back"})
    pilot.clock.advance(timedelta(minutes=1))
    with check_refused(pilot, SUBMIT, "change_reason"):
        submit(pilot, pack(pilot))
    submit(pilot, pack(pilot, change_reason=WHY))

    with check_refused(pilot, Permission.PROGRAMME_ADVANCE, "approval_reopened"):
        pilot.force.advance(ProgrammeState.PILOT, "oversight")


@pytest.mark.row("GOV-11")
def test_a_change_that_touches_no_approval_suspends_nothing(pilot: Scene):
    pilot.clock.advance(timedelta(minutes=1))
    submit(pilot, pack(pilot, minimum_imagery_age_h=48))

    assert state(pilot) is ProgrammeState.PILOT


@pytest.mark.row("GOV-03")
def test_a_new_high_risk_suspends_at_once(pilot: Scene):
    pilot.clock.advance(timedelta(minutes=1))
    submit(pilot, dpia(pilot, residual_risk="high"))

    assert state(pilot) is ProgrammeState.SUSPENDED
    assert pilot.last().facts["reason"] == "consultation_owed"
    pilot.force.submit(ArtefactType.LIFT_DECISION, {"cause": "a high risk", "mended": "it was thought about"})
    with check_refused(pilot, Permission.PROGRAMME_ADVANCE, "consultation_owed"):
        pilot.force.advance(ProgrammeState.PILOT, "oversight")
    pilot.force.submit(ArtefactType.CONSULTATION_ADVICE, {"kind": "advice", "text": "go on with these measures"})
    pilot.force.advance(ProgrammeState.PILOT, "oversight")
    assert state(pilot) is ProgrammeState.PILOT
