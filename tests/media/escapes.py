"""What an attacker would try who owns a decoder. Each attempt runs in a locked-in child of its own.

An attempt gives True when it got out. Started as a warm process: ``python -c "... main()" <socket>``.
"""

import ctypes
import mmap
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from countersign.media.sandbox.warm import files_of, serve

LIBC = ctypes.CDLL(None, use_errno=True)
PARENT = os.getpid()
HERE = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
PAGE = 4096


def call(number: int, *arguments: object) -> int:
    """Make a system call that Python has no name for."""
    return int(LIBC.syscall(number, *arguments))


def read_a_file() -> bool:
    return bool(Path("/etc/passwd").read_bytes())


def read_a_file_beside_a_folder_that_is_open() -> bool:
    return os.open("etc", os.O_RDONLY, dir_fd=HERE) >= 0


def write_a_file() -> bool:
    return Path("/tmp/escaped").write_bytes(b"x") > 0  # noqa: S108


def list_a_folder() -> bool:
    return bool(os.listdir("/"))  # noqa: PTH208  the call itself


def look_at_a_file() -> bool:
    return os.stat("/etc/passwd").st_size > 0  # noqa: PTH116


def read_what_the_kernel_tells() -> bool:
    return bool(Path("/proc/self/environ").read_bytes())


def write_into_memory_of_its_own() -> bool:
    return os.open("/proc/self/mem", os.O_RDWR) >= 0


def read_a_device() -> bool:
    return os.open("/dev/zero", os.O_RDONLY) >= 0


def open_with_openat2() -> bool:
    how = (ctypes.c_uint64 * 3)(os.O_RDONLY, 0, 0)
    return call(437, -100, b"/etc/passwd", ctypes.byref(how), 24) >= 0


def connect_to_the_network() -> bool:
    with socket.socket() as wire:
        return wire.connect_ex(("127.0.0.1", 9)) == 0


def listen_on_the_network() -> bool:
    with socket.socket() as wire:
        wire.bind(("127.0.0.1", 0))
        return True


def send_a_datagram() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        return wire.sendto(b"x", ("127.0.0.1", 9)) == 1


def reach_a_neighbour() -> bool:
    with socket.socket(socket.AF_UNIX) as wire:
        return wire.fileno() >= 0


def make_a_pair_of_sockets() -> bool:
    return bool(socket.socketpair())


def speak_to_the_kernel() -> bool:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) as wire:
        return wire.fileno() >= 0


def fork_a_process() -> bool:
    child = os.fork()
    if child == 0:
        os._exit(0)
    return child > 0


def start_a_program() -> bool:
    LIBC.execv(b"/bin/true", None)
    return ctypes.get_errno() == 0


def start_a_program_from_memory() -> bool:
    return os.memfd_create("program") >= 0


def start_a_thread() -> bool:
    ran: list[int] = []
    thread = threading.Thread(target=ran.append, args=(1,))
    thread.start()
    thread.join()
    return bool(ran)


def kill_the_parent() -> bool:
    os.kill(PARENT, signal.SIGTERM)
    return True


def kill_everybody() -> bool:
    os.kill(-1, signal.SIGTERM)
    return True


def trace_the_parent() -> bool:
    return call(101, 16, PARENT, 0, 0) == 0


def read_the_parents_memory() -> bool:
    here = ctypes.create_string_buffer(8)
    words = (ctypes.c_uint64 * 2)(ctypes.addressof(here), 8)
    return call(310, PARENT, ctypes.byref(words), 1, ctypes.byref(words), 1, 0) > 0


def take_a_descriptor_of_the_parent() -> bool:
    handle = call(434, PARENT, 0)
    return handle >= 0 and call(438, handle, 0, 0) >= 0


def ask_the_kernel_to_work_for_it() -> bool:
    return call(425, 8, ctypes.create_string_buffer(120)) >= 0


def watch_performance_counters() -> bool:
    return call(298, ctypes.create_string_buffer(120), 0, -1, -1, 0) >= 0


def load_a_kernel_program() -> bool:
    return call(321, 0, ctypes.create_string_buffer(120), 120) >= 0


def become_root() -> bool:
    os.setresuid(0, 0, 0)
    return True


def make_a_namespace() -> bool:
    return call(272, 0x10000000) == 0


def mount_something() -> bool:
    return call(165, b"none", b"/tmp", b"tmpfs", 0, None) == 0


def change_the_root() -> bool:
    os.chroot("/")
    return True


def raise_its_limits() -> bool:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
    return True


def lift_the_filter() -> bool:
    return int(LIBC.prctl(22, ctypes.c_ulong(0), None, 0, 0)) == 0


def make_memory_executable() -> bool:
    memory = mmap.mmap(-1, PAGE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    return len(memory) > 0


def turn_memory_executable() -> bool:
    memory = mmap.mmap(-1, PAGE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return int(LIBC.mprotect(ctypes.c_void_p(address), PAGE, 7)) == 0


def take_four_gibibytes() -> bool:
    return len(bytearray(4 << 30)) > 0


def share_memory_with_others() -> bool:
    return call(29, 1234, PAGE, 0o1600) >= 0


def use_the_other_abi() -> bool:
    return call(0x40000000 | 39) > 0


def calculate_for_ever() -> bool:
    while True:
        pass


def sleep_for_ever() -> bool:
    threading.Event().wait(60)
    return True


def write_for_ever() -> bool:
    while True:
        os.write(PIXELS, b"P" * 65536)


ATTEMPTS: dict[str, Callable[[], bool]] = {
    name: made
    for name, made in list(globals().items())
    if callable(made) and getattr(made, "__module__", "") == __name__ and name != "call"
}
PIXELS = -1


def attempt(job: int, pixels: int) -> None:
    """Try what the job names, and say whether it got out."""
    global PIXELS  # noqa: PLW0603  one attempt a process
    PIXELS = pixels
    (name,) = files_of(job)
    try:
        out = ATTEMPTS[name.decode()]()
    except BaseException:  # noqa: BLE001  whatever stops it, it is stopped
        out = False
    os.write(pixels, b"out" if out else b"in")


def main(*, threads: bool = False) -> None:
    with socket.socket(fileno=int(sys.argv[1])) as door:
        serve(door, attempt, threads=threads)
