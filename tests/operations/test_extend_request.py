from datetime import timedelta

import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.operations.extend_request import ExtendRequest, extend_request
from tests.operations.asking import submitted, tick
from tests.operations.scene import Scene, check_refused

EXTEND, DAY = Permission.REQUEST_EXTEND, timedelta(days=1)


def extend(scene: Scene, who: str = "officer") -> SearchRequest:
    return scene.force.do(who, EXTEND, extend_request, ExtendRequest(request=scene.ids.request))


@pytest.mark.row("P-15")
def test_any_officer_of_the_tier_extends_an_authorisation_once_and_not_beyond_the_ceiling(authorised: Scene):
    authorised.hire("other", Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR)
    authorised.clock.advance(13 * DAY)
    extend(authorised, "other")
    authorised.clock.advance(13 * DAY)

    assert tick(authorised)["requests"] == 0
    with check_refused(authorised, EXTEND, "extended"):
        extend(authorised)
    authorised.clock.advance(DAY)
    assert tick(authorised)["requests"] == 1


@pytest.mark.row("P-15")
def test_an_unopened_list_has_its_time_again(sealed: Scene):
    sealed.clock.advance(timedelta(hours=71))
    extend(sealed)
    sealed.clock.advance(timedelta(hours=71))

    assert tick(sealed)["requests"] == 0
    assert extend_again_refused(sealed)


def extend_again_refused(scene: Scene) -> bool:
    with check_refused(scene, EXTEND, "extended"):
        extend(scene)
    return True


def test_what_waits_for_a_decision_is_refused_more_time(marked: Scene):
    request = submitted(marked)
    with check_refused(marked, EXTEND, "not_extensible"):
        marked.force.do("officer", EXTEND, extend_request, ExtendRequest(request=request))


def test_an_officer_below_the_rank_and_an_operator_are_refused(authorised: Scene):
    authorised.hire("sergeant", Role.AUTHORISING_OFFICER, rank=Rank.SERGEANT)
    with check_refused(authorised, EXTEND, "rank_too_low"):
        extend(authorised, "sergeant")
    with check_refused(authorised, EXTEND, "not_permitted", spoke="policy"):
        extend(authorised, "operator")
    with authorised.reading() as work:
        assert work.requests.get(authorised.ids.request).state is RequestState.AUTHORISED
