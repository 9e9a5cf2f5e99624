"""Taking in a file: closed, ordinary, whole, and read once.

There is no live input. Whatever could be a stream is refused before a byte of it is read: addresses, standard input,
pipes, sockets, devices, playlists, and files that somebody still writes to. The bytes that are hashed are the bytes
that are given on, so nothing can be exchanged between the two.
"""

import errno
import fcntl
import hashlib
import os
import re
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from countersign.errors import Invalid, NotFound, Refused
from countersign.primitives.digest import Sha256

__all__ = [
    "EmptyFileError",
    "FileMissingError",
    "GrowingFileError",
    "NotAFileError",
    "OpenedFile",
    "OversizeFileError",
    "PlaylistError",
    "ReceivedFile",
    "StreamAddressError",
    "SymbolicLinkError",
    "UnreadableFileError",
    "open_file",
    "read_file",
    "refuse_playlist",
]

_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://|(async|cache|concat|crypto|data|fd|file|ftps?|hls|https?|lavfi|mms|pipe|rt[mps]+|rtsps?|srt|"
    r"subfile|tcp|tls|udp|unix|v4l2):",
    re.IGNORECASE,
)
_PLAYLIST_ENDINGS = frozenset({".asx", ".ffconcat", ".ism", ".m3u", ".m3u8", ".mpd", ".pls", ".sdp", ".smil", ".xspf"})
_PLAYLIST_STARTS = (
    b"#extm3u",
    b"ffconcat",
    b"[playlist]",
    b"<mpd",
    b"<smil",
    b"<asx",
    b"<playlist",
    b"v=0\r\no=",
    b"v=0\no=",
)
_XML_PREAMBLE = re.compile(rb"\A(\s|<\?.*?\?>|<!.*?>)+", re.DOTALL)
_START_BYTES = 4096
_BLOCK_BYTES = 1 << 20
_OPENING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class StreamAddressError(Refused):
    """An address, or standard input, where only a file's path is taken."""

    code = "input_is_a_stream"


class SymbolicLinkError(Refused):
    """A symbolic link: what it points to could change between looking and reading."""

    code = "input_is_a_link"


class NotAFileError(Refused):
    """A pipe, socket, device or folder."""

    code = "input_is_not_a_file"


class PlaylistError(Refused):
    """A playlist names other inputs, which may be live."""

    code = "input_is_a_playlist"


class GrowingFileError(Refused):
    """Somebody writes to the file, or it changed while it was read."""

    code = "input_is_growing"


class EmptyFileError(Refused):
    """A file of no bytes."""

    code = "input_is_empty"


class OversizeFileError(Refused):
    """A file larger than the limit."""

    code = "input_is_oversize"


class FileMissingError(NotFound):
    """There is nothing at the path."""

    code = "input_not_found"


class UnreadableFileError(Invalid):
    """The system does not let us read what is at the path."""

    code = "input_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file as it came.

    Attributes:
        data: All of its bytes.
        sha256: Their digest.
        name: Last part of its path; it may say something personal, so it stays out of the log.
    """

    data: bytes
    sha256: Sha256
    name: str


class OpenedFile:
    """A closed, ordinary file while it is read: once, from its first byte to its last, hashed on the way.

    Attributes:
        start: Its first bytes; what kind of file it is shows here.
        size_bytes: How many bytes it has.
        name: Last part of its path; it may say something personal, so it stays out of the log.
    """

    def __init__(self, descriptor: int, seen: os.stat_result, name: str) -> None:
        self.size_bytes = seen.st_size
        self.name = name
        self._descriptor = descriptor
        self._seen = seen
        self._hash = hashlib.sha256()
        self._read = 0
        self.start = self._next(min(_START_BYTES, seen.st_size + 1))

    @property
    def descriptor(self) -> int:
        """Give the descriptor, for a locked-in process that is to look into the file itself."""
        return self._descriptor

    @property
    def sha256(self) -> Sha256:
        """Give the digest of the bytes that were given out so far."""
        return Sha256(self._hash.hexdigest())

    def blocks(self) -> Iterator[bytes]:
        """Give all bytes, once, in blocks; the last is given only when the file is known not to have changed.

        Raises:
            GrowingFileError: It grew, shrank or was written to while it was read.
            UnreadableFileError: The disk failed.
        """
        block = self.start
        while block:
            self._hash.update(block)
            following = self._next(_BLOCK_BYTES)
            if not following:
                _refuse_changed(self._seen, os.fstat(self._descriptor), length=self._read)
            yield block
            block = following

    def _next(self, length: int) -> bytes:
        try:
            block = os.read(self._descriptor, length)
        except OSError as cause:
            raise _explained(cause) from cause
        self._read += len(block)
        if self._read > self._seen.st_size:
            raise GrowingFileError(
                f"expected {self._seen.st_size} unchanged bytes, got {self._read} of a file that grows"
            )
        return block


@contextmanager
def open_file(source: str, *, limit_bytes: int) -> Iterator[OpenedFile]:
    """Open one closed, ordinary file to be read in blocks; nothing of it is held but the block under way.

    Args:
        source: Path of the file.
        limit_bytes: Largest size that is taken; at equality it still is.

    Raises:
        StreamAddressError: ``source`` is an address or ``-``.
        SymbolicLinkError: ``source`` is a symbolic link.
        NotAFileError: ``source`` is a pipe, socket, device or folder.
        EmptyFileError: The file has no bytes.
        OversizeFileError: The file is larger than the limit.
        GrowingFileError: Somebody has it open for writing, or it changed while it was read.
        PlaylistError: The file is a playlist, by its ending or by how it starts.
        FileMissingError: There is no such file.
        UnreadableFileError: It cannot be read.
    """
    if source == "-" or _ADDRESS.match(source):
        raise StreamAddressError("expected the path of a file, got an address or standard input")
    path = Path(source)
    if path.suffix.lower() in _PLAYLIST_ENDINGS:
        raise PlaylistError(f"expected an image or a recording, got a playlist by its ending {path.suffix.lower()}")
    try:
        seen = path.lstat()
        _refuse_special(seen)  # before opening: opening alone can start a device
        descriptor = os.open(path, _OPENING)
    except (OSError, ValueError) as cause:
        raise _explained(cause) from cause
    try:
        _refuse_unfit(descriptor, seen=seen, limit_bytes=limit_bytes)
        opened = OpenedFile(descriptor, seen, path.name)
        refuse_playlist(opened.start)
        yield opened
    finally:
        os.close(descriptor)


def refuse_playlist(start: bytes) -> None:
    """Refuse a file that starts like a playlist: ``PlaylistError``."""
    if _starts_as_playlist(start):
        raise PlaylistError("expected an image or a recording, got a playlist by its content")


def read_file(source: str, *, limit_bytes: int) -> ReceivedFile:
    """Read one closed, ordinary file whole; arguments and errors as `open_file`.

    Returns:
        Its bytes, and the digest of those very bytes.
    """
    with open_file(source, limit_bytes=limit_bytes) as opened:
        data = b"".join(opened.blocks())
    return ReceivedFile(data=data, sha256=opened.sha256, name=opened.name)


def _explained(cause: Exception) -> NotFound | Invalid | Refused:
    number = cause.errno if isinstance(cause, OSError) else errno.ENOENT  # a path with a zero byte names nothing
    if number in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}:
        return FileMissingError("expected a file, got a path where nothing is")
    if number == errno.ELOOP:
        return SymbolicLinkError("expected a file, got a symbolic link")
    return UnreadableFileError(f"expected a readable file, got {errno.errorcode.get(number or 0, 'an unknown error')}")


def _refuse_special(status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise SymbolicLinkError("expected a file, got a symbolic link")
    if not stat.S_ISREG(status.st_mode):
        kind = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a folder"}
        raise NotAFileError(f"expected a file, got {kind.get(stat.S_IFMT(status.st_mode), 'a device')}")


def _refuse_unfit(descriptor: int, *, seen: os.stat_result, limit_bytes: int) -> None:
    status = os.fstat(descriptor)
    if (status.st_dev, status.st_ino) != (seen.st_dev, seen.st_ino):
        raise GrowingFileError("expected the file that was looked at, got another one put in its place")
    _refuse_special(status)
    if status.st_size == 0:
        raise EmptyFileError("expected a file with content, got 0 bytes")
    if status.st_size > limit_bytes:
        raise OversizeFileError(f"expected at most {limit_bytes} bytes, got {status.st_size}")
    if _open_for_writing(descriptor):
        raise GrowingFileError("expected a closed file, got one that somebody has open for writing")


def _open_for_writing(descriptor: int) -> bool:
    """Ask the kernel by a read lease, which it grants only while nobody has the file open for writing.

    Where leases do not exist (some network file systems, files of another owner) the answer is no, and what is left is
    the comparison of size and times around the reading.
    """
    try:
        # Should a writer come just now, the kernel signals us; SIGURG is ignored, where its default, SIGIO, kills.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as refusal:
        return refusal.errno == errno.EAGAIN
    return False


def _refuse_changed(before: os.stat_result, after: os.stat_result, *, length: int) -> None:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or length != before.st_size:
        raise GrowingFileError(f"expected {before.st_size} unchanged bytes, got {length} of a file that changed")


def _starts_as_playlist(start: bytes) -> bool:
    text = _XML_PREAMBLE.sub(b"", start.removeprefix(b"\xef\xbb\xbf")).lstrip()
    return text.lower().startswith(_PLAYLIST_STARTS)
