"""Verifies an export with nothing but the export, the verifier's own keys and evidence that others kept.

A tree and the log's own signature prove only that the export fits together: whoever holds the log's key can write
another history that fits as well. What stops that is a quorum of witnesses in a policy that the verifier brings, or one
older checkpoint that somebody else kept. `Verification.self_asserted` says when neither was given.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from countersign.errors import CountersignError, Invalid
from countersign.ledger.canonical import parse
from countersign.ledger.checkpoint import Checkpoint, cosigned_at, opened
from countersign.ledger.disclosed import Disclosed
from countersign.ledger.entry import MAX_ENTRY_BYTES, Entry
from countersign.ledger.finding import Finding
from countersign.ledger.merkle import Frontier, leaf_hash
from countersign.ledger.note import MAX_NOTE_BYTES, Note, NoteFormError
from countersign.ledger.openings import OpeningsCheck
from countersign.ledger.policy import Policy
from countersign.ledger.rules import Story

MAX_LINE_BYTES = 4 * MAX_NOTE_BYTES
THE_CHECKPOINT = "the checkpoint of this export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verifier can say of an export.

    Attributes:
        origin: Name of the log, or nothing when the checkpoint could not be read.
        size: Entries read.
        root: Root recomputed from their bytes, hexadecimal.
        self_asserted: The keys came from the export itself, so they prove only that it fits together.
        cosigned_by: Witnesses whose cosignatures on the checkpoint are valid.
        openings: Commitments shown (and proved), withheld, erased, missing; empty when the export has no openings.
        findings: What is not as it must be; nothing when all is well.
    """

    origin: str
    size: int
    root: str
    self_asserted: bool
    cosigned_by: tuple[str, ...]
    openings: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """Say whether nothing was found."""
        return not self.findings


def verify_export(folder: Path, *, policy: Policy | None = None, evidence: Sequence[bytes] = ()) -> Verification:
    """Verify an export. Never raises for what it finds in it.

    Args:
        folder: The export.
        policy: Keys and quorum to trust; None takes those that the export names, which prove little.
        evidence: Signed checkpoints of this log that somebody else kept; the export must extend each of them.
    """
    reading = _Reading(folder=folder)
    trusted = policy or reading.own_policy()
    origin, cosigned_by = reading.take_checkpoint(trusted) if trusted else ("", ())
    if trusted:
        reading.take_earlier(trusted, evidence)
    openings = reading.take_openings()
    frontier = reading.take_entries(openings)
    return Verification(
        origin=origin,
        size=frontier.size,
        root=frontier.root().hex(),
        self_asserted=policy is None,
        cosigned_by=cosigned_by,
        openings=dict(openings.counts) if openings else {},
        findings=tuple(reading.findings),
    )


@dataclass(slots=True, kw_only=True)
class _Reading:
    folder: Path
    findings: list[Finding] = field(default_factory=list)
    claims: dict[int, list[tuple[str, Checkpoint]]] = field(default_factory=dict)
    """By size: whose checkpoint, and what it says. The entries must bear each of them out."""

    def own_policy(self) -> Policy | None:
        found: list[Policy] = []
        with self._noting("keys_unreadable"):
            found.append(Policy.parse(self._content("keys").decode()))
        return found[0] if found else None

    def take_checkpoint(self, policy: Policy) -> tuple[str, tuple[str, ...]]:
        origin, cosigned_by = "", tuple[str, ...]()
        with self._noting("checkpoint_wrong"):
            note = Note.parse(self._content("checkpoint"))
            checkpoint = self._claim(THE_CHECKPOINT, note, policy)
            if not policy.is_met_by(note):
                self._add("quorum_missing", "too few of the trusted witnesses have cosigned the checkpoint")
            origin = checkpoint.origin
            cosigned_by = tuple(name for name, key in policy.witnesses.items() if cosigned_at(note, key) is not None)
        return origin, cosigned_by

    def take_earlier(self, policy: Policy, evidence: Sequence[bytes]) -> None:
        kept = ((f"checkpoint {place} kept elsewhere", data) for place, data in enumerate(evidence, start=1))
        for whose, data in (*kept, *self._earlier()):
            with self._noting("evidence_wrong", whose):
                self._claim(whose, Note.parse(data), policy)

    def _claim(self, whose: str, note: Note, policy: Policy) -> Checkpoint:
        checkpoint = opened(note, policy.logs)
        if checkpoint.origin not in {key.name for key in policy.logs}:
            raise NoteFormError("expected a checkpoint of the log that the key names, got one of another")
        self.claims.setdefault(checkpoint.size, []).append((whose, checkpoint))
        return checkpoint

    def take_openings(self) -> OpeningsCheck | None:
        if not (self.folder / "openings.jsonl").exists():
            return None
        check = OpeningsCheck(rows={})
        for place, line in self._lines("openings.jsonl", MAX_LINE_BYTES):
            with self._noting("openings_wrong", f"openings.jsonl, line {place + 1}"):
                row = Disclosed.from_bytes(line)
                if (row.seq, row.name) in check.rows:
                    raise Invalid("expected one row for a commitment, got two")
                check.rows[row.seq, row.name] = row
        return check

    def take_entries(self, openings: OpeningsCheck | None) -> Frontier:
        frontier, story, last_at = Frontier(), Story(), ""
        self._bear_out(frontier)
        for place, line in self._lines("entries.jsonl", MAX_ENTRY_BYTES):
            frontier.append(leaf_hash(line))
            self._bear_out(frontier)
            with self._noting("entry_wrong", f"entries.jsonl, line {place + 1}", seq=place):
                entry = Entry.from_bytes(line)
                self._check_place(entry, place, last_at)
                last_at = entry.at
                self.findings += story.check(entry)
                self.findings += openings.check(entry) if openings else ()
        self.findings += openings.finish() if openings else ()
        self._check_size(frontier.size)
        return frontier

    def _check_place(self, entry: Entry, place: int, last_at: str) -> None:
        if entry.seq != place:
            self._add("seq_wrong", f"the entry says that it is number {entry.seq}", seq=place)
        if entry.at < last_at:
            self._add("time_backwards", "the entry is dated before the one that precedes it", seq=place)

    def _check_size(self, size: int) -> None:
        for claims in self.claims.values():
            for whose, checkpoint in claims:
                if checkpoint.size > size or (whose == THE_CHECKPOINT and checkpoint.size < size):
                    self._add("size_wrong", f"{whose} speaks of {checkpoint.size} entries; here are {size}")

    def _bear_out(self, frontier: Frontier) -> None:
        for whose, checkpoint in self.claims.get(frontier.size, ()):
            if checkpoint.root != frontier.root():
                self._add("root_wrong", f"{whose} has another root at size {checkpoint.size} than these entries")

    def _earlier(self) -> Iterator[tuple[str, bytes]]:
        for place, line in self._lines("checkpoints.jsonl", MAX_LINE_BYTES):
            whose = f"checkpoints.jsonl, line {place + 1}"
            with self._noting("evidence_wrong", whose):
                yield whose, str(parse(line)).encode()

    def _content(self, name: str) -> bytes:
        with (self.folder / name).open("rb") as stream:
            data = stream.read(MAX_NOTE_BYTES + 1)
        if len(data) > MAX_NOTE_BYTES:
            raise NoteFormError(f"expected at most {MAX_NOTE_BYTES} bytes in {name}, got more")
        return data

    def _lines(self, name: str, longest: int) -> Iterator[tuple[int, bytes]]:
        """Give the lines of a file with their places; an overlong or unfinished one is a finding and ends the file."""
        with self._noting("file_unreadable"), (self.folder / name).open("rb") as stream:
            lines: Iterable[bytes] = iter(lambda: stream.readline(longest + 1), b"")
            for place, line in enumerate(lines):
                if not line.endswith(b"\n"):
                    self._add("line_unfinished", f"{name}, line {place + 1} is too long or has no end")
                    return
                yield place, line[:-1]

    @contextmanager
    def _noting(self, code: str, where: str = "", *, seq: int | None = None) -> Iterator[None]:
        """Turn what is wrong inside into a finding."""
        try:
            yield
        except (CountersignError, UnicodeDecodeError) as error:
            self._add(code, f"{where}: {error}" if where else str(error), seq=seq)
        except OSError as error:
            self._add("file_unreadable", f"{Path(str(error.filename)).name} cannot be read")

    def _add(self, code: str, sentence: str, *, seq: int | None = None) -> None:
        self.findings.append(Finding(code=code, sentence=sentence, seq=seq))
