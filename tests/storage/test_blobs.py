"""Blobs are ciphertext, written once, and follow the transaction."""

import errno
import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countersign.errors import IntegrityBroken, NotFound
from countersign.media.exhibit import (
    CaptureBasis,
    CaptureInterval,
    CaptureStatement,
    Depiction,
    Exhibit,
    Medium,
    SourceType,
)
from countersign.media.intake import GrowingFileError
from countersign.primitives.digest import sha256
from countersign.primitives.ids import BlobId, CaseId, ExhibitId, ImageId, KeyId, PersonId, RecordId, new_id
from countersign.primitives.privacy import Privacy
from countersign.storage import blobs
from countersign.storage.archive import SqlArchive
from countersign.storage.durable import write_file
from countersign.storage.sealing import OVERHEAD_BYTES
from countersign.templates.reference import ReferenceImage
from tests.storage.installation import Installation, make_person


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@given(data=st.binary(max_size=100))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_blob_comes_back(shared_archive: SqlArchive, data: bytes):
    with shared_archive.begin() as work:
        key = work.keys.create()
        assert work.blobs.get(work.blobs.put(data, key=key), key=key) == data


def test_a_blob_is_private_and_not_in_clear(installation: Installation):
    with installation.archive.begin() as work:
        blob = work.blobs.put(b"pixels of a face", key=work.keys.create())
        work.commit()
    path = installation.blobs / blob[:2] / blob
    assert files(installation.blobs) == [path]
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"pixels" not in path.read_bytes()


def test_a_blob_of_a_transaction_that_is_undone_is_deleted(installation: Installation):
    with installation.archive.begin() as work:
        work.blobs.put(b"data", key=work.keys.create())
        assert len(files(installation.blobs)) == 1
    assert files(installation.blobs) == []


@pytest.mark.row("PRB-01")
def test_altered_swapped_and_missing_blobs_are_told_apart(installation: Installation):
    with installation.archive.begin() as work:
        key, other = work.keys.create_all(2)
        one, two = work.blobs.put(b"one", key=key), work.blobs.put(b"two", key=key)
        first, second = files(installation.blobs)
        first.write_bytes(second.read_bytes())
        with pytest.raises(IntegrityBroken):
            work.blobs.get(BlobId(first.name), key=key)
        with pytest.raises(IntegrityBroken):
            work.blobs.get(BlobId(second.name), key=other)
        first.unlink()
        with pytest.raises(NotFound):
            work.blobs.get(BlobId(first.name), key=key)
        work.keys.destroy(key)
        with pytest.raises(NotFound):
            work.blobs.get(BlobId(second.name), key=key)
        assert {one, two} == {first.name, second.name}


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 32])
def test_a_name_that_no_blob_can_have_is_not_found(shared_archive: SqlArchive, name: str):
    with shared_archive.begin() as work:
        key = work.keys.create()
        with pytest.raises(NotFound):
            work.blobs.get(BlobId(name), key=key)


@pytest.mark.parametrize("commits", [True, False])
def test_a_blob_is_removed_after_the_commit_only(installation: Installation, commits: bool):  # noqa: FBT001  parametrised
    with installation.archive.begin() as work:
        blob = work.blobs.put(b"data", key=work.keys.create())
        work.commit()
    with installation.archive.begin() as work:
        work.blobs.remove(blob)
        assert len(files(installation.blobs)) == 1
        if commits:
            work.commit()
    assert len(files(installation.blobs)) == (0 if commits else 1)
    with installation.archive.begin() as work:
        work.blobs.remove(blob)
        work.commit()
    with installation.archive.begin() as work:
        work.blobs.remove(blob)
        work.commit()
    assert files(installation.blobs) == []


def test_a_full_disk_keeps_no_half_written_blob(installation: Installation, monkeypatch: pytest.MonkeyPatch):
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with installation.archive.begin() as work:
        key = work.keys.create()
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(IntegrityBroken, match="ENOSPC") as refusal:
            work.blobs.put(b"data", key=key)
        assert refusal.value.code == "storage_failed"
        monkeypatch.undo()
    assert files(installation.blobs) == []


def test_a_full_disk_keeps_no_half_written_file_and_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write_file(tmp_path / "a", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IntegrityBroken, match="ENOSPC"):
        write_file(tmp_path / "a", b"new")
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_old_files_that_cannot_be_deleted_are_reported_after_the_commit(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    def broken(_self: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with installation.archive.begin() as work:
        ada = make_person(work.keys.create())
        blob = work.blobs.put(b"data", key=ada.key)
        work.commit()
    with installation.archive.begin() as work:
        work.people.add(ada)
        work.blobs.remove(blob)
        monkeypatch.setattr(Path, "unlink", broken)
        with pytest.raises(IntegrityBroken, match="committed, but"):
            work.commit()
        monkeypatch.undo()
    with installation.archive.read() as work:
        assert work.people.get(ada.id) == ada
    assert len(files(installation.blobs)) == 1
    assert installation.archive.sweep() == 1


def test_a_sweep_removes_what_no_row_names_and_half_written_files(installation: Installation):
    with installation.archive.begin() as work:
        key = work.keys.create()
        kept = [work.blobs.put(b"image", key=key), work.blobs.put(b"exhibit", key=key)]
        work.images.add_all([image(key, kept[0]), image(key, None)])
        work.exhibits.add(exhibit(key, kept[1]))
        work.blobs.put(b"unnamed", key=key)
        work.commit()
    (installation.blobs / kept[0][:2] / ".x.part").write_bytes(b"half")
    assert installation.archive.sweep() == 2
    assert {path.name for path in files(installation.blobs)} == set(kept)


def image(key: KeyId, blob: BlobId | None) -> ReferenceImage:
    return ReferenceImage(
        id=ImageId(new_id()),
        record=RecordId("r"),
        key=key,
        blob=blob,
        file_name="a.jpg",
        content_digest="00",
        image_date=None,
        unified=0.5,
        measures=(),
    )


def exhibit(key: KeyId, blob: BlobId) -> Exhibit:
    taken = datetime(2026, 1, 31, tzinfo=UTC)
    return Exhibit(
        id=ExhibitId(new_id()),
        case=CaseId("c"),
        key=key,
        number="1",
        sha256=sha256(b"exhibit"),
        size_bytes=7,
        blob=blob,
        medium=Medium.IMAGE,
        format="png",
        width_px=1,
        height_px=1,
        source_type=SourceType.CCTV,
        depiction=Depiction.PHOTOGRAPH,
        privacy=Privacy.PUBLIC_PLACE,
        device="",
        capture=CaptureInterval(earliest=taken, latest=taken, basis=CaptureBasis.METADATA),
        statement=CaptureStatement(basis=CaptureBasis.METADATA, latest=taken),
        camera_time=None,
        contradictions=(),
        derived_from=None,
        picked_from=None,
        retention_days=31,
        retention_from="case_closed",
        lawful_origin="seized",
        supplied_by="somebody",
        sealed_at=taken,
        sealed_by=PersonId("p"),
    )


@given(sizes=st.lists(st.integers(0, 40), max_size=8), offset=st.integers(0, 200), length=st.integers(0, 200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_of_a_blob_written_in_blocks_comes_back(
    shared_archive: SqlArchive, monkeypatch: pytest.MonkeyPatch, sizes: list[int], offset: int, length: int
):
    monkeypatch.setattr(blobs, "PART_BYTES", 16)
    monkeypatch.setattr(blobs, "_SEALED_BYTES", 16 + OVERHEAD_BYTES)
    blocks = [bytes([at]) * size for at, size in enumerate(sizes)]
    whole = b"".join(blocks)
    with shared_archive.begin() as work:
        key = work.keys.create()
        blob = work.blobs.put_stream(blocks, key=key)
        with work.blobs.open(blob, key=key) as opened:
            assert opened.size_bytes == len(whole)
            assert opened.read_at(offset, length) == whole[offset : offset + length]
        assert work.blobs.get(blob, key=key) == whole


def test_a_blob_that_was_cut_doubled_or_reordered_at_its_parts_does_not_open(installation: Installation):
    part = blobs.PART_BYTES
    with installation.archive.begin() as work:
        key = work.keys.create()
        blob = work.blobs.put_stream([b"a" * part, b"b" * part, b"c" * part], key=key)
        (path,) = files(installation.blobs)
        sealed = path.read_bytes()
        cut = [sealed[at : at + part + OVERHEAD_BYTES] for at in range(0, len(sealed), part + OVERHEAD_BYTES)]
        for order in ([0, 1], [0], [0, 0, 1, 2], [1, 0, 2], [0, 1, 1], []):
            path.write_bytes(b"".join(cut[at] for at in order))
            with pytest.raises(IntegrityBroken):
                work.blobs.get(blob, key=key)


def test_blocks_that_end_in_an_error_leave_no_file(installation: Installation):
    def growing() -> Iterator[bytes]:
        yield b"x" * 3_000_000
        raise GrowingFileError("expected a closed file")

    with installation.archive.begin() as work, pytest.raises(GrowingFileError):
        work.blobs.put_stream(growing(), key=work.keys.create())
    assert files(installation.blobs) == []


def test_a_large_file_is_never_held_in_memory(installation: Installation):
    """Half a gigabyte, passed through in blocks: what Python holds at most is a few parts of it."""
    blocks = (bytes(1 << 20) for _ in range(512))
    with installation.archive.begin() as work:
        key = work.keys.create()
        tracemalloc.start()
        blob = work.blobs.put_stream(blocks, key=key)
        with work.blobs.open(blob, key=key) as opened:
            assert opened.read_at((512 << 20) - 3, 9) == bytes(3)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 16 << 20
