from datetime import date
from pathlib import Path

import pytest

from countersign.governance.register import LegalStatus
from countersign.operations.reference_batch import (
    FileOutcome,
    FileResult,
    FolderDefaults,
    ManifestError,
    ReferenceRow,
    read_folder,
    read_manifest,
)
from tests.operations.scene import START

HEADER = "subject,custody_record,file,status,status_checked_at,review_due,image_date,provenance,owner"
GOOD = "S1,C1,a.png,convicted,2026-01-01T00:00:00Z,2027-01-01,2020-05-06,custody suite,north"
DEFAULTS = FolderDefaults(
    status=LegalStatus.CHARGED, status_checked_at=START, review_due=date(2027, 1, 1), provenance="custody suite"
)


def manifest(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "manifest.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_row_is_read_with_its_file_beside_the_manifest(tmp_path: Path):
    (row,) = read_manifest(manifest(tmp_path, GOOD))

    assert isinstance(row, ReferenceRow)
    assert (row.subject, row.custody_record, row.file) == ("S1", "C1", str(tmp_path / "a.png"))
    assert (row.status, row.review_due, row.image_date) == (LegalStatus.CONVICTED, date(2027, 1, 1), date(2020, 5, 6))


def test_image_date_and_owner_may_be_missing_or_empty(tmp_path: Path):
    short = ",".join([*HEADER.split(",")[:6], "provenance"])

    (row,) = read_manifest(manifest(tmp_path, "S,C,a.png,nfa,2026-01-01T00:00:00Z,2027-01-01,custody", header=short))
    (other,) = read_manifest(manifest(tmp_path, GOOD.replace("2020-05-06", "").replace("north", "")))

    assert [(one.image_date, one.owner) for one in (row, other) if isinstance(one, ReferenceRow)] == [(None, "")] * 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOOD.replace("2027-01-01", "next year"), "review_due"),
        (GOOD.replace("convicted", "guilty"), "status"),
        (GOOD.replace("2026-01-01T00:00:00Z", "2026-01-01"), "status_checked_at"),
        (GOOD.replace("custody suite", ""), "provenance"),
        (GOOD + ",more", "beyond the last column"),
        (GOOD.replace("a.png", "../a.png"), "manifest's folder"),
        (GOOD.replace("a.png", "/etc/hostname"), "manifest's folder"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_itself(tmp_path: Path, line: str, said: str):
    bad, good = read_manifest(manifest(tmp_path, line, GOOD))

    assert isinstance(bad, FileResult)
    assert (bad.subject, bad.outcome) == ("S1", FileOutcome.REFUSED)
    assert said in bad.reason
    assert "expected" in bad.reason
    assert isinstance(good, ReferenceRow)


@pytest.mark.parametrize("header", [HEADER.replace("status,", ""), HEADER + ",ethnicity", ""])
def test_a_manifest_with_other_columns_is_refused(tmp_path: Path, header: str):
    with pytest.raises(ManifestError, match=r"expected the columns .* got"):
        list(read_manifest(manifest(tmp_path, GOOD, header=header)))


def test_what_is_no_csv_is_refused(tmp_path: Path):
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")

    for name in ("binary.csv", "missing.csv"):
        with pytest.raises(ManifestError, match="expected a readable CSV"):
            list(read_manifest(tmp_path / name))


def test_a_folder_gives_one_record_a_subject_and_its_pictures_in_order(tmp_path: Path):
    for name in ("b/2.png", "b/1.JPG", "b/notes.txt", "a/1.webp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    rows = list(read_folder(tmp_path, DEFAULTS))

    assert [(row.custody_record, Path(row.file).name) for row in rows] == [
        ("a/folder", "1.webp"),
        ("b/folder", "1.JPG"),
        ("b/folder", "2.png"),
    ]
    assert {row.status for row in rows} == {LegalStatus.CHARGED}


def test_a_folder_without_subjects_is_refused(tmp_path: Path):
    with pytest.raises(ManifestError, match="got none"):
        list(read_folder(tmp_path, DEFAULTS))
    with pytest.raises(ManifestError, match="expected a manifest"):
        list(read_folder(tmp_path / "nowhere", DEFAULTS))
