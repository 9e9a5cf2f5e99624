"""What lies over a request stops people, not the clock; a hold keeps, a restriction hides (T24 to T26)."""

from datetime import date, timedelta

import pytest

from countersign.governance.actor import Role
from countersign.governance.overlay import Ground, Overlay, OverlayKind
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations.erase_case import CaseErasureRule, EraseCase, erase_case
from countersign.operations.lay_overlay import LayOverlay, lay_overlay
from countersign.operations.report_search import ReportSearch, report_search
from countersign.operations.run_search import RunSearch, run_search
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from tests.operations.asking import tick
from tests.operations.scene import Scene, check_refused

K = OverlayKind
WHY = "A defence expert asked for the list and for all opinions on the fifth of January."
LAID_BY = {K.SUSPENDED: Role.DPO, K.RESTRICTED: Role.RIGHTS_HANDLER, K.DISCLOSURE_HOLD: Role.DISCLOSURE_OFFICER}
ON = {
    K.SUSPENDED: Ground.INCIDENT,
    K.RESTRICTED: Ground.DATA_CONTESTED,
    K.DISCLOSURE_HOLD: Ground.CRIMINAL_PROCEEDINGS,
}


def lay(
    scene: Scene, kind: OverlayKind, who: str | None = None, reason: str = WHY, review_by: date = date(2026, 3, 1)
) -> Overlay:
    name = who or LAID_BY[kind]
    if name not in scene.keys:
        scene.hire(name, LAID_BY[kind])
    arguments = LayOverlay(request=scene.ids.request, kind=kind, ground=ON[kind], reason=reason, review_by=review_by)
    return scene.force.do(name, Permission.OVERLAY_LAY, lay_overlay, arguments)


@pytest.mark.parametrize("kind", [K.SUSPENDED, K.RESTRICTED])
@pytest.mark.row("RET-04", "DSR-05")
def test_what_is_suspended_or_restricted_is_not_searched(authorised: Scene, kind: OverlayKind):
    lay(authorised, kind)

    arguments = RunSearch(request=authorised.ids.request)
    with check_refused(authorised, Permission.SEARCH_RUN, "request_overlaid"):
        authorised.force.do("operator", Permission.SEARCH_RUN, run_search, arguments)


def test_the_clock_ends_what_is_suspended(authorised: Scene):
    lay(authorised, K.SUSPENDED)
    authorised.clock.advance(timedelta(days=14))

    assert tick(authorised)["requests"] == 1


@pytest.mark.row("RET-04", "DSR-05")
def test_what_is_restricted_is_read_for_rights_and_disclosure_only(sealed: Scene):
    lay(sealed, K.RESTRICTED)

    with check_refused(sealed, Permission.CASE_READ, "request_restricted"):
        sealed.casework.show(sealed.ids.request)
    with check_refused(sealed, Permission.REPORT_SEARCH, "request_restricted"):
        sealed.force.do("operator", Permission.REPORT_SEARCH, report_search, ReportSearch(request=sealed.ids.request))
    sealed.hire("discloser", Role.DISCLOSURE_OFFICER)
    assert sealed.casework.show(sealed.ids.request, "discloser").state is RequestState.EXECUTED


@pytest.mark.row("RET-04")
def test_a_hold_keeps_the_list_of_a_withdrawn_search_and_its_case(sealed: Scene):
    lay(sealed, K.DISCLOSURE_HOLD)
    arguments = WithdrawRequest(request=sealed.ids.request, reason=WithdrawalReason.NOT_NEEDED)
    sealed.force.do("requester", Permission.REQUEST_WITHDRAW, withdraw_request, arguments)

    with sealed.reading() as work:
        (run,) = work.runs.where()
        assert work.lists.find(run.id) is not None
    erase = EraseCase(case=run.case, rule=CaseErasureRule.CASE_CLOSED)
    with check_refused(sealed, Permission.CASE_ERASE, "disclosure_hold"):
        sealed.force.do("owner", Permission.CASE_ERASE, erase_case, erase)


@pytest.mark.row("RET-05")
def test_a_hold_past_its_review_is_told_once_and_stays(sealed: Scene):
    lay(sealed, K.DISCLOSURE_HOLD)
    sealed.clock.advance(timedelta(days=50))
    assert tick(sealed)["overlays"] == 0
    sealed.clock.advance(timedelta(days=1))

    assert tick(sealed)["overlays"] == 1
    assert tick(sealed)["overlays"] == 0
    assert "overlay.overdue" in [entry.kind for entry in sealed.entries()]
    with sealed.reading() as work:
        assert work.overlays.where()[0].lifted_at is None


def test_an_overlay_without_a_reason_or_by_somebody_else_is_refused(sealed: Scene):
    sealed.hire("discloser", Role.DISCLOSURE_OFFICER)
    with check_refused(sealed, Permission.OVERLAY_LAY, "reasons_too_short"):
        lay(sealed, K.DISCLOSURE_HOLD, "discloser", reason="because")
    with check_refused(sealed, Permission.OVERLAY_LAY, "overlay_role"):
        lay(sealed, K.SUSPENDED, "discloser")
    with check_refused(sealed, Permission.OVERLAY_LAY, "not_permitted", spoke="policy"):
        lay(sealed, K.SUSPENDED, "officer")
