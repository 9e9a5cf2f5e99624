from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from countersign.primitives.arrays import Codes
from countersign.primitives.ids import SubjectId
from countersign.search import candidates
from countersign.search.candidates import cut, list_candidates
from countersign.search.exact import ExactGallery
from countersign.search.fusion import WeightsError
from countersign.search.operating_point import OperatingPoint


def strict(one_view: int, more_views: int, length: int = 10) -> OperatingPoint:
    return OperatingPoint(name="strict", thresholds={(1, 1): one_view, (2, 7): more_views}, list_length=length)


def names(*subjects: str) -> tuple[SubjectId, ...]:
    return tuple(SubjectId(subject) for subject in subjects)


def oracle(
    codes: Codes, subjects: Sequence[str], probe: Codes, weights: Sequence[int], point: OperatingPoint
) -> list[tuple[int, str]]:
    listed = []
    for who in set(subjects):
        views = [codes[row].astype(int) for row, name in enumerate(subjects) if name == who][:7]
        score = sum(w * max(int(s @ v) for v in views) for w, s in zip(weights, probe.astype(int), strict=True))
        if score >= point.threshold_for(len(views)) * sum(weights):
            listed.append((score, who))
    return sorted(listed, key=lambda pair: (-pair[0], pair[1]))[: point.list_length]


@given(
    seed=st.integers(0, 2**32 - 1),
    depth=st.sampled_from([1, 3, 10, 500]),
    thresholds=st.tuples(st.integers(1, 25), st.integers(1, 25)),
    length=st.integers(1, 5),
    weights=st.lists(st.integers(1, 255), min_size=1, max_size=5),
)
def test_the_list_is_that_of_a_naive_loop_whatever_the_depth(
    seed: int, depth: int, thresholds: tuple[int, int], length: int, weights: list[int]
) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(-2, 3, (60, 10), dtype=np.int8)  # small features tie often
    probe = rng.integers(-2, 3, (len(weights), 10), dtype=np.int8)
    subjects = names(*(f"s{n:02}" for n in rng.integers(0, 25, 60)))
    point = strict(*thresholds, length)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_DEPTH", depth)
        found = list_candidates(ExactGallery(codes, subjects), probe, weights, point)
    assert [(place.score, place.subject) for place in found] == oracle(codes, subjects, probe, weights, point)
    assert [place.rank for place in found] == list(range(1, len(found) + 1))


class Watched(ExactGallery):
    """Counts how often every row was compared."""

    full = 0

    def best_per_subject(self, probe_codes: Codes) -> tuple[tuple[SubjectId, ...], NDArray[np.int32]]:
        self.full += 1
        return super().best_per_subject(probe_codes)


def gallery_of_1000() -> Watched:
    codes = np.zeros((1000, 2), dtype=np.int8)
    codes[:, 0] = np.minimum(np.arange(1000) // 9, 100)
    return Watched(codes, names(*(f"{n:04}" for n in range(1000))))


@pytest.mark.parametrize(
    ("point", "found", "full"),
    [
        (strict(99, 99), 10, 0),  # nobody unseen reaches the threshold
        (strict(1, 1, 20), 20, 0),  # nobody unseen reaches the last place
    ],
)
def test_a_proven_list_needs_no_second_look(point: OperatingPoint, found: int, full: int) -> None:
    gallery = gallery_of_1000()
    listed = list_candidates(gallery, np.array([[100, 0]], dtype=np.int8), (3,), point)
    assert (len(listed), gallery.full) == (found, full)


def test_a_tie_with_an_unseen_subject_is_settled_by_a_second_look() -> None:
    gallery = Watched(np.ones((1000, 2), dtype=np.int8), names(*(f"{n:04}" for n in range(1000))))
    listed = list_candidates(gallery, np.array([[1, 1]], dtype=np.int8), (3,), strict(1, 1))
    assert [place.subject for place in listed] == [f"{n:04}" for n in range(10)]
    assert gallery.full == 1


def test_equality_is_listed_and_one_less_is_not() -> None:
    gallery = ExactGallery(np.array([[10], [9]], dtype=np.int8), names("at", "below"))
    listed = list_candidates(gallery, np.array([[1], [1]], dtype=np.int8), (255, 1), strict(10, 10))
    assert [(place.subject, place.score) for place in listed] == [("at", 2560)]


def test_an_empty_list_is_a_normal_result() -> None:
    gallery = ExactGallery(np.array([[10]], dtype=np.int8), names("a"))
    assert list_candidates(gallery, np.array([[1]], dtype=np.int8), (7,), strict(11, 11)) == ()


def test_a_hidden_subject_has_no_place() -> None:
    gallery = ExactGallery(np.array([[10], [9]], dtype=np.int8), names("a", "b"))
    gallery.hide(SubjectId("a"))
    listed = list_candidates(gallery, np.array([[1]], dtype=np.int8), (7,), strict(1, 1))
    assert [(place.rank, place.subject) for place in listed] == [(1, "b")]


def test_a_subject_below_its_own_band_leaves_its_place_to_the_next() -> None:
    places = cut(names("two", "one"), np.array([55, 52]), (2, 1), 1, strict(50, 60, 1))
    assert [(place.rank, place.subject, place.score) for place in places] == [(1, "one", 52)]


def test_missing_weights_are_refused() -> None:
    gallery = ExactGallery(np.array([[10]], dtype=np.int8), names("a"))
    with pytest.raises(WeightsError):
        list_candidates(gallery, np.array([[1], [2]], dtype=np.int8), (7,), strict(1, 1))


@pytest.mark.parametrize("views", [1, 7])
def test_more_stills_only_lower_the_fpir(views: int) -> None:
    """Seeded strangers: the threshold at which one still gives FPIR 0.10 gives less with each further still."""
    rng = np.random.default_rng(20)
    features = rng.normal(size=(300 * views + 200 * 5, 32))
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    codes = np.clip(np.rint(unit * 190), -127, 127).astype(np.int8)
    gallery = ExactGallery(codes[: 300 * views], names(*(f"{n:03}" for n in range(300) for _ in range(views))))
    probes = codes[300 * views :].reshape(200, 5, 32)
    weights = rng.integers(1, 256, (200, 5)).tolist()
    tops = np.sort([int(gallery.best_per_subject(probe[:1])[1].max()) for probe in probes])
    point = strict(int(tops[180]), int(tops[180]))

    fpir = [
        sum(
            bool(list_candidates(gallery, probe[:stills], weight[:stills], point))
            for probe, weight in zip(probes, weights, strict=True)
        )
        for stills in range(1, 6)
    ]
    assert fpir[0] == 20
    assert fpir == sorted(fpir, reverse=True)
    assert fpir[-1] < fpir[0]
