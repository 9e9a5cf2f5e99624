"""Looking into archives, locked in: the second worker. It reads one descriptor and answers through a pipe.

What is asked travels as the place in the file at which the descriptor stands: 0 asks for the list, n + 1 for member n.
So the job stays what every worker has, one descriptor to read and one to answer on.

The answer, little-endian: ``L`` count (4), then for each member its index (4), size (8), length of name (2), name; or
``B`` length of name (2), name, length (8), bytes; or ``E`` as in `wire`.
"""

import io
import os
import socket
import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from countersign.media.archive import (
    MEMBER_LIMIT_BYTES,
    MEMBERS_LIMIT,
    NAME_LIMIT_BYTES,
    TOTAL_LIMIT_BYTES,
    ArchiveError,
    Member,
    members,
    pick,
)
from countersign.media.sandbox.decoder import INSECURE
from countersign.media.sandbox.process import WarmProcess, why
from countersign.media.sandbox.warm import Limits, serve
from countersign.media.sandbox.wire import LENGTH, REASON_LIMIT_BYTES, ForgedPixelsError, packed_reason

COMMAND = (sys.executable, "-I", "-m", "countersign.media.sandbox.unpacker")
LIMITS = Limits(wall_s=60.0, cpu_s=50)
_COUNT = struct.Struct("<I")
_MEMBER = struct.Struct("<IQH")
_SIZE = struct.Struct("<Q")
_ANSWER_LIMIT_BYTES = MEMBER_LIMIT_BYTES + MEMBERS_LIMIT * (_MEMBER.size + NAME_LIMIT_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """One member of an archive."""

    name: str
    data: bytes


def list_members(descriptor: int) -> tuple[Member, ...]:
    """List the files of an archive that is open for reading.

    Raises:
        ArchiveError: It is none that is taken, or its reader was stopped.
        NoSandboxError: This machine cannot lock a reader in.
    """
    if INSECURE.in_process:
        with _again(descriptor, 0) as stream:
            return members(stream)
    answer = _asked(descriptor, 0)
    if not isinstance(answer, tuple):
        raise ForgedPixelsError("expected a list of members, got bytes")
    return answer


def pick_member(descriptor: int, index: int) -> Picked:
    """Give the name and the bytes of one member of an archive that is open for reading; errors as `list_members`."""
    if index < 0:
        raise ArchiveError(f"no file with the number {index}")
    if INSECURE.in_process:
        with _again(descriptor, 0) as stream:
            name, data = pick(stream, index)
            return Picked(name=name, data=data)
    answer = _asked(descriptor, index + 1)
    if not isinstance(answer, Picked):
        raise ForgedPixelsError("expected one member's bytes, got a list")
    return answer


def _again(descriptor: int, place: int) -> BinaryIO:
    """Open the very file that a descriptor has open, with a place of its own in it."""
    handle = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    os.lseek(handle, place, os.SEEK_SET)
    return os.fdopen(handle, "rb", buffering=0)


def _asked(descriptor: int, question: int) -> "tuple[Member, ...] | Picked":
    warm = WarmProcess(COMMAND)
    try:
        with _again(descriptor, question) as stream:
            job = os.dup(stream.fileno())
        reading = warm.start_on(job, LIMITS)
        with os.fdopen(reading, "rb") as answering:  # it ends with the child, and the child ends in time
            answer = answering.read(_ANSWER_LIMIT_BYTES + 1)
        ended = warm.ended()
    finally:
        warm.close()
    if ended != (0, False):
        raise ArchiveError(why(*ended, LIMITS).replace("decoder", "reader"))
    return read_answer(answer)


def read_answer(answer: bytes) -> "tuple[Member, ...] | Picked":
    """Read what a reader said; it may be an attacker's by then, so nothing of it is believed.

    Raises:
        ArchiveError: It says why there is nothing.
        ForgedPixelsError: It is neither a list nor a member within the limits.
    """
    stream = io.BytesIO(answer)
    said: tuple[Member, ...] | Picked | ArchiveError
    try:
        match _take(stream, 1):
            case b"L":
                said = _list_in(stream)
            case b"B":
                said = _member_in(stream)
            case b"E":
                said = _reason_in(stream)
            case _:
                raise ForgedPixelsError("expected a list, a member or a reason, got something else")
    except EOFError as cause:
        raise ForgedPixelsError("expected a whole answer, got a part of one") from cause
    if stream.read(1):
        raise ForgedPixelsError("expected one answer, got more than one")
    if isinstance(said, ArchiveError):
        raise said
    return said


def _list_in(stream: io.BytesIO) -> tuple[Member, ...]:
    (count,) = _COUNT.unpack(_take(stream, _COUNT.size))
    if count > MEMBERS_LIMIT:
        raise ForgedPixelsError(f"expected at most {MEMBERS_LIMIT} members, got {count}")
    listed: list[Member] = []
    for _ in range(count):
        index, size, length = _MEMBER.unpack(_take(stream, _MEMBER.size))
        if index >= MEMBERS_LIMIT or size > TOTAL_LIMIT_BYTES or (listed and index <= listed[-1].index):
            raise ForgedPixelsError("expected members in order and within the limits, got others")
        listed.append(Member(index=index, name=_name_in(stream, length), size_bytes=size))
    return tuple(listed)


def _member_in(stream: io.BytesIO) -> Picked:
    (length,) = LENGTH.unpack(_take(stream, LENGTH.size))
    name = _name_in(stream, length)
    (size,) = _SIZE.unpack(_take(stream, _SIZE.size))
    if size > MEMBER_LIMIT_BYTES:
        raise ForgedPixelsError(f"expected a member of at most {MEMBER_LIMIT_BYTES} bytes, got {size}")
    return Picked(name=name, data=_take(stream, size))


def _reason_in(stream: io.BytesIO) -> ArchiveError:
    (length,) = LENGTH.unpack(_take(stream, LENGTH.size))
    if length > REASON_LIMIT_BYTES:
        raise ForgedPixelsError(f"expected a reason of at most {REASON_LIMIT_BYTES} bytes, got {length}")
    return ArchiveError(_printable(_take(stream, length)))


def _name_in(stream: io.BytesIO, length: int) -> str:
    if length > NAME_LIMIT_BYTES:
        raise ForgedPixelsError(f"expected a name of at most {NAME_LIMIT_BYTES} bytes, got {length}")
    return _printable(_take(stream, length))


def _printable(data: bytes) -> str:
    return "".join(one if one.isprintable() else " " for one in data.decode("utf-8", "replace"))


def _take(stream: io.BytesIO, length: int) -> bytes:
    taken = stream.read(length)
    if len(taken) < length:
        raise EOFError
    return taken


def answer_to(job: int, answering: int) -> None:
    """Answer what a job asks. Runs locked in."""
    question = os.lseek(job, 0, os.SEEK_CUR)
    os.lseek(job, 0, os.SEEK_SET)
    with open(job, "rb", closefd=False) as archive, open(answering, "wb", closefd=False) as out:
        try:
            said = _listed(members(archive)) if question == 0 else _picked(*pick(archive, question - 1))
        except ArchiveError as error:
            said = packed_reason(error.reason)
        except MemoryError:
            said = packed_reason("more memory needed than a reader may have")
        out.write(said)


def _listed(listed: tuple[Member, ...]) -> bytes:
    parts = [b"L", _COUNT.pack(len(listed))]
    for one in listed:
        name = one.name.encode("utf-8", "replace")[:NAME_LIMIT_BYTES]
        parts += [_MEMBER.pack(one.index, one.size_bytes, len(name)), name]
    return b"".join(parts)


def _picked(name: str, data: bytes) -> bytes:
    told = name.encode("utf-8", "replace")[:NAME_LIMIT_BYTES]
    return b"B" + LENGTH.pack(len(told)) + told + _SIZE.pack(len(data)) + data


def warm_up() -> None:
    """Use everything once that is loaded when first needed: after the doors are shut nothing can be loaded any more."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("grüße.txt", b"x" * 99)
        archive.writestr("cp437", zlib.compress(b"x"))
    members(stream)
    pick(stream, 0)


def main() -> None:
    """Warm up and serve on the descriptor that the command line names."""
    warm_up()
    with socket.socket(fileno=int(sys.argv[1])) as door:
        serve(door, answer_to)


if __name__ == "__main__":
    main()
