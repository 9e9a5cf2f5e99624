"""A test programme in a folder of its own, for benchmarks that need one."""

from pathlib import Path

from countersign.bootstrap import create_installation, open_engine
from countersign.cli.demonstration.force import Force
from countersign.governance.programme import Jurisdiction, ProgrammeKind
from countersign.governance.signature import PrivateKey, generate, public_hex
from countersign.operations.engine import EXTRACTOR
from countersign.operations.initialise import SIGNING_ROLES, Initialise
from countersign.settings import Settings

THREADS = 2


def make_programme(folder: Path, *, extractor: str = EXTRACTOR) -> Force:
    """Make a programme of kind ``test`` with its people, in state PROPOSED, where test data can be enrolled."""
    settings = Settings(
        data=folder / "data", keys=folder / "keys", witness=folder / "witness", threads=THREADS, extractor=extractor
    )
    keys: dict[str, PrivateKey] = {role: generate() for role in SIGNING_ROLES}
    arguments = Initialise(
        kind=ProgrammeKind.TEST,
        jurisdiction=Jurisdiction.UK_EW,
        origin="countersign.local/test/00000000",
        organisation="Benchmark",
        signers=tuple((role, public_hex(keys[role])) for role in SIGNING_ROLES),
    )
    installation = create_installation(settings, arguments)
    force = Force(installation.desk(open_engine(settings)), keys)
    force.add_people()
    return force
