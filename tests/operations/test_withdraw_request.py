import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from countersign.primitives.ids import RequestId
from tests.operations.asking import submitted
from tests.operations.scene import Scene, check_refused

WITHDRAW = Permission.REQUEST_WITHDRAW


def withdraw(scene: Scene, request: RequestId, who: str = "requester") -> SearchRequest:
    arguments = WithdrawRequest(request=request, reason=WithdrawalReason.NOT_NEEDED)
    return scene.force.do(who, WITHDRAW, withdraw_request, arguments)


@pytest.mark.parametrize("who", ["requester", "officer"])
def test_a_revoked_authorisation_buys_nothing(authorised: Scene, who: str):
    assert withdraw(authorised, authorised.ids.request, who).state is RequestState.WITHDRAWN

    facts = {"request": authorised.ids.request, "ended": "withdrawn", "reason": "not_needed", "openings": 0}
    assert dict(authorised.last().facts) == facts
    with check_refused(authorised, Permission.SEARCH_RUN, "authorisation_revoked"):
        authorised.casework.search(authorised.ids.request)


def test_with_a_search_that_is_withdrawn_goes_its_list_and_what_opens_it(sealed: Scene):
    with sealed.reading() as work:
        (run,) = work.runs.where(request=sealed.ids.request)
        assert "list" in (work.openings.get(run.sealed_seq) or {})
    withdraw(sealed, sealed.ids.request)

    with sealed.reading() as work:
        assert work.lists.find(run.id) is None
        assert work.openings.get(run.sealed_seq) is None
        assert work.requests.get(sealed.ids.request).state is RequestState.WITHDRAWN


def test_somebody_elses_request_is_refused(authorised: Scene):
    authorised.hire("colleague", Role.REQUESTER)
    authorised.hire("another officer", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT)

    for who in ("colleague", "another officer"):
        with check_refused(authorised, WITHDRAW, "not_party"):
            withdraw(authorised, authorised.ids.request, who)


def test_a_released_lead_is_refused_a_withdrawal(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)

    with check_refused(supported, WITHDRAW, "transition"):
        withdraw(supported, supported.ids.request)


def test_an_undecided_request_is_not_the_officers_to_withdraw_and_refused(marked: Scene):
    request = submitted(marked)

    with check_refused(marked, WITHDRAW, "not_party"):
        withdraw(marked, request, "officer")
