from datetime import date

import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.overlay import Overlay, OverlayKind
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations.lift_overlay import LiftOverlay, lift_overlay
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from tests.operations.scene import Scene, check_refused
from tests.operations.test_lay_overlay import lay

LIFT, K = Permission.OVERLAY_LIFT, OverlayKind


def lift(scene: Scene, overlay: Overlay, who: str, told: date | None = None) -> Overlay:
    return scene.force.do(who, LIFT, lift_overlay, LiftOverlay(overlay=overlay.id, subject_told=told))


def test_a_suspension_needs_the_dpo_and_an_officer_of_higher_rank(authorised: Scene):
    on = lay(authorised, K.SUSPENDED)
    authorised.hire("inspector", Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR)
    authorised.hire("superintendent", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT)

    assert lift(authorised, on, Role.DPO).lifted_at is None
    with check_refused(authorised, LIFT, "rank_too_low"):
        lift(authorised, on, "inspector")
    assert lift(authorised, on, "superintendent").lifted_at is not None
    assert dict(authorised.last().facts)["lifted"] == "yes"
    with check_refused(authorised, LIFT, "overlay_lifted"):
        lift(authorised, on, Role.DPO)
    assert authorised.casework.search(authorised.ids.request).n_subjects == 3


def test_a_restriction_is_refused_a_lift_before_the_subject_is_told(sealed: Scene):
    on = lay(sealed, K.RESTRICTED)

    with check_refused(sealed, LIFT, "subject_not_told"):
        lift(sealed, on, Role.RIGHTS_HANDLER)
    assert lift(sealed, on, Role.RIGHTS_HANDLER, date(2026, 1, 10)).subject_told == date(2026, 1, 10)
    assert sealed.casework.show(sealed.ids.request).state is RequestState.EXECUTED


@pytest.mark.row("RET-04")
def test_lifting_a_hold_destroys_what_it_kept_too_long(sealed: Scene):
    on = lay(sealed, K.DISCLOSURE_HOLD)
    arguments = WithdrawRequest(request=sealed.ids.request, reason=WithdrawalReason.NOT_NEEDED)
    sealed.force.do("requester", Permission.REQUEST_WITHDRAW, withdraw_request, arguments)
    lift(sealed, on, Role.DISCLOSURE_OFFICER)

    with sealed.reading() as work:
        (run,) = work.runs.where()
        assert work.lists.find(run.id) is None
        assert work.requests.get(sealed.ids.request).state is RequestState.WITHDRAWN


def test_lifting_a_hold_over_a_request_that_goes_on_destroys_nothing(sealed: Scene):
    lift(sealed, lay(sealed, K.DISCLOSURE_HOLD), Role.DISCLOSURE_OFFICER)

    with sealed.reading() as work:
        assert work.lists.find(work.runs.where()[0].id) is not None
