from datetime import UTC, date, datetime, timedelta

import pytest

from countersign.governance.publication import due_at, month_of, next_month, overdue_months, returns_published

JANUARY = date(2026, 1, 10)


@pytest.mark.row("STA-01")
def test_a_month_is_owed_from_the_twenty_ninth_of_the_next():
    assert overdue_months(JANUARY, frozenset(), date(2026, 2, 28)) == ()
    assert overdue_months(JANUARY, frozenset(), date(2026, 3, 1)) == ("2026-01",)
    assert overdue_months(JANUARY, frozenset({"2026-01"}), date(2026, 3, 1)) == ()
    assert overdue_months(JANUARY, frozenset({"2026-02"}), date(2026, 4, 10)) == ("2026-01",)


def test_months_follow_one_another_over_the_end_of_a_year():
    assert next_month("2026-12") == "2027-01"
    assert due_at("2026-11") == date(2026, 12, 28)
    assert month_of(JANUARY) == "2026-01"


@pytest.mark.row("P-11")
def test_a_late_return_lets_a_search_to_save_a_life_through_for_seventy_two_hours():
    late = datetime(2026, 3, 1, tzinfo=UTC)

    def allowed(after: timedelta, *, life_at_risk: bool) -> bool:
        return returns_published(JANUARY, frozenset(), late + after, life_at_risk=life_at_risk).allowed

    assert not allowed(timedelta(0), life_at_risk=False)
    assert allowed(timedelta(hours=71), life_at_risk=True)
    assert not allowed(timedelta(hours=72), life_at_risk=True)
