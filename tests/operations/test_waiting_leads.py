from datetime import timedelta

import pytest

from countersign.governance.permission import Permission
from countersign.operations.waiting_leads import waiting_leads
from countersign.outcome.lead import OutcomeCode
from tests.operations.scene import Scene, check_refused


@pytest.mark.row("REP-04")
def test_a_requester_whose_lead_has_had_no_outcome_for_ninety_days_is_refused_another_request(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    supported.clock.advance(timedelta(days=90))
    request = supported.casework.draft(supported.ids.probe, supported.ids.collection).id
    supported.clock.advance(timedelta(seconds=1))

    with check_refused(supported, Permission.REQUEST_DRAFT, "outcome_overdue"):
        supported.casework.draft(supported.ids.probe, supported.ids.collection)
    with check_refused(supported, Permission.REQUEST_SUBMIT, "outcome_overdue"):
        supported.casework.submit(request)

    supported.casework.outcome(supported.ids.lead, OutcomeCode.ELIMINATED, evidence=False)
    with supported.reading() as work:
        assert waiting_leads(work, supported.person("requester").id) == []
