from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.likelihood import (
    LikelihoodBand,
    LikelihoodError,
    LikelihoodMethod,
    Ratio,
    likelihood_holds,
    ratio,
)
from countersign.governance.programme import ProgrammeKind

BAND = LikelihoodBand(
    quality_from=0.5,
    quality_to=1.1,
    slope=0.00005,
    intercept=-2.0,
    log10_low=-1.0,
    log10_high=1.5,
    people=60,
    strangers=1200,
    cllr=0.4,
    cllr_high=0.5,
    cllr_min=0.3,
)
METHOD = LikelihoodMethod(
    population="adults in custody in one county",
    dataset="own, digest",
    extractor="sface/f32",
    fusion="weighted-mean/p8",
    stills_from=1,
    stills_to=1,
    views_from=2,
    views_to=7,
    bands=(BAND,),
)


def stated(score: float, method: LikelihoodMethod = METHOD, **other: object) -> Ratio | None:
    asked = {"extractor": "sface/f32", "fusion": "weighted-mean/p8", "stills": 1, "views": 2, "quality": 0.5, **other}
    return ratio((method,), score, **asked)  # type: ignore[arg-type]


@pytest.mark.row("REV-15")
def test_a_score_within_the_bounds_gives_its_ratio_and_one_beyond_gives_the_bound():
    inside, above, below = stated(50_000), stated(100_000), stated(-50_000)
    assert inside is not None
    assert above is not None
    assert below is not None
    assert inside.log10 == pytest.approx(0.5)
    assert not inside.clipped
    assert (above.log10, above.clipped) == (1.5, True)
    assert (below.log10, below.clipped) == (-1.0, True)
    assert (above.log10_low, above.log10_high, above.population) == (-1.0, 1.5, METHOD.population)


@given(st.floats(-200_000, 200_000), st.floats(-200_000, 200_000))
def test_no_ratio_leaves_its_bounds_and_a_higher_score_never_gives_a_lower_one(one: float, other: float):
    low, high = sorted((one, other))
    first, second = stated(low), stated(high)
    assert first is not None
    assert second is not None
    assert -1.0 <= first.log10 <= second.log10 <= 1.5


@pytest.mark.row("REV-15")
@pytest.mark.parametrize(
    "other",
    [
        {"extractor": "other/f32"},
        {"fusion": "weighted-mean/p4"},
        {"stills": 2},
        {"views": 1},
        {"views": 0},
        {"quality": 0.49},
    ],
)
def test_what_was_not_validated_has_no_ratio(other: dict[str, object]):
    assert stated(50_000, METHOD, **other) is None


def test_the_method_that_fits_is_taken_whichever_comes_first():
    one_view = replace(METHOD, views_from=1, views_to=1, population="other")
    found = ratio(
        (one_view, METHOD), 50_000, extractor="sface/f32", fusion="weighted-mean/p8", stills=1, views=7, quality=0.9
    )
    assert found is not None
    assert found.population == METHOD.population


def code(method: LikelihoodMethod, kind: ProgrammeKind = ProgrammeKind.PRODUCTION) -> str | None:
    verdict = likelihood_holds((method,), "sface/f32", kind)
    return None if verdict.allowed else verdict.code


@pytest.mark.row("REV-15", "EQV-15")
def test_a_method_of_another_network_of_too_few_people_or_that_says_nothing_is_refused():
    assert code(METHOD) is None
    assert code(replace(METHOD, extractor="other/f32")) == "likelihood_other_network"
    assert code(replace(METHOD, bands=(BAND, replace(BAND, cllr_high=1.0)))) == "likelihood_says_nothing"
    assert code(replace(METHOD, bands=(BAND, replace(BAND, people=49)))) == "likelihood_too_small"
    assert code(replace(METHOD, bands=(replace(BAND, strangers=999),))) == "likelihood_too_small"
    assert code(replace(METHOD, bands=(replace(BAND, people=12, strangers=601),)), ProgrammeKind.TEST) is None
    assert code(replace(METHOD, bands=(replace(BAND, cllr_high=1.2),)), ProgrammeKind.TEST) == "likelihood_says_nothing"
    assert likelihood_holds((), "sface/f32", ProgrammeKind.PRODUCTION).allowed


@pytest.mark.parametrize(
    "wrong", [{"quality_to": 0.5}, {"log10_low": 0.1}, {"log10_high": -0.1}, {"slope": 0.0}, {"slope": -1.0}]
)
def test_bands_that_cannot_be_are_refused(wrong: dict[str, float]):
    with pytest.raises(LikelihoodError, match="expected a band of quality, bounds around 0"):
        replace(BAND, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"stills_from": 0}, {"stills_to": 0}, {"views_from": 8}, {"bands": ()}])
def test_methods_for_nothing_are_refused(wrong: dict[str, object]):
    with pytest.raises(LikelihoodError, match="expected numbers of stills and views from 1 on"):
        replace(METHOD, **wrong)  # type: ignore[arg-type]
