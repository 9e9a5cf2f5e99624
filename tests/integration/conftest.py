"""Scenes as in the tests of operations, and processes that act on them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.forked import Forks
from tests.operations.scene import Scene, Stage, Stages


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


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    server = Forks()
    yield server
    server.close()
