"""`kill -9` while a collection is enrolled, wherever something becomes durable: nothing is lost or doubled."""

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
from tests.integration.forked import ENROLLED_AT_ONCE, Forks, job
from tests.integration.promises import broken_promises
from tests.operations.scene import START, Scene, Stage

LONG = os.environ.get("COUNTERSIGN_LONG") == "1"
SAMPLE = 14
PICTURES = ("a/1", "a/2", "b/1", "c/1", "d/1")
BROKEN = "e/1"
"""Cannot be decoded: it fails each time, and is counted each time."""

Held = list[tuple[str, str, bytes]]


@pytest.fixture
def waiting(at: Callable[[Stage], Scene]) -> Scene:
    """A collection with nothing in it, and a folder of pictures beside it."""
    scene = at(Stage.PILOT)
    scene.ids = replace(scene.ids, collection=scene.force.register().id)
    for person, name in enumerate((*PICTURES, BROKEN), start=1):
        scene.draw(f"references/{name}.png", Face(person=person))
    (scene.folder / f"pictures/references/{BROKEN}.png").write_bytes(b"no picture")
    scene.close()
    return scene


def held(scene: Scene) -> Held:
    """Give what is enrolled: the subject, the file's name and its bytes; each readable, each with one template."""
    with scene.reading() as work:
        rows = []
        for image in work.images.where():
            subject = work.subjects.get(work.records.get(image.record).subject)
            (template,) = work.templates.where(image=image.id)
            assert (template.subject, template.key) == (subject.id, image.key)
            assert image.blob is not None
            rows.append((subject.external_id, image.file_name, work.blobs.get(image.blob, key=image.key)))
        assert len(work.gallery.matrix(scene.ids.collection, scene.engine.extractor)[1]) == len(rows)
    return sorted(rows)


def check_counted(scene: Scene) -> None:
    """Check that the log counts exactly what is there, and holds the gallery's root."""
    entries = [entry for entry in scene.entries() if entry.kind is EventKind.REFERENCE_ENROLLED]
    with scene.reading() as work:
        assert sum(int(entry.facts["enrolled"]) for entry in entries) == len(work.images.where())
        if entries:
            assert entries[-1].facts["gallery_root"] == work.gallery.version(scene.ids.collection)[1]
    assert broken_promises(scene) == []


@pytest.mark.long
def test_an_enrolment_killed_at_any_edge_goes_on_without_loss_or_doubling(waiting: Scene, forks: Forks, tmp_path: Path):
    def opened(name: str, **point: int) -> Scene:
        shutil.copytree(waiting.folder, tmp_path / name)
        (end,) = forks.run(replace(job(waiting, "enrol", **point), folder=str(tmp_path / name)))
        assert end.killed == bool(point), end
        edges.append(end.edges)
        return Scene(folder=tmp_path / name, clock=SimulatedClock(START), keys=dict(waiting.keys), ids=waiting.ids)

    edges: list[int] = []
    whole = opened("whole")
    undisturbed = held(whole)
    whole.close()
    assert [name for _, name, _ in undisturbed] == ["1.png", "2.png", "1.png", "1.png", "1.png"]

    found = set()
    for edge in range(1, edges[0] + 1, 1 if LONG else edges[0] // SAMPLE):
        scene = opened(f"killed-{edge}", die_at_edge=edge)
        before = held(scene)
        assert set(before) <= set(undisturbed), edge
        check_counted(scene)
        found.add(len(before))

        results = scene.force.enrol(scene.ids.collection, scene.folder / "pictures/references")

        ends = [str(result.outcome) for result in results]
        assert ends == ["already_enrolled"] * len(before) + ["enrolled"] * (5 - len(before)) + ["failed"], edge
        assert held(scene) == undisturbed, edge
        check_counted(scene)
        assert verify_ledger(scene.desk).findings == ()
        scene.installation.archive.sweep()
        assert len(list((scene.folder / "data/blobs").glob("??/*"))) == len(undisturbed)
        scene.close()
        shutil.rmtree(scene.folder)
    assert found == {0, ENROLLED_AT_ONCE, 2 * ENROLLED_AT_ONCE, len(PICTURES)}


def test_two_enrolments_at_once_double_nothing(waiting: Scene, forks: Forks):
    ends = forks.run(job(waiting, "enrol"), job(waiting, "enrol"))
    scene = Scene(folder=waiting.folder, clock=SimulatedClock(START), keys=dict(waiting.keys), ids=waiting.ids)

    assert [end.code for end in ends] == ["", ""]
    assert len(held(scene)) == len(PICTURES)
    check_counted(scene)
    scene.close()
