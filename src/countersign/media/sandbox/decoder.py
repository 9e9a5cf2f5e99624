"""What the rest of the program calls to turn bytes into pixels. There is no other way.

Warm processes are started when they are first needed and kept; each serves one caller at a time, so several threads
have several. A child that died, ran out of time or gave back what is no image costs its file and nothing else.
"""

import atexit
import os
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from countersign.media import decoding
from countersign.media.decoding import Still, UndecodableImageError
from countersign.media.sandbox.process import Outcome, SandboxBrokenError, StoppedError, WarmProcess

__all__ = ["Outcome", "decode_image", "decode_images", "plain_png"]

BATCH_FILES = 64


@dataclass(slots=True)
class Insecure:
    """Whether files are decoded in this process: a setting of development, said aloud when it is switched on."""

    in_process: bool = False


INSECURE = Insecure()


def insecurely_decode_in_process() -> None:
    """Switch the sandbox off for this process: whoever can make a decoder stumble then owns it."""
    INSECURE.in_process = True


def decode_image(data: bytes) -> Still:
    """Decode a still image in a locked-in child.

    Args:
        data: A whole file of a format in `decoding.FORMATS`; of several frames the first is taken.

    Raises:
        UndecodableImageError: Another format, damaged, too large, too slow, or its decoder was stopped.
        NoSandboxError: This machine cannot lock a decoder in.
    """
    (outcome,) = decode_images([data])
    if isinstance(outcome, UndecodableImageError):
        raise outcome
    return outcome


def decode_images(files: Sequence[bytes]) -> Generator[Outcome, None, None]:
    """Decode files in order, at most `BATCH_FILES` by one child; after a crash file by file.

    Yields:
        A still, or why there is none, as soon as it is there.

    Raises:
        NoSandboxError: This machine cannot lock a decoder in.
    """
    if INSECURE.in_process:
        yield from map(_decoded_here, files)
        return
    for first in range(0, len(files), BATCH_FILES):
        yield from _batch(files[first : first + BATCH_FILES])


def plain_png(data: bytes) -> bytes:
    """Give a picture's upright pixels as a PNG and nothing else: names and places in its metadata are left behind.

    Raises:
        UndecodableImageError: As `decode_image`.
    """
    stream = BytesIO()
    Image.fromarray(decode_image(data).rgb_upright).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _decoded_here(data: bytes) -> Outcome:
    try:
        return decoding.decode_image(data)
    except UndecodableImageError as error:
        return error


def _batch(files: Sequence[bytes]) -> Generator[Outcome, None, None]:
    done = 0
    stopped = ""
    with POOL.taken() as warm, closing(warm.run(files)) as outcomes:
        try:
            for outcome in outcomes:
                yield outcome
                done += 1
        except StoppedError as error:
            stopped = error.reason
    if not stopped:
        return
    if len(files) == 1:
        yield UndecodableImageError(stopped)
        return
    # One file of the batch brought the child down: which one shows when each has a child of its own.
    for data in files[done:]:
        yield from _batch([data])


class Pool:
    """Warm processes, and those of them that wait for work.

    Args:
        start: Starts one.

    All are held here: a caller that leaves a generator half read must not take a process with it when it is collected.
    """

    def __init__(self, start: Callable[[], WarmProcess] = WarmProcess) -> None:
        self._begin = start
        self._lock = threading.Lock()
        self._all: list[WarmProcess] = []
        self._idle: list[WarmProcess] = []

    @contextmanager
    def taken(self) -> Iterator[WarmProcess]:
        """Take one, or start one; one that broke is not put back."""
        with self._lock:
            warm = self._idle.pop() if self._idle else None
        warm = warm or self._start()
        try:
            yield warm
        except SandboxBrokenError:
            with self._lock:
                self._all.remove(warm)
            warm.close()
            raise
        except BaseException:
            self._put_back(warm)
            raise
        self._put_back(warm)

    def _start(self) -> WarmProcess:
        warm = self._begin()
        with self._lock:
            self._all.append(warm)
        return warm

    def _put_back(self, warm: WarmProcess) -> None:
        with self._lock:
            self._idle.append(warm)

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            every, self._all, self._idle = self._all, [], []
        for warm in every:
            warm.close()

    def forget(self) -> None:
        """Leave them to the process that started them."""
        self._lock = threading.Lock()
        self._all, self._idle = [], []


POOL = Pool()
atexit.register(POOL.close)
os.register_at_fork(after_in_child=POOL.forget)
