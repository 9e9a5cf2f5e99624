from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.issue_lead import IssueLead, issue_lead
from tests.operations.issuing import check_signed
from tests.operations.scene import Scene, check_refused


def test_a_lead_is_given_out_to_its_recipient_alone_and_others_are_refused(supported: Scene):
    lead = supported.ids.lead
    supported.casework.reconfirm(lead)
    supported.casework.release(lead)
    supported.hire("colleague", Role.REQUESTER)

    check_signed(supported, supported.force.do("requester", Permission.REPORT_LEAD, issue_lead, IssueLead(lead=lead)))
    assert {"lead", "recipient", "document"} <= set(supported.last().commit)
    with check_refused(supported, Permission.REPORT_LEAD, "not_recipient"):
        supported.force.do("colleague", Permission.REPORT_LEAD, issue_lead, IssueLead(lead=lead))
