"""Scenes for the tests of this folder; each test has a copy of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes import Face
from tests.operations.scene import SOUGHT, Scene, Stage, Stages


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"))


@pytest.fixture
def at(stages: Stages, tmp_path: Path) -> Iterator[Callable[[Stage], Scene]]:
    """Give a way to open a scene at any stage."""
    opened: list[Scene] = []

    def open_at(stage: Stage) -> Scene:
        opened.append(stages.open(stage, tmp_path / f"scene-{len(opened)}"))
        return opened[-1]

    yield open_at
    for scene in opened:
        scene.close()


@pytest.fixture
def founded(at: Callable[[Stage], Scene]) -> Scene:
    """People are registered; the programme is PROPOSED."""
    return at(Stage.FOUNDED)


@pytest.fixture
def pilot(at: Callable[[Stage], Scene]) -> Scene:
    """The programme is in PILOT; nothing is enrolled."""
    return at(Stage.PILOT)


@pytest.fixture
def data(pilot: Scene) -> bytes:
    """The bytes of a still."""
    return Path(pilot.draw("still.png", Face(person=SOUGHT, view=9, quality=0.8))).read_bytes()


@pytest.fixture
def enrolled(at: Callable[[Stage], Scene]) -> Scene:
    """Three people are enrolled, four pictures in all."""
    return at(Stage.ENROLLED)


@pytest.fixture
def marked(at: Callable[[Stage], Scene]) -> Scene:
    """A still is sealed and its face marked."""
    return at(Stage.MARKED)


@pytest.fixture
def authorised(at: Callable[[Stage], Scene]) -> Scene:
    """A search is authorised."""
    return at(Stage.AUTHORISED)


@pytest.fixture
def sealed(at: Callable[[Stage], Scene]) -> Scene:
    """The search was run and listed the person sought."""
    return at(Stage.SEALED)


@pytest.fixture
def supported(at: Callable[[Stage], Scene]) -> Scene:
    """Two examiners supported the same candidate."""
    return at(Stage.SUPPORTED)
