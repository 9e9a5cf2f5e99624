from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.governance.request import AgeBand, RequestForm, RequestState, Setting, Tier
from countersign.operations.draft_request import DraftRequest, draft_request
from countersign.operations.probe_binding import probe_binding
from countersign.primitives.ids import CollectionId, ProbeId
from tests.operations.scene import Scene, check_refused

DRAFT = Permission.REQUEST_DRAFT


def test_a_draft_binds_the_probe_and_names_its_requester(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection)

    assert (request.state, request.tier) == (RequestState.DRAFT, Tier.T1)
    assert request.requester == marked.person("requester").id
    with marked.reading() as work:
        assert request.binding == probe_binding(work.probes.get(marked.ids.probe), marked.ids.collection)
    entry = marked.last()
    assert (entry.kind, dict(entry.facts), entry.case) == ("request.drafted", {"request": request.id}, request.case)
    assert "form" in entry.commit


@pytest.mark.parametrize("form", [replace(FORM, setting=Setting.PROTEST), replace(FORM, age_band=AgeBand.UNDER_18)])
def test_the_tier_follows_from_the_form(marked: Scene, form: RequestForm):
    assert marked.casework.draft(marked.ids.probe, marked.ids.collection, form).tier is Tier.T2


def test_a_probe_that_does_not_exist_is_refused(marked: Scene):
    with check_refused(marked, DRAFT, "row_missing", family=NotFound):
        marked.casework.draft(ProbeId("none"), marked.ids.collection)


def test_a_collection_that_is_not_registered_is_refused(marked: Scene):
    with check_refused(marked, DRAFT, "row_missing", family=NotFound):
        marked.casework.draft(marked.ids.probe, CollectionId("none"))


def test_a_requester_whose_training_has_run_out_is_refused(marked: Scene):
    marked.hire("rookie", Role.REQUESTER, days=0)
    arguments = DraftRequest(probe=marked.ids.probe, collection=marked.ids.collection, form=FORM)
    marked.clock.advance(timedelta(days=1))

    with check_refused(marked, DRAFT, "training_expired"):
        marked.force.do("rookie", DRAFT, draft_request, arguments)


def test_a_draft_in_a_suspended_programme_is_refused(marked: Scene):
    marked.force.advance(ProgrammeState.SUSPENDED, "oversight")

    with check_refused(marked, DRAFT, "programme_state"):
        marked.casework.draft(marked.ids.probe, marked.ids.collection)


@pytest.mark.parametrize("who", ["officer", "operator", "dpo"])
def test_people_who_are_no_requesters_are_refused(marked: Scene, who: str):
    arguments = DraftRequest(probe=marked.ids.probe, collection=marked.ids.collection, form=FORM)

    with check_refused(marked, DRAFT, "not_permitted", spoke="policy"):
        marked.force.do(who, DRAFT, draft_request, arguments)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (replace(FORM, offence_code="littering"), "offence_not_in_pack"),
        (replace(FORM, purpose="john.smith.1990"), "purpose_not_in_pack"),
        (replace(FORM, schedule_8_condition="none"), "condition_not_in_pack"),
    ],
)
@pytest.mark.row("AUT-11")
def test_a_code_that_is_not_in_the_pack_is_refused_before_any_entry_could_hold_it(
    marked: Scene, form: RequestForm, code: str
):
    with check_refused(marked, DRAFT, code):
        marked.casework.draft(marked.ids.probe, marked.ids.collection, form)
