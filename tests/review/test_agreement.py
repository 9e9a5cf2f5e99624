from collections.abc import Sequence
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.primitives.ids import SubjectId
from countersign.review.agreement import Agreement, OpinionsNotLockedError, Result, agree, labels, supported
from countersign.review.facial_review import Conclusion, ReviewState
from tests.fakes_review import SUBJECTS, review

LEAD, NONE, CONFLICT = Result.LEAD_SUPPORTED, Result.NO_LEAD, Result.CONFLICT


def reviews(*supported_by_each: Sequence[str]):
    return [review(f"e{at}", *subjects) for at, subjects in enumerate(supported_by_each)]


@pytest.mark.parametrize(
    ("each", "result", "subject"),
    [
        ((["s1"], ["s1"]), LEAD, "s1"),
        (([], []), NONE, None),
        ((["s1"], []), CONFLICT, None),
        (([], ["s2"]), CONFLICT, None),
        ((["s1"], ["s2"]), CONFLICT, None),
        ((["s1", "s2"], ["s1"]), CONFLICT, None),
        ((["s1", "s2"], ["s1", "s2"]), NONE, None),
        ((["s1", "s2"], []), NONE, None),
        ((["s1"], [], ["s1"]), LEAD, "s1"),
        ((["s1"], [], []), NONE, None),
        ((["s1"], [], ["s2"]), NONE, None),
        ((["s1"], [], ["s1", "s2"]), NONE, None),
        ((["s1"], ["s2"], ["s2"]), LEAD, "s2"),
        ((["s1"], ["s2"], ["s3"]), NONE, None),
        ((["s1"], ["s2"], []), NONE, None),
    ],
)
@pytest.mark.row("REV-09")
def test_opinions_amount_to_what_the_decisions_say(
    each: list[list[SubjectId]], result: Result, subject: SubjectId | None
):
    assert agree(reviews(*each)) == Agreement(result=result, subject=subject)


choices = st.lists(st.lists(st.sampled_from(SUBJECTS), unique=True), min_size=2, max_size=3)


@given(choices, st.randoms(use_true_random=False))
def test_neither_examiners_order_nor_display_order_matters(each: list[list[SubjectId]], random: Random):
    expected = agree(reviews(*each))
    shuffled = [review(f"e{at}", *chosen, order=tuple(random.sample(SUBJECTS, 3))) for at, chosen in enumerate(each)]
    assert agree(shuffled) == expected
    assert agree([shuffled[1], shuffled[0], *shuffled[2:]]) == expected


@given(choices)
def test_a_lead_always_rests_on_two_people_who_support_that_one_candidate_alone(each: list[list[SubjectId]]):
    agreement = agree(reviews(*each))
    if agreement.result is LEAD:
        assert [[agreement.subject]] * 2 == [chosen for chosen in each if chosen == [agreement.subject]][:2]
    else:
        assert agreement.subject is None


@given(choices)
def test_three_opinions_never_end_in_a_conflict(each: list[list[SubjectId]]):
    assert len(each) == 2 or agree(reviews(*each)).result is not CONFLICT


@pytest.mark.parametrize("conclusion", [Conclusion.LIMITED_SUPPORT, Conclusion.INCONCLUSIVE])
def test_limited_support_supports_nobody(conclusion: Conclusion):
    assert supported(review("e", "s1", conclusion=conclusion)) is None
    assert supported(review("e", "s1", conclusion=Conclusion.MODERATE_SUPPORT)) == "s1"


@pytest.mark.parametrize("order", list(permutations(SUBJECTS)))
def test_a_label_means_the_subject_that_was_shown_under_it(order: tuple[SubjectId, ...]):
    assert supported(review("e", "s2", order=order)) == "s2"


@pytest.mark.parametrize("state", [ReviewState.OPENED, ReviewState.ANALYSED])
def test_opinions_meet_only_when_all_are_locked(state: ReviewState):
    with pytest.raises(OpinionsNotLockedError, match="locked"):
        agree([review("e1", "s1"), review("e2", "s1", state=state)])


@pytest.mark.parametrize("number", [0, 1, 4])
def test_one_opinion_is_not_enough_and_four_are_too_many(number: int):
    with pytest.raises(OpinionsNotLockedError):
        agree([review(f"e{at}", "s1") for at in range(number)])


def test_labels_are_letters_in_order():
    assert labels(0) == ()
    assert labels(3) == ("A", "B", "C")
    assert labels(26)[-1] == "Z"
    with pytest.raises(ValueError, match="27"):
        labels(27)
