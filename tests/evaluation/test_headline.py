from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.errors import Invalid
from countersign.evaluation.headline import (
    Headline,
    HeadlineProtocol,
    headline,
    threshold_at,
)
from countersign.evaluation.manifest import ManifestColumnsError, read_manifest
from countersign.evaluation.protocol import SampleTemplate

FRONTAL = "yaw=0,pitch=0"
SCORES = st.lists(st.floats(-1, 1, allow_nan=False), min_size=1, max_size=30)


class NoFaceError(Invalid):
    code = "no_face"


def read(picture: Path) -> SampleTemplate:
    """Read a picture that is its own template: features, then the quality."""
    if picture.read_text() == "no face":
        raise NoFaceError("expected a face, got none")
    *features, quality = picture.read_text().split()
    return SampleTemplate(codes=np.array([int(one) for one in features], dtype=np.int8), unified=float(quality))


def measured(root: Path, pictures: Mapping[tuple[str, str, str], str]) -> dict[str, HeadlineProtocol]:
    lines = ["dataset,subject,file,kind,view"]
    for number, ((subject, kind, view), text) in enumerate(pictures.items()):
        (root / f"{number}.txt").write_text(text)
        lines.append(f'x,{subject},{number}.txt,{kind},"{view}"')
    (root / "manifest.csv").write_text("\n".join(lines))
    done: Headline = headline(read, read_manifest(root), power=8)
    return {row.name: row for row in done.protocols}


def test_every_row_is_counted_by_hand(tmp_path: Path) -> None:
    rows = measured(
        tmp_path,
        {
            ("anna", "mugshot", FRONTAL): "10 0 0 1",
            ("anna", "mugshot", "yaw=90,pitch=0"): "0 0 10 1",  # helps only where seven views are enrolled
            ("bert", "mugshot", FRONTAL): "0 10 0 1",
            ("dora", "news", ""): "6 6 0 1",
            ("anna", "cctv", "cam1"): "9 1 0 1",  # 90 to Anna, 60 to Dora
            ("anna", "cctv", "cam2"): "0 2 9 1",  # frontal: 0 to Anna, behind Bert and Dora; seven views: 90, first
            ("bert", "cctv", "cam1"): "6 6 0 1",  # 60 to Bert, 72 to Dora: second
            ("bert", "cctv", "cam2"): "no face",
        },
    )
    frontal, seven = rows["cctv-frontal-single"], rows["cctv-seven-single"]
    assert (frontal.gallery_subjects, frontal.mated, frontal.non_mated, frontal.failure_to_acquire) == (3, 4, 4, 1)
    assert frontal.fnir_rank == {"1": 0.75, "10": 0.25, "50": 0.25}
    assert seven.fnir_rank == {"1": 0.5, "10": 0.25, "50": 0.25}
    # Best strangers: 60, 20, 72, none. At FPIR 0.1 none of the four may list anybody, so T lies just above 72.
    assert frontal.fnir_at_fpir == {"0.1": 0.75, "0.01": 0.75}
    assert seven.fnir_at_fpir == {"0.1": 0.5, "0.01": 0.5}


def test_a_set_is_one_search_and_drops_only_the_stills_without_a_face(tmp_path: Path) -> None:
    rows = measured(
        tmp_path,
        {
            ("anna", "mugshot", FRONTAL): "10 0 0 1",
            ("dora", "news", ""): "0 10 0 1",
            ("anna", "cctv", "cam1"): "9 1 0 1",
            ("anna", "cctv", "cam2"): "no face",
        },
    )
    assert (rows["cctv-frontal-set"].mated, rows["cctv-frontal-set"].failure_to_acquire) == (1, 0)
    assert rows["cctv-frontal-set"].fnir_rank["1"] == 0
    assert rows["cctv-frontal-single"].failure_to_acquire == 1


def test_a_tie_counts_against_us(tmp_path: Path) -> None:
    rows = measured(
        tmp_path,
        {
            ("anna", "mugshot", FRONTAL): "10 0 0 1",
            ("dora", "news", ""): "10 0 0 1",
            ("anna", "cctv", "cam1"): "10 0 0 1",
        },
    )
    assert rows["cctv-frontal-single"].fnir_rank == {"1": 1.0, "10": 0.0, "50": 0.0}
    assert rows["cctv-frontal-single"].fnir_at_fpir == {"0.1": 1.0, "0.01": 1.0}


def test_a_mate_that_could_not_be_enrolled_fails_at_every_rank(tmp_path: Path) -> None:
    rows = measured(
        tmp_path,
        {
            ("anna", "mugshot", FRONTAL): "no face",
            ("dora", "news", ""): "10 0 0 1",
            ("anna", "cctv", "cam1"): "10 0 0 1",
        },
    )
    assert rows["cctv-frontal-single"].failure_to_enrol == 1
    assert rows["cctv-frontal-single"].fnir_rank["50"] == 1


@given(SCORES, st.floats(0, 0.99))
def test_the_threshold_keeps_the_share_and_is_the_smallest_that_does(strangers: list[float], share: float) -> None:
    given_scores = np.array(strangers)
    threshold = threshold_at(given_scores, share)
    assert (given_scores >= threshold).mean() <= share + 1e-9
    assert (given_scores >= np.nextafter(threshold, -np.inf)).mean() > share - 1e-9


@pytest.mark.parametrize("text", [None, "subject,file\na,b\n"])
def test_a_folder_without_a_manifest_or_with_another_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.csv").write_text(text)
    with pytest.raises(ManifestColumnsError, match="expected"):
        read_manifest(tmp_path)
