from countersign.governance.overlay import Ground, Overlay, OverlayKind
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeState
from countersign.operations.export_ledger import ExportLedger, LogPurpose, export_ledger
from tests.operations.scene import Scene, check_refused

ADVANCE = Permission.PROGRAMME_ADVANCE
ENDING = {"reason": "the benefit ended", "kept": "the log and its proofs"}


def end(scene: Scene) -> None:
    scene.force.advance(ProgrammeState.DECOMMISSIONED, "controller")


def test_the_end_of_use_destroys_every_key_but_peoples_and_keeps_log_and_proofs(supported: Scene):
    supported.force.submit(ArtefactType.CESSATION_DECISION, ENDING)
    size = len(supported.entries())

    end(supported)

    ended, state = supported.entries(size)
    assert (ended.kind, state.facts["to"]) == ("programme.ended", "decommissioned")
    assert ended.facts["openings"]
    kept = supported.state()
    with supported.reading() as work:
        people = {one.key for one in work.people.where()}
        assert people
        assert all(work.keys.exists(key) for key in people)
        assert not work.templates.where()
    assert {row[0] for row in kept["record_key"]} == people
    assert kept["blobs"] == []
    given = ExportLedger(folder=str(supported.folder / "export"), justification=LogPurpose.INTEGRITY)
    supported.force.do("dpo", Permission.LEDGER_EXPORT, export_ledger, given)
    assert list((supported.folder / "export").iterdir())


def test_the_end_of_use_without_the_other_persons_decision_is_refused(supported: Scene):
    with check_refused(supported, ADVANCE, "artefact_missing"):
        end(supported)


def test_before_anything_is_held_there_is_nothing_to_destroy(founded: Scene):
    founded.force.submit(ArtefactType.CESSATION_DECISION, ENDING)
    size = len(founded.entries())

    end(founded)

    assert dict(founded.entries(size)[0].facts) == {"keys": 0, "blobs": 0, "openings": 0}


def test_the_end_of_use_is_refused_while_a_disclosure_hold_lies(supported: Scene):
    supported.force.submit(ArtefactType.CESSATION_DECISION, ENDING)
    with supported.altering() as work:
        request = work.requests.get(supported.ids.request)
        work.overlays.add(
            Overlay(
                id="hold",
                request=request.id,
                case=request.case,
                key=request.key,
                kind=OverlayKind.DISCLOSURE_HOLD,
                ground=Ground.APPEAL,
                reason="the appeal is not over",
                laid_by=supported.person("owner").id,
                laid_at=supported.clock.now(),
                review_by=supported.clock.now().date(),
            )
        )

    with check_refused(supported, ADVANCE, "disclosure_hold"):
        end(supported)
