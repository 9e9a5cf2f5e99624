"""Installations for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.storage.archive import SqlArchive
from tests.storage.installation import Installation, installed


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = installed(tmp_path)
    yield made
    made.archive.close()


@pytest.fixture
def archive(installation: Installation) -> SqlArchive:
    return installation.archive


@pytest.fixture(scope="module")
def shared_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlArchive]:
    """An archive in which nothing is ever committed."""
    made = installed(tmp_path_factory.mktemp("shared"))
    yield made.archive
    made.archive.close()
