from datetime import timedelta
from pathlib import Path

import pytest

from countersign.ledger.canonical import encode
from countersign.ledger.checkpoint import Checkpoint
from countersign.ledger.entry import MAX_ENTRY_BYTES, Entry
from countersign.ledger.merkle import Frontier, leaf_hash, root_at
from countersign.ledger.note import MAX_NOTE_BYTES, sign_note
from countersign.ledger.policy import Policy
from countersign.ledger.verify import Verification, verify_export
from tests.fakes_ledger import LOG, START, Deployment, InsecureSeedSigner, draft


@pytest.fixture(name="deployment")
def _deployment() -> Deployment:
    return Deployment().fill(3).sign().fill(6).sign()


@pytest.fixture(name="folder")
def _folder(deployment: Deployment, tmp_path: Path) -> Path:
    return deployment.export(tmp_path / "out")


def codes(verification: Verification) -> list[str]:
    return [finding.code for finding in verification.findings]


def test_a_clean_export_has_no_finding_and_its_root_is_recomputed(deployment: Deployment, folder: Path) -> None:
    evidence = [deployment.store.notes[3].encode()]
    assert verify_export(folder, policy=deployment.policy, evidence=evidence) == Verification(
        origin=LOG,
        size=6,
        root=root_at(deployment.store, 6).hex(),
        self_asserted=False,
        cosigned_by=("oversight",),
        openings={},
        findings=(),
    )


def test_an_empty_log_can_be_verified(tmp_path: Path) -> None:
    deployment = Deployment().sign()
    assert verify_export(deployment.export(tmp_path / "out"), policy=deployment.policy).is_clean


def test_keys_from_the_export_itself_are_called_self_asserted(folder: Path) -> None:
    verification = verify_export(folder)
    assert verification.is_clean
    assert verification.self_asserted


@pytest.mark.parametrize("name", ["entries.jsonl", "checkpoint", "checkpoints.jsonl", "keys"])
def test_a_missing_file_is_a_finding(folder: Path, name: str) -> None:
    (folder / name).unlink()
    verification = verify_export(folder)
    assert "file_unreadable" in codes(verification)
    assert any(name in finding.sentence for finding in verification.findings)


def test_a_folder_that_is_none_is_a_finding(tmp_path: Path) -> None:
    assert set(codes(verify_export(tmp_path / "nothing"))) == {"file_unreadable"}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("checkpoint", b"\xff", ["checkpoint_wrong"]),
        ("checkpoint", b"x" * (MAX_NOTE_BYTES + 1), ["checkpoint_wrong"]),
        ("checkpoints.jsonl", b"nonsense\n", ["evidence_wrong"]),
        ("checkpoints.jsonl", encode("text\n\n") + b"\n", ["evidence_wrong"]),
        ("checkpoints.jsonl", b'"unfinished"', ["line_unfinished"]),
        ("openings.jsonl", b"{}\n", ["openings_wrong"]),
        ("keys", b"\xff", ["keys_unreadable"]),
        ("keys", b"trust me\n", ["keys_unreadable"]),
    ],
)
def test_a_damaged_file_is_a_finding(folder: Path, name: str, content: bytes, expected: list[str]) -> None:
    (folder / name).write_bytes(content)
    assert codes(verify_export(folder)) == expected


def test_an_entry_of_another_form_is_found_at_its_place(folder: Path) -> None:
    lines = (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "entries.jsonl").write_bytes(b"".join([*lines[:2], b"{}\n", *lines[3:]]))
    verification = verify_export(folder)
    assert codes(verification).count("root_wrong") == 2
    assert [finding.seq for finding in verification.findings if finding.code == "entry_wrong"] == [2]


@pytest.mark.parametrize("tail", [b"{", b"x" * (MAX_ENTRY_BYTES + 2) + b"\n"])
def test_a_line_without_end_is_found_and_not_read_into_memory(folder: Path, tail: bytes) -> None:
    with (folder / "entries.jsonl").open("ab") as stream:
        stream.write(tail)
    assert codes(verify_export(folder)) == ["line_unfinished"]


def test_the_longest_line_is_still_read(folder: Path) -> None:
    with (folder / "entries.jsonl").open("ab") as stream:
        stream.write(b"x" * MAX_ENTRY_BYTES + b"\n")
    assert codes(verify_export(folder)) == ["entry_wrong", "size_wrong"]


def test_a_place_that_is_not_its_own_and_a_time_that_runs_back_are_found(tmp_path: Path) -> None:
    deployment = Deployment().fill(2)
    data = Entry.of(draft(at=START - timedelta(days=1)), seq=2).to_bytes()
    deployment.store.append(2, data, Frontier.of(deployment.store, 2).append(leaf_hash(data)))
    data = deployment.store.entries[1]
    deployment.store.append(3, data, Frontier.of(deployment.store, 3).append(leaf_hash(data)))
    verification = verify_export(deployment.sign().export(tmp_path / "out"), policy=deployment.policy)
    assert [(finding.code, finding.seq) for finding in verification.findings] == [
        ("time_backwards", 2),
        ("seq_wrong", 3),
    ]


def test_a_checkpoint_without_the_quorum_is_found(deployment: Deployment, folder: Path) -> None:
    other = InsecureSeedSigner("court.example", 4)
    policy = Policy.k_of_n((deployment.signer.key,), {"court": other.key}, k=1)
    verification = verify_export(folder, policy=policy)
    assert codes(verification) == ["quorum_missing"]
    assert verification.cosigned_by == ()


def test_a_checkpoint_of_a_key_that_is_not_trusted_is_found(folder: Path) -> None:
    policy = Policy(logs=(InsecureSeedSigner("other.example").key,))
    assert codes(verify_export(folder, policy=policy)) == ["checkpoint_wrong", "evidence_wrong"]


def test_a_checkpoint_of_another_log_under_the_same_key_is_found(deployment: Deployment, folder: Path) -> None:
    foreign = Checkpoint(origin="other.example", size=6, root=root_at(deployment.store, 6))
    (folder / "checkpoint").write_text(sign_note(foreign.to_text(), deployment.signer).to_text())
    assert codes(verify_export(folder, policy=deployment.policy)) == ["checkpoint_wrong"]


@pytest.mark.row("LOG-15")
def test_evidence_that_a_fork_was_signed_is_found(deployment: Deployment, folder: Path) -> None:
    fork = Checkpoint(origin=LOG, size=4, root=bytes(32))
    evidence = [sign_note(fork.to_text(), deployment.signer).to_text().encode()]
    verification = verify_export(folder, policy=deployment.policy, evidence=evidence)
    assert codes(verification) == ["root_wrong"]
    assert "kept elsewhere" in verification.findings[0].sentence


def test_evidence_of_more_entries_than_there_are_is_found(deployment: Deployment, folder: Path) -> None:
    evidence = [deployment.fill(8).sign().store.notes[8].encode()]
    assert codes(verify_export(folder, policy=deployment.policy, evidence=evidence)) == ["size_wrong"]
