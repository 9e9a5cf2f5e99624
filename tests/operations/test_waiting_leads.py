from datetime import timedelta

import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.request_rules import Duty
from countersign.operations.cover_absence import Covered
from countersign.operations.waiting_leads import waiting_leads
from countersign.outcome.lead import OutcomeCode
from tests.operations.scene import Scene, check_refused
from tests.operations.test_cover_absence import cover
from tests.operations.test_reassign_request import reassign

MOVE = Permission.REQUEST_REASSIGN


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


@pytest.fixture
def unattended(supported: Scene) -> Scene:
    """A lead has waited for its outcome so long that the supervisor is stopped in a second."""
    supported.hire("colleague", Role.REQUESTER)
    supported.hire("other", Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR, team="command")
    supported.hire("supervisor", Role.SUPERVISOR)
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    supported.clock.advance(timedelta(days=118))
    return supported


@pytest.mark.row("P-15")
def test_a_supervisor_who_leaves_an_overdue_outcome_alone_moves_no_other_work(unattended: Scene):
    reassign(unattended, Duty.OFFICER, "other")
    unattended.clock.advance(timedelta(seconds=1))

    with check_refused(unattended, MOVE, "outcome_unattended"):
        reassign(unattended, Duty.OFFICER, "officer")
    with check_refused(unattended, MOVE, "outcome_unattended"):
        cover(unattended, "other", "officer")
    assert cover(unattended, "other", None) == ()  # that somebody is away may always be recorded


@pytest.mark.row("P-15")
def test_the_team_of_whoever_left_an_outcome_alone_goes_on(unattended: Scene):
    unattended.clock.advance(timedelta(seconds=1))
    unattended.keys["requester"] = unattended.keys["colleague"]

    assert unattended.casework.draft(unattended.ids.probe, unattended.ids.collection).state == "draft"


@pytest.mark.row("P-15")
def test_a_supervisor_sees_to_it_by_giving_the_lead_to_somebody_else(unattended: Scene):
    unattended.clock.advance(timedelta(seconds=1))
    reassign(unattended, Duty.REQUESTER, "colleague")

    reassign(unattended, Duty.OFFICER, "other")  # and moves other work again
    unattended.clock.advance(timedelta(days=118, seconds=1))
    with check_refused(unattended, MOVE, "outcome_unattended"):
        reassign(unattended, Duty.OFFICER, "officer")


@pytest.mark.row("P-15")
def test_covering_for_whoever_left_it_alone_sees_to_it_too(unattended: Scene):
    unattended.clock.advance(timedelta(seconds=1))

    assert Covered(request=unattended.ids.request, duty=Duty.REQUESTER, refused="") in cover(
        unattended, "requester", "colleague"
    )


@pytest.mark.row("P-15")
def test_an_outcome_sets_the_supervisor_free(unattended: Scene):
    unattended.clock.advance(timedelta(seconds=1))
    unattended.casework.outcome(unattended.ids.lead, OutcomeCode.ELIMINATED, evidence=False)

    assert reassign(unattended, Duty.OFFICER, "other").requester == unattended.person("requester").id
