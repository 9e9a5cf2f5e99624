from countersign.cli.demonstration.casework import AGAINST
from countersign.errors import NotFound
from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.operations.reconfirm_lead import ReconfirmLead, reconfirm_lead
from countersign.primitives.ids import LeadId
from tests.operations.scene import Scene, check_refused

RECONFIRM = Permission.LEAD_RECONFIRM


def test_the_officer_reconfirms_with_reasons_against(supported: Scene):
    lead = supported.casework.reconfirm(supported.ids.lead)

    assert (lead.reconfirmed_by, lead.reasons_against) == (supported.person("officer").id, AGAINST)
    entry = supported.last()
    assert (entry.kind, dict(entry.facts)) == ("lead.reconfirmed", {"run": lead.run})
    assert {"reasons", "lead"} <= set(entry.commit)


def test_another_officer_is_refused(supported: Scene):
    supported.hire("second", Role.AUTHORISING_OFFICER, rank=Rank.CHIEF_OFFICER)
    arguments = ReconfirmLead(lead=supported.ids.lead, reasons_against=AGAINST)

    with check_refused(supported, RECONFIRM, "not_officer"):
        supported.force.do("second", RECONFIRM, reconfirm_lead, arguments)


def test_a_lead_that_was_released_is_refused(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)

    with check_refused(supported, RECONFIRM, "lead_released"):
        supported.casework.reconfirm(supported.ids.lead)


def test_a_lead_that_does_not_exist_is_refused(supported: Scene):
    with check_refused(supported, RECONFIRM, "row_missing", family=NotFound):
        supported.casework.reconfirm(LeadId("none"))
