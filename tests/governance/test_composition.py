from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.composition import ageing, composition, years_between
from countersign.governance.register import CustodyRecord, LegalStatus
from countersign.primitives.ids import CollectionId, KeyId, RecordId, SubjectId
from tests.fakes_governance import NOW

TODAY = NOW.date()


def record(status: LegalStatus, born: date | None, *, searchable: bool = True) -> CustodyRecord:
    return CustodyRecord(
        id=RecordId("r"),
        collection=CollectionId("c"),
        subject=SubjectId("s"),
        key=KeyId("k"),
        external_id="1/1",
        external_digest="d",
        status=status,
        status_checked_at=NOW,
        review_due=TODAY,
        owner="north force",
        added_at=NOW,
        searchable=searchable,
        listed_from=NOW,
        date_of_birth=born,
        erase_due=None,
        kept_until=None,
    )


def years_ago(years: int, days: int = 0) -> date:
    return TODAY.replace(year=TODAY.year - years) + timedelta(days=days)


@pytest.mark.row("REF-18")
def test_a_collection_is_counted_by_status_age_and_age_of_its_images():
    held = [
        record(LegalStatus.CONVICTED, years_ago(18, days=1)),
        record(LegalStatus.CONVICTED, years_ago(18)),
        record(LegalStatus.NFA, years_ago(40), searchable=False),
        record(LegalStatus.CHARGED, None),
        record(LegalStatus.CHARGED, years_ago(41)),
    ]

    made = composition(held, [years_ago(0), years_ago(1), years_ago(10), None], TODAY)

    assert (made.records, made.searchable, made.images) == (5, 4, 4)
    assert dict(made.status) == {"convicted": 2, "nfa": 1, "charged": 2}
    assert dict(made.age) == {"under 18": 1, "18 to 25": 1, "26 to 40": 1, "over 40": 1, "unknown": 1}
    assert dict(made.image_age) == {"under 1 year": 1, "1 to 4 years": 1, "10 years and more": 1, "unknown": 1}
    assert dict(made.ethnicity) == {"not recorded": 5}


@pytest.mark.row("REF-18")
@given(st.lists(st.tuples(st.sampled_from(LegalStatus), st.none() | st.dates(date(1850, 1, 1), TODAY))))
def test_totals_agree(people: list[tuple[LegalStatus, date | None]]):
    made = composition([record(status, born) for status, born in people], [born for _, born in people], TODAY)

    for counts in (made.status, made.age, made.ethnicity, made.image_age):
        assert sum(number for _, number in counts) == len(people)


@pytest.mark.row("REF-16")
@pytest.mark.parametrize(
    ("taken", "old"), [(years_ago(10), True), (years_ago(10, days=1), False), (None, True), (TODAY, False)]
)
def test_an_image_of_ten_years_or_of_unknown_age_is_ageing(taken: date | None, *, old: bool):
    assert ageing(taken, TODAY) is old


def test_the_day_before_a_birthday_is_not_the_birthday():
    assert years_between(date(2000, 2, 29), date(2026, 2, 28)) == 25
    assert years_between(date(2000, 2, 29), date(2026, 3, 1)) == 26
