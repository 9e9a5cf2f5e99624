"""The only place that wires parts: opens keys, database, witness and networks, and gives the desk."""

import logging
import secrets
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from countersign import __version__
from countersign.errors import Conflict, CountersignError, NotFound, Refused
from countersign.governance.programme import ProgrammeKind
from countersign.inference.own_networks import read_own
from countersign.inference.registry import Registry, RegistryUnreadableError, load_registry, parse_registry
from countersign.ledger.checkpointing import SignerOvertakenError, WitnessPort, check_history, sign_checkpoint
from countersign.ledger.note import VerifierKey, sign_note
from countersign.ledger.policy import Policy
from countersign.ledger.witness import FileWitnessState, Witness, WitnessAnswer
from countersign.media.sandbox.decoder import insecurely_decode_in_process
from countersign.operations.desk import PROGRAMME_ID, Desk, Engine
from countersign.operations.engine import OpenVinoEngine, cards
from countersign.operations.initialise import Initialise, check_signers, initialise
from countersign.operations.report_facts import AnyReport, Picture
from countersign.primitives.clock import Clock, SystemClock
from countersign.settings import Settings
from countersign.storage.archive import SqlArchive, create_archive, open_archive
from countersign.storage.durable import make_folder, write_file
from countersign.storage.key_folder import INSECURE_DEMONSTRATION_PASSPHRASE, SCRYPT_COST
from countersign.storage.keys import FileSigner, KeyRing, create_keyring, create_witness, open_keyring, open_witness
from countersign.storage.sendings import SendingFiles

OWN_NETWORKS = "networks"
"""Folder within the data of networks that the force registered itself; it may be there before the programme."""
WITNESS_NAME = "witness.countersign.local"
WITNESS_MEMORY = "seen"
WITNESS_KEY = "witness.vkey"
"""File of the witness's public key, kept with our own keys."""

_LOG = logging.getLogger(__name__)


class PassphraseError(Refused):
    """The root key has no passphrase to open it, or one that this kind of programme may not have."""

    code = "passphrase"


class FolderTakenError(Conflict):
    """A folder of the installation to be made holds something; nothing is ever written over."""

    code = "folder_taken"


class NotInitialisedError(NotFound):
    """There is no programme here."""

    code = "not_initialised"


class FolderWitness:
    """The witness in a folder, opened when it is asked: a disk that is away now may be there for the next entry.

    Args:
        settings: Where it lies.
        key: What its cosignatures are checked with; known while the folder is away.
        log: The one log's key that it knows.
        clock: Gives the time that a cosignature carries.
    """

    def __init__(self, settings: Settings, key: VerifierKey, log: VerifierKey, clock: Clock) -> None:
        self.key = key
        self._settings = settings
        self._log = log
        self._clock = clock

    def add_checkpoint(self, body: bytes) -> WitnessAnswer:
        """Answer a request to cosign; ``OSError`` when the folder is away, empty or cannot be opened."""
        if not self._memory.is_dir():  # a witness that started afresh would sign a fork
            raise FileNotFoundError(self._memory)
        return self._witness.add_checkpoint(body)

    @property
    def _memory(self) -> Path:
        return self._settings.witness / WITNESS_MEMORY

    @cached_property
    def _witness(self) -> Witness:
        try:
            signer = open_witness(self._settings.witness, passphrase_of(self._settings), WITNESS_NAME)
        except CountersignError as reason:
            raise OSError(str(reason)) from reason
        state = FileWitnessState(self._memory)
        return Witness(signer=signer, logs={self._log.name: (self._log,)}, state=state, clock=self._clock)


def own_networks(settings: Settings) -> Path:
    """Give the folder of the networks that the force registered itself."""
    return settings.data / OWN_NETWORKS


def read_registry(settings: Settings) -> Registry:
    """Give every network that may run: the built-in ones, or those of another register, and the force's own."""
    named = settings.networks
    try:
        base = parse_registry(named.read_text(encoding="utf-8"), named.parent) if named else load_registry()
    except (OSError, UnicodeDecodeError) as cause:
        raise RegistryUnreadableError(f"expected a readable register of networks, got: {cause}") from cause
    return base.joined(read_own(own_networks(settings)))


def open_engine(settings: Settings) -> OpenVinoEngine:
    """Give the networks of this installation."""
    if settings.insecure_decoding_in_process:
        _LOG.warning("files are decoded without a sandbox: COUNTERSIGN_INSECURE_DECODING_IN_PROCESS is on")
        insecurely_decode_in_process()
    return OpenVinoEngine(
        read_registry(settings), threads=settings.threads, extractor=settings.extractor, detector=settings.detector
    )


def passphrase_of(settings: Settings) -> str:
    """Read the passphrase that opens the root key; without a file it is the public one of demonstrations and tests."""
    if settings.passphrase_file is None:
        return INSECURE_DEMONSTRATION_PASSPHRASE
    try:
        passphrase = settings.passphrase_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as cause:
        raise PassphraseError(f"expected a readable passphrase file, got: {cause}") from cause
    if not passphrase:
        raise PassphraseError("expected a passphrase in the file, got an empty one")
    return passphrase


def draw(report: AnyReport, pictures: Sequence[Picture]) -> bytes:
    """Draw a report as PDF/A."""
    from countersign.reports.render import to_pdf  # noqa: PLC0415  few commands draw anything

    return to_pdf(report, pictures)


class Installation:
    """Keys, database, witness and networks of one programme, opened together and closed together."""

    def __init__(self, settings: Settings, ring: KeyRing, archive: SqlArchive, clock: Clock) -> None:
        self.archive = archive
        self._ring = ring
        self._settings = settings
        self._clock = clock
        self._memory = FileWitnessState(settings.keys / "signed")
        self.sendings = SendingFiles(settings.data / "sendings")

    def desk(self, engine: Engine) -> Desk:
        """Give the desk; the programme must have been initialised."""
        with self.archive.read() as work:
            origin = work.programmes.get(PROGRAMME_ID).origin
        return self.desk_of(origin, engine)

    def desk_of(self, origin: str, engine: Engine) -> Desk:
        """Give the desk of a log that may not have an entry yet."""
        signer = self._ring.log_signer(origin)
        key = VerifierKey.parse((self._settings.keys / WITNESS_KEY).read_text(encoding="ascii"))
        witness = FolderWitness(self._settings, key, signer.key, self._clock)
        return Desk(
            archive=self.archive,
            clock=self._clock,
            engine=engine,
            code=__version__,
            threads=self._settings.threads,
            check=lambda log: check_history(log, signer=signer, memory=self._memory, witnesses=[witness]),
            seal=lambda: self._seal(signer, witness),
            networks=cards(
                read_registry(self._settings), extractor=self._settings.extractor, detector=self._settings.detector
            ),
            press=draw,
            notary=lambda text: sign_note(text, signer).to_text(),
            log_policy=Policy.k_of_n((signer.key,), {"file": key}, k=1),
            sendings=self.sendings,
        )

    def _seal(self, signer: FileSigner, witness: WitnessPort) -> None:
        """Sign and witness the committed head, and keep the note in a transaction of its own.

        Whatever goes wrong here, what was committed before stays committed: telling its caller that it failed would be
        false, and a second try would meet a spent authorisation. So it warns; the next seal signs and witnesses
        everything since, and `Desk.check` lets nothing be done on a history that is changed or contested.
        """
        try:
            with self.archive.begin() as work:
                head = sign_checkpoint(work.ledger, signer=signer, memory=self._memory, witnesses=[witness])
                work.commit()
        except SignerOvertakenError:
            return  # another process signed meanwhile: this entry too, or the next seal does
        except (CountersignError, OSError) as reason:
            _LOG.warning("committed, but the log could not be signed, which the next command does: %s", reason)
            return
        if head.is_contested:
            _LOG.warning("committed, but a witness has seen another history of this log; nothing more will be done")
        elif head.refusals:
            _LOG.warning("committed and signed, not witnessed: the next command does that; %s", dict(head.refusals))

    def close(self) -> None:
        """Close the database."""
        self.archive.close()


def database_of(settings: Settings) -> Path:
    """Give the place of the embedded database."""
    return settings.data / "countersign.sqlite"


def create_installation(
    settings: Settings, arguments: Initialise, *, clock: Clock | None = None, key_cost: int = SCRYPT_COST
) -> Installation:
    """Make keys, witness and database, and write the log's first entry.

    Args:
        settings: Where things go.
        arguments: What is fixed for good.
        clock: The machine's, unless a demonstration or test moves its own.
        key_cost: scrypt's N; only tests lower it.

    Raises:
        PassphraseError: A production programme without a passphrase file of its own.
        SignersError: The signers are not three different people.
        FolderTakenError: There is something in one of the folders already.
    """
    passphrase = passphrase_of(settings)
    if arguments.kind is ProgrammeKind.PRODUCTION and passphrase == INSECURE_DEMONSTRATION_PASSPHRASE:
        raise PassphraseError(
            "expected a passphrase of your own for a production programme, got none:"
            " name its file with --passphrase-file or COUNTERSIGN_PASSPHRASE_FILE"
        )
    # Everything that can be refused is refused before the first folder is made: a half-made one could not be mended.
    check_signers(arguments)
    for folder in (settings.keys, settings.witness, settings.data):
        if folder.exists() and any(one.name != OWN_NETWORKS for one in folder.iterdir()):
            raise FolderTakenError(f"expected an empty or missing folder, got one with something in it: {folder}")
    ring = create_keyring(settings.keys, passphrase, cost=key_cost)
    witness = create_witness(settings.witness, passphrase, WITNESS_NAME, cost=key_cost)
    make_folder(settings.witness / WITNESS_MEMORY)
    write_file(settings.keys / WITNESS_KEY, witness.key.vkey.encode())
    archive = create_archive(database_of(settings), ring, settings.data / "blobs")
    installation = Installation(settings, ring, archive, clock or SystemClock())
    initialise(installation.desk_of(arguments.origin, open_engine(settings)), arguments)
    return installation


def open_installation(settings: Settings, *, clock: Clock | None = None) -> Installation:
    """Open what `create_installation` made.

    Raises:
        NotInitialisedError: There is no programme in the data folder.
    """
    if not database_of(settings).exists():
        raise NotInitialisedError(f"expected a programme in {settings.data}, got none: run `countersign init` first")
    ring = open_keyring(settings.keys, passphrase_of(settings))
    archive = open_archive(database_of(settings), ring, settings.data / "blobs")
    return Installation(settings, ring, archive, clock or SystemClock())


def new_origin(kind: ProgrammeKind) -> str:
    """Give a log a name of its own; the kind is part of it, so that no demonstration passes for anything else."""
    return f"countersign.local/{kind}/{secrets.token_hex(4)}"
