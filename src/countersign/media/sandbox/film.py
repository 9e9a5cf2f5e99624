"""The warm process for recordings, and what its locked-in child does: ask for bytes, decode a stretch, give pictures.

The recording itself never lies in this process: the child asks for the bytes that it needs, piece by piece, over the
same pipe that it answers through. It has no path, no address and no descriptor of a file.
"""

import importlib
import io
import os
import pkgutil
import socket
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator
from importlib.resources import files

import av

from countersign.media.footage import Cut, Stretch, UndecodableVideoError
from countersign.media.frames import Reel, look
from countersign.media.sandbox import film_wire
from countersign.media.sandbox.warm import serve, write_all
from countersign.media.sandbox.wire import packed_reason

SAMPLES = "samples.txt"
_ALL_OF_IT = Stretch(start_ms=0, soft_ms=1 << 40, hard_ms=1 << 41, every_ms=1, side_px=16)


class AskedFor(io.RawIOBase):
    """A file whose bytes are asked for over a pipe.

    Attributes:
        turn: Held from a message to the end of its answer: a thread decodes ahead while another speaks of pictures.
    """

    def __init__(self, asked: int, answers: int, size_bytes: int) -> None:
        super().__init__()
        self.turn = threading.Lock()
        self._asked, self._answers = asked, answers
        self._size = size_bytes
        self._at = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """Any place can be asked for."""
        return True

    def tell(self) -> int:
        """Give the place."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Ask for bytes."""
        left = max(0, self._size - self._at)
        length = min(left if size < 0 else min(size, left), film_wire.READ_LIMIT_BYTES)
        if not length:
            return b""
        with self.turn:
            write_all(self._asked, b"R" + film_wire.ASK.pack(self._at, length))
            (given,) = film_wire.LENGTH.unpack(film_wire.taken(self._fill, film_wire.LENGTH.size))
            data = film_wire.taken(self._fill, given)
        self._at += given
        return data

    def _fill(self, buffer: memoryview) -> None:
        fill(self._answers, buffer)


def fill(descriptor: int, buffer: memoryview) -> None:
    """Fill a buffer from a pipe.

    Raises:
        EOFError: The other side is gone.
    """
    while buffer:
        read = os.readv(descriptor, [buffer])
        if not read:
            raise EOFError
        buffer = buffer[read:]


def decode_recording(answers: int, pixels: int) -> None:
    """Decode what the first message asks for. Runs locked in."""

    def read_into(buffer: memoryview) -> None:
        fill(answers, buffer)

    size_bytes, stretch = film_wire.read_job(read_into)
    stream = AskedFor(pixels, answers, size_bytes)
    try:
        if stretch is None:
            write_all(pixels, film_wire.packed_footage(look(stream)))
        else:
            _decode_stretch(stream, stretch, answers, pixels)
    except UndecodableVideoError as error:
        write_all(pixels, packed_reason(error.reason))
    except MemoryError:
        write_all(pixels, packed_reason("more memory needed than a decoder may have"))


def _decode_stretch(stream: AskedFor, stretch: Stretch, answers: int, pixels: int) -> None:
    def give_cuts() -> None:
        for cut in film_wire.read_cuts(lambda buffer: fill(answers, buffer)):
            for part in film_wire.packed_pixels(reel.cut(cut)):
                write_all(pixels, part)

    reel = Reel(stream, stretch)
    for sight in reel.sights():
        with stream.turn:
            for part in film_wire.packed_sight(sight):
                write_all(pixels, part)
            give_cuts()
    write_all(pixels, film_wire.packed_end(reel.end))
    give_cuts()


def warm_up() -> None:
    """Import every part of the bindings and decode a sample of every codec: later nothing can be loaded any more."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)
    for data in samples():
        look(io.BytesIO(data), threads=1)
        reel = Reel(io.BytesIO(data), _ALL_OF_IT, threads=1)
        for sight in reel.sights():
            reel.cut(Cut(sight=sight.number, box_px=(0, 0, 8, 8)))
        reel.close()


def samples() -> Iterator[bytes]:
    """Give a tiny recording of every container and codec that is taken; synthetic patterns."""
    for line in files(__package__).joinpath(SAMPLES).read_text("ascii").splitlines():
        _, _, encoded = line.partition(" ")
        yield b64decode(encoded)


def main() -> None:
    """Warm up and serve on the descriptor that the command line names."""
    warm_up()
    with socket.socket(fileno=int(sys.argv[1])) as door:
        serve(door, decode_recording, threads=True)


if __name__ == "__main__":
    main()
