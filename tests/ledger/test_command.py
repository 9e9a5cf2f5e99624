import json
from datetime import timedelta
from pathlib import Path

import pytest

from countersign.ledger.command import main
from countersign.ledger.disclosed import Disclosed
from countersign.ledger.export import write_export
from tests.fakes_ledger import START, Deployment, draft

LATER = START + timedelta(days=1)


@pytest.fixture(name="deployment")
def _deployment() -> Deployment:
    return Deployment().fill(4).sign()


def test_a_clean_export_exits_with_0_and_says_what_self_asserted_keys_prove(
    deployment: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = deployment.export(tmp_path / "out")
    assert main([str(folder)]) == 0
    said = capsys.readouterr().out
    assert "result     nothing found" in said
    assert "The keys came from the export itself" in said
    assert "by oversight" in said


def test_with_keys_and_evidence_of_ones_own_nothing_is_self_asserted(
    deployment: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy").write_text(deployment.policy.to_text())
    (tmp_path / "kept").write_text(deployment.store.notes[4])
    write_export(deployment.fill(5).sign().store, tmp_path / "out", policy=deployment.policy, openings=())
    evidence = ["--policy", str(tmp_path / "policy"), "--checkpoint", str(tmp_path / "kept")]
    assert main([str(tmp_path / "out"), *evidence]) == 0
    assert "came from the export" not in capsys.readouterr().out


def test_a_finding_exits_with_1_and_is_named_with_its_place(
    deployment: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = deployment.export(tmp_path / "out")
    entries = folder / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b'"seq":2', b'"seq":7'))
    assert main([str(folder)]) == 1
    said = capsys.readouterr().out
    assert "FOUND      seq_wrong (entry 2)" in said
    assert "FOUND      root_wrong: " in said
    assert main([str(folder), "--json"]) == 1
    assert {found["code"] for found in json.loads(capsys.readouterr().out)["findings"]} == {"seq_wrong", "root_wrong"}


def test_openings_are_counted_in_the_text(
    deployment: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.tell(draft(at=LATER, commit={"form": "00" * 32})).sign()
    rows = [Disclosed(seq=4, name="form")]
    write_export(deployment.store, tmp_path / "out", policy=deployment.policy, openings=rows)
    main([str(tmp_path / "out")])
    assert "openings   1 withheld" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--policy", "--checkpoint"])
def test_a_file_of_ones_own_that_cannot_be_read_exits_with_2(
    tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), option, str(tmp_path / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err


def test_a_policy_that_is_none_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "policy").write_text("trust me\n")
    assert main([str(tmp_path), "--policy", str(tmp_path / "policy")]) == 2
    assert "policy, line 1" in capsys.readouterr().err


def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 2
    assert "usage: countersign-verify" in capsys.readouterr().err
