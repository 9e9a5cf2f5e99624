import pytest

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.request import Case
from countersign.operations.close_case import CloseCase, close_case
from countersign.primitives.ids import CaseId
from tests.operations.asking import submitted
from tests.operations.scene import Scene, check_refused

CLOSE = Permission.CASE_CLOSE


def case_of(scene: Scene) -> CaseId:
    with scene.reading() as work:
        return work.cases.where()[0].id


def close(scene: Scene, who: str = "requester") -> Case:
    return scene.force.do(who, CLOSE, close_case, CloseCase(case=case_of(scene)))


@pytest.mark.row("RET-02")
def test_a_case_that_was_disposed_of_has_a_day_from_which_its_period_runs(marked: Scene):
    assert close(marked).closed_at == marked.clock.now()
    assert marked.last().kind == "case.closed"


def test_a_case_in_which_a_request_is_under_way_is_refused(marked: Scene):
    submitted(marked)

    with check_refused(marked, CLOSE, "case_under_way"):
        close(marked)


def test_a_case_that_was_closed_before_is_refused(marked: Scene):
    close(marked)

    with check_refused(marked, CLOSE, "case_closed"):
        close(marked)


def test_people_who_ask_for_nothing_are_refused(marked: Scene):
    with check_refused(marked, CLOSE, "not_permitted", spoke="policy"):
        close(marked, "operator")


def test_a_case_that_nobody_opened_is_refused(pilot: Scene):
    with check_refused(pilot, CLOSE, "row_missing", family=NotFound):
        pilot.force.do("requester", CLOSE, close_case, CloseCase(case=CaseId("none")))
