"""An installation in a temporary folder: keys beside the data folder, as in the product, but with a cheap scrypt."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from countersign.governance.actor import Person, Rank, Role
from countersign.primitives.ids import KeyId, PersonId, new_id
from countersign.storage.archive import SqlArchive, create_archive, open_archive
from countersign.storage.keys import KeyRing, create_keyring, open_keyring

PASSPHRASE = "a passphrase for tests"  # noqa: S105  opens keys of tests only


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where everything lies."""

    folder: Path
    ring: KeyRing
    archive: SqlArchive

    @property
    def database(self) -> Path:
        return self.folder / "data" / "countersign.db"

    @property
    def blobs(self) -> Path:
        return self.folder / "data" / "blobs"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    def reopened(self) -> SqlArchive:
        """Open it anew, as another process would."""
        return open_archive(self.database, open_keyring(self.keys, PASSPHRASE), self.blobs)


def installed(folder: Path) -> Installation:
    ring = create_keyring(folder / "keys", PASSPHRASE, cost=2)
    (folder / "data").mkdir()
    archive = create_archive(folder / "data" / "countersign.db", ring, folder / "data" / "blobs")
    return Installation(folder=folder, ring=ring, archive=archive)


def make_person(key: KeyId, name: str = "Ada Lovelace") -> Person:
    return Person(
        id=PersonId(new_id()),
        key=key,
        name=name,
        public_key="00" * 32,
        organisation="north",
        team="a",
        rank=Rank.SERGEANT,
        roles=(Role.OPERATOR, Role.EXAMINER),
        trained_until=((Role.OPERATOR, date(2027, 1, 31)),),
        registered_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
    )
