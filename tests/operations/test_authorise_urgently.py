from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.errors import Refused
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.governance.request import RequestForm, RequestState, Urgency
from countersign.media.exhibit import SourceType
from countersign.primitives.ids import RequestId
from tests.fakes import Face
from tests.operations.asking import NAMED, URGENT, authorise_at_once, submitted
from tests.operations.scene import SOUGHT, START, Scene, check_refused

AUTHORISE = Permission.REQUEST_AUTHORISE
HOUR = timedelta(hours=1)


def young(scene: Scene, age: timedelta, form: RequestForm = URGENT) -> RequestId:
    """Draft a request on imagery of this age."""
    still = scene.draw("young.png", Face(person=SOUGHT, view=3))
    exhibit = scene.casework.seal(still, taken=START - age, number="CTV/2")
    assert exhibit.source_type is SourceType.CCTV
    scene.casework.locate(exhibit.id)
    probe = scene.casework.mark([(exhibit.id, 1)]).id
    return scene.casework.draft(probe, scene.ids.collection, form).id


@pytest.mark.row("AUT-08", "P-11")
def test_an_urgent_search_runs_on_imagery_of_an_hour_and_must_be_confirmed(marked: Scene):
    request = young(marked, HOUR)
    marked.casework.submit(request)
    marked.casework.consider(request)

    authorisation = authorise_at_once(marked, request)

    assert authorisation.confirm_by == START + timedelta(hours=48)
    with marked.reading() as work:
        assert work.requests.get(request).state is RequestState.URGENT_AUTHORISED
    assert marked.casework.search(request).age_hours == 1


@pytest.mark.row("LFR-02")
def test_imagery_of_59_minutes_is_refused_to_every_urgency(marked: Scene):
    request = young(marked, timedelta(minutes=59), replace(URGENT, urgency=Urgency.SERIOUS_HARM))

    with check_refused(marked, Permission.REQUEST_SUBMIT, "imagery_too_young"):
        marked.casework.submit(request)


@pytest.mark.row("AUT-08", "P-11")
def test_urgency_that_the_form_does_not_state_is_refused(marked: Scene):
    request = submitted(marked)

    with check_refused(marked, AUTHORISE, "not_urgent"):
        authorise_at_once(marked, request)


@pytest.mark.row("PRB-02")
def test_young_imagery_is_refused_an_ordinary_authorisation(marked: Scene):
    request = young(marked, HOUR)
    marked.casework.submit(request)

    with check_refused(marked, AUTHORISE, "imagery_too_young"):
        marked.casework.authorise(request)


@pytest.mark.row("AUT-09")
def test_an_urgent_search_for_a_named_person_is_refused_without_the_authority(marked: Scene):
    request = submitted(marked, replace(NAMED, urgency=Urgency.THREAT_TO_LIFE))

    with check_refused(marked, AUTHORISE, "targeted_needs_authority"):
        authorise_at_once(marked, request)


def test_an_interrupted_urgent_search_goes_back_to_where_its_authorisation_stood(marked: Scene):
    request = submitted(marked, URGENT)
    authorise_at_once(marked, request)
    marked.engine.meanwhile = lambda: marked.force.advance(ProgrammeState.SUSPENDED, "dpo")
    with pytest.raises(Refused):
        marked.casework.search(request)

    with marked.reading() as work:
        assert work.requests.get(request).state is RequestState.URGENT_AUTHORISED
