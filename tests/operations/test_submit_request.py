from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.errors import Conflict, NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.governance.request import RequestForm, RequestState, SafeguardingGround, Tier
from countersign.media.exhibit import CaptureBasis, Depiction, SourceType
from countersign.operations.seal_exhibit import SealExhibit, seal_exhibit
from countersign.operations.submit_request import SubmitRequest, submit_request
from countersign.primitives.digest import sha256
from countersign.primitives.ids import RequestId
from countersign.primitives.privacy import Privacy
from tests.fakes import Face
from tests.operations.asking import CHILD, of_missing_people
from tests.operations.scene import LONG_AGO, START, Scene, check_refused

SUBMIT = Permission.REQUEST_SUBMIT
DAY = timedelta(hours=24)
MOMENT = timedelta(milliseconds=1)


def draft(scene: Scene, form: RequestForm = FORM) -> RequestId:
    return scene.casework.draft(scene.ids.probe, scene.ids.collection, form).id


def draft_with_still(scene: Scene, earliest: datetime | None, latest: datetime | None) -> RequestId:
    """Draft a request whose probe was taken in this interval; with none it counts from the sealing."""
    sealing = SealExhibit(
        case_reference=scene.casework.reference,
        number="CTV/2",
        file=str(scene.draw("young.png", Face(person=7, view=3))),
        source_type=SourceType.PHONE,
        depiction=Depiction.PHOTOGRAPH,
        privacy=Privacy.PUBLIC_PLACE,
        captured_earliest=earliest,
        captured_latest=latest,
        basis=CaptureBasis.METADATA if latest else CaptureBasis.SEALED,
        lawful_origin="handed over",
        supplied_by="a witness",
    )
    exhibit = scene.force.do("requester", Permission.EXHIBIT_ADD, seal_exhibit, sealing).id
    scene.casework.locate(exhibit)
    probe = scene.casework.mark([(scene.ids.exhibit, 1), (exhibit, 1)]).id
    return scene.casework.draft(probe, scene.ids.collection).id


def test_a_submitted_request_publishes_its_codes_and_commits_to_its_form(marked: Scene):
    request = marked.casework.submit(draft(marked))

    assert request.state is RequestState.SUBMITTED
    entry = marked.last()
    assert entry.kind == "request.submitted"
    assert dict(entry.facts) == {
        "request": request.id,
        "purpose": "investigation",
        "subject_category": "presumed_offender",
        "offence_code": "robbery",
        "setting": "ordinary",
        "tier": "t1",
        "use_class": "intelligence",
        "age_band": "adult",
        "kind": "initial",
        "urgency": "none",
    }
    assert {"form", "probe"} <= set(entry.commit)


@pytest.mark.row("P-10")
def test_a_missing_child_is_sought_with_the_short_form_at_the_higher_tier(marked: Scene):
    of_missing_people(marked)
    request = marked.casework.submit(draft(marked, CHILD))

    assert (request.state, request.tier) == (RequestState.SUBMITTED, Tier.T2)
    assert marked.last().facts["offence_code"] == "none"
    other = draft(marked, replace(CHILD, safeguarding_ground=SafeguardingGround.CORONER))
    with check_refused(marked, SUBMIT, "safeguarding_ground"):
        marked.casework.submit(other)


def test_imagery_exactly_as_old_as_the_least_age_is_old_enough(marked: Scene):
    request = draft_with_still(marked, LONG_AGO, START - DAY)

    assert marked.casework.submit(request).state is RequestState.SUBMITTED


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [
        pytest.param(START - DAY + MOMENT, START - DAY + MOMENT, id="a moment too young"),
        pytest.param(START - timedelta(minutes=59), START - timedelta(minutes=59), id="59 minutes"),
        pytest.param(START - 30 * DAY, START - DAY + MOMENT, id="perhaps a month, perhaps a moment too young"),
        pytest.param(None, None, id="of unknown age, sealed just now"),
    ],
)
@pytest.mark.row("LFR-02")
def test_one_still_that_may_be_too_young_is_refused(marked: Scene, earliest: datetime | None, latest: datetime | None):
    request = draft_with_still(marked, earliest, latest)

    with check_refused(marked, SUBMIT, "imagery_too_young"):
        marked.casework.submit(request)


def test_imagery_of_unknown_age_qualifies_once_it_has_lain_sealed(marked: Scene):
    request = draft_with_still(marked, None, None)
    marked.clock.advance(DAY - MOMENT)
    with check_refused(marked, SUBMIT, "imagery_too_young"):
        marked.casework.submit(request)

    marked.clock.advance(MOMENT)
    assert marked.casework.submit(request).state is RequestState.SUBMITTED


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (replace(FORM, alternatives_tried="None."), "no_alternatives"),
        (replace(FORM, why_this_face="A photo exists"), "bare_justification"),
        (replace(FORM, aim="Too short"), "form_incomplete"),
        (replace(FORM, place=" "), "form_incomplete"),
        (replace(FORM, declaration=False), "form_undeclared"),
    ],
)
@pytest.mark.row("AUT-02")
def test_a_form_that_lacks_something_is_refused(marked: Scene, form: RequestForm, code: str):
    request = draft(marked, form)

    with check_refused(marked, SUBMIT, code):
        marked.casework.submit(request)


def test_somebody_elses_draft_is_refused(marked: Scene):
    request = draft(marked)
    marked.hire("colleague", Role.REQUESTER)

    with check_refused(marked, SUBMIT, "not_requester"):
        marked.force.do("colleague", SUBMIT, submit_request, SubmitRequest(request=request))


def test_a_request_that_was_submitted_is_refused(marked: Scene):
    request = draft(marked)
    marked.casework.submit(request)

    with check_refused(marked, SUBMIT, "transition"):
        marked.casework.submit(request)


def test_a_probe_that_was_changed_after_drafting_is_refused(marked: Scene):
    request = draft(marked)
    with marked.altering() as work:
        probe = work.probes.get(marked.ids.probe)
        still = replace(probe.stills[0], exhibit_sha256=sha256(b"another file"))
        work.probes.replace(replace(probe, stills=(still,)))

    with check_refused(marked, SUBMIT, "probe_changed", family=Conflict):
        marked.casework.submit(request)


def test_a_submission_in_a_suspended_programme_is_refused(marked: Scene):
    request = draft(marked)
    marked.force.advance(ProgrammeState.SUSPENDED, "controller")

    with check_refused(marked, SUBMIT, "programme_state"):
        marked.casework.submit(request)


def test_a_request_that_does_not_exist_is_refused(marked: Scene):
    with check_refused(marked, SUBMIT, "row_missing", family=NotFound):
        marked.casework.submit(RequestId("none"))


def test_a_form_that_states_less_intrusion_than_its_exhibit_was_sealed_with_is_refused(marked: Scene):
    with marked.altering() as work:
        work.exhibits.replace(replace(work.exhibits.get(marked.ids.exhibit), privacy=Privacy.CLOSED_ACCOUNT))
    request = draft(marked)

    with check_refused(marked, SUBMIT, "privacy_understated"):
        marked.casework.submit(request)
    higher = draft(marked, replace(FORM, privacy=Privacy.CLOSED_ACCOUNT))
    assert marked.casework.submit(higher).tier == "t2"
