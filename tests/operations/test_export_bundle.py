import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.errors import Conflict
from countersign.governance.permission import Permission
from countersign.governance.signature import generate, public_hex
from countersign.ledger.export import ExportExistsError, NothingSignedError
from countersign.operations.evidence_bundle import INDEX, check_bundle, file_notes, index_of
from countersign.operations.export_bundle import ExportBundle, export_bundle
from countersign.operations.export_ledger import LogPurpose
from countersign.primitives.ids import RequestId
from tests.operations.scene import Scene, check_refused

EXPORT = Permission.LEDGER_EXPORT


def bundle(scene: Scene, folder: Path, who: str = "oversight") -> int:
    arguments = ExportBundle(folder=str(folder), justification=LogPurpose.LAWFULNESS)
    return scene.force.do(who, EXPORT, export_bundle, arguments)


def indexed(folder: Path) -> None:
    """Write the index anew, as somebody would who forges a bundle."""
    (folder / INDEX).write_text(json.dumps(index_of(folder)))


@pytest.mark.row("GOV-20", "EU-01")
def test_a_bundle_holds_log_documents_papers_and_a_note_on_each_search_and_is_checked_anywhere(
    supported: Scene, tmp_path: Path
):
    folder = tmp_path / "bundle"
    files = bundle(supported, folder)

    assert files == sum(path.is_file() for path in folder.rglob("*"))
    assert check_bundle(folder, supported.desk.log_policy) == ()
    assert check_bundle(folder) == ()
    with supported.reading() as work:
        assert len(list((folder / "documents").iterdir())) == len(work.artefacts.where())
        (run,) = work.runs.where()
    assert {path.stem for path in (folder / "papers").iterdir()} == {
        *("processing_record", "notice", "register", "instructions")
    }
    (note,) = json.loads((folder / "notes.json").read_text())
    told = (note["entry"], note["n_subjects"], note["rbi_class"], note["source_type"])
    assert told == (run.sealed_seq, 3, "post", "cctv")
    assert (note["ended_as"], note["benefit"]) == ("lead_supported", "")
    assert supported.last().kind == "ledger.exported"


@pytest.mark.row("GOV-20", "EU-01")
def test_whatever_is_altered_in_a_bundle_is_found(supported: Scene, tmp_path: Path):
    whole = tmp_path / "whole"
    bundle(supported, whole)

    def altered(name: str, old: str, new: str, *, index: bool = True) -> str:
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        shutil.copytree(whole, folder)
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))
        if index:
            indexed(folder)
        return "; ".join(check_bundle(folder))

    (dpia,) = [path.name for path in (whole / "documents").iterdir() if path.name.endswith("-dpia.json")]
    assert "documents" in altered(f"documents/{dpia}", "medium", "lowest", index=False)
    assert "signature" in altered(f"documents/{dpia}", "medium", "lowest")
    stranger, signers = public_hex(generate()), json.loads((whole / "signers.json").read_text())
    own = {one["role"]: one["public_key"] for one in signers}
    said = altered("signers.json", own["dpo"], stranger)
    assert "keys of the log's first entry" in said
    assert "another's" in altered("signers.json", own["controller"], stranger)
    notes = (whole / "notes.json").read_text()
    assert "expected a note on this search" in altered("notes.json", notes, "[]")
    assert "log:" in altered("log/entries.jsonl", '"tier":"t1"', '"tier":"t2"')
    assert "papers" in altered("papers/notice.json", "complain", "rejoice", index=False)
    assert "readable bundle" in altered("index.json", "{", "", index=False)


def test_a_bundle_before_any_document_is_in_force_has_no_papers(founded: Scene, tmp_path: Path):
    bundle(founded, tmp_path / "bundle")

    assert not list((tmp_path / "bundle/papers").iterdir())
    assert check_bundle(tmp_path / "bundle") == ()


def test_a_search_whose_request_is_gone_keeps_its_note(supported: Scene):
    with supported.altering() as work:
        (run,) = work.runs.where()
        work.runs.replace(replace(run, request=RequestId("gone")))

    with supported.reading() as work:
        (note,) = file_notes(work)
    assert (note.ended_as, note.source_type) == ("erased", "erased")


def test_a_folder_that_exists_is_refused(founded: Scene, tmp_path: Path):
    with check_refused(founded, EXPORT, ExportExistsError.code, family=Conflict):
        bundle(founded, tmp_path)


def test_people_of_casework_are_refused(founded: Scene, tmp_path: Path):
    with check_refused(founded, EXPORT, "not_permitted", spoke="policy"):
        bundle(founded, tmp_path / "bundle", "operator")
    assert not (tmp_path / "bundle").exists()


def test_a_bundle_that_would_lack_its_own_entry_leaves_nothing_behind(founded: Scene, tmp_path: Path):
    founded.force.desk = replace(founded.desk, seal=lambda: None)

    with pytest.raises(NothingSignedError):
        bundle(founded, tmp_path / "bundle")
    assert not list(tmp_path.glob("*bundle*"))
