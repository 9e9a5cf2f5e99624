"""One demonstration for all tests of the web: its people, a gallery of drawn faces, an engine without networks."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.governance.programme import ProgrammeKind
from countersign.primitives.clock import SimulatedClock
from tests.fakes import Face
from tests.operations.scene import VIEWS, Scene, Stage, Stages, found
from tests.web.browsing import Browser, client_of


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A demonstration in PILOT with a gallery; copied for each test."""
    scene = found(tmp_path_factory.mktemp("web") / "scene", ProgrammeKind.DEMONSTRATION)
    scene.force.open_programme(ProgrammeKind.DEMONSTRATION)
    collection = scene.force.register().id
    for person, views in VIEWS.items():
        for view in range(1, views + 1):
            scene.draw(f"references/{person}/{view}.png", Face(person=person, view=view))
    scene.force.enrol(collection, scene.folder / "pictures" / "references")
    scene.close()
    return scene


@pytest.fixture
def scene(made: Scene, tmp_path: Path) -> Iterator[Scene]:
    folder = tmp_path / "scene"
    shutil.copytree(made.folder, folder)
    copy = replace(made, folder=folder, clock=SimulatedClock(made.clock.now()), keys=dict(made.keys))
    yield copy
    copy.close()


@pytest.fixture
def browser(scene: Scene) -> Browser:
    return Browser(client_of(scene), scene)


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"))


@pytest.fixture
def founded(stages: Stages, tmp_path: Path) -> Iterator[Scene]:
    """A programme of kind test: no demonstration."""
    scene = stages.open(Stage.FOUNDED, tmp_path / "founded")
    yield scene
    scene.close()
