import io
import os
import tarfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from countersign.errors import CountersignError, Invalid, NotFound, Refused
from countersign.governance.register import LegalStatus
from countersign.operations.reference_batch import FolderDefaults, ManifestError, ReferenceRow
from countersign.operations.reference_source import DefaultsMissingError, open_source
from tests.operations.scene import START

DEFAULTS = FolderDefaults(
    status=LegalStatus.CHARGED, status_checked_at=START, review_due=date(2027, 1, 1), provenance="custody suite"
)
LAYOUT = ("b/2.png", "b/1.JPG", "b/notes.txt", "a/1.webp", "stray.png", "a/deeper/1.png")
ROW = (
    "subject,custody_record,file,status,status_checked_at,review_due,provenance\n"
    "S,C,{},nfa,2026-01-01T00:00:00Z,2027-01-01,custody\n"
)


def laid_out(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    return folder


def tarred(folder: Path) -> Path:
    path = folder.parent / f"{folder.name}.tar"
    with tarfile.open(path, "w") as archive:
        archive.add(folder, arcname=".")
    return path


@pytest.mark.parametrize("pack", [lambda folder: folder, tarred])
def test_a_folder_and_its_archive_give_one_record_a_subject_and_its_pictures_in_order(
    tmp_path: Path, pack: Callable[[Path], Path]
):
    place = pack(laid_out(tmp_path / "pictures", *LAYOUT))

    with open_source(place, None, DEFAULTS) as source:
        rows = [row for row in source.rows() if isinstance(row, ReferenceRow)]
        read = [source.read(row) for row in rows]
        assert list(source.rows()) == rows  # from the start each time

    assert [(row.custody_record, row.file) for row in rows] == [
        ("a/folder", "a/1.webp"),
        ("b/folder", "b/1.JPG"),
        ("b/folder", "b/2.png"),
    ]
    assert {row.status for row in rows} == {LegalStatus.CHARGED}
    assert [(one.data, one.name) for one in read] == [
        (b"a/1.webp", "1.webp"), (b"b/1.JPG", "1.JPG"), (b"b/2.png", "2.png")
    ]  # fmt: skip


@pytest.mark.parametrize("pack", [lambda folder: folder, tarred])
def test_a_manifest_may_have_its_files_elsewhere(tmp_path: Path, pack: Callable[[Path], Path]):
    files = pack(laid_out(tmp_path / "pictures", "x.png"))
    (tmp_path / "m.csv").write_text(ROW.format("x.png"))

    with open_source(tmp_path / "m.csv", files, None) as source:
        (row,) = source.rows()
        assert isinstance(row, ReferenceRow)
        assert source.read(row).data == b"x.png"


@pytest.mark.parametrize("name", ["../x.png", "/etc/hostname", "way/x.png", "inner/../../x.png"])
def test_a_file_outside_the_manifests_folder_is_refused(tmp_path: Path, name: str):
    laid_out(tmp_path, "x.png", "inner/y.png")
    (tmp_path / "inner/m.csv").write_text(ROW.format(name))
    (tmp_path / "inner/way").symlink_to(tmp_path)

    with open_source(tmp_path / "inner/m.csv", None, None) as source:
        (row,) = source.rows()
        assert isinstance(row, ReferenceRow)
        with pytest.raises(Refused, match=r"expected a file in the manifest's folder, got") as raised:
            source.read(row)
    assert raised.value.code == "file_outside_folder"


def test_a_source_of_no_known_kind_is_refused(tmp_path: Path):
    laid_out(tmp_path, "a.zip", "empty/x.png")
    for source, files, defaults, family in (
        (tmp_path / "a.zip", None, DEFAULTS, ManifestError),
        (tmp_path / "nowhere", None, DEFAULTS, ManifestError),
        (tmp_path / "empty", None, None, DefaultsMissingError),
        (tmp_path / "empty", tmp_path, DEFAULTS, ManifestError),
        (tmp_path / "nowhere.tar", None, DEFAULTS, Invalid),
    ):
        with pytest.raises(family, match=r"expected .* got"), open_source(source, files, defaults):
            pass


def test_a_folder_without_subjects_is_refused(tmp_path: Path):
    laid_out(tmp_path, "x.png")
    with open_source(tmp_path, None, DEFAULTS) as source, pytest.raises(ManifestError, match="got none"):
        list(source.rows())


def member(archive: tarfile.TarFile, name: str, data: bytes = b"", **header: object) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in header.items():
        setattr(info, field, value)
    archive.addfile(info, io.BytesIO(data))


def test_members_that_are_no_plain_files_are_refused_one_by_one(tmp_path: Path):
    with tarfile.open(tmp_path / "odd.tar", "w") as archive:
        member(archive, "a/good.png", b"1")
        member(archive, "a/good.png", b"2")
        member(archive, "a/link.png", type=tarfile.SYMTYPE, linkname="/etc/hostname")
        member(archive, "a/hard.png", type=tarfile.LNKTYPE, linkname="a/good.png")
        member(archive, "a/device.png", type=tarfile.CHRTYPE)
        member(archive, "a/empty.png")
        member(archive, "a/large.png", bytes(65 << 20))
        member(archive, "../escape/1.png", b"3")

    with open_source(tmp_path / "odd.tar", None, DEFAULTS) as source:
        rows = {row.file: row for row in source.rows() if isinstance(row, ReferenceRow)}
        assert sorted(rows) == ["a/empty.png", "a/good.png", "a/large.png"]
        assert source.read(rows["a/good.png"]).data == b"2"
        ends = {}
        for name in ("a/link.png", "a/hard.png", "a/device.png", "a/empty.png", "a/large.png", "a/none.png"):
            with pytest.raises(CountersignError, match=r"expected .* got") as raised:
                source.files.read(name, limit_bytes=64 << 20)
            ends[name.removeprefix("a/").removesuffix(".png")] = raised.value.code
    assert ends == {
        **dict.fromkeys(("link", "hard", "device"), "input_is_not_a_file"),
        "empty": "input_is_empty",
        "large": "input_is_oversize",
        "none": "input_not_found",
    }
    assert not (tmp_path.parent / "escape").exists()


def test_an_archive_that_changes_while_it_is_read_is_noticed(tmp_path: Path):
    path = tarred(laid_out(tmp_path / "pictures", "a/1.png"))
    with open_source(path, None, DEFAULTS) as source:
        (row,) = source.rows()
        assert isinstance(row, ReferenceRow)
        os.utime(path, (0, 0))
        with pytest.raises(Refused, match="got one that changed"):
            source.read(row)


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_a_compressed_archive_is_refused(tmp_path: Path, mode: Literal["w:gz", "w:bz2", "w:xz"]):
    with tarfile.open(tmp_path / "packed.tar", mode) as archive:
        member(archive, "a/1.png", b"1")

    with pytest.raises(Invalid, match="expected a plain tar"), open_source(tmp_path / "packed.tar", None, DEFAULTS):
        pass


def test_what_is_no_archive_is_refused(tmp_path: Path):
    (tmp_path / "noise.tar").write_bytes(os.urandom(2048))
    os.mkfifo(tmp_path / "pipe.tar")
    (tmp_path / "link.tar").symlink_to(tmp_path / "noise.tar")

    for name in ("noise.tar", "pipe.tar", "link.tar"):
        with pytest.raises(Invalid, match="expected a"), open_source(tmp_path / name, None, DEFAULTS):
            pass


def test_a_missing_file_is_told_as_such(tmp_path: Path):
    (tmp_path / "m.csv").write_text(ROW.format("nothing.png"))
    with open_source(tmp_path / "m.csv", None, None) as source:
        (row,) = source.rows()
        assert isinstance(row, ReferenceRow)
        with pytest.raises(NotFound, match="expected a file"):
            source.read(row)
