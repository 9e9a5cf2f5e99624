from datetime import timedelta

import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from tests.operations.asking import URGENT, authorise_at_once, confirm, submitted, tick
from tests.operations.scene import Scene, check_refused

CONFIRM = Permission.REQUEST_CONFIRM
LIMIT = timedelta(hours=48)


@pytest.mark.row("AUT-08", "P-11")
def test_a_decision_confirmed_at_the_last_moment_stands(marked: Scene):
    request = submitted(marked, URGENT)
    authorise_at_once(marked, request)
    marked.clock.advance(LIMIT)

    assert confirm(marked, request).confirmed_at == marked.clock.now()
    assert marked.last().kind == "request.confirmed"
    marked.clock.advance(timedelta(days=1))
    assert tick(marked)["requests"] == 0
    assert marked.casework.search(request).request == request


@pytest.mark.row("AUT-08", "P-11")
def test_a_confirmation_that_comes_late_is_refused_and_so_is_the_search(marked: Scene):
    request = submitted(marked, URGENT)
    authorise_at_once(marked, request)
    marked.clock.advance(LIMIT + timedelta(seconds=1))

    with check_refused(marked, CONFIRM, "authorisation_void"):
        confirm(marked, request)
    with check_refused(marked, Permission.SEARCH_RUN, "authorisation_void"):
        marked.casework.search(request)


@pytest.mark.row("AUT-08", "P-11")
def test_a_second_confirmation_one_in_few_words_and_one_by_another_officer_are_refused(marked: Scene):
    request = submitted(marked, URGENT)
    authorise_at_once(marked, request)
    marked.hire("other", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT)

    with check_refused(marked, CONFIRM, "reasons_too_short"):
        confirm(marked, request, "Agreed.")
    with check_refused(marked, CONFIRM, "not_officer"):
        confirm(marked, request, who="other")
    confirm(marked, request)
    with check_refused(marked, CONFIRM, "nothing_to_confirm"):
        confirm(marked, request)
