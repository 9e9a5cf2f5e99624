from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.cli.demonstration.casework import FORM, NECESSITY, PROPORTIONALITY
from countersign.errors import NotFound
from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.governance.request import Authorisation, AuthorisationState, RequestForm, RequestState, Setting
from countersign.operations.authorise_request import AuthoriseRequest, authorise_request
from countersign.operations.draft_request import DraftRequest, draft_request
from countersign.operations.submit_request import SubmitRequest, submit_request
from countersign.primitives.ids import RequestId
from tests.operations.scene import START, Scene, check_refused

AUTHORISE = Permission.REQUEST_AUTHORISE


def submitted(scene: Scene, form: RequestForm = FORM, who: str = "requester") -> RequestId:
    arguments = DraftRequest(probe=scene.ids.probe, collection=scene.ids.collection, form=form)
    request = scene.force.do(who, Permission.REQUEST_DRAFT, draft_request, arguments).id
    scene.force.do(who, Permission.REQUEST_SUBMIT, submit_request, SubmitRequest(request=request))
    scene.casework.consider(request)
    return request


def authorise(
    scene: Scene,
    request: RequestId,
    who: str = "officer",
    *,
    necessity: str = NECESSITY,
    proportionality: str = PROPORTIONALITY,
) -> Authorisation:
    arguments = AuthoriseRequest(request=request, necessity=necessity, proportionality=proportionality)
    return scene.force.do(who, AUTHORISE, authorise_request, arguments)


def test_an_authorisation_is_for_one_search_of_this_probe_for_a_limited_time(marked: Scene):
    request = submitted(marked)
    authorisation = authorise(marked, request)

    assert authorisation.state is AuthorisationState.LIVE
    assert authorisation.expires_at == START + timedelta(days=14)
    with marked.reading() as work:
        stored = work.requests.get(request)
    assert (stored.state, stored.binding) == (RequestState.AUTHORISED, authorisation.binding)
    entry = marked.last()
    assert (entry.kind, dict(entry.facts)) == ("request.authorised", {"request": request, "tier": "t1"})
    assert entry.actor == marked.person("officer").id
    assert {"reasons", "probe"} <= set(entry.commit)


def test_a_requester_who_authorises_an_own_request_is_refused_by_the_policy(marked: Scene):
    roles = (Role.REQUESTER, Role.AUTHORISING_OFFICER)
    marked.hire("both", *roles, rank=Rank.SUPERINTENDENT)
    request = submitted(marked, who="both")

    with check_refused(marked, AUTHORISE, "not_permitted", spoke="policy") as raised:
        authorise(marked, request, "both")
    assert "requester-never-decides-own-request" in str(raised.value)


@pytest.mark.row("AUT-04")
def test_an_officer_of_the_same_team_is_refused(marked: Scene):
    request = submitted(marked)
    marked.hire("near", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT, team="burglary")

    with check_refused(marked, AUTHORISE, "same_team"):
        authorise(marked, request, "near")


@pytest.mark.parametrize(
    ("rank", "form"),
    [
        (Rank.SERGEANT, FORM),
        (Rank.CHIEF_INSPECTOR, replace(FORM, setting=Setting.PROTEST, specific_offence="strikes a steward in frame 9")),
    ],
)
@pytest.mark.row("AUT-04")
def test_an_officer_below_the_rank_of_the_tier_is_refused(marked: Scene, rank: Rank, form: RequestForm):
    request = submitted(marked, form)
    marked.hire("junior", Role.AUTHORISING_OFFICER, rank=rank)

    with check_refused(marked, AUTHORISE, "rank_too_low"):
        authorise(marked, request, "junior")


def test_an_officer_of_exactly_the_rank_suffices(marked: Scene):
    request = submitted(marked)
    marked.hire("inspector", Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR)
    marked.casework.consider(request, "inspector")

    assert authorise(marked, request, "inspector").officer == marked.person("inspector").id


@pytest.mark.row("AUT-04")
def test_an_untrained_officer_is_refused(marked: Scene):
    request = submitted(marked)
    marked.hire("late", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT, days=-1)

    with check_refused(marked, AUTHORISE, "training_expired"):
        authorise(marked, request, "late")


@pytest.mark.parametrize(
    ("necessity", "proportionality", "code"),
    [
        ("Agreed.", PROPORTIONALITY, "reasons_too_short"),
        (NECESSITY, NECESSITY, "reasons_repeated"),
        (FORM.objective_facts, PROPORTIONALITY, "reasons_copied"),
    ],
)
@pytest.mark.row("AUT-02")
def test_reasons_that_are_not_the_officers_own_are_refused(
    marked: Scene, necessity: str, proportionality: str, code: str
):
    request = submitted(marked)

    with check_refused(marked, AUTHORISE, code):
        authorise(marked, request, necessity=necessity, proportionality=proportionality)


def test_a_request_that_was_not_submitted_is_refused(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection).id

    with check_refused(marked, AUTHORISE, "transition"):
        authorise(marked, request)


def test_a_second_authorisation_of_one_request_is_refused(authorised: Scene):
    with check_refused(authorised, AUTHORISE, "transition"):
        authorise(authorised, authorised.ids.request)


def test_an_authorisation_in_a_suspended_programme_is_refused(marked: Scene):
    request = submitted(marked)
    marked.force.advance(ProgrammeState.SUSPENDED, "dpo")

    with check_refused(marked, AUTHORISE, "programme_state"):
        authorise(marked, request)


def test_a_request_that_does_not_exist_is_refused(marked: Scene):
    with check_refused(marked, AUTHORISE, "row_missing", family=NotFound):
        authorise(marked, RequestId("none"))


@pytest.mark.parametrize("who", ["requester", "operator"])
def test_people_who_are_no_officers_are_refused(marked: Scene, who: str):
    request = submitted(marked)

    with check_refused(marked, AUTHORISE, "not_permitted", spoke="policy"):
        authorise(marked, request, who)
