from dataclasses import replace

import pytest

from countersign.review.analysis import (
    AnalysisIncompleteError,
    StillsNotAttestedError,
    StruckStillsError,
    check_analysis,
)
from countersign.review.conclusion import BannedWordsError
from countersign.review.facial_review import ProbeAnalysis, StruckStill
from tests.fakes_governance import changed
from tests.fakes_review import accepted


def analysis(
    *, features: str = "brow and nose are visible", limits: str = "blurred, light from above", attested: bool = True
) -> ProbeAnalysis:
    return ProbeAnalysis(features=features, limits=limits, stills_show_one_person=attested)


def test_an_analysis_with_features_limits_and_attestation_is_accepted():
    assert accepted(check_analysis, analysis(), stills=2, minimum_chars=10)
    assert accepted(check_analysis, analysis(features="x" * 10, limits="y" * 10), stills=2, minimum_chars=10)


@pytest.mark.parametrize("part", ["features", "limits"])
@pytest.mark.parametrize("text", ["", " " * 20, "x" * 9, f" {'x' * 9} "])
@pytest.mark.row("REV-01")
def test_features_and_limits_have_a_least_length(part: str, text: str):
    with pytest.raises(AnalysisIncompleteError, match=part):
        check_analysis(changed(analysis(), **{part: text}), stills=2, minimum_chars=10)


@pytest.mark.parametrize("part", ["features", "limits"])
def test_an_analysis_does_not_conclude(part: str):
    with pytest.raises(BannedWordsError, match=part):
        check_analysis(changed(analysis(), **{part: "this is a match, surely"}), stills=2, minimum_chars=10)


def test_without_the_attestation_no_list_opens():
    with pytest.raises(StillsNotAttestedError):
        check_analysis(analysis(attested=False), stills=2, minimum_chars=10)


def struck(*numbers: int, reason: str = "the ear is another one") -> ProbeAnalysis:
    stills = tuple(StruckStill(number=number, reason=reason) for number in numbers)
    return replace(analysis(), struck=stills)


def test_an_examiner_strikes_a_still_with_a_reason():
    assert accepted(check_analysis, struck(2), stills=2, minimum_chars=10)


@pytest.mark.parametrize("numbers", [(1, 2), (3,), (0,), (1, 1)])
@pytest.mark.row("P-22")
def test_all_stills_or_none_of_the_probe_or_one_twice_cannot_be_struck(numbers: tuple[int, ...]):
    with pytest.raises(StruckStillsError, match="1 to 2"):
        check_analysis(struck(*numbers), stills=2, minimum_chars=10)


def test_a_still_is_struck_for_a_reason_that_does_not_conclude():
    with pytest.raises(StruckStillsError, match="reason"):
        check_analysis(struck(1, reason=" "), stills=2, minimum_chars=10)
    with pytest.raises(BannedWordsError, match="still 1"):
        check_analysis(struck(1, reason="definitely another man"), stills=2, minimum_chars=10)
