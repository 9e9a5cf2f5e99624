import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.evaluation.extrapolation import GallerySizeError, fnir_at, fpir_at

RATES, SIZES = st.floats(0, 1), st.integers(1, 1_000_000)


@pytest.mark.row("P-02", "ENG-04")
def test_twice_the_strangers_are_listed_nearly_twice_as_often():
    assert fpir_at(0.01, 1000, 2000) == pytest.approx(1 - 0.99**2)
    assert fpir_at(0.5, 1000, 2000) == pytest.approx(0.75)


@pytest.mark.row("P-02", "ENG-04")
def test_a_mate_is_pushed_off_a_short_list_by_strangers_that_a_large_gallery_has():
    # 693 strangers above the threshold are expected where one half had any: ten places are never enough.
    assert fnir_at(0.05, 0.5, 1000, 1_000_000, places=10) == pytest.approx(1)
    assert fnir_at(0.05, 0.001, 1000, 2000, places=10) == pytest.approx(0.05)


@given(RATES, SIZES)
def test_at_the_tested_size_the_rates_are_the_tested_ones(rate: float, size: int):
    assert fpir_at(rate, size, size) == pytest.approx(rate)
    assert fnir_at(rate, 0.3, size, size, places=5) == pytest.approx(rate)


@given(RATES, RATES, SIZES, SIZES, SIZES, st.integers(1, 20))
def test_a_larger_gallery_is_never_better(fnir: float, fpir: float, tested: int, one: int, other: int, places: int):
    small, large = sorted((one, other))

    assert 0 <= fpir_at(fpir, tested, small) <= fpir_at(fpir, tested, large) <= 1
    low, high = (fnir_at(fnir, fpir, tested, size, places=places) for size in (small, large))
    assert 0 <= low <= high + 1e-9 <= 1 + 1e-9


@pytest.mark.parametrize(("tested", "size"), [(0, 10), (10, 0)])
def test_a_gallery_of_nobody_has_no_rates(tested: int, size: int):
    with pytest.raises(GallerySizeError, match="got"):
        fpir_at(0.1, tested, size)


def test_what_is_no_rate_is_refused():
    with pytest.raises(ValueError, match=r"1\.5"):
        fpir_at(1.5, 10, 10)
    assert fpir_at(1.0, 10, 10) == 1.0
    assert fnir_at(0.1, 1.0, 10, 20, places=3) == pytest.approx(0.1)
