"""Stand-ins for the ledger's ports: a store in memory, signers from a seed, a witness memory, and ready-made logs."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countersign.errors import Conflict
from countersign.ledger.append import append
from countersign.ledger.checkpoint import Checkpoint
from countersign.ledger.checkpointing import sign_checkpoint
from countersign.ledger.entry import EntryDraft, FactValue
from countersign.ledger.event import EventKind
from countersign.ledger.export import write_export
from countersign.ledger.merkle import Node
from countersign.ledger.note import COSIGNATURE_V1, ED25519, VerifierKey
from countersign.ledger.policy import Policy
from countersign.ledger.witness import Witness, WitnessState
from countersign.primitives.clock import SimulatedClock, rfc3339

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
VECTORS = Path(__file__).resolve().parents[2] / "shared" / "vectors"
NO_VECTORS = "the published vectors (../shared/vectors) are not here"
LOG = "log.example.org/force"


def pseudonym(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


class InsecureSeedSigner:
    """Signs with a key that anyone can compute from its name."""

    def __init__(self, name: str, algorithm: int = ED25519) -> None:
        self._secret = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
        public = self._secret.public_key().public_bytes_raw()
        self._key = VerifierKey(name=name, algorithm=algorithm, public_key=public)

    @property
    def key(self) -> VerifierKey:
        return self._key

    def sign(self, message: bytes) -> bytes:
        return self._secret.sign(message)


@dataclass
class MemoryLedger:
    """A `LedgerStore` that forgets everything when the test ends."""

    entries: list[bytes] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)

    def head(self) -> int:
        return len(self.entries)

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def append(self, seq: int, entry: bytes, nodes: Sequence[Node]) -> None:
        if seq != len(self.entries):
            raise Conflict(f"expected place {len(self.entries)}, got {seq}")
        self.entries.append(entry)
        self.nodes |= {(node.level, node.index): node.hash for node in nodes}

    def entry_bytes(self, start: int, stop: int) -> Iterator[bytes]:
        return iter(self.entries[start:stop])

    def latest_checkpoint(self) -> str | None:
        return self.notes[max(self.notes)] if self.notes else None

    def checkpoints(self) -> Iterator[str]:
        return iter([self.notes[size] for size in sorted(self.notes)])

    def put_checkpoint(self, size: int, note: str) -> None:
        self.notes[size] = note


@dataclass
class MemoryState:
    """A `WitnessState` in memory."""

    known: dict[str, Checkpoint] = field(default_factory=dict)

    def latest(self, origin: str) -> Checkpoint | None:
        return self.known.get(origin)

    def replace(self, *, expected: Checkpoint | None, new: Checkpoint) -> bool:
        if self.known.get(new.origin) != expected:
            return False
        self.known[new.origin] = new
        return True


def draft(
    event: EventKind = EventKind.RECORD_CONSULTED,
    /,
    *,
    at: datetime = START,
    actor: str = "system",
    case: str = "",
    commit: Mapping[str, str] | None = None,
    **facts: FactValue,
) -> EntryDraft:
    if event is EventKind.RECORD_CONSULTED and not facts:
        facts = {"what": "record", "justification": "lawfulness"}
    return EntryDraft(
        at=rfc3339(at),
        kind=event,
        actor=actor,
        case=case,
        code="0.1.0",
        programme_state="pilot",
        facts=facts,
        commit=commit or {},
    )


def initialised() -> EntryDraft:
    return draft(EventKind.PROGRAMME_INITIALISED, kind="test", jurisdiction="uk-ew", signers="0" * 64)


def new_witness(name: str, state: WitnessState, *logs: InsecureSeedSigner) -> Witness:
    return Witness(
        signer=InsecureSeedSigner(name, COSIGNATURE_V1),
        logs={log.key.name: (log.key,) for log in logs},
        state=state,
        clock=SimulatedClock(START),
    )


@dataclass
class Deployment:
    """A log with its signer, the signer's memory and one witness."""

    store: MemoryLedger = field(default_factory=MemoryLedger)
    signer: InsecureSeedSigner = field(default_factory=lambda: InsecureSeedSigner(LOG))
    memory: MemoryState = field(default_factory=MemoryState)
    witness_state: MemoryState = field(default_factory=MemoryState)

    def __post_init__(self) -> None:
        self.witness = new_witness("oversight.example", self.witness_state, self.signer)

    @property
    def policy(self) -> Policy:
        return Policy.k_of_n((self.signer.key,), {"oversight": self.witness.key}, k=1)

    def fill(self, size: int) -> "Deployment":
        for seq in range(len(self.store.entries), size):
            append(self.store, draft(at=START + timedelta(seconds=seq)) if seq else initialised())
        return self

    def tell(self, *story: EntryDraft) -> "Deployment":
        for entry in (*(() if self.store.entries else (initialised(),)), *story):
            append(self.store, entry)
        return self

    def sign(self) -> "Deployment":
        sign_checkpoint(self.store, signer=self.signer, memory=self.memory, witnesses=[self.witness])
        return self

    def export(self, folder: Path) -> Path:
        write_export(self.store, folder, policy=self.policy)
        return folder
