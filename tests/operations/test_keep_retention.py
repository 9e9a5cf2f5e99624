from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.governance.register import LegalStatus
from countersign.governance.retention import ObjectClass
from countersign.operations.close_case import CloseCase, close_case
from countersign.operations.keep_retention import SWEEPS, keep_retention
from tests.fakes_governance import changed
from tests.operations.scene import Scene, Stage, nobody
from tests.operations.timed import pass_time

MONTH = timedelta(days=31)


def count(scene: Scene, object_class: ObjectClass) -> int:
    """Count the objects of a class that can still be read."""
    with scene.reading() as work:
        if object_class is ObjectClass.SEALED_LIST:
            return sum(work.lists.find(run.id) is not None for run in work.runs.where())
        rows = {
            ObjectClass.CASE: work.cases,
            ObjectClass.CUSTODY_RECORD: work.records,
            ObjectClass.PERSON: work.people,
        }
        return len(rows[object_class].where())  # type: ignore[attr-defined]


def no_lead(scene: Scene) -> None:
    for who in ("operator", "examiner"):
        scene.casework.review(scene.ids.request, who, nobody)


def closed(scene: Scene) -> None:
    with scene.reading() as work:
        case = work.cases.where()[0].id
    scene.force.do("requester", Permission.CASE_CLOSE, close_case, CloseCase(case=case))


def left(scene: Scene) -> None:
    with scene.altering() as work:
        person = work.people.get(scene.person("third").id)
        work.people.replace(replace(person, left_on=scene.clock.now().date()))


def as_it_is(_: Scene) -> None:
    """Do nothing."""


@pytest.mark.row("RET-02")
@pytest.mark.parametrize(
    ("stage", "prepare", "object_class", "period", "all_of_them"),
    [
        (Stage.SEALED, no_lead, ObjectClass.SEALED_LIST, MONTH, 1),
        (Stage.MARKED, closed, ObjectClass.CASE, MONTH, 1),
        (Stage.MARKED, as_it_is, ObjectClass.CUSTODY_RECORD, timedelta(days=2190), 3),
        (Stage.MARKED, left, ObjectClass.PERSON, timedelta(days=2555), 1),
    ],
)
def test_each_class_is_erased_on_its_day_and_not_before(
    at: Callable[[Stage], Scene],
    stage: Stage,
    prepare: Callable[[Scene], None],
    object_class: ObjectClass,
    period: timedelta,
    all_of_them: int,
):
    scene = at(stage)
    prepare(scene)
    before = count(scene, object_class)
    scene.clock.advance(period - timedelta(days=1))
    seq = len(scene.entries())
    pass_time(scene, keep_retention)
    assert count(scene, object_class) == before
    kept = [dict(one.facts) for one in scene.entries(seq) if one.kind == "retention.kept"]
    assert object_class not in {one["class"] for one in kept}

    scene.clock.advance(timedelta(days=1))
    seq = len(scene.entries())
    pass_time(scene, keep_retention)

    assert count(scene, object_class) == before - all_of_them
    kept = [dict(one.facts) for one in scene.entries(seq) if one.kind == "retention.kept"]
    assert {"class": object_class, "erased": all_of_them} in kept
    assert pass_time(scene, keep_retention) == 0


def test_every_class_is_swept_or_goes_with_one_that_is():
    assert set(SWEEPS) == {
        *(ObjectClass.SEALED_LIST, ObjectClass.CASE, ObjectClass.CUSTODY_RECORD, ObjectClass.PERSON),
    }


def test_a_list_with_a_lead_and_a_live_case_are_not_touched(at: Callable[[Stage], Scene]):
    scene = at(Stage.SUPPORTED)
    with scene.altering() as work:
        request = work.requests.get(scene.ids.request)
        work.requests.replace(changed(request, state="outcome_recorded"))
    scene.clock.advance(timedelta(days=300))

    assert pass_time(scene, keep_retention) == 0
    assert count(scene, ObjectClass.SEALED_LIST) == count(scene, ObjectClass.CASE) == 1


def test_a_restricted_record_is_held_and_counted_and_never_late(enrolled: Scene):
    with enrolled.altering() as work:
        for record in work.records.where():
            work.records.replace(replace(record, status=LegalStatus.RESTRICTED))
    enrolled.clock.advance(timedelta(days=3000))
    seq = len(enrolled.entries())

    assert pass_time(enrolled, keep_retention) == 0

    (counted,) = enrolled.entries(seq)
    assert (counted.kind, counted.facts["late"], counted.facts["held"]) == ("retention.counted", 0, 3)


@pytest.mark.row("RET-07")
def test_what_was_kept_too_long_is_counted_and_suspends(marked: Scene):
    closed(marked)
    marked.clock.advance(MONTH + timedelta(days=1))
    seq = len(marked.entries())

    assert pass_time(marked, keep_retention) == 1

    counted = [dict(one.facts) for one in marked.entries(seq) if one.kind == "retention.counted"]
    assert [(one["late"], one["latest_days"]) for one in counted] == [(1, 1)]
    assert marked.last().facts["reason"] == "retention_overdue"
    with marked.reading() as work:
        assert work.programmes.where()[0].state is ProgrammeState.SUSPENDED


def test_without_a_pack_there_is_no_schedule_yet(founded: Scene):
    assert pass_time(founded, keep_retention) == 0
