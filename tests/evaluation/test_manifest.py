from pathlib import Path

import pytest

from countersign.evaluation.manifest import (
    ManifestColumnsError,
    Picture,
    SelectionError,
    age_band,
    first_of_each,
    read_manifest,
    select,
)

ROWS = (
    "dataset,subject,file,kind,view,sex,age,ethnicity\n"
    'frmdb,001,frmdb/001/m.jpg,mugshot,"yaw=-90,pitch=30",F,25,\n'
    "frmdb,001,frmdb/001/c.jpg,cctv,cam1,F,25,\n"
    "fairface,,fairface/7.jpg,unmated,,M,30-39,East Asian\n"
)


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Picture, ...]:
    (tmp_path / "manifest.csv").write_text(ROWS)
    return read_manifest(tmp_path)


def test_a_row_becomes_a_picture_with_labels(pictures: tuple[Picture, ...], tmp_path: Path):
    reference, _, unmated = pictures
    assert (reference.subject, reference.view, reference.path) == (
        "frmdb/001", (-90, 30), tmp_path / "frmdb/001/m.jpg",
    )  # fmt: skip
    assert reference.labels == {"sex": "F", "age": "18-29", "ethnicity": "unknown"}
    assert unmated.labels == {"sex": "M", "age": "30-39", "ethnicity": "east asian"}


def test_two_rows_without_a_subject_are_two_people(tmp_path: Path):
    (tmp_path / "manifest.csv").write_text("dataset,subject,file,kind,view\nx,,1.jpg,unmated,\nx,,2.jpg,unmated,\n")
    one, other = read_manifest(tmp_path)
    assert one.subject != other.subject


def test_labels_that_a_manifest_lacks_are_unknown(tmp_path: Path):
    (tmp_path / "manifest.csv").write_text("dataset,subject,file,kind,view\nx,a,1.jpg,cctv,\n")
    (only,) = read_manifest(tmp_path)
    assert set(only.labels.values()) == {"unknown"}


def test_a_manifest_without_a_column_or_in_another_encoding_is_refused(tmp_path: Path):
    with pytest.raises(ManifestColumnsError, match=r"expected a manifest\.csv"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.csv").write_text("dataset,file\n")
    with pytest.raises(ManifestColumnsError, match="expected the columns"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.csv").write_bytes(b"dataset,subject,file,kind,view\n\xff,,,,\n")
    with pytest.raises(ManifestColumnsError):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [("cctv", 1), ("*", 3), ("frmdb:*", 2), ("frmdb:mugshot:yaw=-90*", 1), ("*:cctv:cam1", 1)],
)
def test_a_pattern_means_pictures_by_kind_dataset_and_view(pictures: tuple[Picture, ...], pattern: str, number: int):
    assert len(select(pictures, [pattern])) == number


def test_a_pattern_that_means_nothing_is_refused_and_says_what_there_is(pictures: tuple[Picture, ...]):
    with pytest.raises(SelectionError, match=r"expected one of .*frmdb:cctv.* got 'frmdb:cctv:cam9'"):
        select(pictures, ["mugshot", "frmdb:cctv:cam9"])


def test_two_patterns_that_mean_one_picture_give_it_once(pictures: tuple[Picture, ...]):
    assert len(select(pictures, ["cctv", "frmdb:cctv"])) == 1


def test_the_first_of_each_subject_is_taken_by_name(pictures: tuple[Picture, ...]):
    assert [one.path.name for one in first_of_each(reversed(pictures))] == ["7.jpg", "c.jpg"]


@pytest.mark.parametrize(("age", "band"), [("29", "18-29"), ("30", "30-39"), ("59.9", "50-59"), ("old", "unknown")])
def test_a_year_belongs_to_the_band_that_begins_with_it(age: str, band: str):
    assert age_band(age) == band
