"""One picture is picked from an archive, and nothing in the archive reaches anything else."""

import io
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countersign.media import archive
from countersign.media.archive import ArchiveError, Member, members, pick
from countersign.media.sandbox import decoder, lockdown, unpacker
from countersign.media.sandbox.unpacker import Picked, answer_to, list_members, pick_member, read_answer
from countersign.media.sandbox.warm import Limits
from countersign.media.sandbox.wire import LENGTH, REASON_LIMIT_BYTES, ForgedPixelsError, packed_reason

Write = Callable[[zipfile.ZipFile], object]
locked_in = pytest.mark.skipif(bool(lockdown.missing_walls()), reason=f"no {', '.join(lockdown.missing_walls())} here")


def made(*writes: Write, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as written:
        for write in writes:
            write(written)
    return stream.getvalue()


def file(name: str, data: bytes = b"pixels") -> Write:
    return lambda written: written.writestr(name, data)


def special(kind: int) -> Write:
    entry = zipfile.ZipInfo("still.png")
    entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16
    return lambda written: written.writestr(entry, "/etc/passwd")


def raw_name(name: bytes) -> bytes:
    """Give an archive whose name is written as these bytes, which no writer would write."""
    return made(file("x" * len(name))).replace(b"x" * len(name), name)


GOOD = made(file("report/"), file("report/a.png", b"first"), file("report/b.png", b"second" * 99))
OUTSIDE = {
    "a link": made(special(stat.S_IFLNK)),
    "a device": made(special(stat.S_IFCHR)),
    "a pipe": made(special(stat.S_IFIFO)),
    "an absolute path": made(file("/etc/x.png")),
    "up": made(file("../x.png")),
    "up in the middle": made(file("a/../../x.png")),
    "up at the end": made(file("a/..")),
    "backwards": raw_name(b"..\\..\\x.png"),
    "a drive": made(file("C:x.png")),
    "a zero byte": raw_name(b"a.png\0.exe"),
    "spaces": made(file("  ")),
    "a very long name": made(file("a" * 1025)),
}


def test_files_are_listed_by_number_and_folders_are_not():
    assert members(io.BytesIO(GOOD)) == (
        Member(index=1, name="report/a.png", size_bytes=5),
        Member(index=2, name="report/b.png", size_bytes=594),
    )
    assert pick(io.BytesIO(GOOD), 2) == ("report/b.png", b"second" * 99)


@pytest.mark.parametrize("name", OUTSIDE)
def test_an_archive_that_names_anything_outside_is_refused_whole(name: str):
    stream = io.BytesIO(OUTSIDE[name])

    with pytest.raises(ArchiveError, match="member 0"):
        members(stream)
    with pytest.raises(ArchiveError, match="member 0"):
        pick(stream, 0)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.png", "a.png"), ("A.png", "a.PNG")])
def test_one_name_twice_is_refused(names: tuple[str, str]):
    with pytest.raises(ArchiveError, match="member 1 has the name of another"):
        members(io.BytesIO(made(*map(file, names))))


def test_counts_totals_sizes_and_ratios_have_ends(monkeypatch: pytest.MonkeyPatch):
    flat = made(file("flat.bmp", bytes(1_000_000)))
    with pytest.raises(ArchiveError, match="more than 200 times"):
        pick(io.BytesIO(flat), 0)
    monkeypatch.setattr(archive, "MEMBER_LIMIT_BYTES", 100)
    with pytest.raises(ArchiveError, match="594 bytes, more than 100"):
        pick(io.BytesIO(GOOD), 2)
    assert pick(io.BytesIO(GOOD), 1)[1] == b"first"
    monkeypatch.setattr(archive, "TOTAL_LIMIT_BYTES", 500)
    with pytest.raises(ArchiveError, match="500 bytes in all"):
        members(io.BytesIO(GOOD))
    monkeypatch.setattr(archive, "MEMBERS_LIMIT", 2)
    with pytest.raises(ArchiveError, match="3 members, more than 2"):
        members(io.BytesIO(GOOD))


@pytest.mark.parametrize("index", [0, 3, 99, -1])
def test_a_number_that_no_file_has_is_refused(index: int):
    with pytest.raises(ArchiveError, match="no file with the number"):
        pick(io.BytesIO(GOOD), index)


def changed(at: int, *values: int, size: int = 1) -> bytes:
    """Give a good archive of one file with bytes of its central directory written over."""
    data = bytearray(made(file("a.png", b"abcdef" * 50)))
    entry = data.index(b"PK\1\2")
    for value in values:
        data[entry + at : entry + at + size] = value.to_bytes(size, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no archive", "no zip archive"),
        (b"", "no zip archive"),
        (changed(8, 1, size=2), "encrypted"),
        (made(file("a.png"), compression=zipfile.ZIP_BZIP2), "neither stored nor deflated"),
        (changed(24, 200, size=4), "less|more|Bad|CRC"),
        (changed(24, 400, size=4), "less|Bad|CRC"),
        (changed(16, 7, size=4), "CRC"),
        (changed(46, ord("b")), "BadZipFile"),
        (changed(42, 999_999, size=4), "BadZipFile|no zip"),
    ],
    ids=["text", "nothing", "encrypted", "bzip2", "says less", "says more", "checksum", "two names", "elsewhere"],
)
def test_what_is_damaged_or_lies_is_refused(data: bytes, said: str):
    with pytest.raises(ArchiveError, match=said):
        pick(io.BytesIO(data), 0)


@settings(deadline=None, max_examples=150)
@given(at=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255), index=st.integers(0, 3))
def test_no_byte_of_an_archive_gives_anything_but_a_member_or_the_one_error(at: int, value: int, index: int):
    data = bytearray(GOOD)
    data[at] = value
    try:
        outcome: object = pick(io.BytesIO(bytes(data)), index)
    except ArchiveError as error:
        outcome = error

    assert isinstance(outcome, tuple | ArchiveError)


def opened(tmp_path: Path, data: bytes) -> int:
    path = tmp_path / "report.zip"
    path.write_bytes(data)
    return os.open(path, os.O_RDONLY)


@locked_in
def test_with_the_doors_shut_the_same_is_listed_and_picked_and_the_file_stays_where_it_was(tmp_path: Path):
    descriptor = opened(tmp_path, GOOD)

    assert list_members(descriptor) == members(io.BytesIO(GOOD))
    assert pick_member(descriptor, 2) == Picked(name="report/b.png", data=b"second" * 99)
    with pytest.raises(ArchiveError, match="no file with the number 9"):
        pick_member(descriptor, 9)
    with pytest.raises(ArchiveError, match="no file with the number -1"):
        pick_member(descriptor, -1)
    assert os.lseek(descriptor, 0, os.SEEK_CUR) == 0
    os.close(descriptor)


@locked_in
@pytest.mark.parametrize("name", ["a link", "up", "an absolute path"])
def test_with_the_doors_shut_the_refusal_comes_back(tmp_path: Path, name: str):
    descriptor = opened(tmp_path, OUTSIDE[name])

    with pytest.raises(ArchiveError, match="member 0"):
        list_members(descriptor)
    os.close(descriptor)


@locked_in
def test_a_reader_that_is_stopped_costs_its_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unpacker, "LIMITS", Limits(wall_s=0.0, cpu_s=1))
    descriptor = opened(tmp_path, GOOD)

    with pytest.raises(ArchiveError, match="its reader was stopped"):
        list_members(descriptor)
    os.close(descriptor)


def test_without_the_sandbox_archives_are_read_here_and_only_when_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(decoder.INSECURE, "in_process", True)
    monkeypatch.setattr(unpacker, "WarmProcess", lambda *_: pytest.fail("a sandbox was used"))
    descriptor = opened(tmp_path, GOOD)

    assert len(list_members(descriptor)) == 2
    assert pick_member(descriptor, 1).data == b"first"
    os.close(descriptor)


def answered(tmp_path: Path, data: bytes, question: int) -> bytes:
    descriptor = opened(tmp_path, data)
    os.lseek(descriptor, question, os.SEEK_SET)
    out = os.memfd_create("answer")
    answer_to(descriptor, out)
    os.close(descriptor)
    said = os.pread(out, 1 << 20, 0)
    os.close(out)
    return said


def test_an_answer_is_believed_only_when_it_is_whole(tmp_path: Path):
    for question in (0, 3):
        said = answered(tmp_path, GOOD, question)
        assert read_answer(said)
        for length in range(len(said)):
            with pytest.raises(ForgedPixelsError):
                read_answer(said[:length])
        with pytest.raises(ForgedPixelsError, match="more than one"):
            read_answer(said + b"x")
    with pytest.raises(ArchiveError, match="no zip archive"):
        read_answer(answered(tmp_path, b"nothing", 0))


@pytest.mark.parametrize(
    "said",
    [
        b"X",
        b"L" + struct.pack("<I", archive.MEMBERS_LIMIT + 1),
        b"L" + struct.pack("<IIQH", 1, archive.MEMBERS_LIMIT, 1, 0),
        b"L" + struct.pack("<IIQH", 1, 0, archive.TOTAL_LIMIT_BYTES + 1, 0),
        b"L" + struct.pack("<IIQH", 1, 0, 1, archive.NAME_LIMIT_BYTES + 1),
        b"L" + struct.pack("<I", 2) + struct.pack("<IQH", 5, 1, 0) * 2,
        b"B" + struct.pack("<HQ", 0, archive.MEMBER_LIMIT_BYTES + 1),
        b"E" + LENGTH.pack(REASON_LIMIT_BYTES + 1),
    ],
)
def test_what_is_no_answer_within_the_limits_is_thrown_away(said: bytes):
    with pytest.raises(ForgedPixelsError):
        read_answer(said)


def test_names_and_reasons_carry_no_control_characters():
    with pytest.raises(ArchiveError) as raised:
        read_answer(packed_reason("bad\x1b[2J"))
    assert raised.value.reason.isprintable()


def test_the_other_kind_of_answer_is_no_answer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unpacker, "_asked", lambda *_: Picked(name="", data=b""))
    with pytest.raises(ForgedPixelsError):
        list_members(0)
    monkeypatch.setattr(unpacker, "_asked", lambda *_: ())
    with pytest.raises(ForgedPixelsError):
        pick_member(0, 0)


def test_the_warm_up_uses_what_will_be_used():
    unpacker.warm_up()

    assert "zipfile" in vars(unpacker)
