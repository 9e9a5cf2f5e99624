"""`kill -9` while a recording is scanned, wherever something becomes durable: nothing is lost or doubled."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.ledger.event import EventKind
from countersign.operations.verify_ledger import verify_ledger
from countersign.primitives.clock import SimulatedClock
from tests.fakes import Face
from tests.integration.forked import Forks, job
from tests.operations.films import NOBODY, film
from tests.operations.scene import LONG_AGO, START, Scene, Stage

LONG = os.environ.get("COUNTERSIGN_LONG") == "1"
SAMPLE = 7
ONE, OTHER = Face(person=44), Face(person=84)
Held = list[tuple[object, ...]]


@pytest.fixture
def waiting(at: Callable[[Stage], Scene]) -> Scene:
    """A sealed recording: two faces for 1.6 s, nobody for 2 s, one of them for 1 s."""
    scene = at(Stage.PILOT)
    pictures = [*[[ONE, OTHER]] * 8, *[[NOBODY, NOBODY]] * 10, *[[ONE, NOBODY]] * 5]
    scene.casework.seal(film(scene.folder / "pictures" / "film.mp4", pictures), taken=LONG_AGO)
    scene.close()
    return scene


def held(scene: Scene) -> Held:
    """Give the tracks with their stills' pixels; every picture belongs to a still, and every still has one."""
    with scene.reading() as work:
        tracks, pictures = work.tracks.where(), {one.id: one.png for one in work.pictures.where()}
    named = [still.picture for track in tracks for still in track.stills]
    assert sorted(named) == sorted(pictures)
    stills = [
        [(still.slot, still.time_ms, still.value, pictures[still.picture]) for still in one.stills] for one in tracks
    ]
    return [
        (one.number, one.first_ms, one.last_ms, one.seen, one.box_px, one.is_open, kept)
        for one, kept in zip(tracks, stills, strict=True)
    ]


def check_counted(scene: Scene) -> None:
    """Check that the log counts exactly the tracks that are there."""
    entries = [entry for entry in scene.entries() if entry.kind is EventKind.EXHIBIT_SCANNED]
    with scene.reading() as work:
        assert sum(int(entry.facts["tracks"]) for entry in entries) == len(work.tracks.where())


@pytest.mark.long
def test_a_scan_killed_at_any_edge_goes_on_without_loss_or_doubling(waiting: Scene, forks: Forks, tmp_path: Path):
    def opened(name: str, **point: int) -> Scene:
        if not (tmp_path / name).exists():
            shutil.copytree(waiting.folder, tmp_path / name)
        (end,) = forks.run(replace(job(waiting, "scan", **point), folder=str(tmp_path / name)))
        assert end.killed == bool(point), end
        edges.append(end.edges)
        return Scene(folder=tmp_path / name, clock=SimulatedClock(START), keys=dict(waiting.keys), ids=waiting.ids)

    edges: list[int] = []
    whole = opened("whole")
    undisturbed = held(whole)
    whole.close()
    assert [row[:4] for row in undisturbed] == [(1, 0, 1400, 8), (2, 0, 1400, 8), (3, 3600, 4400, 5)]

    reached = set()
    for edge in range(1, edges[0] + 1, 1 if LONG else max(1, edges[0] // SAMPLE)):
        scene = opened(f"killed-{edge}", die_at_edge=edge)
        check_counted(scene)
        held(scene)
        with scene.reading() as work:
            reached.add(work.scans.where()[0].next_ms if work.scans.where() else 0)
        scene.close()

        scene = opened(f"killed-{edge}")

        assert held(scene) == undisturbed, edge
        check_counted(scene)
        assert verify_ledger(scene.desk).findings == ()
        scene.close()
        shutil.rmtree(scene.folder)
    assert {0, -1} <= reached
    assert len(reached) >= 4
