"""What a batch of references says, row by row, and how each row ended.

A row that cannot be read is refused by itself and listed; nothing in a row stops the rest.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

from countersign.errors import Invalid
from countersign.governance.register import LegalStatus
from countersign.media.parquet_rows import read_parquet
from countersign.primitives.codec import from_plain, to_plain

PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".jp2", ".avif", ".heic"}


class ManifestError(Invalid):
    """The manifest as a whole cannot be read."""

    code = "manifest"


class FileOutcome(StrEnum):
    """How a file of a batch ended; every file ends as one of these."""

    ENROLLED = "enrolled"
    ALREADY = "already_enrolled"
    UPDATED = "status_updated"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRow:
    """One file of one custody record, as the manifest gives it. Columns that are not named here are refused."""

    subject: str
    custody_record: str
    file: str
    status: LegalStatus
    status_checked_at: datetime
    review_due: date
    image_date: date | None = None
    date_of_birth: date | None = None
    provenance: str
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """How one file ended, and why.

    Attributes:
        code: The reason in one word, to count by.
        given: Of a file that was not enrolled, what the manifest said, so that it can be tried again.
    """

    file: str
    subject: str
    outcome: FileOutcome
    reason: str = ""
    code: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderDefaults:
    """What a folder without a manifest cannot say for itself; it holds for every file in it."""

    status: LegalStatus
    status_checked_at: datetime
    review_due: date
    provenance: str
    owner: str = ""


COLUMNS = tuple(column.name for column in fields(ReferenceRow))
REQUIRED = set(COLUMNS) - {"image_date", "date_of_birth", "owner"}


def read_manifest(path: Path) -> Iterator[ReferenceRow | FileResult]:
    """Read a manifest, CSV or Parquet by its ending; a row that does not fit is given as a refused `FileResult`.

    Raises:
        ManifestError: The file is no such table with the columns of `ReferenceRow`.
    """
    if path.suffix.lower() == ".parquet":
        columns, rows = read_parquet(path)
        _check_columns(columns)
        yield from map(_row, rows)
        return
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream, strict=True)
            _check_columns(reader.fieldnames or ())
            yield from map(_row, reader)
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise ManifestError(f"expected a readable CSV manifest at {path.name}, got: {cause}") from cause


def _check_columns(columns: Iterable[str]) -> None:
    if not REQUIRED <= set(columns) <= set(COLUMNS):
        raise ManifestError(f"expected the columns {sorted(COLUMNS)}, got {sorted(columns)}")


def _row(row: Mapping[str | None, str | None] | Mapping[str, str]) -> ReferenceRow | FileResult:
    # What stands beyond the last column has no name; under this one it is refused as an unknown field.
    plain = {name or "beyond the last column": value for name, value in row.items() if value not in (None, "")}
    try:
        parsed: ReferenceRow = from_plain(ReferenceRow, plain, "row")
    except Invalid as reason:
        given = {name: str(value) for name, value in plain.items() if name in COLUMNS}
        return FileResult(
            file=given.get("file", ""),
            subject=given.get("subject", ""),
            outcome=FileOutcome.REFUSED,
            reason=str(reason),
            code=reason.code,
            given=given,
        )
    return parsed


def ended(row: ReferenceRow, outcome: FileOutcome, reason: str = "", code: str = "") -> FileResult:
    """Give how a row ended; what was not enrolled keeps what the manifest said."""
    again = outcome in {FileOutcome.FAILED, FileOutcome.REFUSED}
    given = cast("dict[str, str | None]", to_plain(row)) if again else {}
    return FileResult(
        file=row.file,
        subject=row.subject,
        outcome=outcome,
        reason=reason,
        code=code,
        given={name: value for name, value in given.items() if value},
    )


def by_reason(results: Iterable[FileResult]) -> Counter[tuple[FileOutcome, str]]:
    """Count the files of each outcome and reason."""
    return Counter((result.outcome, result.code) for result in results)


def retry_manifest(results: Iterable[FileResult]) -> str:
    """Give a CSV manifest of the files that were not enrolled, to be mended and tried again."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    writer.writerows(result.given for result in results if result.outcome in {FileOutcome.FAILED, FileOutcome.REFUSED})
    return stream.getvalue()
