from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.errors import Invalid
from countersign.evaluation.identification import cmc, fnir, fpir, measure_identification, ranked_within
from countersign.evaluation.measurement import UndefinedRateError
from countersign.evaluation.protocol import NoSamplesError, PerProbe, SampleTemplate
from countersign.search.operating_point import OperatingPoint

RANKS = st.lists(st.integers(0, 30), min_size=1, max_size=30)


class NoFaceError(Invalid):
    code = "no_face"


def read(picture: Path) -> SampleTemplate:
    """Read a picture that is its own template: features, then the quality."""
    text = picture.read_text()
    if text == "no face":
        raise NoFaceError("expected a face, got none")
    *features, quality = text.split()
    codes = np.array([int(feature) for feature in features], dtype=np.int8)
    return SampleTemplate(codes=codes, unified=float(quality))


def folder(root: Path, pictures: Mapping[str, str]) -> Path:
    for name, text in pictures.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def references(tmp_path: Path) -> Path:
    # Anna lies along the first feature, Bert along the second; nothing of Carl can be enrolled.
    return folder(
        tmp_path / "references",
        {"anna/1.jpg": "10 0 0 1", "anna/2.jpg": "9 1 0 0.5", "bert/1.jpg": "0 10 0 1", "carl/1.jpg": "no face"},
    )


def point(threshold: int, length: int = 10) -> OperatingPoint:
    return OperatingPoint(name="strict", thresholds={(1, 7): threshold}, list_length=length)


def test_every_still_is_counted_by_hand(tmp_path: Path, references: Path) -> None:
    probes = folder(
        tmp_path / "probes",
        {
            "anna/1.png": "10 0 0 1",  # 100 to Anna, 0 to Bert: listed; without her nobody
            "anna/2.png": "5 6 0 1",  # 51 to Anna, 60 to Bert: Anna is second, and Bert is listed without her
            "bert/1.png": "no face",  # fails
            "carl/1.png": "0 0 10 1",  # his mate was not enrolled: fails
            "dora/1.png": "5 0 0 1",  # nobody's mate; 50 to Anna: listed at 50
            "dora/notes.txt": "not a picture",
        },
    )
    found = measure_identification(read, references, probes, operating_point=point(50))

    assert (found.n_subjects, found.threshold_id, found.list_length) == (2, "strict/views-1-7:50/length:10", 10)
    assert (found.failures_to_enrol.count, found.failures_to_enrol.trials) == (1, 4)
    assert (found.failures_to_acquire.count, found.failures_to_acquire.trials) == (1, 5)
    assert [(one.subject, one.file, one.code) for one in found.failures] == [
        ("carl", "1.jpg", "no_face"),
        ("bert", "1.png", "no_face"),
    ]
    assert (found.ranked_first.count, found.ranked_10.count, found.ranked_first.trials) == (1, 2, 4)
    assert found.fnir is not None
    assert found.fpir is not None
    assert (found.fnir.count, found.fnir.trials) == (2, 4)
    assert (found.fpir.count, found.fpir.trials) == (2, 4)


def test_stills_of_a_set_are_one_search_weighted_by_quality(tmp_path: Path, references: Path) -> None:
    probes = folder(
        tmp_path / "probes",
        {"anna/1.png": "10 0 0 1", "anna/2.png": "0 10 0 0.1", "anna/3.png": "no face", "bert/1.png": "no face"},
    )
    found = measure_identification(read, references, probes, per_probe=PerProbe.SET)
    assert (found.ranked_first.count, found.ranked_first.trials) == (1, 2)
    assert (found.failures_to_acquire.count, found.failures_to_acquire.trials) == (2, 4)
    assert (found.fnir, found.fpir, found.threshold_id, found.per_probe) == (None, None, "", "set")


def test_others_fill_the_gallery_with_one_picture_each_even_under_the_same_name(
    tmp_path: Path, references: Path
) -> None:
    others = folder(tmp_path / "others", {"anna/1.jpg": "0 0 10 1", "anna/2.jpg": "10 0 0 1", "emil/1.jpg": "0 0 9 1"})
    probes = folder(tmp_path / "probes", {"anna/1.png": "0 0 10 1"})
    found = measure_identification(read, references, probes, others=others)
    assert found.n_subjects == 4
    assert (found.ranked_first.count, found.ranked_10.count) == (0, 1)


def test_equal_scores_are_ranked_by_id_as_a_list_would(tmp_path: Path) -> None:
    references = folder(tmp_path / "references", {"a/1.jpg": "10 0 1", "b/1.jpg": "10 0 1"})
    probes = folder(tmp_path / "probes", {"a/1.png": "1 0 1", "b/1.png": "1 0 1"})
    found = measure_identification(read, references, probes, operating_point=point(10, 1))
    assert found.fnir is not None
    assert (found.ranked_first.count, found.fnir.count) == (1, 1)


def test_without_excluding_mates_only_strangers_are_non_mated(tmp_path: Path, references: Path) -> None:
    probes = {"anna/1.png": "5 6 0 1", "dora/1.png": "0 0 1 1"}
    found = measure_identification(
        read, references, folder(tmp_path / "probes", probes), operating_point=point(50), exclude_mates=False
    )
    assert found.fpir is not None
    assert (found.fpir.count, found.fpir.trials) == (0, 1)

    probes.pop("dora/1.png")
    alone = measure_identification(
        read, references, folder(tmp_path / "alone", probes), operating_point=point(50), exclude_mates=False
    )
    assert alone.fpir is None


def test_probes_of_strangers_only_leave_fnir_undefined(tmp_path: Path, references: Path) -> None:
    probes = folder(tmp_path / "probes", {"dora/1.png": "0 0 1 1"})
    with pytest.raises(UndefinedRateError, match="undefined, not 0"):
        measure_identification(read, references, probes)


def test_a_gallery_in_which_nothing_was_enrolled_is_refused(tmp_path: Path) -> None:
    references = folder(tmp_path / "references", {"a/1.jpg": "no face"})
    with pytest.raises(NoSamplesError, match="that can be enrolled"):
        measure_identification(read, references, references)


@given(RANKS)
def test_more_places_never_rank_fewer_mates(ranks: list[int]) -> None:
    values = [step.value for step in cmc(ranks, places=12)]
    assert values == sorted(values)
    assert values[-1] == sum(0 < rank <= 12 for rank in ranks) / len(ranks)


@given(RANKS)
def test_a_mate_is_either_missed_or_listed(ranks: list[int]) -> None:
    assert fnir(ranks).count + ranked_within(ranks, places=30).count == len(ranks)


def test_rates_by_hand() -> None:
    assert ranked_within([1, 2, 3, 0], places=2).value == 0.5
    assert fnir([1, 0, 0, 4]).value == 0.5
    assert fpir([0, 0, 3, 0]).value == 0.25


@pytest.mark.parametrize("undefined", [lambda: fnir([]), lambda: fpir([]), lambda: ranked_within([], places=1)])
def test_a_rate_of_nothing_is_undefined(undefined: Callable[[], object]) -> None:
    with pytest.raises(UndefinedRateError):
        undefined()
