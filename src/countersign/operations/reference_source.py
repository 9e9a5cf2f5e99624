"""Where a batch of references comes from: a manifest, a folder or a tar archive, and the files that it names.

Rows are read twice, so that nothing is enrolled from a batch that must be refused as a whole, and none of it is held in
memory meanwhile: once to check them all, and once more as they are enrolled.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from countersign.errors import Invalid, Refused
from countersign.media.intake import ReceivedFile, read_file
from countersign.media.tar_members import TarMembers, open_tar
from countersign.operations.reference_batch import (
    PICTURES,
    FileResult,
    FolderDefaults,
    ManifestError,
    ReferenceRow,
    read_manifest,
)

LIMIT_BYTES = 64 * 1024 * 1024
MANIFESTS = {".csv", ".parquet"}
ARCHIVE = ".tar"


class DefaultsMissingError(Invalid):
    """A folder or an archive cannot say what a manifest would."""

    code = "folder_defaults_missing"


class OutsideFolderError(Refused):
    """A manifest names files of one folder: a path out of it could name anything on the machine."""

    code = "file_outside_folder"


class Files(Protocol):
    """Files by the names that a manifest gives them."""

    def names(self) -> Iterator[str]:
        """Give the names of all, in one order."""
        ...

    def read(self, name: str, *, limit_bytes: int) -> ReceivedFile:
        """Read one; a `CountersignError` says why not."""
        ...


class FolderFiles:
    """The files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._resolved = folder.resolve()

    def names(self) -> Iterator[str]:
        """Give ``<subject>/<file>`` of every sub-folder."""
        for subject in sorted(place for place in self._folder.iterdir() if place.is_dir()):
            yield from (f"{subject.name}/{file.name}" for file in sorted(subject.iterdir()))

    def read(self, name: str, *, limit_bytes: int) -> ReceivedFile:
        """Read one; ``OutsideFolderError`` for a path out of the folder, else as `media.intake.read_file`."""
        place = self._folder / name
        if not place.parent.resolve().is_relative_to(self._resolved):
            raise OutsideFolderError("expected a file in the manifest's folder, got a path out of it")
        return read_file(str(place), limit_bytes=limit_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSource:
    """A batch that is open.

    Attributes:
        rows: Gives its rows from the start each time it is called.
        files: Where their files are.
    """

    rows: Callable[[], Iterator[ReferenceRow | FileResult]]
    files: Files

    def read(self, row: ReferenceRow) -> ReceivedFile:
        """Read the file of a row; a `CountersignError` says why not."""
        return self.files.read(row.file, limit_bytes=LIMIT_BYTES)


@contextmanager
def open_source(source: Path, files: Path | None, defaults: FolderDefaults | None) -> Iterator[ReferenceSource]:
    """Open a batch as long as the block runs.

    Args:
        source: A manifest (.csv, .parquet), a folder of ``<subject>/`` folders, or a tar archive with the same layout.
        files: For a manifest: the folder or tar archive of its files, when they are not beside it.
        defaults: For a folder or an archive: what holds for each of its files.

    Raises:
        ManifestError: The manifest as a whole cannot be read, or the folder holds no ``<subject>/`` folder.
        DefaultsMissingError: A folder or archive without defaults.
        UnreadableTarError: The archive cannot be read.
    """
    if source.suffix.lower() in MANIFESTS:
        with _files(files or source.parent) as there:
            yield ReferenceSource(rows=lambda: read_manifest(source), files=there)
        return
    if files is not None:
        raise ManifestError("expected files of their own beside a manifest only, got them with a folder or an archive")
    if defaults is None:
        raise DefaultsMissingError(f"expected status, review date and provenance for {source.name}, got none")
    with _files(source) as there:
        yield ReferenceSource(rows=lambda: _laid_out(source, there, defaults), files=there)


@contextmanager
def _files(place: Path) -> Iterator[Files]:
    if place.is_dir():
        yield FolderFiles(place)
    elif place.suffix.lower() == ARCHIVE:
        with open_tar(place) as members:
            yield members
    else:
        raise ManifestError(
            f"expected a manifest (.csv, .parquet), a folder of <subject>/ folders or a .tar of them, got {place}"
        )


def _laid_out(source: Path, files: Files, defaults: FolderDefaults) -> Iterator[ReferenceRow]:
    """Give a row for each picture ``<subject>/<file>``: one custody record a subject."""
    found = False
    for name in files.names():
        subject, *rest = PurePosixPath(name).parts
        found = found or bool(rest)
        if len(rest) != 1 or PurePosixPath(name).suffix.lower() not in PICTURES:
            continue
        yield ReferenceRow(
            subject=subject,
            custody_record=f"{subject}/folder",
            file=name,
            status=defaults.status,
            status_checked_at=defaults.status_checked_at,
            review_due=defaults.review_due,
            provenance=defaults.provenance,
            owner=defaults.owner,
        )
    if not found:
        raise ManifestError(f"expected folders <subject>/ in {source}, got none")


__all__ = [
    "DefaultsMissingError",
    "Files",
    "FolderFiles",
    "OutsideFolderError",
    "ReferenceSource",
    "TarMembers",
    "open_source",
]
