"""Nothing gets out of a locked-in decoder, and nothing that it does hurts more than its own file."""

import gc
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from countersign.media import decoding
from countersign.media.decoding import Still, UndecodableImageError
from countersign.media.sandbox import decoder, lockdown, process, warm, wire
from countersign.media.sandbox.decoder import decode_image, decode_images
from countersign.media.sandbox.lockdown import NoSandboxError
from countersign.media.sandbox.process import SandboxBrokenError, WarmProcess
from countersign.media.sandbox.warm import Limits
from countersign.media.sandbox.wire import ForgedPixelsError
from tests.media.escapes import ATTEMPTS
from tests.media.must import in_colour, in_grey

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
WORKERS = {"images": True, "archives": False}
"""Each worker, and whether it may start threads: there is no other difference between their walls."""
SHORT = Limits(wall_s=2.0, cpu_s=1)
WELL_FORMED = {
    *("valid.avif", "valid-alpha.avif", "valid-avif-colr-nclx.avif", "valid-avif-colr-prof.avif"),
    *(
        "valid-avif-colr-nclx-and-prof.avif",
        "1x1-black-alpha-50pct-premultiplied.avif",
        "a1op.avif",
        "unknown_mdat.avif",
    ),
    *("loop_1.avif", "loop_forever.avif", "no_edts.avif", "clap-basic-1_3x3-to-1x1.avif", "huge_IDAT.png"),
}
OUTSIDE = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from countersign.media.decoding import UndecodableImageError, decode_image, open_decoders
open_decoders()
def decodes(path):
    try:
        return bool(decode_image(Path(path).read_bytes()))
    except UndecodableImageError:
        return False
json.dump([decodes(path) for path in sys.argv[1:]], sys.stdout)
"""
MUTANTS = 20_000 if os.environ.get("COUNTERSIGN_LONG") else 600

pytestmark = pytest.mark.skipif(bool(lockdown.missing_walls()), reason=f"no {', '.join(lockdown.missing_walls())} here")


def encoded(name: str = "PNG", *, size: tuple[int, int] = (9, 5), mode: str = "RGB", **options: object) -> bytes:
    stream = BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(stream, name, **options)
    return stream.getvalue()


@pytest.fixture(scope="module", params=sorted(WORKERS))
def attacker(request: pytest.FixtureRequest) -> Iterator[tuple[WarmProcess, bool]]:
    threads = WORKERS[request.param]
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.media.escapes import main; main(threads={threads})"
    )
    warm_process = WarmProcess((sys.executable, "-c", code))
    yield warm_process, threads
    warm_process.close()


def test_there_are_at_least_thirty_ways_to_try():
    assert len(ATTEMPTS) >= 30


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
def test_no_attempt_gets_out(attacker: tuple[WarmProcess, bool], name: str):
    warm_process, threads = attacker
    reading = warm_process.start([name.encode()], SHORT)
    said = b""
    while name != "write_for_ever" and (part := os.read(reading, 64)):
        said += part
    os.close(reading)
    status, late = warm_process.ended()

    if threads and name == "start_a_thread":
        assert said == b"out"  # a thread is no way out: it has the same walls
        return
    assert said in {b"", b"in"}
    assert said == b"in" or late or status != 0


def test_the_attempts_get_out_where_nothing_locks_them_in():
    """The suite bites: the same attempts outside the sandbox succeed where that harms nobody."""
    harmless = ("read_a_file", "list_a_folder", "look_at_a_file", "reach_a_neighbour", "make_memory_executable")

    assert [name for name in harmless if ATTEMPTS[name]()] == list(harmless)


def test_pixels_come_back_as_they_would_without_a_sandbox():
    data = encoded("JPEG", size=(640, 480))

    assert np.array_equal(decode_image(data).rgb_upright, decoding.decode_image(data).rgb_upright)
    assert not decode_image(data).rgb_upright.flags.writeable


def test_a_batch_gives_each_file_its_own_outcome_in_order():
    files = [encoded(), b"nothing", encoded("GIF"), b"", encoded("TIFF", mode="CMYK")]

    kinds = [one.format if isinstance(one, Still) else type(one) for one in decode_images(files)]

    assert kinds == ["PNG", UndecodableImageError, "GIF", UndecodableImageError, "TIFF"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "LAB", "I", "F", "I;16"])
def test_every_colour_mode_that_a_format_has_decodes_with_the_doors_shut(mode: str):
    """A decoder that loads a module late would fail here and nowhere else."""
    made = 0
    for name in ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF", "JPEG2000", "AVIF"):
        stream = BytesIO()
        image = (
            Image.new(mode, (64, 48)) if mode == "LAB" else Image.radial_gradient("L").resize((64, 48)).convert(mode)
        )
        try:
            image.save(stream, name)
        except (OSError, ValueError, KeyError):
            continue
        assert decode_image(stream.getvalue()).width_px == 64
        made += 1
    assert made


def test_a_child_that_dies_costs_its_file_and_no_other(monkeypatch: pytest.MonkeyPatch):
    def crash(self: WarmProcess, files: list[bytes], limits: Limits | None = None) -> Iterator[object]:
        for data in files:
            if data == b"crash":
                raise process.StoppedError("its decoder was stopped by SIGSEGV")
            yield from whole(self, [data], limits)

    whole = WarmProcess.run
    monkeypatch.setattr(WarmProcess, "run", crash)

    outcomes = list(decode_images([encoded(), b"crash", encoded("GIF")]))

    assert [type(one) for one in outcomes] == [Still, UndecodableImageError, Still]
    assert "SIGSEGV" in str(outcomes[1])


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        ((0, True), "stopped after 8 s or 5 s"),
        ((-signal.SIGXCPU, False), "stopped after"),
        ((-signal.SIGSYS, False), "stopped by SIGSYS"),
        ((1, False), "ended without an answer"),
    ],
)
def test_how_a_child_ended_is_told(ended: tuple[int, bool], said: str):
    assert said in process.why(*ended, Limits(wall_s=8.0, cpu_s=5))


def test_more_memory_than_a_child_may_have_is_refused():
    """49,000,000 pixels of 32 bits: the bytes are few, what they unfold to is not."""
    stream = BytesIO()
    Image.new("I", (7000, 7000)).save(stream, "TIFF", compression="tiff_adobe_deflate")

    outcome = next(decode_images([stream.getvalue()]))

    assert isinstance(outcome, Still | UndecodableImageError)
    assert isinstance(next(decode_images([encoded()])), Still)


def test_a_thread_of_its_own_has_a_decoder_of_its_own():
    data = encoded("JPEG", size=(800, 600))
    seen: list[Still] = []
    threads = [threading.Thread(target=lambda: seen.append(decode_image(data))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 4
    assert all(np.array_equal(one.rgb_upright, seen[0].rgb_upright) for one in seen)


def test_a_caller_who_stops_listening_leaves_the_decoder_usable():
    files = [encoded("BMP", size=(900, 900))] * 8
    outcomes = decode_images(files)
    next(outcomes)
    outcomes.close()

    assert isinstance(next(decode_images(files)), Still)


def test_a_half_read_answer_that_is_collected_with_its_frames_leaves_the_decoder_usable(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(decoder, "POOL", decoder.Pool())
    files = [encoded("BMP", size=(900, 900))] * 8
    outcomes = decode_images(files)
    next(outcomes)
    cycle: list[object] = [outcomes]
    cycle.append(cycle)
    del outcomes, cycle
    gc.collect()

    assert isinstance(next(decode_images(files)), Still)
    decoder.POOL.close()


def test_a_warm_process_that_is_gone_is_a_fault_and_the_next_call_has_a_new_one():
    lost = WarmProcess()
    lost.process.kill()
    lost.process.wait()

    with pytest.raises(SandboxBrokenError):
        list(lost.run([encoded()]))
    lost.close()
    assert isinstance(next(decode_images([encoded()])), Still)


def test_a_decoder_that_does_not_warm_up_is_a_fault():
    with pytest.raises(SandboxBrokenError, match="expected a decoder to warm up"):
        WarmProcess((sys.executable, "-c", "pass"))


def test_a_machine_without_walls_decodes_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")

    with pytest.raises(NoSandboxError, match=r"expected Landlock and seccomp.*riscv64"):
        WarmProcess.__init__(object.__new__(WarmProcess))
    with pytest.raises(NoSandboxError):
        lockdown.lock_down(cpu_s=1)


def test_without_the_sandbox_files_are_decoded_here_and_only_when_that_was_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(decoder, "INSECURE", decoder.Insecure())
    monkeypatch.setattr(decoder.POOL, "taken", lambda: pytest.fail("a sandbox was used"))
    decoder.insecurely_decode_in_process()

    assert [type(one) for one in decode_images([encoded(), b"no"])] == [Still, UndecodableImageError]


def answer_of(data: bytes) -> Still | UndecodableImageError:
    stream = BytesIO(data)

    def read_into(buffer: memoryview) -> None:
        if stream.readinto(buffer) < len(buffer):
            raise EOFError

    return wire.read_one(read_into)


@pytest.mark.parametrize(
    "data",
    [
        b"X",
        b"P" + wire.HEAD.pack(0, 5, 0, 0),
        b"P" + wire.HEAD.pack(1 << 20, 1 << 20, 0, 0),
        b"P" + wire.HEAD.pack(2, 2, 99, 0) + bytes(12),
        b"P" + wire.HEAD.pack(2, 2, 0, 5) + b"today" + bytes(12),
        b"E" + wire.LENGTH.pack(wire.REASON_LIMIT_BYTES + 1),
    ],
)
def test_what_is_no_image_within_the_limits_is_thrown_away(data: bytes):
    with pytest.raises(ForgedPixelsError):
        answer_of(data)


def test_a_cut_answer_is_no_image():
    whole = b"".join(bytes(part) for part in wire.packed(decoding.decode_image(encoded())))

    assert isinstance(answer_of(whole), Still)
    for length in range(len(whole)):
        with pytest.raises(EOFError):
            answer_of(whole[:length])


def test_a_reason_carries_no_control_characters():
    told = answer_of(wire.packed_reason("bad\x1b[2J\nfile" + "x" * 900))

    assert isinstance(told, UndecodableImageError)
    assert told.reason.isprintable()
    assert len(told.reason) <= wire.REASON_LIMIT_BYTES


def test_a_forged_answer_is_refused_and_the_decoder_is_not_believed_again(monkeypatch: pytest.MonkeyPatch):
    def forged(_: object) -> Still:
        raise ForgedPixelsError("expected pixels")

    monkeypatch.setattr(process, "read_one", forged)

    (outcome,) = decode_images([encoded()])

    assert isinstance(outcome, UndecodableImageError)
    assert "gave back what is no image" in outcome.reason


def mutants(seed: int, number: int) -> Iterator[bytes]:
    """Give good files with bytes flipped, cut, doubled and written over."""
    rng = random.Random(seed)  # noqa: S311  repeatable
    good = [data for name, data in (*in_colour(), *in_grey()) if "orientation" not in name]
    for _ in range(number):
        data = bytearray(rng.choice(good))
        for _ in range(rng.choice((1, 1, 2, 4, 16))):
            at = rng.randrange(len(data))
            match rng.randrange(4):
                case 0:
                    data[at] ^= 1 << rng.randrange(8)
                case 1:
                    data[at : at + 4] = rng.choice((b"\xff" * 4, bytes(4), rng.randbytes(4)))
                case 2:
                    del data[at : at + rng.randrange(1, 40)]
                case _:
                    data[at:at] = data[at : at + rng.randrange(1, 40)]
            data = data or bytearray(b"x")
        yield bytes(data)


@pytest.mark.long
def test_no_mutants_of_good_files_bring_the_decoder_down():
    outcomes = list(decode_images(list(mutants(20, MUTANTS))))

    assert len(outcomes) == MUTANTS
    assert {type(one) for one in outcomes} == {Still, UndecodableImageError}


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not here")
def test_hostile_files_are_decoded_or_refused_with_a_reason():
    paths = sorted(path for name in ("pillow", "jpeg", "png", "mp4") for path in (CORPORA / name).iterdir())

    outcomes = list(decode_images([path.read_bytes() for path in paths]))

    assert len(outcomes) == len(paths) >= 230
    assert all(isinstance(one, Still) or one.reason for one in outcomes)
    # None crashed, none ran out of its eight seconds, none was killed for want of memory.
    assert [path.name for path, one in zip(paths, outcomes, strict=True) if "its decoder" in str(one)] == []
    assert process.WALL_S <= 10
    assert lockdown.MEMORY_LIMIT_BYTES <= 1 << 30
    decoded = {path.name for path, one in zip(paths, outcomes, strict=True) if isinstance(one, Still)}
    assert decoded >= WELL_FORMED
    assert not [name for name in decoded if name.startswith(("timeout-", "oom-", "bomb"))]


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not here")
def test_the_sandbox_refuses_nothing_that_would_decode_outside_of_it():
    """A decoder that silently lacks a call, a thread or a module refuses good files, and nobody notices."""
    paths = sorted(path for name in ("pillow", "jpeg", "png", "mp4") for path in (CORPORA / name).iterdir())
    done = subprocess.run([sys.executable, "-c", OUTSIDE, *map(str, paths)], capture_output=True, check=True)

    decoded = [isinstance(one, Still) for one in decode_images([path.read_bytes() for path in paths])]
    assert decoded == json.loads(done.stdout)


def test_the_warm_process_ends_with_whoever_started_it():
    script = (
        "from countersign.media.sandbox.process import WarmProcess; import os;"
        "warm = WarmProcess(); print(warm.process.pid, flush=True); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    left = int(done.stdout)

    for _ in range(200):
        if not Path(f"/proc/{left}").exists():
            break
        threading.Event().wait(0.05)
    assert not Path(f"/proc/{left}").exists()


def test_every_sample_of_the_warm_up_decodes():
    samples = list(warm.samples())

    assert len(samples) > 40
    assert all(isinstance(decoding.decode_image(data), Still) for data in samples)
