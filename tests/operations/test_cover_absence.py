from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.request_rules import Duty
from countersign.operations.cover_absence import CoverAbsence, Covered, cover_absence
from countersign.operations.reassign_request import ReassignReason, ReassignRequest, reassign_request
from tests.operations.scene import Scene, check_refused, everyone

COVER = Permission.REQUEST_REASSIGN


def cover(scene: Scene, person: str, to: str | None, days: int = 14, who: str = "supervisor") -> tuple[Covered, ...]:
    if "supervisor" not in scene.keys:
        scene.hire("supervisor", Role.SUPERVISOR)
    arguments = CoverAbsence(
        person=scene.person(person).id,
        until=(scene.clock.now() + timedelta(days=days)).date(),
        to=scene.person(to).id if to else None,
    )
    return scene.force.do(who, COVER, cover_absence, arguments)


@pytest.mark.row("P-15")
def test_everything_open_goes_to_whoever_covers_and_is_counted(supported: Scene):
    supported.hire("colleague", Role.REQUESTER)
    done = cover(supported, "requester", "colleague")

    assert done == (Covered(request=supported.ids.request, duty=Duty.REQUESTER, refused=""),)
    assert dict(supported.last().facts) == {"days": 15, "handed_over": 1, "left_open": 0}
    with supported.reading() as work:
        assert work.requests.get(supported.ids.request).requester == supported.person("colleague").id


def test_a_duty_that_cannot_go_over_stays_and_is_told(supported: Scene):
    supported.hire("sergeant", Role.AUTHORISING_OFFICER, rank=Rank.SERGEANT)
    supported.hire("other", Role.OPERATOR)

    assert [one.refused for one in cover(supported, "officer", "sergeant")] == ["rank_too_low"]
    assert dict(supported.last().facts) == {"days": 15, "handed_over": 0, "left_open": 1}
    assert [one.refused for one in cover(supported, "operator", "other")] == ["duty_not_handed_over"]
    with supported.reading() as work:
        assert work.authorisations.where(request=supported.ids.request)[0].officer == supported.person("officer").id


def test_an_open_review_goes_over_and_what_is_over_does_not(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    sealed.casework.open(sealed.ids.request, "examiner")

    assert [one.duty for one in cover(sealed, "examiner", "third")] == ["examiner"]
    assert cover(sealed, "examiner", "third") == ()


def test_nothing_goes_to_whoever_is_away_until_they_are_back(supported: Scene):
    supported.hire("colleague", Role.REQUESTER)
    assert cover(supported, "colleague", None) == ()
    arguments = ReassignRequest(
        request=supported.ids.request,
        duty=Duty.REQUESTER,
        to=supported.person("colleague").id,
        reason=ReassignReason.OTHER_POST,
    )
    with check_refused(supported, COVER, "absent"):
        supported.force.do("supervisor", COVER, reassign_request, arguments)
    cover(supported, "colleague", None, days=-1)
    assert dict(supported.last().facts) == {"days": 0, "handed_over": 0, "left_open": 0}
    assert supported.force.do("supervisor", COVER, reassign_request, arguments).requester == arguments.to


def test_somebody_of_another_organisation_is_refused(supported: Scene):
    visitor = supported.hire("visitor", Role.REQUESTER)
    supported.hire("supervisor", Role.SUPERVISOR)
    with supported.altering() as work:
        work.people.replace(replace(visitor, organisation="Another Constabulary"))
    with check_refused(supported, COVER, "other_organisation"):
        cover(supported, "requester", "visitor")


def test_whoever_is_no_supervisor_is_refused(supported: Scene):
    supported.hire("colleague", Role.REQUESTER)
    supported.hire("supervisor", Role.SUPERVISOR)
    with check_refused(supported, COVER, "not_permitted", spoke="policy"):
        cover(supported, "requester", "colleague", who="officer")
