"""What evidence catches what: the table of the documentation, as a test.

Rows: what an insider does to a log. Columns: what he holds, and what the verifier has. A log and its own signature do
not stop somebody who holds the log's key; one checkpoint that somebody else kept does.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from countersign.ledger.canonical import encode, parse
from countersign.ledger.checkpoint import Checkpoint
from countersign.ledger.merkle import Frontier, leaf_hash
from countersign.ledger.note import Note, sign_note
from countersign.ledger.policy import Policy
from countersign.ledger.verify import verify_export
from countersign.ledger.witness import AddCheckpoint, Outcome
from tests.fakes_ledger import LOG, Deployment, new_witness

TRIALS = 100
SIZE, WITNESSED = 12, 9

Attack = Callable[[list[bytes], random.Random], list[bytes]]


def _changed(entry: bytes, **change: str | int) -> bytes:
    value = parse(entry)
    assert isinstance(value, dict)
    return encode({**value, **change})


def _renumbered(entries: list[bytes]) -> list[bytes]:
    """Repair what an insider would: places and times. What is left to find is the history itself."""
    times = sorted(str(value["at"]) for entry in entries if isinstance(value := parse(entry), dict))
    return [_changed(entry, seq=seq, at=at) for seq, (entry, at) in enumerate(zip(entries, times, strict=True))]


def edit(entries: list[bytes], chance: random.Random) -> list[bytes]:
    place = chance.randrange(WITNESSED)
    return [*entries[:place], _changed(entries[place], actor="ab" * 16), *entries[place + 1 :]]


def delete(entries: list[bytes], chance: random.Random) -> list[bytes]:
    place = chance.randrange(1, WITNESSED)
    return _renumbered(entries[:place] + entries[place + 1 :])


def swap(entries: list[bytes], chance: random.Random) -> list[bytes]:
    first, second = chance.sample(range(1, WITNESSED), 2)
    swapped = list(entries)
    swapped[first], swapped[second] = _changed(entries[second], code="0.1.1"), entries[first]
    return _renumbered(swapped)


def insert(entries: list[bytes], chance: random.Random) -> list[bytes]:
    place = chance.randrange(1, WITNESSED)
    return _renumbered([*entries[:place], _changed(entries[place], actor="ab" * 16), *entries[place:]])


def truncate(entries: list[bytes], _chance: random.Random) -> list[bytes]:
    return entries[: WITNESSED - 1]


@pytest.fixture(name="deployment", scope="module")
def _deployment() -> Deployment:
    """A log with checkpoints at each size from 8 on, of which a witness has seen the one at 9."""
    deployment = Deployment().fill(8).sign()
    for size in range(9, SIZE + 1):
        deployment.fill(size).sign()
    return deployment


def root(entries: list[bytes]) -> bytes:
    frontier = Frontier()
    for entry in entries:
        frontier.append(leaf_hash(entry))
    return frontier.root()


def forged(folder: Path, deployment: Deployment, entries: list[bytes], *, has_key: bool) -> Path:
    """Write what the insider hands over: with the log's key a signed head of his own, otherwise the best old one."""
    folder.mkdir(exist_ok=True)
    checkpoint = Checkpoint(origin=LOG, size=len(entries), root=root(entries))
    old = deployment.store.notes.get(len(entries), deployment.store.notes[SIZE])
    note = sign_note(checkpoint.to_text(), deployment.signer).to_text() if has_key else old
    (folder / "entries.jsonl").write_bytes(b"".join(entry + b"\n" for entry in entries))
    (folder / "checkpoint").write_text(note)
    (folder / "checkpoints.jsonl").write_bytes(b"")
    return folder


@pytest.mark.parametrize(
    ("attack", "without_key", "with_key", "with_key_and_witnessed"),
    [
        (edit, TRIALS, 0, TRIALS),
        (delete, TRIALS, 0, TRIALS),
        (swap, TRIALS, 0, TRIALS),
        (insert, TRIALS, 0, TRIALS),
        (truncate, 0, 0, TRIALS),
    ],
)
def test_what_evidence_catches_what(
    attack: Attack, without_key: int, with_key: int, with_key_and_witnessed: int, deployment: Deployment, tmp_path: Path
) -> None:
    chance = random.Random(attack.__name__)  # noqa: S311 - a seeded choice of what to damage
    own = Policy(logs=(deployment.signer.key,))
    kept = deployment.store.notes[WITNESSED].encode()
    found = [0, 0, 0]
    for _ in range(TRIALS):
        entries = attack(deployment.store.entries, chance)
        found[0] += not verify_export(forged(tmp_path / "a", deployment, entries, has_key=False), policy=own).is_clean
        folder = forged(tmp_path / "b", deployment, entries, has_key=True)
        found[1] += not verify_export(folder, policy=own).is_clean
        found[2] += not verify_export(folder, policy=own, evidence=[kept]).is_clean
    assert found == [without_key, with_key, with_key_and_witnessed]


@pytest.mark.parametrize("attack", [edit, delete, swap, insert, truncate])
def test_a_quorum_of_a_witness_stops_whoever_holds_the_key(
    attack: Attack, deployment: Deployment, tmp_path: Path
) -> None:
    entries = attack(deployment.store.entries, random.Random(7))  # noqa: S311 - as above
    folder = forged(tmp_path / "a", deployment, entries, has_key=True)
    findings = verify_export(folder, policy=deployment.policy).findings
    assert [finding.code for finding in findings] == ["quorum_missing"]


def test_a_fork_is_refused_by_the_witness_and_found_by_comparing_two_heads(
    deployment: Deployment, tmp_path: Path
) -> None:
    fork = edit(deployment.store.entries, random.Random(1))  # noqa: S311 - as above
    note = sign_note(Checkpoint(origin=LOG, size=SIZE, root=root(fork)).to_text(), deployment.signer)
    witness = new_witness("oversight.example", deployment.witness_state, deployment.signer)
    for old, outcome in ((SIZE, Outcome.CONFLICT), (WITNESSED, Outcome.CONFLICT), (0, Outcome.CONFLICT)):
        body = AddCheckpoint(old=old, proof=(), note=note).to_bytes()
        assert witness.add_checkpoint(body).outcome is outcome
    folder = forged(tmp_path / "a", deployment, fork, has_key=True)
    other = Note.parse(deployment.store.notes[SIZE].encode()).to_text().encode()
    findings = verify_export(folder, policy=Policy(logs=(deployment.signer.key,)), evidence=[other]).findings
    assert [finding.code for finding in findings] == ["root_wrong"]


def test_clean_exports_of_any_size_raise_no_alarm(tmp_path: Path) -> None:
    deployment = Deployment()
    for size in range(1, 40):
        folder = deployment.fill(size).sign().export(tmp_path / str(size))
        earlier = [note.encode() for note in list(deployment.store.checkpoints())[-3:]]
        assert verify_export(folder, policy=deployment.policy, evidence=earlier).findings == ()
