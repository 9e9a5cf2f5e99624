from datetime import timedelta

import pytest

from countersign.errors import Conflict
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations import run_clock
from countersign.operations.run_search import RunSearch, run_search
from countersign.operations.turn import Turn
from countersign.primitives.ids import RequestId
from tests.operations.asking import NAMED, URGENT, authorise_at_once, name_authority, refer, submitted, tick, with_pack
from tests.operations.scene import Scene, check_refused

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def state(scene: Scene, request: RequestId) -> RequestState | None:
    with scene.reading() as work:
        found = work.requests.find(request)
    return found.state if found else None


def ends_after(scene: Scene, request: RequestId, limit: timedelta) -> RequestState | None:
    """Check that nothing happens at the last moment, and give the state a second later."""
    before = state(scene, request)
    scene.clock.advance(limit)
    assert tick(scene)["requests"] == 0
    assert state(scene, request) is before
    scene.clock.advance(SECOND)
    assert tick(scene)["requests"] == 1
    assert tick(scene)["requests"] == 0
    return state(scene, request)


@pytest.mark.row("AUT-08")
def test_an_urgent_search_that_nobody_confirmed_is_void_a_second_later_and_its_keys_are_gone(marked: Scene):
    request = submitted(marked, URGENT)
    authorise_at_once(marked, request)
    run = marked.casework.search(request)
    marked.casework.open(request, "operator")

    assert ends_after(marked, request, timedelta(hours=48)) is None

    with marked.reading() as work:
        assert work.lists.find(run.id) is None
        assert work.exhibits.find(marked.ids.exhibit) is not None
    ended = next(entry for entry in reversed(marked.entries()) if entry.kind == "request.withdrawn")
    assert (ended.facts["ended"], ended.facts["reason"]) == ("voided", "unconfirmed")


@pytest.mark.row("AUT-09")
def test_a_targeted_search_that_the_authority_leaves_undecided_is_stopped(marked: Scene):
    name_authority(marked)
    request = submitted(marked, NAMED)
    refer(marked, request)

    assert ends_after(marked, request, 7 * DAY) is None


@pytest.mark.row("AUT-07")
def test_an_unused_authorisation_expires(authorised: Scene):
    authorised.clock.advance(14 * DAY - SECOND)
    assert tick(authorised)["requests"] == 0

    authorised.clock.advance(SECOND)
    assert tick(authorised)["requests"] == 1
    assert state(authorised, authorised.ids.request) is RequestState.EXPIRED


@pytest.mark.row("ENG-07")
def test_a_list_that_nobody_opens_is_destroyed_and_its_request_stays(sealed: Scene):
    with sealed.reading() as work:
        (run,) = work.runs.where(request=sealed.ids.request)

    assert ends_after(sealed, sealed.ids.request, timedelta(hours=72)) is RequestState.EXPIRED
    with sealed.reading() as work:
        assert work.lists.find(run.id) is None


def test_a_request_that_no_officer_decides_on_goes_back_after_five_working_days(marked: Scene):
    request = submitted(marked)  # a Saturday: the fifth working day after it is a Friday

    assert ends_after(marked, request, 6 * DAY) is RequestState.RETURNED
    assert [str(entry.kind) for entry in marked.entries()].count("request.returned") == 1


def test_a_forgotten_draft_is_deleted(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection).id

    assert ends_after(marked, request, 14 * DAY) is None


def test_a_lead_that_nobody_releases_lapses(supported: Scene):
    assert ends_after(supported, supported.ids.request, 28 * DAY) is RequestState.LAPSED


def test_a_pack_shortens_a_time_and_never_lengthens_it(marked: Scene):
    with_pack(marked, request_clocks={"draft_h": 24})
    assert ends_after(marked, marked.casework.draft(marked.ids.probe, marked.ids.collection).id, DAY) is None
    with_pack(marked, request_clocks={"draft_h": 10_000})
    assert ends_after(marked, marked.casework.draft(marked.ids.probe, marked.ids.collection).id, 14 * DAY) is None


def test_each_step_has_an_entry_and_none_shows_anybody(authorised: Scene):
    since = len(authorised.entries())
    tick(authorised, "owner")

    facts = [dict(entry.facts) for entry in authorised.entries(since)]
    assert facts == [{"step": name, "done": 0} for name in run_clock.STEPS]


def test_a_step_that_fails_keeps_no_other_from_being_done(authorised: Scene, monkeypatch: pytest.MonkeyPatch):
    def fails(_: Turn) -> int:
        raise Conflict("expected a good day, got a bad one", code="bad_day")

    monkeypatch.setattr(run_clock, "STEPS", {"broken": fails, "requests": run_clock.end_overdue_requests})
    authorised.clock.advance(14 * DAY)
    with pytest.raises(Conflict, match="bad one"):
        tick(authorised)

    assert state(authorised, authorised.ids.request) is RequestState.EXPIRED


def test_people_in_casework_are_refused(authorised: Scene):
    with check_refused(authorised, Permission.CLOCK_RUN, "not_permitted", spoke="policy"):
        tick(authorised, "operator")


def test_an_expired_authorisation_is_refused_a_search(authorised: Scene):
    authorised.clock.advance(14 * DAY)
    tick(authorised)
    arguments = RunSearch(request=authorised.ids.request)

    with check_refused(authorised, Permission.SEARCH_RUN, "authorisation_revoked"):
        authorised.force.do("operator", Permission.SEARCH_RUN, run_search, arguments)
