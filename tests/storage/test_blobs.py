"""Blobs are ciphertext, written once, and follow the transaction."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countersign.errors import IntegrityBroken, NotFound
from countersign.media.exhibit import CaptureBasis, CaptureInterval, Exhibit, SourceType
from countersign.primitives.digest import sha256
from countersign.primitives.ids import BlobId, CaseId, ExhibitId, ImageId, KeyId, PersonId, RecordId, new_id
from countersign.storage.archive import SqlArchive
from countersign.storage.durable import write_file
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
        format="png",
        width_px=1,
        height_px=1,
        source_type=SourceType.CCTV,
        capture=CaptureInterval(earliest=taken, latest=taken, basis=CaptureBasis.METADATA),
        lawful_origin="seized",
        supplied_by="somebody",
        sealed_at=taken,
        sealed_by=PersonId("p"),
    )
