import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from countersign.primitives.arrays import Codes
from countersign.primitives.ids import SubjectId
from countersign.search.exact import ExactGallery, GalleryShapeError, SubjectNotThereError

A, B, C = SubjectId("a"), SubjectId("b"), SubjectId("c")


def oracle(codes: Codes, subjects: tuple[SubjectId, ...], probe: Codes) -> dict[SubjectId, list[int]]:
    best: dict[SubjectId, list[int]] = {}
    for who in sorted(set(subjects)):
        rows = [codes[row].astype(int) for row, name in enumerate(subjects) if name == who][:7]
        best[who] = [max(int(still @ row) for row in rows) for still in probe.astype(int)]
    return best


def random_codes(rng: np.random.Generator, rows: int, features: int, *, largest: int = 127) -> Codes:
    return rng.integers(-largest, largest + 1, (rows, features), dtype=np.int8)


def as_lists(found: tuple[tuple[SubjectId, ...], NDArray[np.int32]]) -> dict[SubjectId, list[int]]:
    subjects, best = found
    return dict(zip(subjects, best.T.tolist(), strict=True))


@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 60),
    features=st.integers(1, 40),
    stills=st.integers(1, 5),
    largest=st.sampled_from([1, 127]),  # features of -1, 0 and 1 give many ties
)
def test_the_best_scores_are_those_of_a_naive_loop(
    seed: int, rows: int, features: int, stills: int, largest: int
) -> None:
    rng = np.random.default_rng(seed)
    codes, probe = (random_codes(rng, n, features, largest=largest) for n in (rows, stills))
    subjects = tuple(SubjectId(f"s{n}") for n in rng.integers(0, 6, rows))
    gallery, expected = ExactGallery(codes, subjects), oracle(codes, subjects, probe)

    assert as_lists(gallery.best_per_subject(probe)) == expected
    some = tuple(sorted(expected, reverse=True))[:2]
    assert gallery.best_of(probe, some).T.tolist() == [expected[who] for who in some]


@given(seed=st.integers(0, 2**32 - 1), depth=st.integers(1, 50))
def test_no_subject_that_was_not_met_scores_more_than_the_bound(seed: int, depth: int) -> None:
    rng = np.random.default_rng(seed)
    codes, probe = random_codes(rng, 40, 8, largest=2), random_codes(rng, 3, 8, largest=2)
    subjects = tuple(SubjectId(f"s{n}") for n in rng.integers(0, 20, 40))
    near = ExactGallery(codes, subjects).nearest(probe, depth)

    unseen = [scores for who, scores in oracle(codes, subjects, probe).items() if who not in near.subjects]
    assert all(score <= last for scores in unseen for score, last in zip(scores, near.bound, strict=True))
    assert not (near.complete and unseen)


def test_the_largest_sums_that_float32_can_hold_are_exact() -> None:
    codes = np.full((2, 1040), 127, dtype=np.int8)
    codes[1, 0] = 126
    probe = np.array([codes[0], -codes[0]])
    expected = [[127 * 127 * 1040, -127 * 127 * 1040], [127 * 127 * 1040 - 127, 127 - 127 * 127 * 1040]]
    gallery = ExactGallery(codes, (A, B))
    assert gallery.best_per_subject(probe)[1].T.tolist() == expected
    assert gallery.nearest(probe, 1).bound.tolist() == [expected[0][0], expected[1][1]]


def test_scores_are_the_same_over_more_rows_than_one_block() -> None:
    rng = np.random.default_rng(5)
    codes, probe = random_codes(rng, 40_000, 16), random_codes(rng, 2, 16)
    subjects = tuple(SubjectId(f"{n:05}") for n in range(40_000))
    expected = probe.astype(np.int32) @ codes.T.astype(np.int32)
    assert np.array_equal(ExactGallery(codes, subjects).best_per_subject(probe)[1], expected)


def test_an_eighth_view_does_not_enter() -> None:
    codes = np.array([[1]] * 7 + [[100]], dtype=np.int8)
    gallery = ExactGallery(codes, (A,) * 8)
    assert gallery.views(A) == 7
    assert gallery.size == 7
    assert gallery.best_per_subject(np.array([[1]], dtype=np.int8))[1].tolist() == [[1]]


def test_a_hidden_subject_is_wiped_and_found_no_more() -> None:
    codes = np.array([[5, 5], [3, 3], [4, 4]], dtype=np.int8)
    gallery = ExactGallery(codes, (A, B, A))
    probe = np.array([[-1, -1]], dtype=np.int8)

    assert gallery.hide(A) == 2
    assert gallery.n_subjects == 1
    assert gallery.views(A) == 0
    # The wiped rows score 0, more than the -6 of the one that is left, and must not show.
    assert as_lists(gallery.best_per_subject(probe)) == {B: [-6]}
    assert gallery.nearest(probe, 1)[0] == ()
    assert gallery.nearest(probe, 3).subjects == (B,)
    assert codes.tolist() == [[5, 5], [3, 3], [4, 4]]
    for gone in (A, C):
        with pytest.raises(SubjectNotThereError, match="expected a subject of this gallery"):
            gallery.hide(gone)
        with pytest.raises(SubjectNotThereError, match="expected subjects of this gallery"):
            gallery.best_of(probe, (B, gone))


def test_an_empty_gallery_answers_with_nobody() -> None:
    gallery = ExactGallery(np.empty((0, 4), dtype=np.int8), ())
    probe = np.ones((2, 4), dtype=np.int8)
    subjects, best = gallery.best_per_subject(probe)
    assert (subjects, best.shape, gallery.n_subjects) == ((), (2, 0), 0)
    near = gallery.nearest(probe, 8)
    assert (near.subjects, near.complete) == ((), True)
    assert gallery.best_of(probe, ()).shape == (2, 0)


@pytest.mark.parametrize(
    ("codes", "subjects", "said"),
    [
        (np.zeros((2, 4), dtype=np.int8), (A,), "expected one subject a row, got 2 rows and 1 subjects"),
        (np.zeros((1, 4), dtype=np.int16), (A,), "expected templates as int8"),
        (np.zeros(4, dtype=np.int8), (A,), "expected templates as int8"),
        (np.zeros((1, 1041), dtype=np.int8), (A,), "expected 1 to 1040 features"),
        (np.zeros((1, 0), dtype=np.int8), (A,), "expected 1 to 1040 features"),
        (np.full((1, 4), -128, dtype=np.int8), (A,), "got -128"),
    ],
)
def test_templates_that_cannot_be_compared_exactly_are_refused(
    codes: Codes, subjects: tuple[SubjectId, ...], said: str
) -> None:
    with pytest.raises(GalleryShapeError, match=said):
        ExactGallery(codes, subjects)


def test_a_probe_of_another_length_is_refused() -> None:
    gallery = ExactGallery(np.zeros((1, 4), dtype=np.int8), (A,))
    with pytest.raises(GalleryShapeError, match="expected 4 features, got 3"):
        gallery.nearest(np.zeros((1, 3), dtype=np.int8), 1)
