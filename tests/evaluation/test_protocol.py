from pathlib import Path

import pytest

from countersign.evaluation.protocol import NoSamplesError, read_folder


def test_pictures_are_listed_by_subject_and_name(tmp_path: Path) -> None:
    for name in ("b/2.JPG", "b/1.png", "a/1.webp", "a/notes.txt", "loose.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a" / "folder.jpg").mkdir()
    assert [(one.subject, one.path.name) for one in read_folder(tmp_path)] == [
        ("a", "1.webp"),
        ("b", "1.png"),
        ("b", "2.JPG"),
    ]
    assert [one.path.name for one in read_folder(tmp_path, first_only=True)] == ["1.webp", "1.png"]


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSamplesError, match="<subject>/<picture>"):
        read_folder(tmp_path)
