"""Only closed, ordinary, whole files come in; whatever could be live is refused and never blocks."""

import errno
import fcntl
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.errors import CountersignError, NotFound, Refused
from countersign.media import intake
from countersign.media.intake import (
    EmptyFileError,
    FileMissingError,
    GrowingFileError,
    NotAFileError,
    OversizeFileError,
    PlaylistError,
    StreamAddressError,
    SymbolicLinkError,
    UnreadableFileError,
    open_file,
    read_file,
)
from countersign.primitives.digest import sha256

PLAYLISTS = {
    "hls": b"#EXTM3U\n#EXT-X-VERSION:3\n",
    "hls after a byte order mark": b"\xef\xbb\xbf#EXTM3U\n",
    "concat": b"ffconcat version 1.0\nfile rtsp://camera\n",
    "dash": b'<?xml version="1.0"?>\n<!-- live -->\n<MPD type="dynamic">',
    "smil": b"<smil>",
    "sdp": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
    "pls": b"[playlist]\nFile1=http://x\n",
}


def _read(path: Path | str, limit_bytes: int = 1000) -> intake.ReceivedFile:
    return read_file(str(path), limit_bytes=limit_bytes)


@given(data=st.binary(min_size=1, max_size=300).map(lambda tail: b"\xff\xd8" + tail))
def test_the_bytes_given_are_the_bytes_of_the_file_and_the_digest_is_theirs(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
):
    path = tmp_path_factory.mktemp("intake") / "still.jpg"
    path.write_bytes(data)
    received = _read(path)

    assert (received.data, received.sha256, received.name) == (data, sha256(data), "still.jpg")


@pytest.mark.parametrize(
    "source",
    [
        "-",
        "rtsp://camera/1",
        "RTSP:camera",
        "http://host/a.jpg",
        "https:host",
        "file:///tmp/a.jpg",
        "file:a.jpg",
        "data:image/png;base64,AA",
        "pipe:0",
        "concat:a.ts|b.ts",
        "rtmps:x",
        "made-up+scheme://x",
    ],
)
def test_an_address_or_standard_input_is_refused_by_its_look(source: str):
    with pytest.raises(StreamAddressError) as caught:
        _read(source)

    assert (caught.value.exit_code, caught.value.code) == (Refused.exit_code, "input_is_a_stream")
    assert source not in str(caught.value) or source == "-"


def test_a_colon_in_a_file_name_makes_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("12:30 still.jpg").write_bytes(b"x")

    assert _read("12:30 still.jpg").data == b"x"


@pytest.mark.row("LFR-01")
def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path):
    os.mkfifo(tmp_path / "still.jpg")

    with pytest.raises(NotAFileError, match="got a pipe"):
        _read(tmp_path / "still.jpg")


@pytest.mark.row("LFR-01")
def test_a_socket_a_device_and_a_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.jpg")
        with pytest.raises(NotAFileError, match="got a socket"):
            _read("s.jpg")
    with pytest.raises(NotAFileError, match="got a device"):
        _read("/dev/zero")
    with pytest.raises(NotAFileError, match="got a folder"):
        _read(tmp_path)


def test_a_symbolic_link_is_refused_even_to_a_good_file(tmp_path: Path):
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")

    with pytest.raises(SymbolicLinkError):
        _read(tmp_path / "b.jpg")


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(tmp_path: Path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x" * 10)

    assert len(_read(path, limit_bytes=10).data) == 10
    with pytest.raises(OversizeFileError, match="at most 9 bytes, got 10"):
        _read(path, limit_bytes=9)


def test_an_empty_file_is_refused(tmp_path: Path):
    (tmp_path / "a.jpg").touch()

    with pytest.raises(EmptyFileError):
        _read(tmp_path / "a.jpg")


@pytest.mark.parametrize("name", ["live.m3u8", "live.MPD", "list.ffconcat"])
def test_a_playlist_is_refused_by_its_ending(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"harmless")

    with pytest.raises(PlaylistError, match="by its ending"):
        _read(tmp_path / name)


@pytest.mark.parametrize("content", PLAYLISTS.values(), ids=PLAYLISTS.keys())
@pytest.mark.row("LFR-01")
def test_a_playlist_in_disguise_is_refused_by_its_content(tmp_path: Path, content: bytes):
    (tmp_path / "still.jpg").write_bytes(content)

    with pytest.raises(PlaylistError, match="by its content"):
        _read(tmp_path / "still.jpg")


@pytest.mark.row("LFR-01")
def test_a_file_that_somebody_has_open_for_writing_is_refused_until_it_is_closed(tmp_path: Path):
    path = tmp_path / "recording.mp4"
    with path.open("wb") as recorder:
        recorder.write(b"first frames")
        recorder.flush()
        with pytest.raises(GrowingFileError, match="open for writing"):
            _read(path)

    assert _read(path).data == b"first frames"


def test_where_leases_do_not_exist_growth_is_seen_by_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "recording.mp4"
    path.write_bytes(b"first")
    real_read = os.read

    def no_lease(*_: object) -> int:
        raise OSError(errno.EINVAL, "no leases here")

    def read_while_it_grows(descriptor: int, length: int) -> bytes:
        with path.open("ab") as recorder:
            recorder.write(b"x")
        return real_read(descriptor, length)

    monkeypatch.setattr(fcntl, "fcntl", no_lease)
    assert _read(path).data == b"first"
    monkeypatch.setattr(os, "read", read_while_it_grows)
    with pytest.raises(GrowingFileError, match="expected 5 unchanged bytes, got 6"):
        _read(path)


@pytest.mark.row("LFR-01")
def test_a_file_rewritten_in_place_with_equal_length_is_seen_by_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"first")
    real_read = os.read

    def read_and_rewrite(descriptor: int, length: int) -> bytes:
        block = real_read(descriptor, length)
        os.utime(path, ns=(1, 1))
        return block

    monkeypatch.setattr(os, "read", read_and_rewrite)
    with pytest.raises(GrowingFileError):
        _read(path)


def test_a_file_exchanged_between_looking_and_opening_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, other = tmp_path / "a.jpg", tmp_path / "b.jpg"
    path.write_bytes(b"first")
    other.write_bytes(b"other")
    real_open = os.open

    def exchange_and_open(_: object, flags: int) -> int:
        return real_open(other, flags)

    monkeypatch.setattr(os, "open", exchange_and_open)
    with pytest.raises(GrowingFileError, match="another one put in its place"):
        _read(path)


@pytest.mark.parametrize("source", ["nothing.jpg", "", "a\0b", "x" * 5000])
def test_a_path_where_nothing_is_is_not_found(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    family: type[CountersignError] = FileMissingError if source else NotAFileError

    with pytest.raises(family):
        _read(source)
    assert issubclass(FileMissingError, NotFound)


@pytest.mark.parametrize(("number", "error"), [(errno.ELOOP, SymbolicLinkError), (errno.EACCES, UnreadableFileError)])
def test_what_the_system_refuses_to_open_is_told_apart(
    number: int, error: type[CountersignError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "a.jpg").write_bytes(b"x")

    def refuse(*_: object) -> int:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(error):
        _read(tmp_path / "a.jpg")


def test_a_file_is_given_in_blocks_and_the_digest_is_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "_BLOCK_BYTES", 10_000)
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(range(256)) * 200)

    with open_file(str(path), limit_bytes=100_000) as opened:
        assert (opened.size_bytes, opened.name, opened.start) == (51_200, "a.mp4", path.read_bytes()[:4096])
        assert os.fstat(opened.descriptor).st_size == 51_200
        blocks = list(opened.blocks())
    assert (b"".join(blocks), opened.sha256) == (path.read_bytes(), sha256(path.read_bytes()))
    assert max(map(len, blocks)) == 10_000


def test_a_file_that_changes_while_it_is_read_in_blocks_never_gives_its_last_block(tmp_path: Path):
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(5000))
    with open_file(str(path), limit_bytes=100_000) as opened:
        blocks = opened.blocks()
        assert len(next(blocks)) == 4096
        os.utime(path, ns=(1, 1))
        with pytest.raises(GrowingFileError):
            next(blocks)


def test_a_disk_that_fails_midway_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(5000))
    with open_file(str(path), limit_bytes=100_000) as opened:
        monkeypatch.setattr(os, "read", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "broken")))
        with pytest.raises(UnreadableFileError, match="EIO"):
            list(opened.blocks())
