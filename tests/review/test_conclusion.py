import pytest

from countersign.review.conclusion import BannedWordsError, MeasurementError, check_words, strongest, supports
from countersign.review.facial_review import Conclusion
from tests.fakes_review import accepted, opinion


@pytest.mark.parametrize("conclusion", Conclusion)
@pytest.mark.row("REV-12")
def test_only_moderate_and_strong_support_count(conclusion: Conclusion):
    assert supports(conclusion) is (conclusion in {Conclusion.MODERATE_SUPPORT, Conclusion.STRONG_SUPPORT})


@pytest.mark.parametrize(
    "text",
    [
        "a clear match",
        "they matched",
        "Identified as A",
        "positive identification",
        "100 % sure",
        "90% alike",
        "ninety 90 per cent",
        "the same person",
        "with certainty",
        "definitely him",
        "beyond doubt",
        "recognised at once",
    ],
)
@pytest.mark.row("REV-08")
def test_words_of_certainty_are_refused_and_named_with_their_field(text: str):
    with pytest.raises(BannedWordsError, match="A: notes: expected the scale's own words, got"):
        check_words(text, where="A: notes")


@pytest.mark.parametrize("text", ["", "left ear lobe attached in both", "uncertain, 3 stills only", "matchbox scar"])
def test_plain_descriptions_pass(text: str):
    assert accepted(check_words, text, where="notes")


def test_the_strongest_conclusion_of_a_review_stands_for_it():
    weak, inconclusive = opinion("A", Conclusion.LIMITED_SUPPORT), opinion("B", Conclusion.INCONCLUSIVE)
    assert strongest([opinion("C"), weak, inconclusive]) is Conclusion.LIMITED_SUPPORT
    assert strongest([weak, opinion("D", Conclusion.MODERATE_SUPPORT)]) is Conclusion.MODERATE_SUPPORT
    assert strongest([opinion("C"), inconclusive]) is Conclusion.INCONCLUSIVE


def test_a_review_without_opinions_has_no_strongest():
    with pytest.raises(ValueError, match="empty"):
        strongest([])


@pytest.mark.row("REV-07")
@pytest.mark.parametrize(
    "text",
    ["the nose is 34 mm wide", "interpupillary distance agrees", "eyes 60 px apart", "measured at the brow", "12°"],
)
def test_measurements_of_a_face_support_no_opinion(text: str):
    with pytest.raises(MeasurementError, match="features: expected features that are described"):
        check_words(text, where="features")
