from dataclasses import replace

import pytest

from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.media.exhibit import Contradiction, ContradictionKind
from countersign.primitives.codec import canonical_text
from countersign.primitives.ids import RequestId
from tests.operations.scene import Scene, check_refused, everyone


def test_looking_at_a_request_is_an_entry(authorised: Scene):
    shown = authorised.casework.show(authorised.ids.request, "requester")

    assert (shown.state, shown.lead) == (RequestState.AUTHORISED, None)
    assert (authorised.last().kind, dict(authorised.last().facts)) == (
        "record.consulted",
        {"what": "request", "justification": "investigation"},
    )


def test_a_request_shows_no_candidate_opinion_or_person(supported: Scene):
    shown = canonical_text(supported.casework.show(supported.ids.request))

    with supported.reading() as work:
        names = [subject.id for subject in work.subjects.where()]
        people = [person.id for person in work.people.where()]
    assert not any(name in shown for name in names + people)
    assert "support" not in shown.replace("lead_supported", "")


def test_a_request_that_does_not_exist_is_refused(authorised: Scene):
    with check_refused(authorised, Permission.CASE_READ, "row_missing", family=NotFound):
        authorised.casework.show(RequestId("none"))


def test_people_outside_casework_are_refused(authorised: Scene):
    with check_refused(authorised, Permission.CASE_READ, "not_permitted", spoke="policy"):
        authorised.casework.show(authorised.ids.request, "owner")


@pytest.mark.row("REV-02", "REV-13", "P-21")
def test_whoever_examines_sees_the_facts_of_the_case_only_once_their_opinion_is_locked(sealed: Scene):
    request = sealed.ids.request
    assert sealed.casework.show(request, "requester").form is not None
    assert sealed.casework.show(request, "officer").form is not None
    assert sealed.casework.show(request, "operator").form is None
    assert sealed.casework.show(request, "examiner").form is None

    sealed.casework.review(request, "operator", everyone)
    assert sealed.casework.show(request, "operator").form is not None
    assert sealed.casework.show(request, "examiner").form is None


@pytest.mark.row("PRB-02")
def test_requester_and_officer_see_where_file_and_statement_disagree_and_examiners_do_not(authorised: Scene):
    odd = Contradiction(kind=ContradictionKind.CAMERA_TIME_OUTSIDE, stated="taken today", found="the file says 2019")
    with authorised.altering() as work:
        exhibit = work.exhibits.get(authorised.ids.exhibit)
        work.exhibits.replace(replace(exhibit, contradictions=(odd,), device="camera 4"))

    for who in ("requester", "officer"):
        (shown,) = authorised.casework.show(authorised.ids.request, who).exhibits
        assert (shown.number, shown.contradictions, shown.device) == ("CTV/1", (odd,), "camera 4")
        assert shown.captured_latest == exhibit.capture.latest
    assert authorised.casework.show(authorised.ids.request, "examiner").exhibits == ()


def test_a_requester_of_another_case_is_refused(authorised: Scene):
    authorised.hire("curious", Role.REQUESTER)

    with check_refused(authorised, Permission.CASE_READ, "not_party"):
        authorised.casework.show(authorised.ids.request, "curious")
