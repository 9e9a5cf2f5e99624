from dataclasses import replace

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations.erase_case import CaseErasureRule, EraseCase, ErasedCase, erase_case
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from countersign.primitives.ids import CaseId
from tests.operations.scene import Scene, check_refused

ERASE = Permission.CASE_ERASE


def case_of(scene: Scene) -> CaseId:
    with scene.reading() as work:
        return work.requests.get(scene.ids.request).case


def erase(scene: Scene, case: CaseId, who: str = "owner") -> ErasedCase:
    return scene.force.do(who, ERASE, erase_case, EraseCase(case=case, rule=CaseErasureRule.CASE_CLOSED))


def end(scene: Scene) -> None:
    arguments = WithdrawRequest(request=scene.ids.request, reason=WithdrawalReason.SOLVED_OTHERWISE)
    scene.force.do("requester", Permission.REQUEST_WITHDRAW, withdraw_request, arguments)


def test_of_an_erased_case_nothing_can_be_read_and_a_tombstone_stays(authorised: Scene):
    case = case_of(authorised)
    end(authorised)

    done = erase(authorised, case)

    assert (done.exhibits, done.probes, done.lists) == (1, 1, 0)
    assert done.openings > 0
    assert authorised.last().kind == "case.erased"
    with authorised.reading() as work:
        assert work.cases.find(case) is None
        assert work.exhibits.find(authorised.ids.exhibit) is None
        assert work.requests.where(case=case) == []


def test_with_a_case_go_the_lists_of_its_searches(supported: Scene):
    case = case_of(supported)
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    with supported.altering() as work:
        work.requests.replace(replace(work.requests.get(supported.ids.request), state=RequestState.CLOSED))

    assert erase(supported, case).lists == 1
    with supported.reading() as work:
        assert work.leads.find(supported.ids.lead) is None


def test_a_case_in_which_something_is_under_way_is_refused(authorised: Scene):
    with check_refused(authorised, ERASE, "case_under_way"):
        erase(authorised, case_of(authorised))


def test_a_case_that_does_not_exist_is_refused(authorised: Scene):
    with check_refused(authorised, ERASE, "row_missing", family=NotFound):
        erase(authorised, CaseId("none"))


def test_people_in_casework_are_refused(authorised: Scene):
    case = case_of(authorised)
    with check_refused(authorised, ERASE, "not_permitted", spoke="policy"):
        erase(authorised, case, "requester")
