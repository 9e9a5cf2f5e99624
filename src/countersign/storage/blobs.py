"""Encrypted files beside the database: ``blobs/ab/<id>``, written once.

A file is sealed in parts of `PART_BYTES`, each for its own place (blob, key, number, whether it is the last), so that a
recording of many gigabytes is never held in memory, can be read from anywhere, and cannot be cut, reordered or spliced.

A blob is durable before the row that names it commits, and deleted after the commit that forgets it. So a crash leaves
at worst a file that no row names; `BlobFiles.sweep` removes those.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from countersign.errors import NotFound
from countersign.primitives.ids import BlobId, KeyId, new_id
from countersign.storage.durable import disk, make_folder, sync_files, sync_folder, write_blocks
from countersign.storage.record_keys import SqlKeys
from countersign.storage.sealing import OVERHEAD_BYTES, place, seal, unseal

PART_BYTES = 1 << 20
_SEALED_BYTES = PART_BYTES + OVERHEAD_BYTES
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

    def write(self, blob: str, parts: Iterable[bytes]) -> None:
        """Write a file; durable after `sync`."""
        path = self.path(blob)
        make_folder(path.parent)
        write_blocks(path, parts, durable=False)

    def sync(self, blobs: Iterable[str]) -> None:
        """Make files durable."""
        sync_files([self.path(blob) for blob in blobs])

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
        """Encrypt and write; durable before the transaction commits, so that no committed row names a missing file."""
        return self.put_stream((data,), key=key)

    def put_stream(self, blocks: Iterable[bytes], *, key: KeyId) -> BlobId:
        """Encrypt and write block by block; whatever the blocks raise goes on, and nothing is left of the file."""
        blob = BlobId(new_id())
        cipher = self._keys.cipher(key)
        self._written.append(blob)
        parts = _with_last(_parts(blocks))
        self._files.write(blob, (seal(cipher, part, _place(blob, key, at, last=last)) for at, part, last in parts))
        return blob

    def get(self, blob: BlobId, *, key: KeyId) -> bytes:
        """Decrypt and give the bytes; ``NotFound`` when file or key is gone, ``SealBrokenError`` when altered."""
        with self.open(blob, key=key) as opened:
            return opened.read_at(0, opened.size_bytes)

    @contextmanager
    def open(self, blob: BlobId, *, key: KeyId) -> Iterator["OpenedBlob"]:
        """Open to read parts from anywhere, as long as the block runs; errors as `get`."""
        cipher = self._keys.cipher(key)
        try:
            with disk():
                stream = self._files.path(blob).open("rb", buffering=0)
        except FileNotFoundError as reason:
            raise BlobMissingError(f"expected a blob {blob}, got no file") from reason
        with stream:
            yield OpenedBlob(stream, cipher, blob, key)

    def remove(self, blob: BlobId) -> None:
        """Delete the file after this transaction commits; a file that is already gone is no error."""
        self._after_commit(lambda: self._files.remove(blob))

    def make_durable(self) -> None:
        """Make everything that was written durable; called before the transaction commits."""
        self._files.sync(self._written)

    def undo(self) -> None:
        """Delete what this transaction wrote, since it did not commit."""
        for blob in self._written:
            self._files.remove(blob)


class OpenedBlob:
    """A blob that is open for reading.

    Attributes:
        size_bytes: How many bytes were sealed.
    """

    def __init__(self, stream: FileIO, cipher: AESGCM, blob: str, key: str) -> None:
        self._stream = stream
        self._cipher = cipher
        self._blob, self._key = blob, key
        with disk():
            sealed = os.fstat(stream.fileno()).st_size
        self._count = max(1, -(-sealed // _SEALED_BYTES))
        self.size_bytes = max(0, sealed - self._count * OVERHEAD_BYTES)

    def read_at(self, offset: int, length: int) -> bytes:
        """Give up to ``length`` bytes from ``offset``; fewer only at the end.

        Raises:
            SealBrokenError: What lies there was altered, cut or moved.
        """
        if offset and offset >= self.size_bytes:
            return b""
        first, end = offset // PART_BYTES, min(self.size_bytes, offset + length)
        parts = [self._part(at) for at in range(first, max(first + 1, -(-end // PART_BYTES)))]
        start = offset - first * PART_BYTES
        return b"".join(parts)[start : max(start, end - first * PART_BYTES)]

    def _part(self, at: int) -> bytes:
        with disk():
            sealed = os.pread(self._stream.fileno(), _SEALED_BYTES, at * _SEALED_BYTES)
        return unseal(self._cipher, sealed, _place(self._blob, self._key, at, last=at == self._count - 1))


def _parts(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut blocks of any length into parts of `PART_BYTES`, the last one shorter; at least one."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) > PART_BYTES:
            yield bytes(held[:PART_BYTES])
            del held[:PART_BYTES]
    yield bytes(held)


def _with_last(parts: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Give each part with its number and whether it is the last."""
    waiting: bytes | None = None
    number = 0
    for part in parts:
        if waiting is not None:
            yield number, waiting, False
            number += 1
        waiting = part
    if waiting is not None:
        yield number, waiting, True


def _place(blob: str, key: str, part: int, *, last: bool) -> bytes:
    return place("blob", blob, key, part, "last" if last else "more")
