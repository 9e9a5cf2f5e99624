"""Several processes at once: one list an authorisation, one authorisation a request, one log."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from countersign.governance.request import AuthorisationState
from countersign.ledger.checkpoint import Checkpoint
from countersign.ledger.event import EventKind
from countersign.ledger.note import Note
from countersign.ledger.witness import FileWitnessState
from countersign.operations.verify_ledger import verify_ledger
from countersign.primitives.clock import SystemClock
from countersign.search.probe import RunState
from tests.integration.forked import APPENDS, End, Forks, job
from tests.integration.promises import broken_promises
from tests.operations.scene import Scene, Stage

CONFLICT, REFUSED = 6, 3
WRITERS = 8


def check_one_lost(ends: list[End]) -> None:
    """Check that one process did it, and that the other was told in words why it could not."""
    won, lost = sorted(ends, key=lambda end: end.family)
    assert won.succeeded
    assert lost.family in {CONFLICT, REFUSED}
    assert "expected" in lost.message
    assert "got" in lost.message


def check_sealed(scene: Scene, number: int) -> None:
    assert broken_promises(scene) == []
    with scene.reading() as work:
        assert [run.state for run in work.runs.where()] == [RunState.SEALED] * number
        assert len(work.lists.where()) == number
    assert verify_ledger(scene.desk).findings == ()


@pytest.mark.parametrize("attempt", range(4))
def test_an_authorisation_that_two_processes_use_at_once_buys_one_list(
    at: Callable[[Stage], Scene], forks: Forks, attempt: int
):
    scene = at(Stage.AUTHORISED)
    check_one_lost(forks.run(job(scene, "search"), job(scene, "search")))
    check_sealed(scene, 1)
    assert sum(entry.kind is EventKind.DENIED for entry in scene.entries()) == 1, attempt


def test_two_requests_searched_at_once_give_a_list_each(at: Callable[[Stage], Scene], forks: Forks):
    scene = at(Stage.AUTHORISED)
    other = scene.casework.ask(scene.ids.probe, scene.ids.collection)
    ends = forks.run(job(scene, "search"), replace(job(scene, "search"), request=other))
    assert all(end.succeeded for end in ends)
    check_sealed(scene, 2)


def test_one_recovering_while_another_searches_gives_one_list(at: Callable[[Stage], Scene], forks: Forks):
    scene = at(Stage.AUTHORISED)
    (killed,) = forks.run(job(scene, "search", die_at_edge=4))
    ends = forks.run(job(scene, "search"), job(scene, "recover"))
    assert killed.killed
    assert all(end.succeeded or end.family in {CONFLICT, REFUSED} for end in ends)
    check_sealed(scene, 1)


def test_a_request_that_is_authorised_twice_at_once_has_one_authorisation(at: Callable[[Stage], Scene], forks: Forks):
    scene = at(Stage.MARKED)
    request = scene.casework.draft(scene.ids.probe, scene.ids.collection).id
    scene.casework.submit(request)
    scene.casework.consider(request)
    authorise = replace(job(scene, "authorise"), request=request)
    check_one_lost(forks.run(authorise, authorise))
    with scene.reading() as work:
        assert [given.state for given in work.authorisations.where()] == [AuthorisationState.LIVE]
    assert broken_promises(scene) == []


def test_eight_processes_append_without_a_gap_in_places_or_a_step_back_in_time(
    at: Callable[[Stage], Scene], forks: Forks
):
    scene = at(Stage.SEALED)
    before = len(scene.entries())
    ends = forks.run(*[job(scene, "append", begun=SystemClock().now().timestamp())] * WRITERS)
    assert all(end.succeeded for end in ends)
    assert len(scene.entries()) == before + WRITERS * APPENDS
    assert broken_promises(scene) == []
    with scene.reading() as work:
        sizes = [Checkpoint.parse(Note.parse(note.encode()).text).size for note in work.ledger.checkpoints()]
        newest = work.ledger.latest_checkpoint()
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == before + WRITERS * APPENDS
    assert scene.desk.log_policy.is_met_by(Note.parse((newest or "").encode()))
    assert verify_ledger(scene.desk).findings == ()


def test_an_operation_whose_seal_another_process_overtook_has_happened(
    at: Callable[[Stage], Scene], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    scene = at(Stage.AUTHORISED)
    with monkeypatch.context() as overtaken:
        overtaken.setattr(FileWitnessState, "replace", lambda _self, **_checkpoints: False)
        run = scene.casework.search(scene.ids.request)
    assert run.state is RunState.SEALED
    assert caplog.messages == []
    check_sealed(scene, 1)
