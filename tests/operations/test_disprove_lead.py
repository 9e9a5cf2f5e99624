import pytest

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations.disprove_lead import DisproveLead, disprove_lead
from countersign.operations.report_lead import ReportLead, report_lead
from countersign.outcome.lead import Cause, Lead
from tests.operations.scene import Scene, check_refused

DISPROVE = Permission.LEAD_DISPROVE
CORRECTION = "The person concerned is told by letter; the record's second image is withdrawn from use."


@pytest.fixture
def released(supported: Scene) -> Scene:
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    return supported


def disprove(scene: Scene, who: str = "requester", correction: str = CORRECTION) -> Lead:
    arguments = DisproveLead(lead=scene.ids.lead, cause=Cause.SIMILAR_PERSON, correction=correction)
    return scene.force.do(who, DISPROVE, disprove_lead, arguments)


@pytest.mark.row("REP-08", "REP-12")
@pytest.mark.parametrize("who", ["requester", "examiner", "dpo"])
def test_a_disproved_lead_is_recalled_from_its_recipient_at_once(released: Scene, who: str):
    lead = disprove(released, who)

    disproved, recalled = released.entries()[-2:]
    assert (disproved.kind, disproved.facts["cause"]) == ("lead.disproved", "similar_person")
    assert (recalled.kind, "recipient" in recalled.commit) == ("lead.recalled", True)
    assert lead.disproved is not None
    assert lead.disproved.recalled_at == lead.disproved.at
    with released.reading() as work:
        assert work.requests.get(lead.request).state is RequestState.DISPROVED


@pytest.mark.row("REP-08")
def test_the_report_of_a_disproved_lead_is_refused_to_its_recipient(released: Scene):
    disprove(released)
    with check_refused(released, Permission.REPORT_LEAD, "lead_disproved"):
        released.force.do("requester", Permission.REPORT_LEAD, report_lead, ReportLead(lead=released.ids.lead))


@pytest.mark.row("REP-12")
def test_a_disproof_without_a_correction_is_refused(released: Scene):
    with check_refused(released, DISPROVE, "correction_missing"):
        disprove(released, correction="Sorry.")


def test_a_disproof_by_an_examiner_of_other_cases_is_refused(released: Scene):
    with check_refused(released, DISPROVE, "no_part_in_lead"):
        disprove(released, "third")


def test_a_second_disproof_is_refused(released: Scene):
    disprove(released)
    with check_refused(released, DISPROVE, "transition"):
        disprove(released)


def test_a_lead_that_was_not_released_is_refused(supported: Scene):
    with check_refused(supported, DISPROVE, "transition"):
        disprove(supported, "dpo")


def test_people_who_may_not_disprove_are_refused(released: Scene):
    released.hire("owner of another register", Role.ASSET_OWNER)
    with check_refused(released, DISPROVE, "not_permitted", spoke="policy"):
        disprove(released, "owner of another register")
