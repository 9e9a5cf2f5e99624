"""A witness: signs a log's checkpoint only when it extends the one it signed before, and never forgets which that was.

    200  cosigned                      403  no checkpoint with a valid signature of a known key
    400  not a request                 404  unknown log
    409  not the size I last signed (the body says which), or another root at that size
    422  the proof does not show that the new tree extends the old one

The same bytes serve over HTTP and as files carried to a site without a network.

Source:
    C2SP tlog-witness, add-checkpoint.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from countersign.errors import IntegrityBroken
from countersign.ledger.checkpoint import Checkpoint, cosign, parse_size
from countersign.ledger.merkle import HASH_BYTES, ProofBrokenError, verify_consistency
from countersign.ledger.note import Note, NoteFormError, NoteSigner, VerifierKey, from_base64, is_signed_by, to_base64
from countersign.primitives.clock import Clock
from countersign.primitives.digest import sha256

MAX_PROOF_LINES = 63


class WitnessMemoryError(IntegrityBroken):
    """What a witness remembers cannot be read; it must not sign until a person has looked."""

    code = "witness_memory"


class CheckpointFormError(NoteFormError):
    """What a request carries is not a signed checkpoint, so nobody has signed it."""

    code = "checkpoint_form"


class Outcome(IntEnum):
    """What a witness answers; the number is the HTTP status."""

    COSIGNED = 200
    MALFORMED = 400
    NOT_SIGNED = 403
    UNKNOWN_LOG = 404
    CONFLICT = 409
    NOT_CONSISTENT = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessAnswer:
    """A witness's answer.

    Attributes:
        outcome: See the table above.
        body: A cosignature line when cosigned; on conflict the size last signed; otherwise nothing.
    """

    outcome: Outcome
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheckpoint:
    """A request to cosign.

    Attributes:
        old: Size that the witness is believed to have signed last.
        proof: Consistency proof from ``old`` to the checkpoint.
        note: The signed checkpoint.
    """

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def to_bytes(self) -> bytes:
        """Write the request's body."""
        lines = [f"old {self.old}", *map(to_base64, self.proof), "", self.note.to_text()]
        return "\n".join(lines).encode()

    @classmethod
    def parse(cls, body: bytes) -> "AddCheckpoint":
        """Read a request's body.

        Raises:
            NoteFormError: Not what `to_bytes` writes, or more than 63 lines of proof.
            CheckpointFormError: All is well up to the checkpoint, but that is none.
        """
        head, _, note = body.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise NoteFormError("expected a request in ASCII before the checkpoint, got other bytes") from error
        proof = tuple(map(from_base64, lines))
        whole = len(proof) <= MAX_PROOF_LINES and all(len(line) == HASH_BYTES for line in proof)
        if not first.startswith("old ") or not whole:
            raise NoteFormError("expected an old size and at most 63 hashes, got something else")
        return cls(old=parse_size(first.removeprefix("old ")), proof=proof, note=_signed_checkpoint(note))

    @property
    def checkpoint(self) -> Checkpoint:
        """Give what is to be cosigned."""
        return Checkpoint.parse(self.note.text)


def _signed_checkpoint(data: bytes) -> Note:
    try:
        note = Note.parse(data)
        Checkpoint.parse(note.text)
    except NoteFormError as error:
        raise CheckpointFormError(str(error)) from error
    return note


class WitnessState(Protocol):
    """Remembers, for each log, the checkpoint signed last. A log's signer keeps one too."""

    def latest(self, origin: str) -> Checkpoint | None:
        """Give the checkpoint signed last for a log, or None before the first."""
        ...

    def replace(self, *, expected: Checkpoint | None, new: Checkpoint) -> bool:
        """Remember ``new`` if what is remembered for its origin is still ``expected``; say whether it was.

        Comparing and writing are one step that no other process can come between, and what is written is durable when
        this returns. Without either, two requests at once could roll the memory back and a fork be signed.
        """
        ...


class FileWitnessState:
    """A `WitnessState` in a folder: one file a log, replaced whole.

    Die before the rename and the old file stands; die after it and the new one does. Either is a state in which signing
    again is safe, since nothing is signed before `replace` has returned.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def latest(self, origin: str) -> Checkpoint | None:
        """Read what is remembered.

        Raises:
            WitnessMemoryError: The file is damaged. To start afresh would be to forget, so it raises instead.
        """
        try:
            return Checkpoint.parse(self._file(origin).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (NoteFormError, UnicodeDecodeError) as error:
            raise WitnessMemoryError(f"expected the last checkpoint of {origin!r}, got a damaged file") from error

    def replace(self, *, expected: Checkpoint | None, new: Checkpoint) -> bool:
        """Compare and write under a lock that the system releases if this process dies."""
        with self._locked():
            if self.latest(new.origin) != expected:
                return False
            self._write(self._file(new.origin), new.to_text())
            return True

    def _file(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode())}.checkpoint"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, file: Path, text: str) -> None:
        temporary = file.with_suffix(".new")
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # the rename itself is durable only once the folder is
        finally:
            os.close(folder)


class Witness:
    """Cosigns checkpoints of the logs it knows.

    Args:
        signer: Holds a key of algorithm cosignature/v1.
        logs: Origin to the keys that may sign that log.
        state: Its memory.
        clock: Gives the time that a cosignature carries.
    """

    def __init__(
        self, *, signer: NoteSigner, logs: Mapping[str, tuple[VerifierKey, ...]], state: WitnessState, clock: Clock
    ) -> None:
        self._signer, self._logs, self._state, self._clock = signer, logs, state, clock

    @property
    def key(self) -> VerifierKey:
        """Give the key that the cosignatures are checked with."""
        return self._signer.key

    def add_checkpoint(self, body: bytes) -> WitnessAnswer:
        """Answer a request to cosign."""
        try:
            request = AddCheckpoint.parse(body)
        except CheckpointFormError:
            return WitnessAnswer(outcome=Outcome.NOT_SIGNED)
        except NoteFormError:
            return WitnessAnswer(outcome=Outcome.MALFORMED)
        checkpoint = request.checkpoint
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            return WitnessAnswer(outcome=Outcome.UNKNOWN_LOG)
        if not any(is_signed_by(request.note, key) for key in keys):
            return WitnessAnswer(outcome=Outcome.NOT_SIGNED)
        if request.old > checkpoint.size:
            return WitnessAnswer(outcome=Outcome.MALFORMED)
        return self._advance(request, checkpoint)

    def _advance(self, request: AddCheckpoint, checkpoint: Checkpoint) -> WitnessAnswer:
        known = self._state.latest(checkpoint.origin)
        if request.old != _size(known) or (known and known.size == checkpoint.size and known.root != checkpoint.root):
            return _conflict(known)
        if not _extends(known, checkpoint, request.proof):
            return WitnessAnswer(outcome=Outcome.NOT_CONSISTENT)
        if checkpoint != known and not self._state.replace(expected=known, new=checkpoint):
            return _conflict(self._state.latest(checkpoint.origin))
        # Only now, with the memory on disk: a witness that died between signing and remembering could sign a fork.
        line = cosign(request.note.text, self._signer, self._clock.now()).line()
        return WitnessAnswer(outcome=Outcome.COSIGNED, body=line)


def _size(known: Checkpoint | None) -> int:
    return known.size if known else 0


def _conflict(known: Checkpoint | None) -> WitnessAnswer:
    return WitnessAnswer(outcome=Outcome.CONFLICT, body=f"{_size(known)}\n")


def _extends(known: Checkpoint | None, checkpoint: Checkpoint, proof: tuple[bytes, ...]) -> bool:
    if known is None or known.size == 0:
        return not proof  # everything extends nothing
    try:
        verify_consistency(known.size, checkpoint.size, proof, known.root, checkpoint.root)
    except ProofBrokenError:
        return False
    return True
