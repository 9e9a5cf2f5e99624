from dataclasses import replace
from pathlib import Path

import pytest

from countersign.errors import Conflict
from countersign.governance.permission import Permission
from countersign.ledger.export import ExportExistsError, NothingSignedError
from countersign.ledger.verify import verify_export
from countersign.operations.export_ledger import ExportLedger, LogPurpose, export_ledger
from tests.operations.scene import Scene, check_refused

EXPORT = Permission.LEDGER_EXPORT


def test_an_export_holds_its_own_entry_and_verifies(founded: Scene, tmp_path: Path):
    folder = tmp_path / "export"

    checkpoint = founded.force.do(
        "oversight", EXPORT, export_ledger, ExportLedger(folder=str(folder), justification=LogPurpose.INTEGRITY)
    )

    entry = founded.last()
    assert (entry.kind, dict(entry.facts)) == (
        "ledger.exported",
        {"size": checkpoint.size, "justification": "integrity"},
    )
    assert checkpoint.size == len(founded.entries())
    assert not verify_export(folder, policy=founded.desk.log_policy).findings


def test_a_folder_that_exists_is_refused(founded: Scene, tmp_path: Path):
    with check_refused(founded, EXPORT, ExportExistsError.code, family=Conflict):
        founded.force.do(
            "oversight", EXPORT, export_ledger, ExportLedger(folder=str(tmp_path), justification=LogPurpose.INTEGRITY)
        )


def test_people_of_casework_are_refused(founded: Scene, tmp_path: Path):
    with check_refused(founded, EXPORT, "not_permitted", spoke="policy"):
        founded.force.do(
            "operator",
            EXPORT,
            export_ledger,
            ExportLedger(folder=str(tmp_path / "export"), justification=LogPurpose.INTEGRITY),
        )
    assert not (tmp_path / "export").exists()


def test_an_export_that_would_lack_its_own_entry_is_not_written(founded: Scene, tmp_path: Path):
    founded.force.desk = replace(founded.desk, seal=lambda: None)
    arguments = ExportLedger(folder=str(tmp_path / "export"), justification=LogPurpose.INTEGRITY)

    with pytest.raises(NothingSignedError, match="expected a checkpoint over at least"):
        founded.force.do("oversight", EXPORT, export_ledger, arguments)
    assert not (tmp_path / "export").exists()
