from dataclasses import replace

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.operations.return_request import ReturnReason, ReturnRequest, return_request
from countersign.primitives.ids import RequestId
from tests.operations.asking import submitted
from tests.operations.scene import Scene, check_refused

RETURN = Permission.REQUEST_RETURN


def give_back(scene: Scene, request: RequestId, who: str = "officer") -> SearchRequest:
    arguments = ReturnRequest(request=request, reason=ReturnReason.UNCLEAR, explanation="Say who saw the taking.")
    return scene.force.do(who, RETURN, return_request, arguments)


def test_a_returned_request_can_be_submitted_again(marked: Scene):
    request = submitted(marked)

    assert give_back(marked, request).state is RequestState.RETURNED
    entry = marked.last()
    assert (entry.kind, dict(entry.facts)) == ("request.returned", {"request": request, "reason": "unclear"})
    assert marked.casework.submit(request).state is RequestState.SUBMITTED


def test_a_request_that_was_decided_on_is_refused_a_return(authorised: Scene):
    with check_refused(authorised, RETURN, "transition"):
        give_back(authorised, authorised.ids.request)


def test_an_officers_own_request_is_refused_by_the_policy(marked: Scene):
    marked.hire("both", Role.REQUESTER, Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT)
    request = submitted(marked)
    with marked.altering() as work:
        work.requests.replace(replace(work.requests.get(request), requester=marked.person("both").id))

    with check_refused(marked, RETURN, "not_permitted", spoke="policy"):
        give_back(marked, request, "both")
