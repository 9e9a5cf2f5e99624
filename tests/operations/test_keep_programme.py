from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeState
from countersign.governance.verdict import Verdict
from countersign.operations.advance_programme import suspend
from countersign.operations.keep_programme import keep_programme
from countersign.operations.request_deletion import RequestDeletion, request_deletion
from countersign.operations.turn import Turn
from tests.fakes_governance import changed
from tests.operations.asking import tick
from tests.operations.scene import Scene, check_refused
from tests.operations.timed import pass_time

RENEWED = timedelta(days=150)


def state(scene: Scene) -> ProgrammeState:
    with scene.reading() as work:
        return work.programmes.where()[0].state


def ending(scene: Scene, kind: ArtefactType, moment: datetime) -> None:
    """Let one document end on a day, behind the operations' back, and all others much later."""
    with scene.altering() as work:
        for one in work.artefacts.where(current=True):
            day = moment if one.type is kind else moment + timedelta(days=900)
            work.artefacts.replace(replace(one, review_by=day.date()))


@pytest.mark.row("GOV-07")
def test_a_document_is_warned_of_and_then_use_stops_while_rights_go_on(marked: Scene):
    end = marked.clock.now() + timedelta(days=60)
    ending(marked, ArtefactType.COMPLAINT_ROUTE, end)
    seq = len(marked.entries())

    for days in (0, 0, 30, 23):
        marked.clock.advance(timedelta(days=days))
        pass_time(marked, keep_programme)
    told = [dict(one.facts) for one in marked.entries(seq)]
    assert told == [{"type": "complaint_route", "days": days} for days in (60, 30, 7)]
    assert state(marked) is ProgrammeState.PILOT

    marked.clock.advance(timedelta(days=8))
    assert tick(marked)["programme"] == 1
    facts = [dict(one.facts) for one in marked.entries(seq) if one.kind == "programme.state"]
    assert facts == [{"from": "pilot", "to": "suspended", "reason": "artefact_expired"}]
    assert tick(marked)["programme"] == 0
    with check_refused(marked, Permission.REQUEST_DRAFT, "programme_state"):
        marked.casework.draft(marked.ids.probe, marked.ids.collection)
    day = marked.clock.now().date()
    asked = RequestDeletion(collection=marked.ids.collection, subject="7", received_on=day)
    marked.force.do("rights", Permission.DELETION_REGISTER, request_deletion, asked)
    assert marked.last().kind == "deletion.requested"


@pytest.mark.row("GOV-18")
def test_a_pilot_that_ends_without_an_evaluation_is_suspended_and_no_new_plan_revives_it(enrolled: Scene):
    with enrolled.altering() as work:
        for one in work.artefacts.where(current=True):
            if one.type is not ArtefactType.PILOT_PLAN:
                work.artefacts.replace(replace(one, review_by=one.review_by + timedelta(days=900)))
    plan = {"measures": ["material leads"], "search_cap": 10}
    enrolled.clock.advance(timedelta(days=100))
    due = enrolled.clock.now() + timedelta(days=150)
    enrolled.force.submit(ArtefactType.PILOT_PLAN, {**plan, "ends": due.date().isoformat()}, review_by=due)
    enrolled.clock.advance(timedelta(days=83))
    assert pass_time(enrolled, keep_programme) == 0

    enrolled.clock.advance(timedelta(days=1))
    with enrolled.altering() as work:
        for collection in work.collections.where():
            work.collections.replace(replace(collection, audited_at=enrolled.clock.now()))
    pass_time(enrolled, keep_programme)
    assert enrolled.last().facts["reason"] == "pilot_over"
    enrolled.force.submit(ArtefactType.LIFT_DECISION, {"cause": "the pilot is over", "mended": "a new plan"})
    with check_refused(enrolled, Permission.PROGRAMME_ADVANCE, "pilot_over"):
        enrolled.force.advance(ProgrammeState.PILOT, "oversight")


@pytest.mark.row("GOV-18")
def test_the_search_after_the_last_of_the_plan_is_refused(authorised: Scene):
    due = authorised.clock.now() + timedelta(days=100)
    plan = {"measures": ["material leads"], "search_cap": 1, "ends": due.date().isoformat()}
    authorised.force.submit(ArtefactType.PILOT_PLAN, plan, review_by=due)
    authorised.casework.search(authorised.ids.request)
    with authorised.altering() as work:
        (run,) = work.runs.where()
        request = work.requests.get(authorised.ids.request)
        granted = work.authorisations.where(request=request.id)[0]
        work.authorisations.replace(changed(granted, state="live"))
        work.requests.replace(changed(request, state="authorised"))

    with check_refused(authorised, Permission.SEARCH_RUN, "pilot_cap"):
        authorised.casework.search(authorised.ids.request)
    assert run.state == "sealed"


def test_what_is_suspended_already_is_not_suspended_again(pilot: Scene):
    pilot.force.advance(ProgrammeState.SUSPENDED, "dpo")

    def again(turn: Turn) -> int:
        suspend(turn, Verdict(allowed=False, code="drift", reason="it drifted"))
        return len(turn.recorded)

    assert pass_time(pilot, again) == 0
