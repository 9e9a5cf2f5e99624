from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations.list_requests import ListedRequest, ListRequests, list_requests
from tests.fakes import Face
from tests.operations.asking import submitted
from tests.operations.scene import Scene, check_refused, nobody


def listed(scene: Scene, who: str) -> tuple[ListedRequest, ...]:
    return scene.force.do(who, Permission.CASE_READ, list_requests, ListRequests())


def test_a_requester_sees_their_own_and_an_officer_what_waits(marked: Scene):
    request = submitted(marked)
    (own,), (waiting,) = listed(marked, "requester"), listed(marked, "officer")

    assert (own.request, own.asked_by_me, waiting.asked_by_me) == (request, True, False)
    assert waiting.requester == marked.person("requester").name
    assert own.case_reference == "CASE/2026/0117"
    assert own.limit == "undecided"
    assert own.due == marked.clock.now() + timedelta(days=6)  # five working days from a Saturday
    assert dict(marked.last().facts) == {"what": "requests", "justification": "queue"}


def test_an_operator_sees_what_is_authorised_and_nothing_of_the_case(authorised: Scene):
    (line,) = listed(authorised, "operator")

    assert (line.case_reference, line.requester, line.state) == ("", "", RequestState.AUTHORISED)
    assert listed(authorised, "examiner") == ()


@pytest.mark.parametrize("who", ["officer", "operator", "examiner", "requester"])
def test_whoever_took_part_goes_on_seeing_it(supported: Scene, who: str):
    (line,) = listed(supported, who)

    assert (line.lead is not None) == (who in {"officer", "requester"})


def test_a_colleague_sees_nothing_of_it(authorised: Scene):
    authorised.hire("colleague", Role.REQUESTER)

    assert listed(authorised, "colleague") == ()


def test_a_request_without_a_clock_has_none(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    from countersign.outcome.lead import OutcomeCode

    supported.casework.outcome(supported.ids.lead, OutcomeCode.ELIMINATED, evidence=False)
    (line,) = listed(supported, "requester")

    assert (line.due, line.limit) == (None, "")


def test_a_role_without_casework_is_refused(authorised: Scene):
    authorised.hire("new officer", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT)
    assert listed(authorised, "new officer") == ()
    with check_refused(authorised, Permission.CASE_READ, "not_permitted", spoke="policy"):
        listed(authorised, "administrator")


@pytest.fixture
def fruitless(sealed: Scene) -> Scene:
    """Give a search in which nobody found a lead."""
    for who in ("operator", "examiner"):
        sealed.casework.review(sealed.ids.request, who, nobody)
    return sealed


def may_apply_again(scene: Scene, who: str = "officer") -> list[bool]:
    return [line.may_apply_again for line in listed(scene, who)]


@pytest.mark.row("P-06")
def test_a_material_change_is_told_at_the_review_date_and_nothing_is_searched(fruitless: Scene):
    fruitless.clock.advance(timedelta(days=30))
    assert may_apply_again(fruitless) == [False]
    fruitless.draw("more/8/1.png", Face(person=8, view=1))
    fruitless.force.enrol(fruitless.ids.collection, fruitless.folder / "pictures" / "more")
    runs = len(fruitless.entries())

    assert (may_apply_again(fruitless), may_apply_again(fruitless, "requester")) == ([True], [True])
    assert may_apply_again(fruitless, "operator") == [False]
    assert {entry.kind for entry in fruitless.entries(runs)} == {"record.consulted"}
    with fruitless.altering() as work:
        (case,) = work.cases.where()
        work.cases.replace(replace(case, closed_at=fruitless.clock.now()))
    assert may_apply_again(fruitless) == [False]


@pytest.mark.row("P-06")
def test_another_network_is_a_material_change_but_not_before_the_review_date(fruitless: Scene):
    fruitless.engine.extractor = "another-extractor/int8"
    fruitless.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert may_apply_again(fruitless) == [False]
    fruitless.clock.advance(timedelta(seconds=1))
    assert may_apply_again(fruitless) == [True]


def test_a_search_that_led_to_somebody_is_not_told_again(supported: Scene):
    supported.engine.extractor = "another-extractor/int8"
    supported.clock.advance(timedelta(days=30))

    assert may_apply_again(supported) == [False]
