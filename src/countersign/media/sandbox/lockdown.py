"""Takes everything from the calling process but memory and the files that it holds open. There is no way back.

Five walls, each of which would do for most attacks:

- the system's account *nobody*, where the process is root's;
- limits on memory, processor time, file sizes and open files (setrlimit);
- Landlock without a rule: no path of the file system can be opened, whatever the account may do;
- seccomp: an allow-list of system calls. Opening, connecting and asking are answered with "not permitted", so that a
  library can give up in peace; whatever else is not on the list kills the process;
- no privilege can be gained any more (PR_SET_NO_NEW_PRIVS).

Written with ctypes: the two libraries that there are need a C library that PyPI does not carry (ADR 0025).
"""

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Iterator

from countersign.errors import Refused

NOBODY = 65534
MEMORY_LIMIT_BYTES = 1 << 30
_PR_SET_NO_NEW_PRIVS, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 4, 22, 2
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF, _LANDLOCK_VERSION = 444, 446, 1
# Rights that Landlock knows by version of its interface: files, then networks, then signals and abstract sockets.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_LD_WORD, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_AUDIT_ARCH_X86_64, _X32_BIT = 0xC000003E, 0x40000000
_ARGUMENT_0, _ARGUMENT_2 = 16, 32  # offsets of the low halves in struct seccomp_data
_PROT_EXEC, _CLONE_THREAD = 4, 0x10000

# x86_64, by name so that the list can be read; the numbers are the kernel's and never change.
# fmt: off
_ALLOWED = {
    "read": 0,
    "write": 1,
    "close": 3,
    "fstat": 5,
    "lseek": 8,
    "munmap": 11,
    "brk": 12,
    "rt_sigaction": 13,
    "rt_sigprocmask": 14,
    "rt_sigreturn": 15,
    "readv": 19,
    "writev": 20,
    "sched_yield": 24,
    "mremap": 25,
    "madvise": 28,
    "getpid": 39,
    "exit": 60,
    "sigaltstack": 131,
    "gettid": 186,
    "futex": 202,
    "sched_getaffinity": 204,
    "clock_gettime": 228,
    "clock_nanosleep": 230,
    "exit_group": 231,
    "set_robust_list": 273,
    "getrandom": 318,
    "rseq": 334,
}
_NOT_PERMITTED = {
    "open": 2,
    "stat": 4,
    "lstat": 6,
    "ioctl": 16,
    "access": 21,
    "socket": 41,
    "connect": 42,
    "fcntl": 72,
    "getcwd": 79,
    "readlink": 89,
    "sysinfo": 99,
    "getuid": 102,
    "getgid": 104,
    "geteuid": 107,
    "prctl": 157,
    "openat": 257,
    "newfstatat": 262,
    "readlinkat": 267,
    "faccessat": 269,
    "prlimit64": 302,
    "memfd_create": 319,
    "statx": 332,
    "faccessat2": 439,
}
# fmt: on
_NEVER_EXECUTABLE = {"mmap": 9, "mprotect": 10}
_CLONE, _CLONE3 = 56, 435


class NoSandboxError(Refused):
    """This machine cannot lock a decoder in, so nothing is decoded."""

    code = "no_sandbox"

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"expected Landlock and seccomp to lock the decoder in, got none of: {missing}; nothing was decoded"
            " (COUNTERSIGN_INSECURE_DECODING_IN_PROCESS turns the sandbox off, for development only)"
        )


def missing_walls() -> tuple[str, ...]:
    """Name what this machine lacks; empty where a decoder can be locked in."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return (f"Linux on x86_64 (this is {platform.system()} on {platform.machine()})",)
    missing = []
    if _landlock_version() < 1:
        missing.append("Landlock")
    if _prctl(21, 0) < 0:  # PR_GET_SECCOMP is there exactly when seccomp is
        missing.append("seccomp")
    return tuple(missing)


def lock_down(*, cpu_s: int, threads: bool = False, memory_bytes: int = MEMORY_LIMIT_BYTES) -> None:
    """Lock the calling process in, for good. Whatever fails ends in an exception, before a byte was decoded.

    Args:
        cpu_s: Processor seconds until the kernel stops the process.
        threads: The decoder may start threads (never processes).
        memory_bytes: How much address space the process may have in all.

    Raises:
        NoSandboxError: A wall that does not stand.
    """
    missing = missing_walls()
    if missing:
        raise NoSandboxError(", ".join(missing))
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    _demand(_prctl(_PR_SET_DUMPABLE, 0), "PR_SET_DUMPABLE")
    _demand(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "PR_SET_NO_NEW_PRIVS")
    _shut_the_file_system()
    _filter_system_calls(threads=threads)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, argument: int) -> int:
    return int(_libc().prctl(option, ctypes.c_ulong(argument), 0, 0, 0))


def _landlock_version() -> int:
    return int(_libc().syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION))


def _demand(answer: int, wall: str) -> None:
    if answer < 0:
        raise NoSandboxError(f"{wall} ({os.strerror(ctypes.get_errno())})")


def _shut_the_file_system() -> None:
    """Handle every right that this kernel knows and allow none."""
    version = _landlock_version()
    files = (1 << max(number for least, number in _FILE_RIGHTS.items() if least <= version)) - 1
    network = 0b11 if version >= 4 else 0  # noqa: PLR2004  the version that brought it
    scoped = 0b11 if version >= 6 else 0  # noqa: PLR2004
    words = [files, *([network] if version >= 4 else []), *([scoped] if version >= 6 else [])]  # noqa: PLR2004
    attributes = struct.pack(f"{len(words)}Q", *words)
    made = _libc().syscall(_LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    _demand(made, "Landlock")
    _demand(_libc().syscall(_LANDLOCK_RESTRICT_SELF, made, 0), "Landlock")
    os.close(made)


def _filter_system_calls(*, threads: bool) -> None:
    program = b"".join(_program(threads=threads))
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    answer = _libc().prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), header, 0, 0)
    _demand(int(answer), "seccomp")


def _program(*, threads: bool) -> Iterator[bytes]:
    """Give the filter, instruction by instruction: what is not named ends the process."""
    yield _step(_LD_WORD, 4)
    yield _step(_JEQ, _AUDIT_ARCH_X86_64, 1, 0)
    yield _step(_RETURN, _KILL)
    yield _step(_LD_WORD, 0)
    yield _step(_JGE, _X32_BIT, 0, 1)
    yield _step(_RETURN, _KILL)
    for number in _ALLOWED.values():
        yield from _answer(number, _ALLOW)
    for number in _NOT_PERMITTED.values():
        yield from _answer(number, _ERRNO | _EPERM)
    yield from _answer(_CLONE3, _ERRNO | _ENOSYS)
    for number in _NEVER_EXECUTABLE.values():
        yield from _unless(number, _ARGUMENT_2, _PROT_EXEC, then=_ERRNO | _EPERM, otherwise=_ALLOW)
    if threads:
        yield from _unless(_CLONE, _ARGUMENT_0, _CLONE_THREAD, then=_ALLOW, otherwise=_ERRNO | _EPERM)
    else:
        yield from _answer(_CLONE, _ERRNO | _EPERM)
    yield _step(_RETURN, _KILL)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _answer(number: int, answer: int) -> Iterator[bytes]:
    yield _step(_JEQ, number, 0, 1)
    yield _step(_RETURN, answer)


def _unless(number: int, argument: int, bits: int, *, then: int, otherwise: int) -> Iterator[bytes]:
    """Answer ``then`` where the argument has one of the bits, else ``otherwise``; both end the program."""
    yield _step(_JEQ, number, 0, 4)
    yield _step(_LD_WORD, argument)
    yield _step(_JSET, bits, 0, 1)
    yield _step(_RETURN, then)
    yield _step(_RETURN, otherwise)
