from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.programme import ProgrammeKind
from countersign.governance.review_numbers import LOOSEST
from countersign.governance.review_rules import (
    dwelt,
    not_stood_down,
    outcomes_attended,
    outcomes_recorded,
    within_workload,
)
from tests.fakes_governance import NOW

PRODUCTION = ProgrammeKind.PRODUCTION


@pytest.mark.row("REV-11")
@given(st.integers(0, 200), st.integers(1, 5))
def test_nobody_looks_at_a_candidate_in_less_than_the_least_time(seconds: int, candidates: int):
    verdict = dwelt(NOW, NOW + timedelta(seconds=seconds), candidates, LOOSEST, PRODUCTION)
    assert verdict.allowed is (seconds >= 20 * candidates)
    assert dwelt(NOW, NOW, candidates, LOOSEST, ProgrammeKind.TEST).allowed


def test_who_never_saw_the_candidates_did_not_dwell():
    assert dwelt(None, NOW, 1, LOOSEST, PRODUCTION).code == "dwell_too_short"


@pytest.mark.row("REV-11")
@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        ([], "allowed"),
        ([1] * 5, "allowed"),
        ([1] * 6, "workload_hour"),
        ([60] * 6, "allowed"),
        ([61] * 30, "workload_day"),
    ],
)
def test_an_examiner_locks_so_many_reviews_and_no_more(minutes: list[int], code: str):
    locked = [NOW - timedelta(minutes=minute) for minute in minutes]
    assert within_workload(locked, NOW, LOOSEST, PRODUCTION).code == code
    assert within_workload(locked, NOW, LOOSEST, ProgrammeKind.DEMONSTRATION).allowed


@pytest.mark.row("REP-04")
@given(st.lists(st.integers(0, 200)))
def test_a_lead_waits_ninety_days_for_its_outcome(days: list[int]):
    verdict = outcomes_recorded([NOW - timedelta(days=day) for day in days], NOW, LOOSEST)
    assert verdict.code == ("outcome_overdue" if any(day > 90 for day in days) else "allowed")


@pytest.mark.row("P-15")
@given(st.lists(st.integers(0, 200)))
def test_a_supervisor_has_a_further_month_to_see_to_an_overdue_outcome(days: list[int]):
    verdict = outcomes_attended([NOW - timedelta(days=day) for day in days], NOW, LOOSEST)
    assert verdict.code == ("outcome_unattended" if any(day > 118 for day in days) else "allowed")


@pytest.mark.row("REV-10", "GOV-15")
@pytest.mark.parametrize(("bound", "allowed"), [(None, True), (0.0, True), (0.1, True), (0.1001, False)])
def test_an_examiner_is_stood_down_when_the_rate_is_above_the_bound_for_sure(bound: float | None, *, allowed: bool):
    assert not_stood_down(bound, LOOSEST).allowed is allowed
