from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.ledger.disclosed import Disclosed
from countersign.ledger.export import ExportExistsError, NothingSignedError, write_export
from countersign.ledger.policy import Policy
from tests.fakes_ledger import Deployment


def test_an_export_ends_where_its_checkpoint_does(tmp_path: Path) -> None:
    deployment = Deployment().fill(3).sign().fill(5).sign().fill(7)
    checkpoint = write_export(deployment.store, tmp_path / "out", policy=deployment.policy, openings=())
    written = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    assert checkpoint.size == 5
    assert written["entries.jsonl"].splitlines() == deployment.store.entries[:5]
    assert written["checkpoint"].decode() == deployment.store.latest_checkpoint()
    assert len(written["checkpoints.jsonl"].splitlines()) == 1
    assert Policy.parse(written["keys"].decode()) == deployment.policy
    assert written["openings.jsonl"] == b""


def test_without_a_signed_checkpoint_there_is_nothing_to_export(tmp_path: Path) -> None:
    deployment = Deployment().fill(3)
    with pytest.raises(NothingSignedError, match="none yet"):
        write_export(deployment.store, tmp_path / "out", policy=deployment.policy)
    assert list(tmp_path.iterdir()) == []


def test_an_export_never_overwrites(tmp_path: Path) -> None:
    deployment = Deployment().fill(3).sign()
    first = deployment.export(tmp_path / "out")
    with pytest.raises(ExportExistsError, match="'out'"):
        write_export(deployment.store, first, policy=deployment.policy)
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_an_export_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[Disclosed]:
        yield Disclosed(seq=0, name="form")
        raise OSError("disk full")

    deployment = Deployment().fill(3).sign()
    with pytest.raises(OSError, match="disk full"):
        write_export(deployment.store, tmp_path / "out", policy=deployment.policy, openings=broken())
    assert list(tmp_path.iterdir()) == []
