"""What a batch of references says: a manifest's rows, or a folder `<subject>/*`, as one kind of row.

A row that cannot be read is refused by itself and listed; nothing in a row stops the rest.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from countersign.errors import Invalid
from countersign.governance.register import LegalStatus
from countersign.primitives.codec import from_plain

PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp"}


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
    """How one file ended, and why."""

    file: str
    subject: str
    outcome: FileOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderDefaults:
    """What a folder without a manifest cannot say for itself; it holds for every file in it."""

    status: LegalStatus
    status_checked_at: datetime
    review_due: date
    provenance: str
    owner: str = ""


def read_manifest(path: Path) -> Iterator[ReferenceRow | FileResult]:
    """Read a CSV manifest; a row that does not fit is given as a refused `FileResult`.

    Raises:
        ManifestError: The file is not a CSV with the columns of `ReferenceRow`.
    """
    known = {field.name for field in fields(ReferenceRow)}
    required = known - {"image_date", "date_of_birth", "owner"}
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream, strict=True)
            columns = set(reader.fieldnames or ())
            if not required <= columns <= known:
                raise ManifestError(f"expected the columns {sorted(known)}, got {sorted(columns)}")
            for row in reader:
                yield _row(row, path.parent)
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise ManifestError(f"expected a readable CSV manifest at {path.name}, got: {cause}") from cause


def _row(row: Mapping[str | None, str | None], folder: Path) -> ReferenceRow | FileResult:
    # What stands beyond the last column has no name; under this one it is refused as an unknown field.
    plain = {name or "beyond the last column": value for name, value in row.items() if value not in (None, "")}
    try:
        parsed: ReferenceRow = from_plain(ReferenceRow, plain, "row")
    except Invalid as reason:
        return FileResult(
            file=str(row.get("file")), subject=str(row.get("subject")), outcome=FileOutcome.REFUSED, reason=str(reason)
        )
    # A manifest names files of its own folder: a path out of it could name anything on the machine.
    place = (folder / parsed.file).resolve()
    if not place.is_relative_to(folder.resolve()):
        return FileResult(
            file=parsed.file,
            subject=parsed.subject,
            outcome=FileOutcome.REFUSED,
            reason="expected a file in the manifest's folder, got a path out of it",
        )
    return from_plain(ReferenceRow, {**plain, "file": str(folder / parsed.file)})


def read_folder(path: Path, defaults: FolderDefaults) -> Iterator[ReferenceRow]:
    """Read a folder `<subject>/*`: one custody record a subject.

    Raises:
        ManifestError: It is not a folder, or holds no `<subject>/` folder.
    """
    if not path.is_dir():
        raise ManifestError(f"expected a manifest (.csv) or a folder of <subject>/ folders, got {path}")
    subjects = sorted(place for place in path.iterdir() if place.is_dir())
    if not subjects:
        raise ManifestError(f"expected folders <subject>/ in {path}, got none")
    for subject in subjects:
        for file in sorted(place for place in subject.iterdir() if place.suffix.lower() in PICTURES):
            yield ReferenceRow(
                subject=subject.name,
                custody_record=f"{subject.name}/folder",
                file=str(file),
                status=defaults.status,
                status_checked_at=defaults.status_checked_at,
                review_due=defaults.review_due,
                provenance=defaults.provenance,
                owner=defaults.owner,
            )
