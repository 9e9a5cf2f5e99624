import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.operations.draft_request import DraftRequest, draft_request
from countersign.operations.refuse_request import RefusalReason, RefuseRequest, refuse_request
from countersign.operations.submit_request import SubmitRequest, submit_request
from countersign.primitives.ids import RequestId
from tests.operations.scene import Scene, check_refused

REFUSE = Permission.REQUEST_REFUSE


def submitted(scene: Scene, who: str = "requester") -> RequestId:
    arguments = DraftRequest(probe=scene.ids.probe, collection=scene.ids.collection, form=FORM)
    request = scene.force.do(who, Permission.REQUEST_DRAFT, draft_request, arguments).id
    scene.force.do(who, Permission.REQUEST_SUBMIT, submit_request, SubmitRequest(request=request))
    return request


def refuse(scene: Scene, request: RequestId, who: str = "officer") -> SearchRequest:
    arguments = RefuseRequest(request=request, reason=RefusalReason.NOT_NECESSARY, explanation="A witness knows him.")
    return scene.force.do(who, REFUSE, refuse_request, arguments)


def test_a_refused_request_is_an_entry_with_a_coded_reason(marked: Scene):
    request = submitted(marked)

    assert refuse(marked, request).state is RequestState.REFUSED
    entry = marked.last()
    assert (entry.kind, dict(entry.facts)) == ("request.refused", {"request": request, "reason": "not_necessary"})
    assert "reasons" in entry.commit


def test_a_refused_request_cannot_be_taken_up_again(marked: Scene):
    request = submitted(marked)
    refuse(marked, request)

    with check_refused(marked, Permission.REQUEST_AUTHORISE, "transition"):
        marked.casework.authorise(request)


def test_an_authorised_request_is_refused_a_refusal(authorised: Scene):
    with check_refused(authorised, REFUSE, "transition"):
        refuse(authorised, authorised.ids.request)


def test_an_officers_own_request_is_refused_by_the_policy(marked: Scene):
    marked.hire("both", Role.REQUESTER, Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT)
    request = submitted(marked, "both")

    with check_refused(marked, REFUSE, "not_permitted", spoke="policy"):
        refuse(marked, request, "both")


@pytest.mark.parametrize("who", ["requester", "operator"])
def test_people_who_are_no_officers_are_refused(marked: Scene, who: str):
    request = submitted(marked)

    with check_refused(marked, REFUSE, "not_permitted", spoke="policy"):
        refuse(marked, request, who)
