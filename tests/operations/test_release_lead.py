from dataclasses import replace

import pytest

from countersign.errors import Conflict, Invalid
from countersign.governance.actor import Role
from countersign.governance.adopted_documents import ProcessingRecord, transfer_recorded
from countersign.governance.artefact import content_text
from countersign.governance.artefact_content import read_as
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeState
from countersign.governance.request import RequestState
from countersign.operations.reconfirm_lead import ReconfirmLead, reconfirm_lead
from countersign.operations.release_lead import ReleaseLead, release_lead
from countersign.review.facial_review import Position
from tests.fakes_governance import CONTENT
from tests.operations.scene import START, Scene, check_refused

RELEASE = Permission.LEAD_RELEASE


def test_a_reconfirmed_lead_is_released_to_its_requester(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    lead = supported.casework.release(supported.ids.lead)

    assert (lead.released_at, lead.released_by) == (START, supported.person("operator").id)
    assert lead.recipient == supported.person("requester").id
    entry = supported.last()
    assert (entry.kind, dict(entry.facts)) == ("lead.released", {"run": lead.run, "justification": "investigation"})
    assert {"lead", "recipient"} <= set(entry.commit)
    with supported.reading() as work:
        assert work.requests.get(lead.request).state is RequestState.RELEASED


@pytest.mark.row("AUT-20")
def test_a_release_without_reconfirmation_is_refused(supported: Scene):
    with check_refused(supported, RELEASE, "not_reconfirmed"):
        supported.casework.release(supported.ids.lead)


@pytest.mark.row("P-24")
def test_a_release_without_reasons_against_is_refused(supported: Scene):
    arguments = ReconfirmLead(lead=supported.ids.lead, reasons_against="None known.")
    supported.force.do("officer", Permission.LEAD_RECONFIRM, reconfirm_lead, arguments)

    with check_refused(supported, RELEASE, "reasons_against_missing", family=Invalid):
        supported.casework.release(supported.ids.lead)


def test_a_second_release_is_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)

    with check_refused(supported, RELEASE, "already_released", family=Conflict):
        supported.casework.release(supported.ids.lead)


def test_a_release_by_another_operator_is_refused(supported: Scene):
    supported.hire("relief", Role.OPERATOR)

    with check_refused(supported, RELEASE, "not_operator"):
        supported.force.do("relief", RELEASE, release_lead, ReleaseLead(lead=supported.ids.lead))


@pytest.mark.row("REV-04", "DSR-09", "LFR-07")
def test_fewer_than_four_people_are_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    with supported.altering() as work:
        second = next(one for one in work.reviews.where() if one.position is Position.SECOND)
        work.reviews.replace(replace(second, examiner=supported.person("operator").id))

    with check_refused(supported, RELEASE, "duties_not_separate"):
        supported.casework.release(supported.ids.lead)


def test_a_lead_without_a_second_examiner_is_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    with supported.altering() as work:
        second = next(one for one in work.reviews.where() if one.position is Position.SECOND)
        work.reviews.remove(second.id)

    with check_refused(supported, RELEASE, "duty_missing"):
        supported.casework.release(supported.ids.lead)


def test_a_request_that_does_not_stand_at_a_supported_lead_is_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    with supported.altering() as work:
        request = work.requests.get(supported.ids.request)
        work.requests.replace(replace(request, state=RequestState.WITHDRAWN))

    with check_refused(supported, RELEASE, "transition"):
        supported.casework.release(supported.ids.lead)


def test_people_who_run_no_searches_are_refused(supported: Scene):
    with check_refused(supported, RELEASE, "not_permitted", spoke="policy"):
        supported.force.do("examiner", RELEASE, release_lead, ReleaseLead(lead=supported.ids.lead))


def test_a_lead_whose_record_was_hidden_meanwhile_is_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    with supported.altering() as work:
        for record in work.records.where():
            work.records.replace(replace(record, searchable=False))

    with check_refused(supported, RELEASE, "reference_hidden"):
        supported.casework.release(supported.ids.lead)


def test_a_release_in_a_suspended_programme_is_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.force.advance(ProgrammeState.SUSPENDED, Role.DPO)

    with check_refused(supported, RELEASE, "programme_state"):
        supported.casework.release(supported.ids.lead)


@pytest.mark.row("REP-11")
def test_a_recipient_of_an_organisation_that_no_record_names_is_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    with supported.altering() as work:
        work.people.replace(replace(supported.person("requester"), organisation="Police of Elsewhere"))

    with check_refused(supported, RELEASE, "transfer_not_recorded"):
        supported.casework.release(supported.ids.lead)


@pytest.mark.row("REP-11")
@pytest.mark.parametrize(
    ("organisation", "transfers", "allowed"),
    [
        ("own force", "There are none.", True),
        ("Police of Elsewhere", "There are none.", False),
        ("Police of Elsewhere", "To the Police of elsewhere, under s.75, assessed on 5 May.", True),
        (" ", "There are none.", False),
    ],
)
def test_nothing_goes_to_another_organisation_before_a_signed_record_names_it(
    organisation: str, transfers: str, *, allowed: bool
):
    plain = dict(CONTENT[ArtefactType.PROCESSING_RECORD], transfers=transfers)
    record = read_as(ProcessingRecord, content_text(plain))

    assert transfer_recorded(organisation, {"own force"}, record).allowed is allowed
    assert transfer_recorded(organisation, {"own force"}, None).allowed is (organisation == "own force")
