"""The unit of work: one transaction over every room's rows, the keys, the blobs and the ledger.

An operation opens one, does its work, appends its entry and commits; effect and entry become durable together or
not at all. What a process leaves behind when it dies before `Work.commit` returns is as if it had never run, save
for blob files that no row names: they are ciphertext under a key that was never committed, and a sweep removes them.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from countersign.errors import IntegrityBroken
from countersign.governance.account import Account, Mandate
from countersign.governance.actor import Person
from countersign.governance.anomalies import Block, SearchTrace
from countersign.governance.closing import PostReview
from countersign.governance.deletion import DeletionRequest
from countersign.governance.known_trial import KnownTrial, SeededSearch
from countersign.governance.monitoring import MonitoringLabel
from countersign.governance.overlay import Overlay
from countersign.governance.passkey import Passkey
from countersign.governance.programme import Artefact, Programme
from countersign.governance.publication import Publication
from countersign.governance.register import Collection, CustodyRecord, Subject
from countersign.governance.request import Authorisation, Case, SearchRequest
from countersign.ledger.commitment import Opening
from countersign.ledger.store import LedgerStore
from countersign.media.edits import EditedPicture
from countersign.media.exhibit import Exhibit, LocatedFace
from countersign.media.scan import Scan, Track, TrackPicture
from countersign.outcome.lead import Lead
from countersign.primitives.arrays import Codes
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import BlobId, EntrySeq, KeyId, RecordId, SubjectId
from countersign.primitives.repository import Repository
from countersign.review.facial_review import FacialReview
from countersign.search.probe import Probe, SealedList, SearchRun
from countersign.templates.gallery import Change
from countersign.templates.reference import ReferenceImage, ReferenceTemplate


class LeftoversError(IntegrityBroken):
    """It is done and committed, but files or keys that it should have destroyed are still there."""

    code = "leftovers"


class Keys(Protocol):
    """Record and case keys, wrapped by the epoch key. Rows of the same database, so they live and die with an entry."""

    def create(self) -> KeyId:
        """Make a fresh key and give its id."""
        ...

    def create_all(self, number: int) -> list[KeyId]:
        """Make many fresh keys."""
        ...

    def destroy(self, key: KeyId) -> None:
        """Delete the wrapped key: what is sealed under it is unreadable from now on. ``NotFound`` when it is gone."""
        ...

    def exists(self, key: KeyId) -> bool:
        """Say whether the key is still there."""
        ...

    def keyed_digest(self, label: str, value: str) -> str:
        """Give an HMAC-SHA256 (hexadecimal) under this installation's secret, to find a value without storing it."""
        ...


class SealedFile(Protocol):
    """An encrypted file that is open for reading; nothing of it is held in memory but what is asked for."""

    @property
    def size_bytes(self) -> int:
        """Give how many bytes were sealed."""
        ...

    def read_at(self, offset: int, length: int, /) -> bytes:
        """Give up to ``length`` bytes from ``offset``, fewer only at the end; ``IntegrityBroken`` when altered."""
        ...


class Blobs(Protocol):
    """Encrypted files beside the database, write-once."""

    def put(self, data: bytes, *, key: KeyId) -> BlobId:
        """Encrypt and write; durable before the work commits, so that no committed row names a missing file."""
        ...

    def put_stream(self, blocks: Iterable[bytes], *, key: KeyId) -> BlobId:
        """Encrypt and write block by block, durable as `put`; what the blocks raise leaves nothing behind."""
        ...

    def open(self, blob: BlobId, *, key: KeyId) -> AbstractContextManager[SealedFile]:
        """Open to read parts from anywhere; errors as `get`."""
        ...

    def get(self, blob: BlobId, *, key: KeyId) -> bytes:
        """Give the decrypted bytes; ``NotFound`` when file or key is gone, ``IntegrityBroken`` when altered."""
        ...

    def remove(self, blob: BlobId) -> None:
        """Delete the file after this transaction commits; a file that is already gone is no error."""
        ...


class Openings(Protocol):
    """What opens the commitments of an entry; sealed under a record or case key, and destroyed with it."""

    def put(self, seq: EntrySeq, openings: Mapping[str, Opening], *, key: KeyId) -> None:
        """Keep the openings of one entry."""
        ...

    def get(self, seq: EntrySeq) -> dict[str, Opening] | None:
        """Give the openings; None when they were lawfully erased or never kept."""
        ...

    def count(self, key: KeyId) -> int:
        """Count the entries whose openings are sealed under ``key``."""
        ...


class GalleryRows(Protocol):
    """The searchable templates as one matrix, and the chain that gives the gallery its version."""

    def matrix(self, collection: str, extractor: str) -> tuple[Codes, tuple[SubjectId, ...]]:
        """Decrypt all searchable templates of a collection.

        Gives codes (n, d) and the subject of each row; rows of a subject stand best quality first.
        """
        ...

    def lapsed(self, collection: str, today: date, checked_before: datetime) -> list[RecordId]:
        """Give the searchable records whose review date lies before today, or whose status was last checked before."""
        ...

    def version(self, collection: str) -> tuple[int, Sha256]:
        """Give (number of changes, root): the root is a hash chain over the changes of what can be searched."""
        ...

    def changed(self, collection: str, changes: Iterable[tuple[str, Change]]) -> Sha256:
        """Extend the chain by (template id, 'shown' or 'hidden'), in order, and give the new root."""
        ...


class Nonces(Protocol):
    """Signatures that were used."""

    def use(self, nonce: str) -> None:
        """Remember the nonce; ``Conflict`` when it was used before."""
        ...


class Work(Protocol):
    """One open transaction. Leaving it without `commit` undoes everything."""

    programmes: Repository[Programme]
    artefacts: Repository[Artefact]
    people: Repository[Person]
    collections: Repository[Collection]
    subjects: Repository[Subject]
    records: Repository[CustodyRecord]
    images: Repository[ReferenceImage]
    templates: Repository[ReferenceTemplate]
    cases: Repository[Case]
    exhibits: Repository[Exhibit]
    edits: Repository[EditedPicture]
    faces: Repository[LocatedFace]
    scans: Repository[Scan]
    tracks: Repository[Track]
    pictures: Repository[TrackPicture]
    probes: Repository[Probe]
    requests: Repository[SearchRequest]
    authorisations: Repository[Authorisation]
    runs: Repository[SearchRun]
    lists: Repository[SealedList]
    reviews: Repository[FacialReview]
    leads: Repository[Lead]
    deletions: Repository[DeletionRequest]
    trials: Repository[KnownTrial]
    seeds: Repository[SeededSearch]
    labels: Repository[MonitoringLabel]
    traces: Repository[SearchTrace]
    blocks: Repository[Block]
    overlays: Repository[Overlay]
    post_reviews: Repository[PostReview]
    publications: Repository[Publication]
    accounts: Repository[Account]
    passkeys: Repository[Passkey]
    mandates: Repository[Mandate]
    gallery: GalleryRows
    keys: Keys
    blobs: Blobs
    openings: Openings
    nonces: Nonces
    ledger: LedgerStore

    def rotate_epoch(self) -> int:
        """Wrap every key that is left anew, destroy the old epoch key with the commit; give the new epoch's number."""
        ...

    def commit(self) -> None:
        """Make everything durable at once. A failed write or sync raises and nothing is kept.

        Raises:
            LeftoversError: Everything is kept, but what should have been destroyed with it could not be.
        """
        ...


class Archive(Protocol):
    """Where work is done: gives transactions."""

    def begin(self) -> AbstractContextManager[Work]:
        """Open a writing transaction; writers are serialised."""
        ...

    def read(self) -> AbstractContextManager[Work]:
        """Open a transaction that sees one committed state and writes nothing."""
        ...
