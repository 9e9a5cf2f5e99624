"""What the rest of the program calls to look at a recording. There is no other way.

One locked-in child decodes one stretch. The recording stays where it lies, sealed: this side reads it piece by piece as
the child asks, so that hours of it need no more memory than a minute. A child that dies, says nothing for a while or
gives back what is no picture loses its stretch and nothing else.
"""

import atexit
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

from countersign.media.footage import Cut, Footage, Sight, Source, Stretch, StretchEnd, UndecodableVideoError
from countersign.media.sandbox import film_wire
from countersign.media.sandbox.decoder import INSECURE, Pool
from countersign.media.sandbox.process import Pipe, WarmProcess, why
from countersign.media.sandbox.warm import Limits, write_all
from countersign.media.sandbox.wire import ForgedPixelsError
from countersign.primitives.arrays import RgbImage

__all__ = ["STRETCH_MS", "Beholder", "StretchLostError", "look_at", "picture_at", "watch"]

STRETCH_MS = 60_000
"""Longest stretch that one child decodes."""
_LOOK = Limits(wall_s=9.0, cpu_s=6)
_PATIENCE_S = 9.0
_GRACE_S = 5.0
_CPU_S, _CPU_PER_S = 10, 6
_WALL_S, _WALL_PER_S = 30.0, 20.0


class StretchLostError(UndecodableVideoError):
    """The child ended before it had said everything."""

    code = "stretch_lost"


class Beholder(Protocol):
    """Who looks at the pictures of a stretch, and says of which a part is wanted in full size."""

    def see(self, sight: Sight) -> None:
        """Take the next picture; deciding may take until later."""
        ...

    def wanted(self, *, last: bool) -> Sequence[Cut]:
        """Give the cuts that are decided.

        Args:
            last: No more pictures come: everything must be decided now. Before that, only the last `KEPT_SIGHTS` ones
                may be undecided, since the decoder keeps no more.
        """
        ...

    def take(self, cut: Cut, rgb: RgbImage) -> None:
        """Take a cut."""
        ...


KEPT_SIGHTS = 3
"""So many of the last pictures can still be cut, however large they are."""


def look_at(source: Source) -> Footage:
    """Say what a recording is, and that its first picture can be decoded.

    Raises:
        UndecodableVideoError: It is none that is taken; the reason says why.
        NoSandboxError: This machine cannot lock a decoder in.
    """
    with _conversation(source, None, _LOOK) as talk:
        talk.next_kind(b"I")
        return film_wire.read_footage(talk.read_into)


def watch(source: Source, stretch: Stretch, beholder: Beholder) -> StretchEnd:
    """Show a stretch to somebody.

    Raises:
        StretchLostError: Its decoder was stopped or gave back nonsense; what was shown before stays good.
        UndecodableVideoError: It is no recording that is taken.
        NoSandboxError: This machine cannot lock a decoder in.
    """
    length_s = max(1, (stretch.hard_ms - stretch.start_ms) // 1000)
    limits = Limits(wall_s=_WALL_S + _WALL_PER_S * length_s, cpu_s=_CPU_S + _CPU_PER_S * length_s)
    sight: Sight | None = None
    with _conversation(source, stretch, limits) as talk:
        while (kind := talk.next_kind(b"FSZ")) != b"Z":
            sight = film_wire.read_sight(talk.read_into, kind, after=sight)
            beholder.see(sight)
            talk.cut(beholder.wanted(last=False), beholder)
        end = film_wire.read_end(talk.read_into, stretch)
        talk.cut(beholder.wanted(last=True), beholder)
    return end


def picture_at(source: Source, time_ms: int) -> tuple[int, RgbImage]:
    """Give the whole first picture at or after a moment, and its time.

    Raises:
        UndecodableVideoError: There is none, or it cannot be decoded.
        NoSandboxError: This machine cannot lock a decoder in.
    """
    stretch = Stretch(start_ms=time_ms, soft_ms=1 << 40, hard_ms=time_ms + STRETCH_MS, every_ms=1, side_px=64)
    limits = Limits(wall_s=_WALL_S, cpu_s=_CPU_S * 2)
    with _conversation(source, stretch, limits) as talk:
        if talk.next_kind(b"FZ") == b"Z":
            raise UndecodableVideoError(f"no picture at or after {time_ms} ms")
        sight = film_wire.read_sight(talk.read_into, b"F", after=None)
        whole = Cut(sight=0, box_px=(0, 0, sight.width_px, sight.height_px))
        kept = _Kept()
        talk.cut([whole], kept)
    return sight.time_ms, kept.pictures[0]


class _Kept:
    def __init__(self) -> None:
        self.pictures: list[RgbImage] = []

    def take(self, _cut: Cut, rgb: RgbImage) -> None:
        self.pictures.append(rgb)


class _Takes(Protocol):
    def take(self, cut: Cut, rgb: RgbImage) -> None: ...


class _Talk:
    """The conversation with one child."""

    def __init__(self, source: Source, reading: int, writing: int, *, ends: float) -> None:
        self._source = source
        self._writing = writing
        self.read_into = Pipe(reading, ends=ends, patience_s=_PATIENCE_S).read_into

    def next_kind(self, expected: bytes) -> bytes:
        """Answer the child until it says one of what is expected."""
        while (kind := film_wire.taken(self.read_into, 1)) == b"R":
            self._give()
        if kind == b"E":
            raise film_wire.read_reason(self.read_into)
        if kind not in expected:
            raise ForgedPixelsError(f"expected one of {expected!r}, got {kind!r}")
        return kind

    def _give(self) -> None:
        offset, length = film_wire.ASK.unpack(film_wire.taken(self.read_into, film_wire.ASK.size))
        if length > film_wire.READ_LIMIT_BYTES or offset > self._source.size_bytes:
            raise ForgedPixelsError(f"expected a place in the recording, got {offset}, {length} bytes")
        data = self._source.read_at(offset, length)
        self._say(film_wire.LENGTH.pack(len(data)) + data)

    def cut(self, cuts: Sequence[Cut], taker: _Takes) -> None:
        """Ask for cuts and hand them over."""
        cuts = cuts[: film_wire.CUTS_LIMIT]
        self._say(film_wire.packed_cuts(cuts))
        for cut in cuts:
            taker.take(cut, film_wire.read_cut(self.read_into))

    def _say(self, data: bytes) -> None:
        try:
            write_all(self._writing, data)
        except BrokenPipeError as cause:
            raise EOFError from cause


@contextmanager
def _conversation(source: Source, stretch: Stretch | None, limits: Limits) -> Iterator[_Talk]:
    """Talk with a child of its own, and say in one way how it failed."""
    talks = _insecure if INSECURE.in_process else _locked_in
    asked, answers = os.pipe2(os.O_CLOEXEC)
    try:
        with talks(asked, limits) as (reading, reason):
            talk = _Talk(source, reading, answers, ends=time.monotonic() + limits.wall_s + _GRACE_S)
            try:
                write_all(answers, film_wire.job(source.size_bytes, stretch))
                yield talk
            except (EOFError, BrokenPipeError) as cause:
                raise StretchLostError(reason()) from cause
            except ForgedPixelsError as cause:
                raise StretchLostError(f"its decoder gave back what is no picture ({cause})") from cause
    finally:
        os.close(answers)


class _Ending:
    """How a child ended: asked for once, told as often as wanted."""

    def __init__(self, warm: WarmProcess, limits: Limits) -> None:
        self._warm, self._limits = warm, limits
        self._ended: tuple[int, bool] | None = None

    def __call__(self) -> str:
        if self._ended is None:
            self._warm.stop()
            self._ended = self._warm.ended()
        return why(*self._ended, self._limits)


@contextmanager
def _locked_in(asked: int, limits: Limits) -> Iterator[tuple[int, Callable[[], str]]]:
    with ExitStack() as unused:
        unused.callback(os.close, asked)
        with POOL.taken() as warm:
            unused.pop_all()  # from here on it is the warm process's to close
            yield from _started(warm, asked, limits)


def _started(warm: WarmProcess, asked: int, limits: Limits) -> Iterator[tuple[int, Callable[[], str]]]:
    reading = warm.start_on(asked, limits)
    ending = _Ending(warm, limits)
    try:
        yield reading, ending
    finally:
        os.close(reading)
        ending()


@contextmanager
def _insecure(asked: int, _limits: Limits) -> Iterator[tuple[int, Callable[[], str]]]:
    """Decode in a thread of this process, because the setting says so."""
    from countersign.media.sandbox.film import decode_recording  # noqa: PLC0415  PyAV only where it was asked for

    reading, pixels = os.pipe2(os.O_CLOEXEC)

    def decode() -> None:
        try:
            decode_recording(asked, pixels)
        except (OSError, EOFError):
            pass  # nobody listens any more
        finally:
            os.close(asked)
            os.close(pixels)

    thread = threading.Thread(target=decode, daemon=True)
    thread.start()
    try:
        yield reading, lambda: "its decoder ended without an answer"
    finally:
        os.close(reading)


def _start() -> WarmProcess:
    return WarmProcess((sys.executable, "-I", "-m", "countersign.media.sandbox.film"))


POOL = Pool(_start)
atexit.register(POOL.close)
os.register_at_fork(after_in_child=POOL.forget)
