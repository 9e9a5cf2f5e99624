"""Rules A1 to A9 at work: what trips stays stopped, though the search that tripped it is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.governance import policy_pack
from countersign.governance.actor import Rank, Role
from countersign.governance.anomalies import Anomaly, Effect, SearchTrace
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import RELAXATIONS, Relaxation
from countersign.governance.programme import ProgrammeKind
from countersign.governance.register import LegalStatus
from countersign.governance.request import FurtherGround, RequestState
from countersign.operations.anomaly_watch import AnomalyError, look_back, remember_excluded
from countersign.operations.lift_block import LiftBlock, LiftReason, lift_block
from countersign.operations.read_anomalies import ReadAnomalies, read_anomalies
from countersign.operations.turn import Turn
from countersign.primitives.ids import CaseId, RunId, new_id
from tests.fakes import Face
from tests.operations.scene import SOUGHT, Scene
from tests.operations.timed import pass_time

DAY = timedelta(days=1)
LOOKED = "I spoke to the unit; the four stills are of one robbery with five offenders."


@pytest.fixture
def strict(authorised: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Let the rules speak in a test programme as they do in production, from the authorisation on."""
    rules = {Relaxation.NO_RATE_RULES, Relaxation.NO_ADDITION_DELAY}
    monkeypatch.setattr(
        policy_pack, "RELAXATIONS", {**RELAXATIONS, ProgrammeKind.TEST: RELAXATIONS[ProgrammeKind.TEST] - rules}
    )
    return authorised


def searched_before(scene: Scene, count: int, **changed: object) -> None:
    """Leave traces of so many searches like the one of the scene, in other cases, a day apart."""
    run = scene.casework.search(scene.ids.request).id
    with scene.altering() as work:
        trace: SearchTrace = work.traces.get(run)
        for place in range(count):
            alike = {"id": new_id(), "case": CaseId(new_id()), "started_at": trace.started_at - DAY * (place + 1)}
            work.traces.add(replace(trace, **{**alike, **changed}))  # type: ignore[arg-type]


def again(scene: Scene) -> None:
    scene.clock.advance(timedelta(hours=25))
    still = scene.draw("again.png", Face(person=SOUGHT, view=11, quality=0.8))
    exhibit = scene.casework.seal(still, taken=scene.clock.now() - 10 * DAY, number="CTV/2").id
    scene.casework.locate(exhibit)
    form = replace(FORM, further_ground=FurtherGround.NEW_MATERIAL)
    request = scene.casework.ask(scene.casework.mark([(exhibit, 1)]).id, scene.ids.collection, form)
    scene.casework.search(request)


@pytest.mark.row("LFR-06", "ENG-08")
def test_a_search_too_many_from_one_camera_is_refused_and_the_source_stays_suspended(strict: Scene):
    searched_before(strict, 3, captured=(strict.clock.now() - 9 * DAY,))
    with strict.altering() as work:
        for trace in work.traces.where():
            work.traces.replace(replace(trace, captured=(strict.clock.now() - 9 * DAY,)))

    with pytest.raises(AnomalyError, match="rule A2: suspend_source") as refused:
        again(strict)

    assert refused.value.code == "anomaly_a2"
    kinds = [entry.kind for entry in strict.entries()]
    assert kinds[-1] == "denied"
    assert "anomaly.tripped" in kinds
    *_, block = strict.force.do(Role.DPO, Permission.ANOMALY_READ, read_anomalies, ReadAnomalies())
    assert (block.rule, block.effect) == (Anomaly.A2_CAMERA, Effect.SUSPEND_SOURCE)

    with strict.reading() as work:
        (waiting,) = work.requests.where(state=RequestState.AUTHORISED)
    with pytest.raises(AnomalyError):
        strict.casework.search(waiting.id)
    arguments = LiftBlock(block=block.id, reason=LiftReason.EXPLAINED, explanation=LOOKED)
    strict.force.do(Role.OVERSIGHT, Permission.ANOMALY_LIFT, lift_block, arguments)
    with strict.altering() as work:
        for trace in work.traces.where():
            work.traces.remove(trace.id)
    assert strict.casework.search(waiting.id).n_subjects == 3


@pytest.mark.row("LFR-06")
def test_a_record_that_came_in_for_the_occasion_is_dropped_from_the_list_and_told(strict: Scene):
    run = strict.casework.search(strict.ids.request)

    with strict.reading() as work:
        assert work.lists.get(run.id).candidates == ()
        assert work.traces.get(run.id).listed == ()
    assert "anomaly.tripped" in [entry.kind for entry in strict.entries()]


def test_what_waited_long_enough_is_listed_and_remembered_by_a_keyed_id(strict: Scene):
    strict.clock.advance(timedelta(hours=24))
    run = strict.casework.search(strict.ids.request)

    with strict.reading() as work:
        (candidate,) = work.lists.get(run.id).candidates
        (listed,) = work.traces.get(run.id).listed
    assert candidate.rank == 1
    assert candidate.subject not in listed


@pytest.mark.row("LFR-06")
def test_the_clock_hides_a_record_that_examiners_excluded_in_case_after_case(strict: Scene):
    strict.clock.advance(timedelta(hours=24))
    run = strict.casework.search(strict.ids.request)
    with strict.reading() as work:
        (candidate,) = work.lists.get(run.id).candidates
        (listed,) = work.traces.get(run.id).listed
    with strict.altering() as work:
        for place in range(5):
            more = replace(work.traces.get(run.id), id=new_id(), case=CaseId(str(place)), excluded=(listed,))
            work.traces.add(more)

    assert pass_time(strict, look_back) == 1
    assert pass_time(strict, look_back) == 0
    with strict.reading() as work:
        hidden = work.records.where(subject=candidate.subject)
        assert {(one.status, one.searchable) for one in hidden} == {(LegalStatus.UNKNOWN, False)}
        assert len(work.records.where(searchable=True)) == 2
    assert str(SOUGHT) not in str(strict.entries()[-1].facts)


def test_a_record_that_recurs_and_was_supported_is_told_and_stays(strict: Scene):
    strict.clock.advance(timedelta(hours=24))
    searched_before(strict, 5, listed=("keyed",))

    assert pass_time(strict, look_back) == 1
    with strict.reading() as work:
        assert len(work.records.where(searchable=True)) == 3
        assert [one.effect for one in work.blocks.where()][-1] is Effect.ALERT


@pytest.mark.row("LFR-06")
def test_the_clock_tells_of_young_imagery_once_and_forgets_after_ninety_days(strict: Scene):
    searched_before(strict, 2, age_hours=30)

    assert pass_time(strict, look_back) == 1
    assert pass_time(strict, look_back) == 0
    strict.clock.advance(91 * DAY)
    pass_time(strict, look_back)
    with strict.reading() as work:
        assert work.traces.where() == []


def test_whom_no_examiner_supported_is_remembered_with_the_search(strict: Scene):
    run = strict.casework.search(strict.ids.request).id

    def remember(turn: Turn) -> int:
        remember_excluded(turn, run, [one.id for one in turn.work.subjects.where()])
        return len(turn.work.traces.get(run).excluded)

    assert pass_time(strict, remember) >= 1


def test_what_was_excluded_after_its_search_was_forgotten_is_not_remembered(strict: Scene):
    def remember(turn: Turn) -> int:
        remember_excluded(turn, RunId("gone"), ())
        return len(turn.work.traces.where())

    assert pass_time(strict, remember) == 0


def test_a_programme_that_is_relaxed_counts_nothing(strict: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(policy_pack, "RELAXATIONS", RELAXATIONS)
    searched_before(strict, 30, age_hours=30)

    assert pass_time(strict, look_back) == 0
    again(strict)


def test_a_search_that_is_given_up_leaves_no_trace(strict: Scene):
    strict.hire("second", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT)

    def suspend() -> None:
        with strict.altering() as work:
            programme = work.programmes.get("programme")
            work.programmes.replace(replace(programme, state="suspended"))  # type: ignore[arg-type]

    strict.engine.meanwhile = suspend
    with pytest.raises(Exception, match="pilot or operational"):
        strict.casework.search(strict.ids.request)
    with strict.reading() as work:
        assert work.traces.where() == []
