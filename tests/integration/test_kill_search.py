"""`kill -9` while a search runs: at every edge where something becomes durable, and at steps spread over all others."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.errors import Conflict, Refused
from countersign.governance.request import AuthorisationState
from countersign.ledger.event import EventKind
from countersign.operations.verify_ledger import verify_ledger
from countersign.primitives.clock import SimulatedClock
from countersign.search.probe import Candidate, RunState
from tests.integration.forked import ACTIONS, End, Forks, job
from tests.integration.promises import broken_promises
from tests.operations.scene import START, Scene, Stage

SPREAD = 18
"""Steps of a short run besides the edges."""
UNSTEADY = 300
"""The number of steps differs a little from run to run, since ids are random; the last edges lie in these."""
LONG = os.environ.get("COUNTERSIGN_LONG") == "1"

Listed = tuple[tuple[Candidate, ...], int, bytes]


def lists(scene: Scene) -> list[Listed]:
    with scene.reading() as work:
        return [(found.candidates, found.weight_sum, found.probe_codes) for found in work.lists.where()]


def opened(scene: Scene, folder: Path) -> Scene:
    """Open a copy of a scene's folder as a restarted machine would find it."""
    return Scene(folder=folder, clock=SimulatedClock(START), keys=dict(scene.keys), ids=scene.ids)


def killed(scene: Scene, forks: Forks, folder: Path, action: str, point: dict[str, int]) -> Scene:
    """Let a process act on a copy and die at a point; open what it left."""
    shutil.copytree(scene.folder, folder)
    (end,) = forks.run(replace(job(scene, action, **point), folder=str(folder)))
    assert end.killed, point
    return opened(scene, folder)


def go_on(scene: Scene, how: str) -> list[RunState]:
    """Have the operator go on by ``search run`` or ``search recover``; give the states in which searches were found."""
    with scene.reading() as work:
        states = [run.state for run in work.runs.where()]
    if states == [RunState.SEALED] and how == "search":
        with pytest.raises((Conflict, Refused)):
            scene.casework.search(scene.ids.request)
        return states
    ACTIONS[how](scene, scene.ids.request)
    if not states and how == "recover":  # nothing had started, so the search is still to be run
        assert lists(scene) == []
        scene.casework.search(scene.ids.request)
    return states


def check_ended(scene: Scene, undisturbed: list[Listed]) -> None:
    """Check that one search was done, sealed, paid for once and recorded, as if nothing had happened."""
    assert broken_promises(scene) == []
    assert lists(scene) == undisturbed
    kinds = [entry.kind for entry in scene.entries()]
    assert kinds.count(EventKind.SEARCH_STARTED) == kinds.count(EventKind.SEARCH_SEALED) == 1
    assert EventKind.SEARCH_ABORTED not in kinds
    with scene.reading() as work:
        assert [given.state for given in work.authorisations.where()] == [AuthorisationState.SPENT]
    assert verify_ledger(scene.desk).findings == ()
    assert scene.installation.archive.sweep() == 0


def points(end: End) -> list[tuple[dict[str, int], str]]:
    """Give where to die and how to go on: every edge, and steps from the first to the last; in a long run all."""
    last = end.steps - UNSTEADY
    steps = range(1, last + 1, 1 if LONG else last // SPREAD)
    places = [{"die_at_edge": edge} for edge in range(1, end.edges + 1)] + [{"die_at_step": step} for step in steps]
    return [(place, ("search", "recover")[number % 2]) for number, place in enumerate(places)]


@pytest.fixture
def authorised(at: Callable[[Stage], Scene]) -> Scene:
    scene = at(Stage.AUTHORISED)
    scene.close()
    return scene


@pytest.fixture
def whole(authorised: Scene, forks: Forks, tmp_path: Path) -> tuple[End, list[Listed]]:
    """An undisturbed search in a process of its own: its number of steps, and its list."""
    shutil.copytree(authorised.folder, tmp_path / "whole")
    (end,) = forks.run(replace(job(authorised, "search"), folder=str(tmp_path / "whole")))
    scene = opened(authorised, tmp_path / "whole")
    undisturbed = lists(scene)
    check_ended(scene, undisturbed)
    scene.close()
    return end, undisturbed


@pytest.mark.long
def test_a_search_killed_at_any_step_ends_as_one_sealed_list(
    authorised: Scene, whole: tuple[End, list[Listed]], forks: Forks, tmp_path: Path
):
    end, undisturbed = whole
    ((candidates, _, _),) = undisturbed
    chosen, met = points(end), set()
    assert candidates
    assert len(chosen) >= 50
    for number, (point, how) in enumerate(chosen):
        scene = killed(authorised, forks, tmp_path / f"killed-{number}", "search", point)
        assert broken_promises(scene) == [], point
        if LONG:  # the other way, the next command meets entries that nobody has signed yet
            assert verify_ledger(scene.desk).findings == (), point
        met.add((how, *go_on(scene, how)))
        check_ended(scene, undisturbed)
        scene.close()
        shutil.rmtree(scene.folder)
    assert met == {
        (how, *states) for how in ("search", "recover") for states in ((), (RunState.RUNNING,), (RunState.SEALED,))
    }


@pytest.mark.parametrize(
    ("action", "promise"),
    [
        ("search with the list before its entry", "sealed lists and search.sealed entries differ"),
        ("search that spends too late", "the spent authorisations are not those that a search used"),
    ],
)
def test_a_search_with_a_transaction_too_many_is_caught(
    authorised: Scene, forks: Forks, tmp_path: Path, action: str, promise: str
):
    shutil.copytree(authorised.folder, tmp_path / "whole")
    (end,) = forks.run(replace(job(authorised, action), folder=str(tmp_path / "whole")))
    whole = opened(authorised, tmp_path / "whole")
    assert broken_promises(whole) == []  # undisturbed, nobody would notice
    whole.close()
    assert any(promise in left_behind(authorised, forks, tmp_path, action, edge) for edge in range(1, end.edges + 1, 2))


def left_behind(scene: Scene, forks: Forks, folder: Path, action: str, edge: int) -> list[str]:
    left = killed(scene, forks, folder / f"killed-{edge}", action, {"die_at_edge": edge})
    broken = broken_promises(left)
    left.close()
    return broken
