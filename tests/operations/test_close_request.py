"""A search is looked back at before it is closed, and what is closed goes in time (T21, T22, GOV-17)."""

from datetime import date, timedelta

import pytest

from countersign.governance.closing import Benefit
from countersign.governance.overlay import OverlayKind
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState, SearchRequest
from countersign.operations.close_request import CloseRequest, close_request
from countersign.operations.refuse_request import RefusalReason, RefuseRequest, refuse_request
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from tests.operations.asking import submitted, tick
from tests.operations.scene import Scene, check_refused, nobody
from tests.operations.test_lay_overlay import lay

CLOSE = Permission.REQUEST_CLOSE
LESSON = "The still was too dark; ask the shop for the other camera first."


def close(scene: Scene, who: str = "officer", lesson: str = LESSON) -> SearchRequest:
    arguments = CloseRequest(request=scene.ids.request, benefit=Benefit.NONE, still_necessary=False, lesson=lesson)
    return scene.force.do(who, CLOSE, close_request, arguments)


@pytest.fixture
def fruitless(sealed: Scene) -> Scene:
    """Give a search in which nobody found a lead."""
    for who in ("operator", "examiner"):
        sealed.casework.review(sealed.ids.request, who, nobody)
    return sealed


@pytest.mark.row("GOV-17")
def test_an_executed_search_waits_for_its_review_and_is_closed_with_it(fruitless: Scene):
    fruitless.clock.advance(timedelta(days=31))
    assert tick(fruitless)["closing"] == 0

    assert close(fruitless).state is RequestState.CLOSED
    entry = fruitless.last()
    facts = {"request": fruitless.ids.request, "benefit": "none", "necessary": "no"}
    assert (entry.kind, dict(entry.facts)) == ("review.closed", facts)


@pytest.mark.row("GOV-17")
def test_a_review_of_few_words_by_somebody_else_or_too_early_is_refused(sealed: Scene, fruitless: Scene):
    with check_refused(fruitless, CLOSE, "post_review_short"):
        close(fruitless, lesson="fine")
    with check_refused(fruitless, CLOSE, "not_permitted", spoke="policy"):
        close(fruitless, "operator")
    close(sealed)
    with check_refused(sealed, CLOSE, "transition"):
        close(sealed)


def test_what_was_never_searched_is_closed_by_the_clock_after_a_month(authorised: Scene):
    arguments = WithdrawRequest(request=authorised.ids.request, reason=WithdrawalReason.NOT_NEEDED)
    authorised.force.do("requester", Permission.REQUEST_WITHDRAW, withdraw_request, arguments)
    assert tick(authorised)["closing"] == 0
    authorised.clock.advance(timedelta(days=30))

    assert tick(authorised)["closing"] == 1
    with authorised.reading() as work:
        assert work.requests.get(authorised.ids.request).state is RequestState.CLOSED


@pytest.mark.row("RET-02")
def test_a_closed_search_without_a_lead_is_erased_with_its_list_when_its_time_is_over(fruitless: Scene):
    close(fruitless)
    fruitless.clock.advance(timedelta(days=31))
    assert tick(fruitless)["erasing"] == 0
    fruitless.clock.advance(timedelta(days=1))

    assert tick(fruitless)["erasing"] == 1
    with fruitless.reading() as work:
        assert work.requests.find(fruitless.ids.request) is None
        assert work.lists.find(work.runs.where()[0].id) is None
        assert work.exhibits.find(fruitless.ids.exhibit) is not None
    erased = next(entry for entry in reversed(fruitless.entries()) if entry.kind == "request.erased")
    assert erased.facts["rule"] == "retention"


@pytest.mark.row("RET-02")
def test_a_closed_search_under_a_hold_stays(fruitless: Scene):
    close(fruitless)
    lay(fruitless, OverlayKind.DISCLOSURE_HOLD, review_by=date(2026, 5, 1))
    fruitless.clock.advance(timedelta(days=60))

    assert tick(fruitless)["erasing"] == 0


@pytest.mark.row("RET-02")
def test_what_was_refused_is_gone_a_month_after_the_refusal_and_not_two(marked: Scene):
    request = submitted(marked)
    arguments = RefuseRequest(request=request, reason=RefusalReason.NOT_NECESSARY, explanation=LESSON)
    marked.force.do("officer", Permission.REQUEST_REFUSE, refuse_request, arguments)
    marked.clock.advance(timedelta(days=31))
    assert (tick(marked)["closing"], tick(marked)["erasing"]) == (1, 0)
    marked.clock.advance(timedelta(days=1))

    assert tick(marked)["erasing"] == 1
    with marked.reading() as work:
        assert work.requests.find(request) is None


@pytest.mark.row("RET-02")
def test_closing_a_search_puts_the_end_of_its_list_off_by_nothing(fruitless: Scene):
    fruitless.clock.advance(timedelta(days=20))
    close(fruitless)
    fruitless.clock.advance(timedelta(days=11))
    tick(fruitless)

    with fruitless.reading() as work:
        assert work.lists.find(work.runs.where()[0].id) is None
        assert work.requests.get(fruitless.ids.request).state is RequestState.CLOSED
