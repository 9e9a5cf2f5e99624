import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.governance.request_rules import Duty
from countersign.operations.reassign_request import ReassignReason, ReassignRequest, reassign_request
from countersign.outcome.lead import OutcomeCode
from tests.operations.scene import Scene, check_refused, everyone

REASSIGN = Permission.REQUEST_REASSIGN


def reassign(scene: Scene, duty: Duty, to: str, who: str = "supervisor") -> SearchRequest:
    if "supervisor" not in scene.keys:
        scene.hire("supervisor", Role.SUPERVISOR)
    arguments = ReassignRequest(
        request=scene.ids.request, duty=duty, to=scene.person(to).id, reason=ReassignReason.ABSENT
    )
    return scene.force.do(who, REASSIGN, reassign_request, arguments)


@pytest.mark.row("P-15")
def test_another_requester_receives_the_lead_and_records_what_came_of_it(supported: Scene):
    supported.hire("colleague", Role.REQUESTER)
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)

    assert reassign(supported, Duty.REQUESTER, "colleague").requester == supported.person("colleague").id
    facts = {"request": supported.ids.request, "duty": "requester", "reason": "absent"}
    assert dict(supported.last().facts) == facts
    supported.keys["requester"] = supported.keys["colleague"]
    assert supported.casework.outcome(supported.ids.lead, OutcomeCode.ELIMINATED, evidence=False).outcome


@pytest.mark.row("P-15")
def test_another_officer_of_the_rank_reconfirms(supported: Scene):
    supported.hire("other", Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR)
    reassign(supported, Duty.OFFICER, "other")
    supported.keys["officer"] = supported.keys["other"]

    assert supported.casework.reconfirm(supported.ids.lead).reconfirmed_by == supported.person("other").id


@pytest.mark.row("P-15")
def test_an_open_review_goes_to_another_examiner_who_sees_nothing_of_it(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.casework.open(sealed.ids.request, "examiner")
    reassign(sealed, Duty.EXAMINER, "third")

    opened = sealed.casework.open(sealed.ids.request, "third")
    assert (opened.review.position, opened.candidates) == ("second", ())


def test_a_duty_for_somebody_who_has_one_already_lacks_rank_or_is_of_the_team_is_refused(supported: Scene):
    supported.hire("supervisor", Role.SUPERVISOR)
    supported.hire("sergeant", Role.AUTHORISING_OFFICER, rank=Rank.SERGEANT)
    with check_refused(supported, REASSIGN, "duties_not_separate"):
        reassign(supported, Duty.EXAMINER, "operator")
    with check_refused(supported, REASSIGN, "rank_too_low"):
        reassign(supported, Duty.OFFICER, "sergeant")
    with check_refused(supported, REASSIGN, "duty_not_handed_over"):
        reassign(supported, Duty.OPERATOR, "third")


def test_whoever_is_no_supervisor_or_takes_a_duty_for_themselves_is_refused(supported: Scene):
    supported.hire("both", Role.SUPERVISOR, Role.REQUESTER)
    supported.hire("supervisor", Role.SUPERVISOR)
    with check_refused(supported, REASSIGN, "not_permitted", spoke="policy"):
        reassign(supported, Duty.REQUESTER, "both", "officer")
    with check_refused(supported, REASSIGN, "own_duty"):
        reassign(supported, Duty.REQUESTER, "both", "both")


def test_a_lead_that_was_not_released_yet_has_no_recipient_to_change(supported: Scene):
    supported.hire("colleague", Role.REQUESTER)
    reassign(supported, Duty.REQUESTER, "colleague")

    with supported.reading() as work:
        assert work.leads.get(supported.ids.lead).recipient is None
