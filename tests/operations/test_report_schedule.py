import pytest

from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.report_schedule import ReportSchedule, ScheduleLine, report_schedule
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from tests.operations.scene import SOUGHT, Scene, check_refused

SCHEDULE = Permission.REPORT_SCHEDULE


def schedule(scene: Scene, reference: str = "CASE/2026/0117", who: str = "discloser") -> tuple[ScheduleLine, ...]:
    if "discloser" not in scene.keys:
        scene.hire("discloser", Role.DISCLOSURE_OFFICER)
    return scene.force.do(who, SCHEDULE, report_schedule, ReportSchedule(case_reference=reference))


@pytest.mark.row("REP-05")
def test_every_executed_search_of_a_case_has_its_line_and_names_nobody(sealed: Scene):
    (line,) = schedule(sealed)

    assert (line.item, line.exhibits, line.candidates, line.ended_as) == (1, "CTV/1", 1, "executed")
    assert str(SOUGHT) not in line.description
    assert dict(sealed.last().facts) == {"report": "schedule", "justification": "criminal_proceedings"}


@pytest.mark.row("REP-05")
def test_a_search_whose_list_is_gone_has_its_line_too(sealed: Scene):
    arguments = WithdrawRequest(request=sealed.ids.request, reason=WithdrawalReason.NOT_NEEDED)
    sealed.force.do("requester", Permission.REQUEST_WITHDRAW, withdraw_request, arguments)
    assert schedule(sealed)[0].ended_as == "withdrawn"
    with sealed.altering() as work:
        work.keys.destroy(work.requests.get(sealed.ids.request).key)

    (line,) = schedule(sealed)
    assert (line.exhibits, line.candidates, line.ended_as) == ("erased", 0, "erased")


def test_a_case_that_nobody_holds_and_people_of_casework_are_refused(sealed: Scene):
    sealed.hire("discloser", Role.DISCLOSURE_OFFICER)
    with check_refused(sealed, SCHEDULE, "no_such_case", family=NotFound):
        schedule(sealed, "CASE/1")
    with check_refused(sealed, SCHEDULE, "not_permitted", spoke="policy"):
        schedule(sealed, who="requester")
