from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request_rules import Duty
from countersign.operations.request_state import duties, officers
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from tests.operations.scene import Scene, check_refused, everyone, nobody


def test_duties_name_who_did_what(sealed: Scene):
    for who, judge in (("operator", everyone), ("examiner", nobody), ("third", everyone)):
        sealed.casework.review(sealed.ids.request, who, judge)

    with sealed.reading() as work:
        done = duties(work, work.requests.get(sealed.ids.request))
        deciding = officers(work, sealed.ids.request)
    names = {duty: sealed.person("examiner" if duty is Duty.EXAMINER else str(duty)).id for duty in Duty}
    assert done == names
    assert deciding == [sealed.person("officer").id]


def test_a_draft_has_a_requester_and_nobody_else(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection)

    with marked.reading() as work:
        assert duties(work, request) == {Duty.REQUESTER: marked.person("requester").id}
        assert officers(work, request.id) == []


@pytest.mark.row("GOV-15")
def test_training_that_ran_out_since_the_draft_is_refused_at_the_next_step(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection).id
    requester = marked.person("requester")
    yesterday = (marked.clock.now() - timedelta(days=1)).date()
    with marked.altering() as work:
        work.people.replace(replace(requester, trained_until=((Role.REQUESTER, yesterday),)))

    with check_refused(marked, Permission.REQUEST_SUBMIT, "training_expired"):
        marked.casework.submit(request)
    arguments = WithdrawRequest(request=request, reason=WithdrawalReason.MISTAKE)
    assert marked.force.do("requester", Permission.REQUEST_WITHDRAW, withdraw_request, arguments).state == "withdrawn"
