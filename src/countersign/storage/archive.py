"""The archive: transactions over every room's rows, the keys, the blobs and the log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, text

from countersign.errors import Conflict, CountersignError
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
from countersign.ledger.store import LedgerStore
from countersign.media.edits import EditedPicture
from countersign.media.exhibit import Exhibit, LocatedFace
from countersign.media.scan import Scan, Track, TrackPicture
from countersign.operations.work import Blobs, GalleryRows, Keys, LeftoversError, Nonces, Openings
from countersign.outcome.lead import Lead
from countersign.primitives.repository import Repository
from countersign.review.facial_review import FacialReview
from countersign.search.probe import Probe, SealedList, SearchRun
from countersign.storage import tables
from countersign.storage.blobs import BlobFiles, SqlBlobs
from countersign.storage.durable import StorageFailedError, make_folder
from countersign.storage.engine import WRITES, checkpoint, open_engine
from countersign.storage.entries import SqlLedgerStore, SqlNonces, SqlOpenings
from countersign.storage.gallery import SqlGalleryRows
from countersign.storage.keys import KeyRing
from countersign.storage.record_keys import SqlKeys
from countersign.storage.rows import SqlRepository
from countersign.templates.reference import ReferenceImage, ReferenceTemplate


class SchemaRevisionError(Conflict):
    """The database was made by another version of the software; migrate it, or install that version."""

    code = "schema_revision"


class SqlWork:
    """One open transaction; see `countersign.operations.work.Work`. It belongs to the thread that opened it."""

    def __init__(self, connection: Connection, ring: KeyRing, files: BlobFiles, scrub: Callable[[], object]) -> None:
        self._connection = connection
        self._scrub = scrub
        self._after_commit: list[Callable[[], None]] = []
        later = self._after_commit.append
        self._keys = keys = SqlKeys(connection, ring, later)
        self._blobs = SqlBlobs(files, keys, later)
        self.keys: Keys = keys
        self.blobs: Blobs = self._blobs
        self.openings: Openings = SqlOpenings(connection, keys)
        self.gallery: GalleryRows = SqlGalleryRows(connection, keys)
        self.nonces: Nonces = SqlNonces(connection)
        self.ledger: LedgerStore = SqlLedgerStore(connection)
        self.programmes: Repository[Programme] = SqlRepository(tables.PROGRAMME, connection, keys)
        self.artefacts: Repository[Artefact] = SqlRepository(tables.ARTEFACT, connection, keys)
        self.people: Repository[Person] = SqlRepository(tables.PERSON, connection, keys)
        self.collections: Repository[Collection] = SqlRepository(tables.COLLECTION, connection, keys)
        self.subjects: Repository[Subject] = SqlRepository(tables.SUBJECT, connection, keys)
        self.records: Repository[CustodyRecord] = SqlRepository(tables.CUSTODY_RECORD, connection, keys)
        self.images: Repository[ReferenceImage] = SqlRepository(tables.REFERENCE_IMAGE, connection, keys)
        self.templates: Repository[ReferenceTemplate] = SqlRepository(tables.REFERENCE_TEMPLATE, connection, keys)
        self.cases: Repository[Case] = SqlRepository(tables.CASE, connection, keys)
        self.exhibits: Repository[Exhibit] = SqlRepository(tables.EXHIBIT, connection, keys)
        self.edits: Repository[EditedPicture] = SqlRepository(tables.EDITED_PICTURE, connection, keys)
        self.faces: Repository[LocatedFace] = SqlRepository(tables.LOCATED_FACE, connection, keys)
        self.scans: Repository[Scan] = SqlRepository(tables.SCAN, connection, keys)
        self.tracks: Repository[Track] = SqlRepository(tables.TRACK, connection, keys)
        self.pictures: Repository[TrackPicture] = SqlRepository(tables.TRACK_PICTURE, connection, keys)
        self.probes: Repository[Probe] = SqlRepository(tables.PROBE, connection, keys)
        self.requests: Repository[SearchRequest] = SqlRepository(tables.SEARCH_REQUEST, connection, keys)
        self.authorisations: Repository[Authorisation] = SqlRepository(tables.AUTHORISATION, connection, keys)
        self.runs: Repository[SearchRun] = SqlRepository(tables.SEARCH_RUN, connection, keys)
        self.lists: Repository[SealedList] = SqlRepository(tables.SEALED_LIST, connection, keys)
        self.reviews: Repository[FacialReview] = SqlRepository(tables.FACIAL_REVIEW, connection, keys)
        self.leads: Repository[Lead] = SqlRepository(tables.LEAD, connection, keys)
        self.deletions: Repository[DeletionRequest] = SqlRepository(tables.DELETION_REQUEST, connection, keys)
        self.accounts: Repository[Account] = SqlRepository(tables.ACCOUNT, connection, keys)
        self.passkeys: Repository[Passkey] = SqlRepository(tables.PASSKEY, connection, keys)
        self.mandates: Repository[Mandate] = SqlRepository(tables.MANDATE, connection, keys)
        self.trials: Repository[KnownTrial] = SqlRepository(tables.KNOWN_TRIAL, connection, keys)
        self.seeds: Repository[SeededSearch] = SqlRepository(tables.SEEDED_SEARCH, connection, keys)
        self.labels: Repository[MonitoringLabel] = SqlRepository(tables.MONITORING_LABEL, connection, keys)
        self.traces: Repository[SearchTrace] = SqlRepository(tables.SEARCH_TRACE, connection, keys)
        self.blocks: Repository[Block] = SqlRepository(tables.BLOCK, connection, keys)
        self.overlays: Repository[Overlay] = SqlRepository(tables.OVERLAY, connection, keys)
        self.post_reviews: Repository[PostReview] = SqlRepository(tables.POST_REVIEW, connection, keys)
        self.publications: Repository[Publication] = SqlRepository(tables.PUBLICATION, connection, keys)

    def rotate_epoch(self) -> int:
        """Wrap every key anew and end the old epoch with the commit; see `SqlKeys.rotate`."""
        return self._keys.rotate()

    def sweep_epochs(self) -> None:
        """End, with the commit, the epochs that a crash left behind; see `SqlKeys.sweep_epochs`."""
        self._keys.sweep_epochs()

    def named_blobs(self) -> set[str]:
        """Give the blobs that rows name, readable or not."""
        columns = [tables.TABLES[rows.name].c.blob for rows in (tables.REFERENCE_IMAGE, tables.EXHIBIT)]
        return {blob for column in columns for blob in self._connection.scalars(select(column)) if blob is not None}

    def commit(self) -> None:
        """Make everything durable at once and end the work; using it afterwards raises.

        Raises:
            StorageFailedError: The disk failed and nothing is kept.
            LeftoversError: All is kept, but files or keys that nothing names could not be destroyed.
            RowWithoutEntryError: A row names an entry that does not exist; nothing is kept.
        """
        self._blobs.make_durable()
        self._connection.commit()
        self._connection.close()
        if self._keys.scrub_due:
            self._scrub()
        failures = [reason for action in self._after_commit if (reason := _failure(action))]
        if failures:
            message = f"committed, but expected all old files to be deleted, got {len(failures)} left; run a sweep"
            raise LeftoversError(message) from failures[0]

    def rollback(self) -> None:
        """Undo everything that was not committed; do nothing after a commit."""
        if self._connection.closed:
            return
        self._connection.close()
        _failure(self._blobs.undo)  # what stays is ciphertext that no row names, and a sweep removes it


def _failure(action: Callable[[], None]) -> CountersignError | None:
    try:
        action()
    except StorageFailedError as reason:
        return reason
    return None


class SqlArchive:
    """Gives transactions; see `countersign.operations.work.Archive`."""

    def __init__(self, engine: Engine, ring: KeyRing, blobs_folder: Path) -> None:
        self._engine = engine
        self._ring = ring
        self._files = BlobFiles(blobs_folder)

    @contextmanager
    def begin(self) -> Iterator[SqlWork]:
        """Open a writing transaction; writers are serialised. Leaving it without `SqlWork.commit` undoes everything.

        Raises:
            ArchiveBusyError: Another writer did not finish within a minute.
        """
        with self._open(writes=True) as work:
            yield work

    @contextmanager
    def read(self) -> Iterator[SqlWork]:
        """Open a transaction that sees one committed state; writing in it raises `StorageFailedError`."""
        with self._open(writes=False) as work:
            yield work

    @contextmanager
    def _open(self, *, writes: bool) -> Iterator[SqlWork]:
        with self._engine.connect().execution_options(**{WRITES: writes}) as connection:
            connection.begin()
            work = SqlWork(connection, self._ring, self._files, self.scrub)
            try:
                yield work
            finally:
                work.rollback()

    def sweep(self) -> int:
        """Remove what crashes leave behind: blobs that no row names, epoch keys that wrap nothing.

        Holds the writing transaction meanwhile, so that no blob of an unfinished one is taken for a leftover.

        Returns:
            Number of blobs removed.
        """
        with self.begin() as work:
            removed = self._files.sweep(work.named_blobs())
            work.sweep_epochs()
            work.commit()
        return removed

    def scrub(self) -> bool:
        """Move the write-ahead log into the database and empty it, so that deleted keys are overwritten there too.

        Returns:
            Whether it could be emptied; a transaction that is reading keeps it, and then the next scrub does it.
        """
        return checkpoint(self._engine)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def create_archive(address: str | Path, ring: KeyRing, blobs_folder: Path) -> SqlArchive:
    """Make the database at an address, or bring an older one up to date, and open it.

    Args:
        address: Path of a SQLite file, or a URL; see `engine.open_engine`.
        ring: The opened keys.
        blobs_folder: Where the encrypted files go.
    """
    from countersign.storage.migrate import to_newest  # noqa: PLC0415  Alembic is needed here only

    make_folder(blobs_folder)
    engine = open_engine(address)
    to_newest(engine)
    return SqlArchive(engine, ring, blobs_folder)


def open_archive(address: str | Path, ring: KeyRing, blobs_folder: Path) -> SqlArchive:
    """Open a database that is there already.

    Raises:
        SchemaRevisionError: It is not at this software's revision.
    """
    engine = open_engine(address)
    with engine.connect() as connection:
        there = inspect(connection).has_table("alembic_version")
        revision = connection.scalar(text("SELECT version_num FROM alembic_version")) if there else None
    if revision != tables.REVISION:
        engine.dispose()
        raise SchemaRevisionError(f"expected a database at revision {tables.REVISION}, got {revision}")
    return SqlArchive(engine, ring, blobs_folder)
