"""Looking into a zip archive, above all an extraction report: what is in it, one member's bytes. Nothing is unpacked.

Pure: an open file in, bytes out; it runs locked in (`sandbox.unpacker`). Members are picked by their place, never by
their name, and nothing is ever written to a path. An archive that names anything outside of itself is refused whole:
no tool that makes reports does that, and whoever did it meant something by it (trust: zip slip).
"""

import stat
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from countersign.errors import Invalid

MEMBERS_LIMIT = 100_000
TOTAL_LIMIT_BYTES = 1 << 40
MEMBER_LIMIT_BYTES = 256 << 20
RATIO_LIMIT = 200
NAME_LIMIT_BYTES = 1024
_BLOCK_BYTES = 1 << 20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1


class ArchiveError(Invalid):
    """The archive, or the member that was asked for, is none that is taken.

    Attributes:
        reason: What is wrong.
    """

    code = "archive"

    def __init__(self, reason: str) -> None:
        super().__init__(f"expected a zip archive with the picture that was asked for, got: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive.

    Attributes:
        index: Its place, from 0; this is how it is picked.
        name: What the archive calls it; shown, and never used as a path.
        size_bytes: What the archive says it unfolds to.
    """

    index: int
    name: str
    size_bytes: int


def members(stream: BinaryIO) -> tuple[Member, ...]:
    """List an archive's files, folders left out.

    Raises:
        ArchiveError: It is no zip archive, or holds a link, a path that leads outside, one name twice, too many files
            or too much in all.
    """
    with _opened(stream) as archive:
        return tuple(
            Member(index=index, name=entry.filename, size_bytes=entry.file_size)
            for index, entry in enumerate(archive.infolist())
            if not entry.is_dir()
        )


def pick(stream: BinaryIO, index: int) -> tuple[str, bytes]:
    """Give the name and the bytes of one member.

    Raises:
        ArchiveError: As `members`; or there is no such file, or it is encrypted, compressed in another way, unfolds to
            too much or too far, or is damaged.
    """
    with _opened(stream) as archive:
        entries = archive.infolist()
        if not 0 <= index < len(entries) or entries[index].is_dir():
            raise ArchiveError(f"no file with the number {index}")
        entry = entries[index]
        _refuse_member(entry)
        try:
            return entry.filename, _read(archive, entry)
        except ArchiveError:
            raise
        except Exception as cause:  # zipfile and zlib let out whatever hostile bytes make them stumble on
            raise ArchiveError(f"{type(cause).__name__}: {cause}".replace("\n", " ")[:200]) from cause


def _opened(stream: BinaryIO) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(stream)
    except Exception as cause:
        raise ArchiveError(f"no zip archive ({type(cause).__name__})") from cause
    _refuse_archive(archive.infolist())
    return archive


def _refuse_archive(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MEMBERS_LIMIT:
        raise ArchiveError(f"{len(entries)} members, more than {MEMBERS_LIMIT}")
    if sum(entry.file_size for entry in entries) > TOTAL_LIMIT_BYTES:
        raise ArchiveError(f"more than {TOTAL_LIMIT_BYTES} bytes in all")
    for index, entry in enumerate(entries):
        if (reason := _outside(entry)) is not None:
            raise ArchiveError(f"member {index} {reason}")
    if (twice := _twice(entry.filename for entry in entries)) is not None:
        raise ArchiveError(f"member {twice} has the name of another")


def _outside(entry: zipfile.ZipInfo) -> str | None:
    """Say what leads outside of the archive, or None."""
    name = entry.orig_filename  # as it is written, zero bytes too
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is a link or a device"
    if not name.strip() or "\0" in name or len(name.encode("utf-8", "replace")) > NAME_LIMIT_BYTES:
        return "has no name, a broken one, or a very long one"
    if name.startswith("/") or "\\" in name or name[1:2] == ":":
        return "has an absolute path"
    return "leads out of its folder" if ".." in name.split("/") else None


def _twice(names: Iterable[str]) -> int | None:
    """Give the place of the first name that was there before; names that differ in case alone are one on many disks."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.casefold() in seen:
            return index
        seen.add(name.casefold())
    return None


def _refuse_member(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise ArchiveError("an encrypted member")
    if entry.compress_type not in _METHODS:
        raise ArchiveError("a member that is neither stored nor deflated")
    if entry.file_size > MEMBER_LIMIT_BYTES:
        raise ArchiveError(f"a member of {entry.file_size} bytes, more than {MEMBER_LIMIT_BYTES}")
    if entry.file_size > RATIO_LIMIT * max(1, entry.compress_size):
        raise ArchiveError(f"a member that unfolds to more than {RATIO_LIMIT} times its size")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read one member, and no more of it than its entry says."""
    data = bytearray()
    with archive.open(entry) as member:
        while block := member.read(_BLOCK_BYTES):
            data += block
            if len(data) > entry.file_size:
                raise ArchiveError("a member that unfolds to more than its entry says")
    if len(data) != entry.file_size:
        raise ArchiveError("a member that unfolds to less than its entry says")
    return bytes(data)
