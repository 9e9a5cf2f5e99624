from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.review.conclusion import BannedWordsError, supports
from countersign.review.facial_review import Conclusion, Mark, Opinion, Side
from countersign.review.opinion import MOST_MARKS, OpinionIncompleteError, check_opinions
from tests.fakes_review import opinion

CHECKLIST = ("eyes", "nose")
STRONG = Conclusion.STRONG_SUPPORT


def complete(*opinions: Opinion, candidates: int | None = None) -> bool:
    number = len(opinions) if candidates is None else candidates
    check_opinions(opinions, candidates=number, checklist=CHECKLIST, minimum_chars=10)
    return True


def test_one_complete_opinion_on_each_candidate_is_accepted_in_any_order():
    assert complete(opinion("B"), opinion("A", STRONG), opinion("C", Conclusion.INCONCLUSIVE))


def test_an_empty_list_needs_no_opinion():
    assert complete()


@pytest.mark.parametrize("labels", [[], ["A"], ["A", "A"], ["A", "C"], ["A", "B", "C"]])
@pytest.mark.row("REV-16")
def test_a_missing_doubled_or_foreign_label_is_refused(labels: list[str]):
    with pytest.raises(OpinionIncompleteError, match="one opinion on each of"):
        complete(*(opinion(label) for label in labels), candidates=2)


@pytest.mark.parametrize("text", ["", "  ", "x" * 9])
@pytest.mark.row("REV-16", "P-20")
def test_an_exclusion_states_a_dissimilarity(text: str):
    with pytest.raises(OpinionIncompleteError, match="A: dissimilarities"):
        complete(opinion("A", dissimilarities=text))
    assert complete(opinion("A", notes="", features=()))


@pytest.mark.parametrize("conclusion", sorted(set(Conclusion) - {Conclusion.NO_SUPPORT}))
def test_any_other_conclusion_has_notes(conclusion: Conclusion):
    with pytest.raises(OpinionIncompleteError, match="A: notes"):
        complete(opinion("A", conclusion, notes=" "))
    assert complete(opinion("A", conclusion, dissimilarities=""))


@given(st.sampled_from(Conclusion), st.sets(st.sampled_from(CHECKLIST)))
@pytest.mark.row("REV-06")
def test_support_needs_the_full_checklist_and_nothing_else_does(conclusion: Conclusion, names: set[str]):
    one = opinion("A", conclusion, features=tuple((name, "similar") for name in names))
    if supports(conclusion) and names != set(CHECKLIST):
        with pytest.raises(OpinionIncompleteError, match="full checklist"):
            complete(one)
    else:
        assert complete(one)


@pytest.mark.parametrize(
    "features",
    [
        (("eyes", "similar"), ("ears", "similar"), ("nose", "similar")),
        (("eyes", "alike"), ("nose", "similar")),
        (("eyes", "similar"), ("eyes", "dissimilar"), ("nose", "similar")),
    ],
)
@pytest.mark.row("REV-06")
def test_features_are_those_of_the_checklist_once_each_on_its_scale(features: tuple[tuple[str, str], ...]):
    with pytest.raises(OpinionIncompleteError, match="checklist features"):
        complete(opinion("A", STRONG, features=features))


@pytest.mark.parametrize("field", ["notes", "dissimilarities"])
def test_no_opinion_speaks_of_certainty(field: str):
    with pytest.raises(BannedWordsError, match=f"A: {field}"):
        complete(opinion("A", STRONG, **{field: "it is definitely the man in the still"}))


MARK = Mark(side=Side.PROBE, picture=1, at_px=(10, 0), feature="nose", seen="similar")


def test_points_and_arrows_show_features_of_the_checklist():
    assert complete(
        opinion("A", STRONG, marks=(MARK, replace(MARK, side=Side.REFERENCE, to_px=(0, 0), seen="dissimilar")))
    )


@pytest.mark.parametrize(
    "wrong",
    [
        replace(MARK, feature="tattoo"),
        replace(MARK, seen="matching"),
        replace(MARK, picture=0),
        replace(MARK, at_px=(-1, 4)),
        replace(MARK, to_px=(4, -1)),
    ],
)
@pytest.mark.row("P-23")
def test_a_mark_of_no_feature_or_outside_the_picture_is_refused(wrong: Mark):
    with pytest.raises(OpinionIncompleteError, match="A: expected marks"):
        complete(opinion("A", STRONG, marks=(wrong,)))


def test_there_is_an_end_to_marks():
    assert complete(opinion("A", STRONG, marks=(MARK,) * MOST_MARKS))
    with pytest.raises(OpinionIncompleteError, match=f"at most {MOST_MARKS}"):
        complete(opinion("A", STRONG, marks=(MARK,) * (MOST_MARKS + 1)))
