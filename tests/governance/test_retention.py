from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.retention import CountedFrom, ObjectClass, RetentionRow, UndatedError, erase_on, undated
from tests.fakes_governance import pack_of_tests

ROW = RetentionRow(
    object_class=ObjectClass.SEALED_LIST, days=31, counted_from=CountedFrom.REVIEW_CLOSED, reason="disclosure"
)


def test_a_list_of_january_goes_a_month_later():
    assert erase_on([ROW], ObjectClass.SEALED_LIST, datetime(2026, 1, 31, 23, 59, tzinfo=UTC)) == date(2026, 3, 3)


def test_a_class_without_a_period_may_not_be_stored():
    with pytest.raises(UndatedError, match="exhibit"):
        erase_on([ROW], ObjectClass.EXHIBIT, datetime(2026, 1, 31, tzinfo=UTC))


@pytest.mark.row("RET-01")
def test_the_undated_classes_are_named():
    assert ObjectClass.EXHIBIT in undated([ROW])
    assert ObjectClass.SEALED_LIST not in undated([ROW])


@given(st.sampled_from(ObjectClass), st.datetimes(timezones=st.just(UTC), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_every_class_of_the_shipped_pack_has_a_day_not_before_its_event(object_class: ObjectClass, since: datetime):
    assert erase_on(pack_of_tests().retention, object_class, since) >= since.date()
