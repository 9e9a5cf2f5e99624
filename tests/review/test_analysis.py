import pytest

from countersign.review.analysis import AnalysisIncompleteError, StillsNotAttestedError, check_analysis
from countersign.review.conclusion import BannedWordsError
from countersign.review.facial_review import ProbeAnalysis
from tests.fakes_governance import changed
from tests.fakes_review import accepted


def analysis(
    *, features: str = "brow and nose are visible", limits: str = "blurred, light from above", attested: bool = True
):
    return ProbeAnalysis(features=features, limits=limits, stills_show_one_person=attested)


def test_an_analysis_with_features_limits_and_attestation_is_accepted():
    assert accepted(check_analysis, analysis(), minimum_chars=10)
    assert accepted(check_analysis, analysis(features="x" * 10, limits="y" * 10), minimum_chars=10)


@pytest.mark.parametrize("part", ["features", "limits"])
@pytest.mark.parametrize("text", ["", " " * 20, "x" * 9, f" {'x' * 9} "])
@pytest.mark.row("REV-01")
def test_features_and_limits_have_a_least_length(part: str, text: str):
    with pytest.raises(AnalysisIncompleteError, match=part):
        check_analysis(changed(analysis(), **{part: text}), minimum_chars=10)


@pytest.mark.parametrize("part", ["features", "limits"])
def test_an_analysis_does_not_conclude(part: str):
    with pytest.raises(BannedWordsError, match=part):
        check_analysis(changed(analysis(), **{part: "this is a match, surely"}), minimum_chars=10)


def test_without_the_attestation_no_list_opens():
    with pytest.raises(StillsNotAttestedError):
        check_analysis(analysis(attested=False), minimum_chars=10)
