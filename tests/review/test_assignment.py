import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.primitives.ids import PersonId, SubjectId
from countersign.review.assignment import (
    ExaminerRepeatedError,
    FirstReviewError,
    ReviewPendingError,
    ReviewsCompleteError,
    assign,
    shuffled,
)
from countersign.review.facial_review import Position, ReviewState
from tests.fakes_review import review

OPERATOR, SECOND, THIRD, FOURTH = map(PersonId, ("operator", "second", "third", "fourth"))


def test_the_operator_is_first_another_second_and_a_third_settles_a_conflict():
    first, second = review("operator", "s1"), review("second")
    assert assign([], OPERATOR, operator=OPERATOR) is Position.FIRST
    assert assign([first], SECOND, operator=OPERATOR) is Position.SECOND
    assert assign([first, second], THIRD, operator=OPERATOR) is Position.THIRD


@pytest.mark.parametrize("examiner", [OPERATOR, SECOND])
def test_nobody_reviews_twice(examiner: PersonId):
    with pytest.raises(ExaminerRepeatedError):
        assign([review("operator", "s1"), review("second")], examiner, operator=OPERATOR)


def test_the_operator_who_already_opened_a_review_cannot_open_it_again():
    with pytest.raises(ExaminerRepeatedError):
        assign([review("operator", state=ReviewState.OPENED)], OPERATOR, operator=OPERATOR)


def test_nobody_but_the_operator_is_first():
    with pytest.raises(FirstReviewError):
        assign([], SECOND, operator=OPERATOR)


@pytest.mark.parametrize("state", [ReviewState.OPENED, ReviewState.ANALYSED])
def test_the_second_waits_for_the_first(state: ReviewState):
    with pytest.raises(ReviewPendingError):
        assign([review("operator", state=state)], SECOND, operator=OPERATOR)


@pytest.mark.parametrize("supported", [["s1"], []])
def test_there_is_no_third_where_two_agree(supported: list[str]):
    with pytest.raises(ReviewsCompleteError):
        assign([review("operator", *supported), review("second", *supported)], THIRD, operator=OPERATOR)


def test_there_is_no_fourth():
    with pytest.raises(ReviewsCompleteError):
        assign([review("operator", "s1"), review("second"), review("third")], FOURTH, operator=OPERATOR)


@given(st.lists(st.text().map(SubjectId), unique=True), st.text())
def test_shuffling_loses_and_adds_nobody(subjects: list[SubjectId], seed: str):
    assert sorted(shuffled(subjects, seed)) == sorted(subjects)


@pytest.mark.row("REV-02")
@given(st.permutations(["a", "b", "c", "d"]), st.text())
def test_the_recorded_seed_gives_the_order_whatever_the_ranks_were(ranked: list[str], seed: str):
    assert shuffled([SubjectId(one) for one in ranked], seed) == shuffled([*map(SubjectId, "abcd")], seed)


@pytest.mark.row("REV-02")
def test_the_order_says_nothing_about_the_rank():
    subjects = [SubjectId(str(rank)) for rank in range(4)]
    places = [shuffled(subjects, str(seed)).index(subjects[0]) for seed in range(4000)]
    # Each place is expected 1,000 times with a standard deviation of 27; five of them is never by chance.
    assert all(abs(places.count(place) - 1000) < 137 for place in range(4))
