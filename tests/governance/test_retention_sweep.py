from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.retention import ObjectClass
from countersign.governance.retention_sweep import DatedObject, OverdueLimits, Sweep, bearable, sweep

TODAY = date(2026, 3, 2)


def objects(*days: int, held: bool = False) -> list[DatedObject]:
    """Give objects that were due so many days ago."""
    return [
        DatedObject(object_class=ObjectClass.CASE, id=str(at), due=TODAY - timedelta(days=day), held=held)
        for at, day in enumerate(days)
    ]


@pytest.mark.row("RET-02", "RET-07")
def test_what_is_due_today_is_erased_and_not_late_and_what_is_held_is_neither():
    found = sweep([*objects(-1, 0, 3), *objects(9, held=True)], TODAY)

    assert [one.id for one in found.due] == ["1", "2"]
    assert (found.objects, found.held, found.late, found.latest_days) == (4, 1, 1, 3)
    assert sweep([], TODAY) == Sweep(objects=0, due=(), held=0, late=0, latest_days=0)


@pytest.mark.row("RET-07")
@pytest.mark.parametrize(
    ("late", "total", "days", "allowed"),
    [(1, 200, 1, True), (2, 399, 1, False), (2, 400, 1, True), (1, 200, 30, True), (1, 200, 31, False)],
)
def test_more_than_five_in_a_thousand_or_thirty_days_late_stops_use(late: int, total: int, days: int, *, allowed: bool):
    found = sweep(objects(*[days] * late, *[-1] * (total - late)), TODAY)

    verdict = bearable(found, OverdueLimits())

    assert verdict.allowed is allowed
    assert allowed or verdict.code == "retention_overdue"
    assert not bearable(found, OverdueLimits(permille=0)).allowed


@given(st.lists(st.tuples(st.integers(-50, 50), st.booleans())))
def test_every_object_is_in_one_place_only(made: list[tuple[int, bool]]):
    found = sweep([one for day, held in made for one in objects(day, held=held)], TODAY)

    assert len(found.due) + found.held == sum(day >= 0 for day, _ in made)
    assert found.late == sum(day > 0 and not held for day, held in made)
    assert found.objects == len(made)
