"""A recording is decoded by a child that reaches nothing, stretch by stretch; what is damaged is told."""

import os
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from countersign.media.footage import (
    BytesSource,
    Cut,
    Footage,
    Sight,
    Stretch,
    StretchEnd,
    UndecodableVideoError,
    is_recording,
)
from countersign.media.sandbox import decoder, film_wire, lockdown, viewer
from countersign.media.sandbox.process import WarmProcess
from countersign.media.sandbox.viewer import StretchLostError, look_at, picture_at, watch
from countersign.media.sandbox.warm import Limits
from countersign.media.sandbox.wire import ForgedPixelsError
from tests.media.clips import KINDS, Onlooker, clip, plain
from tests.media.escapes import ATTEMPTS

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
ESCAPE = (
    sys.executable,
    "-c",
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.media.escapes import main; main(threads=True)",
)
WHOLE = Stretch(start_ms=0, soft_ms=50_000, hard_ms=60_000, every_ms=200, side_px=960)
PERMITTED = {"start_a_thread"}
"""What a decoder of recordings may do that one of images may not."""

pytestmark = pytest.mark.skipif(bool(lockdown.missing_walls()), reason=f"no {', '.join(lockdown.missing_walls())} here")


@pytest.fixture(scope="module")
def attacker() -> Iterator[WarmProcess]:
    warm_process = WarmProcess(ESCAPE)
    yield warm_process
    warm_process.close()


@pytest.mark.parametrize("name", sorted(ATTEMPTS.keys() - PERMITTED))
def test_no_attempt_gets_out_of_a_decoder_that_may_start_threads(attacker: WarmProcess, name: str):
    reading = attacker.start([name.encode()], Limits(wall_s=2.0, cpu_s=1))
    said = b""
    while name != "write_for_ever" and (part := os.read(reading, 64)):
        said += part
    os.close(reading)
    status, late = attacker.ended()

    assert said in {b"", b"in"}
    assert said == b"in" or late or status != 0


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_container_and_codec_is_decoded_with_the_doors_shut(kind: str):
    source = BytesSource(clip(plain(), kind))
    seen = Onlooker((0, 0, 48, 64))

    footage = look_at(source)
    end = watch(source, WHOLE, seen)

    assert is_recording(source.data[:400])
    assert (footage.width_px, footage.height_px) == (96, 64)
    assert abs(footage.duration_ms - 2000) <= 100
    assert len(seen.sights) in range(8, 12)
    assert {rgb.shape for _, rgb in seen.cuts} == {(64, 48, 3)}
    assert len(seen.cuts) == len(seen.sights)
    assert end == StretchEnd(next_ms=None, damaged_ms=())


def test_a_cut_shows_the_picture_that_it_was_asked_of():
    source = BytesSource(clip(plain(), "avi/mjpeg"))
    seen = Onlooker((0, 0, 96, 64))

    watch(source, WHOLE, seen)

    for sight, (_, rgb) in zip(seen.sights, seen.cuts, strict=True):
        assert sight.rgb is not None
        assert np.abs(sight.rgb.astype(int) - rgb).mean() < 6


@pytest.mark.parametrize("kind", ["mp4/h264", "mkv/h264", "ts/h264", "avi/mpeg4", "webm/vp8"])
def test_stretch_by_stretch_shows_what_one_stretch_shows(kind: str):
    source = BytesSource(clip(plain(6), kind))
    whole = Onlooker()
    watch(source, WHOLE, whole)
    parts: list[int] = []
    start: int | None = 0
    stretches = 0
    while start is not None:
        seen = Onlooker()
        stretch = Stretch(start_ms=start, soft_ms=start + 1500, hard_ms=start + 60_000, every_ms=200, side_px=960)
        start = watch(source, stretch, seen).next_ms
        parts += seen.times_ms
        stretches += 1

    assert stretches in {3, 4}
    assert parts == whole.times_ms


def test_a_stretch_without_a_picture_to_start_at_ends_all_the_same():
    source = BytesSource(clip(plain(4), every_key=1000, params={"x264-params": "scenecut=0"}))
    first, second = Onlooker(), Onlooker()

    end = watch(source, Stretch(start_ms=0, soft_ms=500, hard_ms=2000, every_ms=200, side_px=96), first)
    watch(source, Stretch(start_ms=2000, soft_ms=9000, hard_ms=9000, every_ms=200, side_px=96), second)

    assert end.next_ms == 2000
    assert first.times_ms[-1] < 2000 <= second.times_ms[0] < 2200


def test_pictures_at_uneven_moments_keep_their_moments():
    times = [0, 40, 80, 1000, 1040, 5000, 5040, 9000]
    frames = list(plain(8 / 25))
    source = BytesSource(clip(frames, "mkv/h264", rate=1000, times_ms=times, every_key=1))
    seen = Onlooker()

    watch(source, WHOLE, seen)

    assert seen.times_ms == [0, 1000, 5000, 9000]


def test_where_nothing_moves_no_picture_is_given_again():
    still = np.full((64, 96, 3), 90, dtype=np.uint8)
    seen = Onlooker()

    watch(BytesSource(clip([still] * 25 + list(plain(1)))), WHOLE, seen)

    assert [sight.rgb is None for sight in seen.sights[:5]] == [False, True, True, True, True]
    assert not any(sight.rgb is None for sight in seen.sights[6:])


def test_a_recording_without_an_index_is_decoded():
    """An AVI that was cut off before its index was written, as a recorder leaves it at a power cut."""
    whole = clip(plain(4), "avi/mpeg4")
    source = BytesSource(whole[: whole.index(b"idx1") - 1000])
    seen = Onlooker()

    end = watch(source, WHOLE, seen)

    assert len(seen.sights) >= 12
    assert end.next_ms is None


def test_a_damaged_part_is_stepped_over_and_told():
    whole = bytearray(clip(plain(6), "ts/h264"))
    third = len(whole) // 3
    whole[third : third + third // 2] = os.urandom(third // 2)
    seen = Onlooker()

    end = watch(BytesSource(bytes(whole)), WHOLE, seen)

    assert seen.times_ms[0] < 400
    assert seen.times_ms[-1] > 5000
    assert end.damaged_ms
    assert all(1000 < start < until < 5000 for start, until in end.damaged_ms)


def test_one_picture_can_be_had_whole():
    time_ms, rgb = picture_at(BytesSource(clip(plain(3))), 1500)

    assert 1500 <= time_ms < 1700
    assert rgb.shape == (64, 96, 3)
    with pytest.raises(UndecodableVideoError, match="no picture at or after 9000 ms"):
        picture_at(BytesSource(clip(plain(1))), 9000)


SCRIPTS = {
    "concat": b"ffconcat version 1.0\nfile '/etc/hostname'\n",
    "hls": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n",
    "dash": b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>file:///etc/</BaseURL></MPD>",
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
    "words": b"no recording at all",
    "nothing": b"",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_names_other_files_opens_none_of_them(name: str):
    with pytest.raises(UndecodableVideoError):
        look_at(BytesSource(SCRIPTS[name]))
    with pytest.raises(UndecodableVideoError):
        watch(BytesSource(SCRIPTS[name]), WHOLE, Onlooker())


def test_a_container_that_refers_to_another_file_opens_none():
    """QuickTime may name the file in which its samples lie; here that is a file of the machine."""
    alias = b"url \x00\x00\x00\x00file:///etc/hostname\x00"
    referring = clip(plain()).replace(b"\x00\x00\x00\x0curl \x00\x00\x00\x01", b"", 1)
    dref = referring.index(b"dref")
    forged = referring[: dref + 12] + struct.pack(">I", len(alias) + 4) + alias + referring[dref + 12 :]

    with pytest.raises(UndecodableVideoError):
        look_at(BytesSource(forged))


def test_sound_is_no_recording():
    stream = BytesIO()
    import av

    with av.open(stream, "w", format="matroska") as container:
        audio = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), dtype=np.float32), format="fltp", layout="mono")
        frame.rate = 8000
        container.mux(audio.encode(frame))
        container.mux(audio.encode())

    with pytest.raises(UndecodableVideoError, match="no pictures"):
        look_at(BytesSource(stream.getvalue()))


@pytest.mark.skipif(not (SHARED / "data/video").is_dir(), reason="no shared recordings here")
def test_a_rotated_recording_comes_upright():
    source = BytesSource((SHARED / "data/video/new_face_video-90.mp4").read_bytes())
    footage = look_at(source)
    _, rgb = picture_at(source, 1000)

    assert (footage.width_px, footage.height_px) == (640, 480)
    assert rgb.shape == (480, 640, 3)


@pytest.mark.skipif(not (SHARED / "data/video").is_dir(), reason="no shared recordings here")
def test_a_broken_recording_is_refused_with_what_is_wrong_with_it():
    with pytest.raises(UndecodableVideoError, match="its index is missing"):
        look_at(BytesSource((SHARED / "data/video/video_01_invalid.mp4").read_bytes()))


@pytest.mark.skipif(not (SHARED / "corpora/mp4").is_dir(), reason="no shared corpora here")
def test_the_shared_corpus_ends_no_child():
    decoded, refused = [], []
    for path in sorted((SHARED / "corpora/mp4").iterdir()):
        source = BytesSource(path.read_bytes())
        try:
            watch(source, WHOLE, Onlooker((0, 0, 64, 64)))
        except StretchLostError as lost:
            pytest.fail(f"{path.name}: {lost.reason}")
        except UndecodableVideoError as error:
            refused.append((path.name, error.reason))
        else:
            decoded.append(path.name)

    assert len(decoded) + len(refused) == 53
    assert {"minimal.mp4", "metadata.mp4", "video_rotation_90.mp4"} <= set(decoded)
    assert all(reason for _, reason in refused)


class Killer(Onlooker):
    """Kills the child in the middle."""

    def see(self, sight: Sight) -> None:
        super().see(sight)
        if sight.number == 2:
            warm = next(one for one in viewer.POOL._all)  # noqa: SLF001  there is no other way to it
            children = Path(f"/proc/{warm.process.pid}/task/{warm.process.pid}/children").read_text().split()
            os.kill(int(children[0]), signal.SIGSEGV)


def test_a_child_that_dies_loses_its_stretch_and_nothing_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(viewer, "POOL", decoder.Pool(viewer._start))  # noqa: SLF001
    source = BytesSource(clip(plain(4)))
    seen = Killer()

    with pytest.raises(StretchLostError, match="SIGSEGV"):
        watch(source, WHOLE, seen)
    assert len(seen.sights) >= 3
    assert watch(source, WHOLE, Onlooker()).next_ms is None
    viewer.POOL.close()


class Leaver(Onlooker):
    """Has seen enough at once."""

    def see(self, sight: Sight) -> None:
        raise KeyboardInterrupt(sight.number)


def test_a_caller_who_stops_looking_leaves_the_decoder_usable():
    source = BytesSource(clip(plain(4)))

    with pytest.raises(KeyboardInterrupt):
        watch(source, WHOLE, Leaver())
    assert watch(source, WHOLE, Onlooker()).next_ms is None


def test_a_source_that_ends_early_is_told_of_as_damage_or_end():
    class Short(BytesSource):
        def read_at(self, offset: int, length: int) -> bytes:
            return super().read_at(offset, length) if offset < 20_000 else b""

    assert watch(Short(clip(plain(8), "ts/h264")), WHOLE, Onlooker()).next_ms is None


def test_two_threads_have_a_decoder_each():
    source = BytesSource(clip(plain(3)))
    seen = [Onlooker(), Onlooker()]
    threads = [threading.Thread(target=watch, args=(source, WHOLE, one)) for one in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen[0].times_ms == seen[1].times_ms != []


def test_without_the_sandbox_recordings_are_decoded_here_only_when_that_was_asked_for(monkeypatch: pytest.MonkeyPatch):
    insecure = decoder.Insecure(in_process=True)
    monkeypatch.setattr(viewer, "INSECURE", insecure)
    monkeypatch.setattr(viewer.POOL, "taken", lambda: pytest.fail("a sandbox was used"))
    seen = Onlooker((0, 0, 9, 9))

    assert watch(BytesSource(clip(plain())), WHOLE, seen).next_ms is None
    assert len(seen.cuts) == len(seen.sights)
    with pytest.raises(UndecodableVideoError):
        look_at(BytesSource(b"nothing"))


def test_where_no_decoder_can_be_locked_in_nothing_stays_open(monkeypatch: pytest.MonkeyPatch):
    def start() -> WarmProcess:
        raise lockdown.NoSandboxError("Landlock")

    monkeypatch.setattr(viewer, "POOL", decoder.Pool(start))
    before = set(Path("/proc/self/fd").iterdir())
    with pytest.raises(lockdown.NoSandboxError):
        look_at(BytesSource(b"anything"))

    left = set(Path("/proc/self/fd").iterdir()) - before
    assert not [one for one in left if one.is_symlink()]  # the listing's own was closed meanwhile


def reader(data: bytes) -> film_wire.ReadInto:
    stream = BytesIO(data)

    def read_into(buffer: memoryview) -> None:
        if stream.readinto(buffer) < len(buffer):
            raise EOFError

    return read_into


SIGHT = Sight(number=0, time_ms=5, rgb=None, width_px=9, height_px=9)


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (film_wire.INFO.pack(9, 0, 5, 5, 0, 0), film_wire.read_footage),
        (film_wire.INFO.pack(0, 9, 5, 5, 0, 0), film_wire.read_footage),
        (film_wire.INFO.pack(0, 0, 1 << 20, 1 << 20, 0, 0), film_wire.read_footage),
        (film_wire.SIGHT.pack(3, 9, 5, 5), lambda read: film_wire.read_sight(read, b"S", after=SIGHT)),
        (film_wire.SIGHT.pack(1, 5, 5, 5), lambda read: film_wire.read_sight(read, b"S", after=SIGHT)),
        (film_wire.SIGHT.pack(0, 5, 0, 5), lambda read: film_wire.read_sight(read, b"S", after=None)),
        (
            film_wire.SIGHT.pack(0, 5, 5, 5) + film_wire.SIZE.pack(1 << 16, 1 << 16),
            lambda read: film_wire.read_sight(read, b"F", after=None),
        ),
        (b"P", film_wire.read_cut),
        (b"C" + film_wire.SIZE.pack(0, 5), film_wire.read_cut),
        (film_wire.END.pack(0, 0), lambda read: film_wire.read_end(read, WHOLE)),
        (film_wire.END.pack(5, 2000), lambda read: film_wire.read_end(read, WHOLE)),
        (film_wire.END.pack(5, 1) + film_wire.PART.pack(7, 7), lambda read: film_wire.read_end(read, WHOLE)),
        (film_wire.COUNT.pack(60_000), film_wire.read_reason),
    ],
)
def test_what_no_decoder_of_ours_says_is_thrown_away(data: bytes, read: Callable[[film_wire.ReadInto], object]):
    with pytest.raises(ForgedPixelsError):
        read(reader(data))


def test_what_passes_through_the_pipe_comes_out_as_it_went_in():
    footage = Footage(container="OGG", codec="THEORA", width_px=5, height_px=4, duration_ms=9, frames_per_1000_s=29_970)
    cuts = (Cut(sight=3, box_px=(1, 2, 3, 4)), Cut(sight=4, box_px=(0, 0, 9, 9)))
    end = StretchEnd(next_ms=77, damaged_ms=((1, 2), (5, 9)))

    assert film_wire.read_footage(reader(film_wire.packed_footage(footage)[1:])) == footage
    assert film_wire.read_cuts(reader(film_wire.packed_cuts(cuts))) == cuts
    assert film_wire.read_end(reader(film_wire.packed_end(end)[1:]), WHOLE) == end
    assert film_wire.read_job(reader(film_wire.job(7, WHOLE))) == (7, WHOLE)
    assert film_wire.read_job(reader(film_wire.job(7, None))) == (7, None)


def forging(said: bytes) -> tuple[str, ...]:
    script = f"""import os, socket, sys; from countersign.media.sandbox.warm import serve
serve(socket.socket(fileno=int(sys.argv[1])), lambda job, pixels: os.write(pixels, {said!r}))"""
    return (sys.executable, "-c", script)


@pytest.mark.parametrize(
    "said",
    [b"X", b"Z", b"R" + film_wire.ASK.pack(1 << 50, 5), b"R" + film_wire.ASK.pack(0, 1 << 30), b"C", b"F"],
)
def test_a_decoder_that_was_taken_over_is_not_believed(monkeypatch: pytest.MonkeyPatch, said: bytes):
    pool = decoder.Pool(lambda: WarmProcess(forging(said)))
    monkeypatch.setattr(viewer, "POOL", pool)

    with pytest.raises(StretchLostError):
        watch(BytesSource(b"whatever"), WHOLE, Onlooker())
    pool.close()
