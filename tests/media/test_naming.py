"""A file that names another is decoded or refused, and nothing else is opened: the kernel's own record is read."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from countersign.media.decoding import Still, UndecodableImageError
from countersign.media.intake import PlaylistError, read_file
from countersign.media.sandbox import lockdown
from countersign.media.sandbox.decoder import decode_images
from tests.media.naming import naming_files

ROOT = Path(__file__).parents[2]
URL = "http://127.0.0.1:9/x.png"
WHOLE = {"xmp.png", "names.jpg", "names.tif", "names.gif"}
BEGIN, END = "/begin-of-the-watch", "/end-of-the-watch"
DECODE = f"""
import os, sys
from pathlib import Path
from countersign.media.sandbox.decoder import decode_images
files = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
list(decode_images(files[:1]))
os.path.exists({BEGIN!r})
outcomes = list(decode_images(files)) + [one for data in files for one in decode_images([data])]
os.path.exists({END!r})
print(len(outcomes))
"""
WATCH = f"""
import os, sys
from pathlib import Path
from countersign.media.footage import BytesSource, Stretch, UndecodableVideoError
from countersign.media.sandbox.viewer import look_at, watch
class Nobody:
    def see(self, sight): pass
    def wanted(self, *, last): return ()
    def take(self, cut, rgb): pass
def refused(data):
    done = 0
    whole = Stretch(start_ms=0, soft_ms=9000, hard_ms=9000, every_ms=200, side_px=96)
    for attempt in (lambda: look_at(BytesSource(data)), lambda: watch(BytesSource(data), whole, Nobody())):
        try:
            attempt()
        except UndecodableVideoError as error:
            done += bool(error.reason)
    return done
files = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
refused(b"")
os.path.exists({BEGIN!r})
outcomes = sum(map(refused, files))
os.path.exists({END!r})
print(outcomes)
"""
OPENING = re.compile(r"\b(open|openat|openat2|connect|socket|bind|execve|execveat|io_uring_setup)\(.*\) = \d+")


def planted(folder: Path) -> dict[str, bytes]:
    (folder / "planted.png").write_bytes(b"what nobody may read")
    return naming_files(str(folder / "planted.png"), URL)


def test_there_are_at_least_fifty_of_them(tmp_path: Path):
    assert len(planted(tmp_path)) >= 50


def test_each_is_refused_with_a_reason_or_is_a_whole_picture(tmp_path: Path):
    files = planted(tmp_path)
    outcomes = dict(zip(files, decode_images(list(files.values())), strict=True))

    assert {name for name, one in outcomes.items() if isinstance(one, Still)} == WHOLE
    assert all(one.reason for one in outcomes.values() if isinstance(one, UndecodableImageError))


@pytest.mark.row("LFR-01")
def test_playlists_among_them_are_refused_before_they_are_read(tmp_path: Path):
    refused = set()
    for name, data in planted(tmp_path).items():
        (tmp_path / name).write_bytes(data)
        try:
            read_file(str(tmp_path / name), limit_bytes=100_000)
        except PlaylistError:
            refused.add(name)

    assert {
        "master.m3u8",
        "late.m3u8",
        "plain.ffconcat",
        "live.mpd",
        "entity.mpd",
        "list.smil",
        "camera.sdp",
    } <= refused
    assert len(refused) >= 20
    assert not refused & WHOLE


@pytest.mark.skipif(bool(lockdown.missing_walls()), reason=f"no {', '.join(lockdown.missing_walls())} here")
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("script", [DECODE, WATCH], ids=["pictures", "recordings"])
def test_no_file_makes_a_decoder_open_or_connect_to_anything(tmp_path: Path, script: str):
    folder, log = tmp_path / "files", tmp_path / "strace.txt"
    folder.mkdir()
    files = planted(tmp_path)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    watched = "trace=%file,%network,openat2,io_uring_setup"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-s", "300", "-o", str(log), "-e", watched, sys.executable, "-c", script, str(folder)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{2 * len(files)}\n"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    (begin,) = [at for at, line in enumerate(lines) if BEGIN in line and "execve" not in line]
    (end,) = [at for at, line in enumerate(lines) if END in line and "execve" not in line]
    # The record bites: before the watch the interpreter opened its own files.
    assert any(OPENING.search(line) for line in lines[:begin])

    meanwhile = lines[begin + 1 : end]
    assert [line for line in meanwhile if OPENING.search(line)] == []
    assert [line for line in meanwhile if "planted" in line or "127.0.0.1" in line] == []
