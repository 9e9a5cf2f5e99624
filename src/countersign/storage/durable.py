"""Files that are whole or absent.

They are written aside, synced, renamed, and the folder is synced, so that a power cut between any two lines leaves the
old state or the new one.
"""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from countersign.errors import IntegrityBroken

_ALONE = 8  # so few files and folders are not worth a thread
_SYNCING = 16


class StorageFailedError(IntegrityBroken):
    """The disk or the database failed; nothing of the transaction is kept. Accept no work until somebody looked."""

    code = "storage_failed"


@contextmanager
def disk() -> Iterator[None]:
    """Turn a failing disk into `StorageFailedError`; a file that is missing stays ``FileNotFoundError``."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as reason:
        name = errno.errorcode.get(reason.errno or 0, "error")
        raise StorageFailedError(f"expected the disk to work, got {name} at {reason.filename}") from reason


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    _sync(folder)


def make_folder(folder: Path) -> None:
    """Make a private folder (mode 0700) if it is missing, durably."""
    with disk():
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)


def write_file(path: Path, data: bytes) -> None:
    """Write a private file (mode 0600) durably, in place of what was there."""
    write_blocks(path, (data,))


def write_blocks(path: Path, blocks: Iterable[bytes], *, durable: bool = True) -> None:
    """Write a private file (mode 0600) block by block; of blocks that end in an error nothing is left.

    Args:
        path: Where it goes.
        blocks: What it holds.
        durable: Without, a power cut may lose or cut it until `sync_files` has returned.
    """
    aside = path.with_name(f".{path.name}.part")
    with disk():
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as stream:
                for block in blocks:
                    stream.write(block)
                stream.flush()
                if durable:
                    os.fsync(stream.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        if durable:
            sync_folder(path.parent)


def sync_files(paths: Sequence[Path]) -> None:
    """Make files and their names durable, many at once: the disk then answers for all with one turn of its journal."""
    places = [*paths, *dict.fromkeys(path.parent for path in paths)]
    with disk():
        if len(places) <= _ALONE:
            for place in places:
                _sync(place)
            return
        with ThreadPoolExecutor(_SYNCING) as pool:
            list(pool.map(_sync, places))


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def destroy_file(path: Path) -> None:
    """Overwrite a file with zeros, sync, and delete it. On copy-on-write disks the overwriting is only an attempt."""
    with disk():
        with path.open("r+b") as stream:
            stream.write(bytes(path.stat().st_size))
            stream.flush()
            os.fsync(stream.fileno())
        path.unlink()
        sync_folder(path.parent)
