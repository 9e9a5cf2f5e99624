import pytest

from countersign.governance.permission import Permission
from countersign.governance.request import AuthorisationState, RequestState
from tests.operations.asking import NAMED, name_authority, refer, submitted
from tests.operations.scene import Scene, check_refused

REFER = Permission.REQUEST_REFER


@pytest.mark.row("AUT-09")
def test_a_search_for_a_named_person_is_put_before_the_authority_and_buys_nothing_yet(marked: Scene):
    name_authority(marked)
    request = submitted(marked, NAMED)

    pending = refer(marked, request)

    assert pending.state is AuthorisationState.PENDING
    assert marked.last().kind == "request.referred"
    with marked.reading() as work:
        assert work.requests.get(request).state is RequestState.EXT_PENDING
    with check_refused(marked, Permission.SEARCH_RUN, "authorisation_revoked"):
        marked.casework.search(request)


@pytest.mark.row("AUT-09")
def test_an_officer_who_authorises_a_targeted_search_alone_is_refused(marked: Scene):
    name_authority(marked)
    request = submitted(marked, NAMED)

    with check_refused(marked, Permission.REQUEST_AUTHORISE, "targeted_needs_authority"):
        marked.casework.authorise(request)


@pytest.mark.row("AUT-09")
def test_without_an_authority_in_the_pack_targeted_searches_are_refused(marked: Scene):
    request = submitted(marked, NAMED)

    with check_refused(marked, REFER, "no_external_authority"):
        refer(marked, request)


def test_a_search_for_somebody_unknown_is_refused_a_referral(marked: Scene):
    name_authority(marked)
    request = submitted(marked)

    with check_refused(marked, REFER, "not_targeted"):
        refer(marked, request)


def test_people_who_are_no_officers_are_refused(marked: Scene):
    request = submitted(marked, NAMED)

    with check_refused(marked, REFER, "not_permitted", spoke="policy"):
        refer(marked, request, "requester")
