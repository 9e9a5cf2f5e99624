"""Encrypted files beside the database: ``blobs/ab/<id>``, written once.

A blob is durable before the row that names it commits, and deleted after the commit that forgets it. So a crash leaves
at worst a file that no row names; `BlobFiles.sweep` removes those.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from countersign.errors import NotFound
from countersign.primitives.ids import BlobId, KeyId, new_id
from countersign.storage.durable import disk, make_folder, sync_folder, write_file
from countersign.storage.record_keys import SqlKeys
from countersign.storage.sealing import place, seal, unseal

_ID = re.compile(r"[0-9a-f]{32}")


class BlobMissingError(NotFound):
    """The file is gone."""

    code = "blob_missing"


class BlobFiles:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, blob: str) -> Path:
        """Give the file of a blob; ``BlobMissingError`` for a name that no blob can have."""
        if not _ID.fullmatch(blob):
            raise BlobMissingError(f"expected 32 hexadecimal digits as blob id, got {blob!r}")
        return self._folder / blob[:2] / blob

    def write(self, blob: str, data: bytes) -> None:
        """Write a file, durable on return."""
        path = self.path(blob)
        make_folder(path.parent)
        write_file(path, data)

    def remove(self, blob: str) -> None:
        """Delete a file; one that is already gone is no error."""
        path = self.path(blob)
        with disk():
            if path.exists():
                path.unlink()
                sync_folder(path.parent)

    def sweep(self, known: Iterable[str]) -> int:
        """Delete all files that are not ``known``, half-written ones too. Nobody may be writing meanwhile."""
        kept = set(known)
        gone = [path for path in self._folder.glob("??/*") if path.name not in kept]
        with disk():
            for path in gone:
                path.unlink()
        return len(gone)


class SqlBlobs:
    """Blobs inside one open transaction; see `countersign.operations.work.Blobs`."""

    def __init__(self, files: BlobFiles, keys: SqlKeys, after_commit: Callable[[Callable[[], None]], None]) -> None:
        self._files = files
        self._keys = keys
        self._after_commit = after_commit
        self._written: list[BlobId] = []

    def put(self, data: bytes, *, key: KeyId) -> BlobId:
        """Encrypt and write; durable when it returns, so that no committed row names a missing file."""
        blob = BlobId(new_id())
        sealed = seal(self._keys.cipher(key), data, _place(blob, key))
        self._written.append(blob)
        self._files.write(blob, sealed)
        return blob

    def get(self, blob: BlobId, *, key: KeyId) -> bytes:
        """Decrypt and give the bytes; ``NotFound`` when file or key is gone, ``SealBrokenError`` when altered."""
        cipher = self._keys.cipher(key)
        try:
            with disk():
                sealed = self._files.path(blob).read_bytes()
        except FileNotFoundError as reason:
            raise BlobMissingError(f"expected a blob {blob}, got no file") from reason
        return unseal(cipher, sealed, _place(blob, key))

    def remove(self, blob: BlobId) -> None:
        """Delete the file after this transaction commits; a file that is already gone is no error."""
        self._after_commit(lambda: self._files.remove(blob))

    def undo(self) -> None:
        """Delete what this transaction wrote, since it did not commit."""
        for blob in self._written:
            self._files.remove(blob)


def _place(blob: str, key: str) -> bytes:
    return place("blob", blob, key)
