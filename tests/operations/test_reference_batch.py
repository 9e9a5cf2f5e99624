from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from countersign.governance.register import LegalStatus
from countersign.operations.reference_batch import (
    FileOutcome,
    FileResult,
    ManifestError,
    ReferenceRow,
    by_reason,
    ended,
    read_manifest,
    retry_manifest,
)

HEADER = "subject,custody_record,file,status,status_checked_at,review_due,image_date,provenance,owner"
GOOD = "S1,C1,a.png,convicted,2026-01-01T00:00:00Z,2027-01-01,2020-05-06,custody suite,north"


def manifest(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "manifest.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_row_is_read_as_the_manifest_gives_it(tmp_path: Path):
    (row,) = read_manifest(manifest(tmp_path, GOOD))

    assert isinstance(row, ReferenceRow)
    assert (row.subject, row.custody_record, row.file) == ("S1", "C1", "a.png")
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
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_itself(tmp_path: Path, line: str, said: str):
    bad, good = read_manifest(manifest(tmp_path, line, GOOD))

    assert isinstance(bad, FileResult)
    assert (bad.subject, bad.outcome) == ("S1", FileOutcome.REFUSED)
    assert said in bad.reason
    assert "expected" in bad.reason
    assert isinstance(good, ReferenceRow)


@pytest.mark.row("REF-14", "EQV-13")
@pytest.mark.parametrize("header", [HEADER.replace("status,", ""), HEADER + ",ethnicity", HEADER + ",sex", ""])
def test_a_manifest_with_other_columns_is_refused(tmp_path: Path, header: str):
    with pytest.raises(ManifestError, match=r"expected the columns .* got"):
        list(read_manifest(manifest(tmp_path, GOOD, header=header)))


def test_what_is_no_csv_is_refused(tmp_path: Path):
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")

    for name in ("binary.csv", "missing.csv"):
        with pytest.raises(ManifestError, match="expected a readable CSV"):
            list(read_manifest(tmp_path / name))


PARQUET: dict[str, list[object]] = {
    "subject": ["S1", "S2"],
    "custody_record": ["C1", "C2"],
    "file": ["a.png", "b.png"],
    "status": ["convicted", "guilty"],
    "status_checked_at": [datetime(2026, 1, 1, tzinfo=UTC)] * 2,
    "review_due": [date(2027, 1, 1)] * 2,
    "image_date": [None, None],
    "provenance": ["custody suite"] * 2,
}


def parquet(folder: Path, columns: dict[str, list[object]]) -> Path:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    from pyarrow import parquet as files

    path = folder / "manifest.parquet"
    files.write_table(pyarrow.table(columns), path)
    return path


def test_a_parquet_manifest_says_the_same_as_a_csv(tmp_path: Path):
    good, bad = read_manifest(parquet(tmp_path, PARQUET))
    (same,) = read_manifest(manifest(tmp_path, GOOD.replace("2020-05-06", "").replace("north", "")))

    assert good == same
    assert isinstance(bad, FileResult)
    assert "status" in bad.reason


def test_a_parquet_manifest_with_other_columns_is_refused(tmp_path: Path):
    with pytest.raises(ManifestError, match="expected the columns"):
        list(read_manifest(parquet(tmp_path, PARQUET | {"ethnicity": ["", ""]})))


def test_what_was_not_enrolled_is_counted_by_reason_and_can_be_tried_again(tmp_path: Path):
    good, bad = read_manifest(manifest(tmp_path, GOOD, GOOD.replace("convicted", "guilty").replace("a.png", "b.png")))
    assert isinstance(good, ReferenceRow)
    assert isinstance(bad, FileResult)
    results = [
        ended(good, FileOutcome.ENROLLED),
        ended(good, FileOutcome.FAILED, "expected a face, got none", "no_face"),
        bad,
        ended(good, FileOutcome.FAILED, "expected a face, got no other", "no_face"),
    ]

    assert by_reason(results) == {
        (FileOutcome.ENROLLED, ""): 1,
        (FileOutcome.FAILED, "no_face"): 2,
        (FileOutcome.REFUSED, "malformed_record"): 1,
    }
    (tmp_path / "again.csv").write_text(retry_manifest(results))
    again = list(read_manifest(tmp_path / "again.csv"))
    assert again == [good, bad, good]
