"""What the journeys share: the research images, the networks, and installations that are made once and then copied."""

from pathlib import Path

import pytest

from tests.journeys.command_line import CommandLine, RememberingEngine
from tests.journeys.station import Station

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def research_images() -> Path:
    """Give the folder of research images, which are never part of this repository."""
    if not (DATA / "frmdb").is_dir():
        pytest.skip(f"needs research images in {DATA}, which are kept beside the checkout only")
    return DATA


@pytest.fixture(scope="session")
def networks() -> RememberingEngine:
    return RememberingEngine()


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory, networks: RememberingEngine) -> Station:
    """Give a programme of kind test in PROPOSED with its people."""
    station = Station(CommandLine(tmp_path_factory.mktemp("station") / "begun", networks))
    station.home.mkdir()
    station.initialise()
    station.add_people()
    return station


@pytest.fixture(scope="session")
def piloted(tmp_path_factory: pytest.TempPathFactory, begun: Station) -> Station:
    """Give the programme in PILOT, with an empty collection."""
    station = begun.copied(tmp_path_factory.mktemp("station") / "piloted")
    station.open_programme()
    station.register()
    return station
