"""The warm process as seen from outside: start it, give it files, read what comes back, hear how its child ended."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from fcntl import F_ADD_SEALS, F_SEAL_GROW, F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_WRITE, F_SETPIPE_SZ, fcntl

from countersign.errors import IntegrityBroken
from countersign.media.decoding import Still, UndecodableImageError
from countersign.media.sandbox.lockdown import NoSandboxError, missing_walls
from countersign.media.sandbox.warm import ENDED, STOP, Limits, job_message
from countersign.media.sandbox.wire import ForgedPixelsError, read_one

WALL_S, CPU_S = 8.0, 5
_WALL_PER_FILE_S, _CPU_PER_FILE_S = 1.0, 1
_PIPE_BYTES = 1 << 20
_START_S = 30.0
_GRACE_S = 5.0
# Not the caller's environment: nothing in it is a decoder's business. One thread, so that forking is safe.
# Large pages of memory: a child's is new to it, and small ones cost as much as decoding what is laid on them.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}

Outcome = Still | UndecodableImageError


class SandboxBrokenError(IntegrityBroken):
    """The warm process itself is gone: a fault of this machine, not of a file."""

    code = "sandbox_broken"


class StoppedError(Exception):
    """The child ended before it had said everything."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WarmProcess:
    """One warm process and the socket to it.

    Args:
        command: What to start; it is given the number of its socket as its last argument.
    """

    def __init__(self, command: Sequence[str] = (sys.executable, "-I", "-m", "countersign.media.sandbox.warm")) -> None:
        missing = missing_walls()
        if missing:
            raise NoSandboxError(", ".join(missing))
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [*command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._door.settimeout(_START_S)
        try:
            greeting = self._door.recv(16)
        except TimeoutError:
            greeting = b""
        if greeting != b"warm":
            self.close()
            raise SandboxBrokenError("expected a decoder to warm up, got none")

    def run(self, files: Sequence[bytes], limits: Limits | None = None) -> Generator[Outcome, None, None]:
        """Have files decoded by one child.

        Raises:
            StoppedError: The child ended before it had said everything.
            SandboxBrokenError: This process is gone.
        """
        limits = limits or Limits(
            wall_s=WALL_S + _WALL_PER_FILE_S * (len(files) - 1), cpu_s=CPU_S + _CPU_PER_FILE_S * (len(files) - 1)
        )
        reading = self.start(files, limits)
        pipe = Pipe(reading, ends=time.monotonic() + limits.wall_s + _GRACE_S)
        reason = ""
        finished = False
        try:
            for _ in files:
                yield read_one(pipe.read_into)
            finished = True
        except EOFError:
            pass
        except ForgedPixelsError as error:
            reason = f"its decoder gave back what is no image ({error})"
        finally:
            os.close(reading)
            ended = self.ended()
        if not finished:
            raise StoppedError(reason or why(*ended, limits))

    def start(self, files: Sequence[bytes], limits: Limits) -> int:
        """Start a child on these files; give the descriptor to read its answer from."""
        return self.start_on(_sealed(files), limits)

    def start_on(self, job: int, limits: Limits) -> int:
        """Start a child on a descriptor, which is then its own; give the one to read its answer from."""
        reading, writing = os.pipe2(os.O_CLOEXEC)
        fcntl(writing, F_SETPIPE_SZ, _PIPE_BYTES)
        try:
            socket.send_fds(self._door, [job_message(limits)], [job, writing])
        except OSError as cause:
            os.close(reading)
            raise SandboxBrokenError("expected a warm decoder, got none") from cause
        finally:
            os.close(job)
            os.close(writing)
        self._door.settimeout(limits.wall_s + _GRACE_S)
        return reading

    def stop(self) -> None:
        """Give the running child up: it is killed, unless it has ended by itself. `ended` says which."""
        try:
            self._door.send(STOP)
        except OSError as cause:
            raise SandboxBrokenError("expected a warm decoder, got none") from cause

    def ended(self) -> tuple[int, bool]:
        """Wait until the child has ended; give its exit status and whether it ran out of time."""
        try:
            answer = self._door.recv(ENDED.size)
        except OSError as cause:
            raise SandboxBrokenError("expected to hear how a decoder ended, got nothing") from cause
        if len(answer) != ENDED.size:
            raise SandboxBrokenError("expected to hear how a decoder ended, got nothing")
        status, late = ENDED.unpack(answer)
        return status, bool(late)

    def close(self) -> None:
        """End the warm process and whatever child it has."""
        self._door.close()
        try:
            self.process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def why(status: int, late: bool, limits: Limits) -> str:  # noqa: FBT001  as the warm process says it
    """Say why a child ended before it had said everything."""
    if late or status in {-signal.SIGXCPU, -signal.SIGKILL}:
        return f"its decoder was stopped after {limits.wall_s:.0f} s or {limits.cpu_s} s of processor time"
    if status < 0:
        return f"its decoder was stopped by {signal.Signals(-status).name}"
    return "its decoder ended without an answer"


def _sealed(files: Sequence[bytes]) -> int:
    """Put files into memory that nobody can change any more."""
    job = os.memfd_create("job", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with open(job, "wb", closefd=False) as stream:
        for data in files:
            stream.write(len(data).to_bytes(8, "little"))
            stream.write(data)
    os.lseek(job, 0, os.SEEK_SET)
    fcntl(job, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)
    return job


class Pipe:
    """Reads whole buffers from a pipe, and never waits beyond a moment, nor longer than so much at once.

    Args:
        descriptor: The end to read from.
        ends: The moment, by the monotonic clock.
        patience_s: How long the other side may say nothing.
    """

    def __init__(self, descriptor: int, *, ends: float, patience_s: float = float("inf")) -> None:
        self._descriptor = descriptor
        self._ends = ends
        self._patience_s = patience_s
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)

    def read_into(self, buffer: memoryview) -> None:
        """Fill a buffer whole; ``EOFError`` when the other side is gone or late."""
        while buffer:
            left_s = min(self._ends - time.monotonic(), self._patience_s)
            if not self._poll.poll(max(0.0, left_s * 1000)):
                raise EOFError
            read = os.readv(self._descriptor, [buffer])
            if not read:
                raise EOFError
            buffer = buffer[read:]
