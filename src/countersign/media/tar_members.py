"""Files of a tar archive, read where they lie: nothing is extracted, so no member can land anywhere.

Only a plain tar is taken. A compressed one would have to be unpacked from its start for each file, and can grow without
end while it is.
"""

import os
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from countersign.errors import Invalid
from countersign.media.intake import (
    EmptyFileError,
    FileMissingError,
    GrowingFileError,
    NotAFileError,
    OversizeFileError,
    ReceivedFile,
)
from countersign.primitives.digest import sha256

__all__ = ["TarMembers", "UnreadableTarError", "open_tar"]


class UnreadableTarError(Invalid):
    """It is no plain tar archive, or a damaged one."""

    code = "tar_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """Where a member lies; ``ordinary`` is false for links, devices, folders and files with holes."""

    offset: int
    size: int
    ordinary: bool


class TarMembers:
    """The members of an open archive, by name. Of several with one name the last counts, as for tar itself."""

    def __init__(self, descriptor: int, members: dict[str, _Member]) -> None:
        self._descriptor = descriptor
        self._members = members
        self._seen = _state(descriptor)

    def names(self) -> Iterator[str]:
        """Give the names of ordinary files, in order of the alphabet."""
        yield from sorted(name for name, member in self._members.items() if member.ordinary)

    def read(self, name: str, *, limit_bytes: int) -> ReceivedFile:
        """Read one member.

        Raises:
            FileMissingError: There is none of this name.
            NotAFileError: It is a link, a device, a folder or a file with holes.
            EmptyFileError: It has no bytes.
            OversizeFileError: It is larger than the limit.
            GrowingFileError: The archive changed since it was opened.
        """
        member = self._members.get(name)
        if member is None:
            raise FileMissingError("expected a file of the archive, got a name that is not in it")
        if not member.ordinary:
            raise NotAFileError("expected a file, got a link, a device, a folder or a file with holes")
        if member.size == 0:
            raise EmptyFileError("expected a file with content, got 0 bytes")
        if member.size > limit_bytes:
            raise OversizeFileError(f"expected at most {limit_bytes} bytes, got {member.size}")
        data = os.pread(self._descriptor, member.size, member.offset)
        if len(data) != member.size or _state(self._descriptor) != self._seen:
            raise GrowingFileError("expected an archive that stays as it is, got one that changed")
        return ReceivedFile(data=data, sha256=sha256(data), name=PurePosixPath(name).name)


@contextmanager
def open_tar(path: Path) -> Iterator[TarMembers]:
    """Open an archive as long as the block runs.

    Raises:
        UnreadableTarError: It is no ordinary file, no plain tar, or a damaged one.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as cause:
        raise UnreadableTarError(f"expected a tar archive at {path.name}, got: {cause.strerror}") from cause
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnreadableTarError(f"expected a tar archive at {path.name}, got no ordinary file")
        try:
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                members = {_name(member): _member(member) for member in archive}
        except (tarfile.TarError, ValueError, OverflowError, EOFError) as cause:
            raise UnreadableTarError(f"expected a plain tar archive at {path.name}, got: {cause}") from cause
        yield TarMembers(descriptor, members)


def _name(member: tarfile.TarInfo) -> str:
    return member.name.removeprefix("./")


def _member(member: tarfile.TarInfo) -> _Member:
    return _Member(offset=member.offset_data, size=member.size, ordinary=member.isreg() and not member.issparse())


def _state(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_size, status.st_mtime_ns
