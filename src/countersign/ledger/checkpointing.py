"""Signing the head of the log and asking witnesses to cosign it.

What holds if the process dies (LOG-07):

- before the memory is replaced: nothing was signed; the next call starts from the same state
- after that, before or while signing: the memory is ahead of the notes; the next call extends it, and a note for the
  same size has the same text
- after some witnesses have cosigned: they answer the next call with 409 and their size, and are asked again from there
- before the note is kept: cosignatures are lost, not wrong; the next call gets new ones
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from countersign.errors import Conflict, IntegrityBroken
from countersign.ledger.checkpoint import Checkpoint, cosigned_at, parse_size
from countersign.ledger.merkle import Frontier, consistency_proof, leaf_hash, root_at
from countersign.ledger.note import Note, NoteFormError, NoteSignature, NoteSigner, VerifierKey, sign_note
from countersign.ledger.store import LedgerStore
from countersign.ledger.witness import AddCheckpoint, Outcome, WitnessAnswer, WitnessState

UNREACHABLE = "unreachable"
AHEAD = "ahead"
FORKED = "forked"
BAD_COSIGNATURE = "bad_cosignature"
_CONTESTING = frozenset({AHEAD, FORKED})


class HistoryChangedError(IntegrityBroken):
    """The stored log does not extend what was signed before. Signing it would be signing a fork."""

    code = "history_changed"


class HistoryContestedError(IntegrityBroken):
    """A witness has seen another history of this log: nothing is done until a person has looked."""

    code = "history_contested"

    def __init__(self, refusals: Mapping[str, str]) -> None:
        super().__init__(f"expected witnesses that have seen this log, got one with another history: {dict(refusals)}")


class SignerOvertakenError(Conflict):
    """Another process signed a checkpoint in between; calling again is safe."""

    code = "signer_overtaken"


class WitnessPort(Protocol):
    """A witness, here or behind a wire."""

    @property
    def key(self) -> VerifierKey:
        """Give the key that its cosignatures are checked with."""
        ...

    def add_checkpoint(self, body: bytes) -> WitnessAnswer:
        """Answer a request to cosign; ``OSError`` when it cannot be reached."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A signed checkpoint and what the witnesses said.

    Attributes:
        checkpoint: What was signed.
        note: The note with all valid cosignatures.
        refusals: Name of a witness that did not cosign, and why; ``ahead`` and ``forked`` mean that it has seen
            another history than ours, which a person must look into at once.
    """

    checkpoint: Checkpoint
    note: Note
    refusals: Mapping[str, str]

    @property
    def is_contested(self) -> bool:
        """Say whether a witness has seen another history."""
        return not _CONTESTING.isdisjoint(self.refusals.values())


def sign_checkpoint(
    store: LedgerStore, *, signer: NoteSigner, memory: WitnessState, witnesses: Sequence[WitnessPort]
) -> SignedHead:
    """Sign the committed head and keep the note. Safe to repeat, also when nothing was appended (the heartbeat).

    Args:
        store: The log, read outside any transaction that appends.
        signer: Holds the log's key; its key's name is the log's origin.
        memory: What was signed last. It lies outside the database, so that whoever can only write SQL gets no
            signature on a changed history.
        witnesses: Asked in turn.

    Raises:
        HistoryChangedError: The log does not extend what was signed last; nothing is signed.
        SignerOvertakenError: Another process was faster; nothing is signed.
    """
    known = memory.latest(signer.key.name)
    checkpoint = _extended(store, signer.key.name, known)
    if checkpoint != known and not memory.replace(expected=known, new=checkpoint):
        raise SignerOvertakenError(f"expected to extend size {known.size if known else 0}, got another signed since")
    note = _with_earlier_cosignatures(store, sign_note(checkpoint.to_text(), signer))
    refusals: dict[str, str] = {}
    for witness in witnesses:
        signature, reason = _ask(witness, store, checkpoint, note, old=known.size if known else 0)
        if signature is None:
            refusals[witness.key.name] = reason
        else:
            note = note.with_signature(signature)
    store.put_checkpoint(checkpoint.size, note.to_text())
    return SignedHead(checkpoint=checkpoint, note=note, refusals=refusals)


def check_history(
    store: LedgerStore, *, signer: NoteSigner, memory: WitnessState, witnesses: Sequence[WitnessPort]
) -> None:
    """Raise when this is not the log that was signed, or when a witness has seen another. Nothing new is signed.

    A witness that cannot be reached contests nothing.

    Args:
        store: The log, in a transaction that nobody can append beside: otherwise another process's newer checkpoint
            would look like a fork.
        signer: Holds the log's key.
        memory: What was signed last.
        witnesses: Asked about what was signed last; one that lags behind catches up.

    Raises:
        HistoryChangedError: The log does not extend what was signed last.
        HistoryContestedError: A witness has seen more than was ever signed here, or something else.
    """
    known = memory.latest(signer.key.name)
    _extended(store, signer.key.name, known)
    if known is None:
        return
    note = sign_note(known.to_text(), signer)
    refusals = {witness.key.name: _ask(witness, store, known, note, old=known.size)[1] for witness in witnesses}
    if not _CONTESTING.isdisjoint(refusals.values()):
        raise HistoryContestedError(refusals)


def _extended(store: LedgerStore, origin: str, known: Checkpoint | None) -> Checkpoint:
    """Give the checkpoint of the head, having shown that it extends the known one.

    The new root grows out of the known root and the bytes of the entries since. That is a consistency proof, and more:
    nodes that an attacker wrote beside the entries have no say in it.
    """
    size, start = store.head(), known.size if known else 0
    if size < start:
        raise HistoryChangedError(f"expected at least the {start} entries that were signed, got {size}")
    frontier = Frontier.of(store, start)
    if known and frontier.root() != known.root:
        raise HistoryChangedError(f"expected root {known.root.hex()} at size {start}, got {frontier.root().hex()}")
    for entry in store.entry_bytes(start, size):
        frontier.append(leaf_hash(entry))
    if frontier.size != size or frontier.root() != root_at(store, size):
        raise HistoryChangedError(f"expected nodes of the {size} entries, got nodes of others")
    return Checkpoint(origin=origin, size=size, root=frontier.root())


def _with_earlier_cosignatures(store: LedgerStore, note: Note) -> Note:
    """Keep what a witness signed under this same text before, in case it cannot be reached now."""
    stored = store.latest_checkpoint()
    earlier = Note.parse(stored.encode()) if stored else None
    if earlier is None or earlier.text != note.text:
        return note
    for signature in note.signatures:
        earlier = earlier.with_signature(signature)
    return earlier


def _ask(
    witness: WitnessPort, store: LedgerStore, checkpoint: Checkpoint, note: Note, *, old: int
) -> tuple[NoteSignature | None, str]:
    """Give a witness's valid cosignature, or none and the reason."""
    try:
        answer = _request(witness, store, checkpoint, note, old)
        if answer.outcome is Outcome.CONFLICT:
            newest = parse_size(answer.body.removesuffix("\n"))
            if newest > checkpoint.size:
                return None, AHEAD
            if newest == old:  # same size, so another root
                return None, FORKED
            answer = _request(witness, store, checkpoint, note, newest)
        return _read_answer(witness.key, note, answer)
    except OSError:
        return None, UNREACHABLE
    except NoteFormError:
        return None, BAD_COSIGNATURE


def _request(witness: WitnessPort, store: LedgerStore, checkpoint: Checkpoint, note: Note, old: int) -> WitnessAnswer:
    proof = tuple(consistency_proof(store, old, checkpoint.size))
    return witness.add_checkpoint(AddCheckpoint(old=old, proof=proof, note=note).to_bytes())


def _read_answer(key: VerifierKey, note: Note, answer: WitnessAnswer) -> tuple[NoteSignature | None, str]:
    if answer.outcome in (Outcome.NOT_CONSISTENT, Outcome.CONFLICT):
        return None, FORKED
    if answer.outcome is not Outcome.COSIGNED:
        return None, answer.outcome.name.lower()
    signature = NoteSignature.parse(answer.body.removesuffix("\n"))
    if cosigned_at(note.with_signature(signature), key) is None:
        return None, BAD_COSIGNATURE
    return signature, ""
