"""A man who looks alike, older, not charged, a hundred miles away: he is stopped at three places (P-24)."""

from dataclasses import replace
from datetime import date

import pytest

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.governance.register import LegalStatus
from countersign.operations.reconfirm_lead import ReconfirmLead, reconfirm_lead
from countersign.operations.record_outcome import RecordOutcome, record_outcome
from countersign.outcome.lead import OutcomeCode
from tests.operations.scene import SOUGHT, Scene, check_refused

MILES_AWAY = (
    "His image is of 2004 and shows a man twenty years older; he lives a hundred miles away and was at work that day."
)
OWN = "I compared still and photograph myself: outline and brows agree, the age does not."


def no_further_action(scene: Scene) -> None:
    with scene.altering() as work:
        for record in work.records.where():
            if record.external_id.startswith(f"{SOUGHT}/"):
                born = date(1960, 1, 1)
                after = replace(record, status=LegalStatus.NFA, searchable=False, date_of_birth=born)
                work.records.replace(after)
                for template in work.templates.where(record=record.id):
                    work.templates.replace(replace(template, searchable=False))


@pytest.mark.row("P-24", "REF-02", "REF-04")
def test_first_his_record_is_hidden_and_the_search_lists_nobody(authorised: Scene):
    no_further_action(authorised)
    run = authorised.casework.search(authorised.ids.request)
    with authorised.reading() as work:
        assert work.lists.get(run.id).candidates == ()


@pytest.mark.row("P-24", "REP-03")
def test_second_a_release_without_the_reasons_against_is_refused_and_with_them_they_are_printed(supported: Scene):
    silent = ReconfirmLead(lead=supported.ids.lead, reasons_against="")
    supported.force.do("officer", Permission.LEAD_RECONFIRM, reconfirm_lead, silent)
    with check_refused(supported, Permission.LEAD_RELEASE, "reasons_against_missing", family=Invalid):
        supported.casework.release(supported.ids.lead)

    told = replace(silent, reasons_against=MILES_AWAY)
    supported.force.do("officer", Permission.LEAD_RECONFIRM, reconfirm_lead, told)
    assert supported.casework.release(supported.ids.lead).reasons_against == MILES_AWAY


@pytest.mark.row("P-24", "REP-03")
def test_third_an_arrest_on_the_lead_alone_is_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    arrest = RecordOutcome(
        lead=supported.ids.lead, code=OutcomeCode.ARREST, own_comparison=OWN, reasons_against=MILES_AWAY
    )
    with check_refused(supported, Permission.LEAD_OUTCOME, "no_independent_evidence"):
        supported.force.do("requester", Permission.LEAD_OUTCOME, record_outcome, arrest)
