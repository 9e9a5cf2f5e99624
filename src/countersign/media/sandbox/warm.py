"""The warm process: holds the decoders, forks a locked-in child for each job, and says how the child ended.

It never looks at a byte of a file. A job is two file descriptors: where the files lie (sealed memory) and where pixels
go (a pipe). It ends when whoever started it closes the socket.
"""

import base64
import gc
import io
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from PIL import Image

from countersign.media.decoding import FORMATS, UndecodableImageError, decode_image, open_decoders
from countersign.media.sandbox.lockdown import lock_down
from countersign.media.sandbox.wire import packed, packed_reason

_HEIC = (
    "AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWljAAABNG1ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAHBpY3QAAAAAAAAAAAAAAAAAAAAADnBpdG0AAAAAAA"
    "EAAAAeaWxvYwAAAABEAAABAAEAAAABAAABVAAAAJYAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAALhpcHJwAAAAmmlwY28A"
    "AAB1aHZjQwEBYAAAAJAAAAAAAB7wAPz9+PgAAA8DoAABABhAAQwB//8BYAAAAwCQAAADAAADAB6VmAmhAAEAKEIBAQFgAAADAJAAAAMAAAMAHq"
    "AggQWWVmkkyuaAgAAAAwCAAAADAISiAAEAB0QBwXK0IkAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAAlpcm90AAAAABZpcG1hAAAAAAAAAAEAAQOB"
    "AoMAAACebWRhdAAAAJIoAa8GuGQ07nZqS44DC/AsTwwssIO2hhIMvhfw+HreCa5n7V+t5T+5WH9ly+9BZwDLfc4ntUBImmOYna+icvyAPTvP7L"
    "JHHp+mIz9jXT6lATKNJM6dKjCZWrnRU/mqAHa528wLFOt9P6DCP64Y/nlf9TMBBu6dWWcCBo6CiyhV01BQwx10wX3ihvtE4fe/e9soLA=="
)
"""A grey ramp of 64 × 64 px as HEIC, for the warm-up."""
Work = Callable[[int, int], None]
ENDED = struct.Struct("<iB")
"""How a child ended: its exit status as `os.waitstatus_to_exitcode` gives it, and whether the clock ran out."""
JOB_LIMIT_BYTES = 256
STOP = b"stop"
"""What the caller says when it gives a child up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one job may take.

    Attributes:
        wall_s: Seconds until the child is killed.
        cpu_s: Processor seconds until the kernel kills it.
    """

    wall_s: float
    cpu_s: int


def files_of(descriptor: int) -> Iterator[bytes]:
    """Give each file of a job: its length (8 bytes, little-endian) and its bytes, one after another."""
    with open(descriptor, "rb", closefd=False) as job:
        while head := job.read(8):
            yield job.read(int.from_bytes(head, "little"))


def decode_files(job: int, pixels: int) -> None:
    """Decode each file of a job and write what became of it. Runs locked in."""
    for data in files_of(job):
        try:
            still = decode_image(data)
        except UndecodableImageError as error:
            write_all(pixels, packed_reason(error.reason))
            continue
        except MemoryError:
            write_all(pixels, packed_reason("more memory needed than a decoder may have"))
            continue
        for part in packed(still):
            write_all(pixels, part)
        del still


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write all of it into a pipe."""
    left = memoryview(data).cast("B")
    while left:
        left = left[os.write(descriptor, left) :]


def warm_up() -> None:
    """Import and use every decoder once: after the doors are shut nothing can be loaded any more."""
    open_decoders()
    for data in samples():
        decode_image(data)


def samples() -> Iterator[bytes]:
    """Make a small file of every format and colour mode that is taken."""
    plain = Image.linear_gradient("L").resize((16, 16))
    modes = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "F", "I;16", "I;16B")
    images = {
        mode: Image.new(mode, plain.size) if mode in {"LAB", "PA", "I;16B"} else plain.convert(mode) for mode in modes
    }
    for name in dict.fromkeys(FORMATS):
        for image in images.values():
            stream = io.BytesIO()
            try:
                image.save(stream, name)
            except (OSError, ValueError, KeyError):  # this format has no such mode
                continue
            yield stream.getvalue()
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "group4"):
        stream = io.BytesIO()
        images["1" if compression == "group4" else "RGB"].save(stream, "TIFF", compression=compression)
        yield stream.getvalue()
    if "HEIF" in Image.OPEN:  # nothing that is installed writes one
        yield base64.b64decode(_HEIC)
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    images["RGB"].save(stream, "JPEG", exif=exif, progressive=True)
    yield stream.getvalue()


def serve(door: socket.socket, work: Work, *, threads: bool = False) -> None:
    """Take one job after another until the other side closes.

    Args:
        door: A Unix socket; each message is the limits of a job and its two descriptors.
        work: What the child does once it is locked in: (where the files lie, where pixels go).
        threads: The decoder may start threads.
    """
    gc.collect()
    gc.freeze()
    door.send(b"warm")
    while True:
        message, descriptors, _, _ = socket.recv_fds(door, JOB_LIMIT_BYTES, 2)
        if not message:
            return
        if not descriptors:
            continue  # told to stop a child that had just ended by itself
        job, pixels = descriptors
        limits = Limits(**json.loads(message))
        child = os.fork()
        if child == 0:
            _be_the_child(door, work, job, pixels, limits, threads=threads)
        os.close(job)
        os.close(pixels)
        door.send(ENDED.pack(*_watched(child, door, limits)))


def job_message(limits: Limits) -> bytes:
    """Give the message that starts a job."""
    return json.dumps(asdict(limits)).encode()


def _be_the_child(door: socket.socket, work: Work, job: int, pixels: int, limits: Limits, *, threads: bool) -> None:
    code = 1
    try:
        door.close()
        lock_down(cpu_s=limits.cpu_s, threads=threads)
        work(job, pixels)
        code = 0
    finally:
        # Never back into the loop of the parent, whatever was raised: this process may be an attacker's by now.
        os._exit(code)


def _watched(child: int, door: socket.socket, limits: Limits) -> tuple[int, bool]:
    """Wait for the child; kill it when the clock runs out, the caller says so, or nobody waits for its answer."""
    handle = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.register(door, select.POLLIN | select.POLLHUP | select.POLLERR)
        ends = time.monotonic() + limits.wall_s
        seen = poll.poll(max(0.0, (ends - time.monotonic()) * 1000))
        late = not any(descriptor == handle for descriptor, _ in seen)
        if late:
            os.kill(child, signal.SIGKILL)
        if any(descriptor == door.fileno() for descriptor, _ in seen):
            door.recv(len(STOP))
        _, status = os.waitpid(child, 0)
    finally:
        os.close(handle)
    return os.waitstatus_to_exitcode(status), late


def main() -> None:
    """Warm up and serve on the descriptor that the command line names."""
    warm_up()
    with socket.socket(fileno=int(sys.argv[1])) as door:
        # Threads and never processes: libheif starts some whatever it is told, and no phone's picture decodes without.
        serve(door, decode_files, threads=True)


if __name__ == "__main__":
    main()
