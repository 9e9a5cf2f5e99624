import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from countersign.ledger import standalone
from countersign.ledger.standalone import NotStandaloneError, build, write
from countersign.ledger.verify import verify_export
from tests.fakes_ledger import Deployment


@pytest.fixture(name="program", scope="module")
def _program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("program") / "countersign-verify"
    write(program)
    return program


def run(program: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(program), *arguments]
    return subprocess.run(command, cwd=cwd, env={}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "old", "new", "status"),
    [
        ("entries.jsonl", b"", b"", 0),
        ("entries.jsonl", b'"seq":2', b'"seq":9', 1),
        ("entries.jsonl", b'"record"', b'"a name"', 1),
        ("checkpoint", b"\n4\n", b"\n5\n", 1),
        ("keys", b"quorum", b"quorom", 1),
    ],
)
def test_the_one_file_finds_what_the_verifier_in_the_process_finds(
    program: Path, tmp_path: Path, name: str, old: bytes, new: bytes, status: int
) -> None:
    folder = Deployment().fill(4).sign().export(tmp_path / "out")
    (folder / name).write_bytes((folder / name).read_bytes().replace(old, new))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = run(program, elsewhere, str(folder), "--json")
    assert done.returncode == status, done.stderr
    assert json.loads(done.stdout) == json.loads(json.dumps(asdict(verify_export(folder))))


def test_the_one_file_takes_a_policy_and_a_checkpoint(program: Path, tmp_path: Path) -> None:
    deployment = Deployment().fill(4).sign()
    folder = deployment.export(tmp_path / "out")
    (tmp_path / "policy").write_text(deployment.policy.to_text())
    done = run(program, tmp_path, str(folder), "--policy", "policy", "--checkpoint", "out/checkpoint")
    assert (done.returncode, done.stderr) == (0, "")
    assert "came from the export" not in done.stdout


def test_the_one_file_imports_nothing_of_ours_and_is_the_same_each_time(program: Path) -> None:
    text = program.read_text()
    assert build() == text
    assert "from countersign" not in text
    assert "import countersign" not in text
    assert os.access(program, os.X_OK)


def test_two_modules_with_one_name_cannot_be_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standalone, "MODULES", ("ledger/rules", "ledger/export"))
    with pytest.raises(NotStandaloneError, match="earlier modules"):
        build()
    monkeypatch.setattr(standalone, "MODULES", ("errors", "primitives/clock", "primitives/digest", "ledger/../errors"))
    with pytest.raises(NotStandaloneError, match="in one module"):
        build()
