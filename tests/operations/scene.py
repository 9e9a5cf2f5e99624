"""A force at one stage of one case, in a temporary installation: where tests of operations begin."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

import apsw
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countersign.bootstrap import create_installation, open_installation
from countersign.cli.demonstration.casework import Casework
from countersign.cli.demonstration.force import Force
from countersign.errors import CountersignError, Refused
from countersign.governance.actor import Person, Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, Jurisdiction, ProgrammeKind
from countersign.governance.signature import generate, public_hex
from countersign.ledger.entry import Entry
from countersign.operations.add_person import AddPerson, add_person
from countersign.operations.desk import Desk
from countersign.operations.initialise import SIGNING_ROLES, Initialise
from countersign.operations.shown_candidates import ShownCandidate
from countersign.operations.work import Work
from countersign.primitives.clock import SimulatedClock
from countersign.primitives.ids import CollectionId, ExhibitId, LeadId, ProbeId, RequestId
from countersign.settings import Settings
from tests.fakes import Face, FakeEngine, draw

START = datetime(2026, 1, 10, 9, tzinfo=UTC)
LONG_AGO = START - timedelta(days=3)
SOUGHT = 7
"""The person on the still, enrolled with two views."""
VIEWS = {3: 1, 5: 1, SOUGHT: 2}
"""Number of views of each enrolled person."""
LOG = ("ledger_entry", "ledger_node", "ledger_checkpoint", "opening", "nonce")
"""What a refusal may add to: its ``denied`` entry and what goes with it."""
ORIGIN = "countersign.local/test/00000000"


class Stage(StrEnum):
    """How far a scene has gone; each goes on from the one before."""

    FOUNDED = "founded"
    PILOT = "pilot"
    ENROLLED = "enrolled"
    MARKED = "marked"
    AUTHORISED = "authorised"
    SEALED = "sealed"
    SUPPORTED = "supported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """What the case consists of so far."""

    collection: CollectionId
    exhibit: ExhibitId
    probe: ProbeId
    request: RequestId
    lead: LeadId


NOTHING_YET = Ids(
    collection=CollectionId(""), exhibit=ExhibitId(""), probe=ProbeId(""), request=RequestId(""), lead=LeadId("")
)


def everyone(_: ShownCandidate) -> bool:
    """Support whatever is shown."""
    return True


def nobody(_: ShownCandidate) -> bool:
    """Support nothing."""
    return False


@dataclass(kw_only=True)
class Scene:
    """People, keys, a clock that the test moves, an engine without networks, and the ids of the case so far."""

    folder: Path
    clock: SimulatedClock
    keys: dict[str, Ed25519PrivateKey]
    ids: Ids = NOTHING_YET
    engine: FakeEngine = field(default_factory=FakeEngine)

    def __post_init__(self) -> None:
        self.installation = open_installation(places(self.folder), clock=self.clock)
        self.desk: Desk = self.installation.desk(self.engine)
        self.force = Force(self.desk, self.keys)
        self.casework = Casework(self.force)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        with self.desk.archive.read() as work:
            yield work

    @contextmanager
    def altering(self) -> Iterator[Work]:
        """Change rows behind the operations' back."""
        with self.desk.archive.begin() as work:
            yield work
            work.commit()

    def entries(self, since: int = 0) -> list[Entry]:
        """Give the log's entries from a place on."""
        with self.reading() as work:
            return [Entry.from_bytes(data) for data in work.ledger.entry_bytes(since, work.ledger.head())]

    def last(self) -> Entry:
        return self.entries()[-1]

    def person(self, name: str) -> Person:
        with self.reading() as work:
            return work.people.where(public_key=public_hex(self.keys[name]))[0]

    def hire(
        self, name: str, *roles: Role, rank: Rank = Rank.STAFF, team: str = "elsewhere", days: int = 365
    ) -> Person:
        """Register one more person, trained for so many days."""
        self.keys[name] = generate()
        arguments = AddPerson(
            name=name,
            public_key=public_hex(self.keys[name]),
            organisation="Demonstration Constabulary",
            team=team,
            rank=rank,
            roles=roles,
            trained_until=(self.clock.now() + timedelta(days=days)).date(),
        )
        hired = self.force.do(Role.CONTROLLER, Permission.PERSON_ADD, add_person, arguments)
        with self.reading() as work:
            packs = work.artefacts.where(type=ArtefactType.POLICY_PACK, current=True)
        for pack in packs:
            self.force.acknowledge(name, pack.sha256)
        return hired

    def draw(self, name: str, *faces: Face) -> Path:
        return draw(self.folder / "pictures" / name, *faces)

    def state(self) -> dict[str, list[tuple[object, ...]]]:
        """Give everything that is kept, save for the log: all rows of all tables, and the names of the blobs."""
        connection = apsw.Connection(str(self.folder / "data" / "countersign.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows: dict[str, list[tuple[object, ...]]] = {
            name: list(connection.execute(f'SELECT * FROM "{name}"'))  # noqa: S608  names from the database itself
            for name in sorted(set(tables) - set(LOG))
        }
        connection.close()
        rows["blobs"] = sorted((path.name,) for path in (self.folder / "data/blobs").rglob("*") if path.is_file())
        return rows

    def close(self) -> None:
        self.installation.close()


def places(folder: Path) -> Settings:
    passphrase = folder / "passphrase"
    return Settings(
        data=folder / "data",
        keys=folder / "keys",
        witness=folder / "witness",
        passphrase_file=passphrase if passphrase.exists() else None,
        threads=1,
    )


@contextmanager
def check_refused(
    scene: Scene,
    operation: Permission,
    code: str,
    *,
    family: type[CountersignError] = Refused,
    spoke: Literal["policy", "guard"] = "guard",
) -> Iterator[pytest.ExceptionInfo[CountersignError]]:
    """Check that the block is refused: why, by whom, with one entry more in the log and nothing else changed."""
    before, seq = scene.state(), len(scene.entries())
    with pytest.raises(family, match=r"(?s)expected .*got[ :]") as raised:
        yield raised
    assert raised.value.code == code
    assert raised.value.exit_code == family.exit_code
    assert scene.state() == before
    (entry,) = scene.entries(seq)
    assert entry.kind == "denied"
    assert dict(entry.facts) == {"operation": operation, "reason": code, "spoke": spoke}


def found(folder: Path, kind: ProgrammeKind = ProgrammeKind.TEST) -> Scene:
    """Make an installation with the whole cast, its programme PROPOSED."""
    keys: dict[str, Ed25519PrivateKey] = {role: generate() for role in SIGNING_ROLES}
    clock = SimulatedClock(START)
    arguments = Initialise(
        kind=kind,
        jurisdiction=Jurisdiction.UK_EW,
        origin=ORIGIN,
        organisation="Demonstration Constabulary",
        signers=tuple((role, public_hex(keys[role])) for role in SIGNING_ROLES),
    )
    if kind is ProgrammeKind.PRODUCTION:
        folder.mkdir()
        (folder / "passphrase").write_text("a passphrase of the force's own")
    create_installation(places(folder), arguments, clock=clock, key_cost=2).close()
    scene = Scene(folder=folder, clock=clock, keys=keys)
    scene.force.add_people()
    return scene


def _open_programme(scene: Scene) -> Ids:
    scene.force.open_programme(ProgrammeKind.TEST)
    return scene.ids


def _enrol(scene: Scene) -> Ids:
    collection = scene.force.register().id
    for person, views in VIEWS.items():
        for view in range(1, views + 1):
            scene.draw(f"references/{person}/{view}.png", Face(person=person, view=view))
    scene.force.enrol(collection, scene.folder / "pictures" / "references")
    return replace(scene.ids, collection=collection)


def _mark(scene: Scene) -> Ids:
    still = scene.draw("still.png", Face(person=SOUGHT, view=9, quality=0.8))
    exhibit = scene.casework.seal(still, taken=LONG_AGO).id
    scene.casework.locate(exhibit)
    return replace(scene.ids, exhibit=exhibit, probe=scene.casework.mark([(exhibit, 1)]).id)


def _ask(scene: Scene) -> Ids:
    return replace(scene.ids, request=scene.casework.ask(scene.ids.probe, scene.ids.collection))


def _search(scene: Scene) -> Ids:
    scene.casework.search(scene.ids.request)
    return scene.ids


def _review(scene: Scene) -> Ids:
    for who in ("operator", "examiner"):
        scene.casework.review(scene.ids.request, who, everyone)
    return replace(scene.ids, lead=scene.casework.show(scene.ids.request).lead or LeadId(""))


STEPS: dict[Stage, Callable[[Scene], Ids]] = {
    Stage.PILOT: _open_programme,
    Stage.ENROLLED: _enrol,
    Stage.MARKED: _mark,
    Stage.AUTHORISED: _ask,
    Stage.SEALED: _search,
    Stage.SUPPORTED: _review,
}


class Stages:
    """Plays each stage once and hands out copies of the folder it left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._played: dict[Stage, Scene] = {}

    def open(self, stage: Stage, folder: Path) -> Scene:
        """Give a scene of its own, at this stage."""
        played = self._play(stage)
        shutil.copytree(played.folder, folder)  # keeps the modes of the key folders
        return Scene(folder=folder, clock=SimulatedClock(START), keys=dict(played.keys), ids=played.ids)

    def _play(self, stage: Stage) -> Scene:
        if stage not in self._played:
            order = list(Stage)
            if stage is order[0]:
                scene = found(self._folder / stage)
            else:
                scene = self.open(order[order.index(stage) - 1], self._folder / stage)
                scene.ids = STEPS[stage](scene)
            scene.close()
            self._played[stage] = scene
        return self._played[stage]
