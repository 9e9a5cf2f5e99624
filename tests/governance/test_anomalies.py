"""Each rule has a trace that trips it and one that does not (LFR-06); three of them are named by the law."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance import anomalies
from countersign.governance.anomalies import (
    AT_ONCE,
    Anomaly,
    Block,
    Effect,
    SearchTrace,
    machine_rhythm,
    many_young,
    moves_about,
    recurring,
    same_camera,
    same_event,
    standing,
    too_many_by_person,
    too_many_by_unit,
    too_new,
)
from countersign.governance.anomaly_numbers import LOOSEST, AnomalyNumbers, tightened
from countersign.primitives.ids import CaseId, PersonId

NOW = datetime(2026, 1, 10, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NUMBERS = AnomalyNumbers()


def trace(at: timedelta = timedelta(0), **changed: object) -> SearchTrace:
    """Give a search that ran so long before NOW, with imagery three days older."""
    told: dict[str, object] = {
        "id": f"run-{at}",
        "case": CaseId(f"case-{at}"),
        "person": PersonId("operator"),
        "unit": "unit",
        "started_at": NOW - at,
        "age_hours": 72,
        "sources": ("camera",),
        "captured": (NOW - at - 3 * DAY,),
        "site": "high street",
        "files": ("file",),
        "forget_on": date(2026, 4, 10),
    }
    return SearchTrace(**{**told, **changed})  # type: ignore[arg-type]


def of_camera(count: int, spread: timedelta) -> list[SearchTrace]:
    return [
        trace(DAY * (place + 1), captured=(NOW - 9 * DAY + spread * place,), site=f"corner {place}")
        for place in range(count)
    ]


@pytest.mark.row("LFR-06", "LFR-09")
def test_a_weekend_of_city_centre_cctv_is_stopped_at_the_fifth_face():
    """Named by the Commission's draft guidelines: everybody on a city centre's cameras over a weekend."""
    weekend = of_camera(4, 5 * HOUR)
    fifth = trace(captured=(NOW - 9 * DAY + 20 * HOUR,))

    assert same_camera(weekend, fifth, NUMBERS) == ("camera",)
    assert same_camera(weekend[1:], fifth, NUMBERS) == ()
    assert same_camera(weekend, replace(fifth, sources=("another",)), NUMBERS) == ()
    assert same_camera(of_camera(4, 8 * HOUR), trace(captured=(NOW - 9 * DAY + 32 * HOUR,)), NUMBERS) == ()


@pytest.mark.row("LFR-06", "LFR-09")
def test_everybody_at_a_demonstration_is_stopped_at_the_tenth_face():
    square = [
        trace(DAY, site="the square", sources=(f"phone {place}",), captured=(NOW - 9 * DAY + place * HOUR / 2,))
        for place in range(9)
    ]
    tenth = trace(site="the square", captured=(NOW - 9 * DAY + 5 * HOUR,))

    assert same_event(square, tenth, NUMBERS) == ("the square",)
    assert same_event(square[1:], tenth, NUMBERS) == ()
    assert same_event(square, replace(tenth, site="elsewhere"), NUMBERS) == ()
    assert same_event(square, replace(tenth, captured=(NOW - 9 * DAY + 7 * HOUR,)), NUMBERS) == ()


@pytest.mark.row("LFR-06", "LFR-09")
def test_a_transport_hub_is_stopped_as_a_place_though_every_camera_is_another():
    hub = [
        trace(DAY, site="station", sources=(f"gate {place}",), captured=(NOW - 9 * DAY + place * HOUR / 4,))
        for place in range(9)
    ]
    tenth = trace(site="station", sources=("gate 9",), captured=(NOW - 9 * DAY + 3 * HOUR,))

    assert same_camera(hub, tenth, NUMBERS) == ()
    assert same_event(hub, tenth, NUMBERS) == ("station",)


@pytest.mark.row("LFR-06")
def test_a_person_searches_six_times_an_hour_and_twenty_times_a_day_and_no_more():
    hour = [trace(HOUR / 7 * place) for place in range(1, 7)]
    day = [trace(HOUR * place) for place in range(1, 21)]

    assert too_many_by_person(hour, trace(), NUMBERS) == ("operator",)
    assert too_many_by_person(hour[1:], trace(), NUMBERS) == ()
    assert too_many_by_person(day, trace(), NUMBERS) == ("operator",)
    assert too_many_by_person(day[1:], trace(), NUMBERS) == ()
    assert too_many_by_person(day, trace(person=PersonId("another")), NUMBERS) == ()


@pytest.mark.row("LFR-06")
def test_a_unit_that_searches_far_more_than_it_ever_did_is_stopped():
    usual = [trace(DAY * day + HOUR * n) for day in range(1, 91) for n in range(1, 4 + day % 3)]
    today = [trace(HOUR * n / 2) for n in range(1, 11)]

    assert too_many_by_unit([*usual, *today], trace(), NUMBERS) == ("unit",)
    assert too_many_by_unit([*usual, *today[1:]], trace(), NUMBERS) == ()
    assert too_many_by_unit([*usual, *today], trace(unit="another"), NUMBERS) == ()


@pytest.mark.row("LFR-06")
def test_ten_searches_at_even_intervals_are_a_machine_s():
    even = [trace(HOUR * place) for place in range(1, 10)]
    human = [trace(HOUR * place * (1 + place % 4)) for place in range(1, 10)]

    assert machine_rhythm(even, trace(), NUMBERS) == ("operator",)
    assert machine_rhythm(even[1:], trace(), NUMBERS) == ()
    assert machine_rhythm(human, trace(), NUMBERS) == ()
    assert machine_rhythm([trace()] * 9, trace(), NUMBERS) == ()


@pytest.mark.row("LFR-06")
def test_a_case_whose_searches_follow_a_person_from_place_to_place_is_a_track():
    first = trace(2 * DAY, site="north", captured=(NOW - 9 * DAY,))
    second = trace(DAY, site="west", captured=(NOW - 8 * DAY,))
    third = trace(site="south", captured=(NOW - 7 * DAY,))

    assert moves_about([second, first], third, NUMBERS)
    assert not moves_about([second], third, NUMBERS)
    assert not moves_about([first, second], replace(third, site="west"), NUMBERS)
    assert not moves_about([first, second], replace(third, captured=(NOW - 8 * DAY,)), NUMBERS)


@pytest.mark.row("LFR-06")
def test_too_many_searches_with_young_imagery_are_told():
    searches = [trace(DAY, age_hours=72)] * 9

    assert not many_young([*searches, trace(age_hours=47)], NOW, NUMBERS)
    assert many_young([*searches[1:], trace(age_hours=47)], NOW, NUMBERS)
    assert not many_young([*searches[1:], trace(31 * DAY, age_hours=47)], NOW, NUMBERS)


@pytest.mark.row("LFR-06")
def test_a_record_listed_in_five_unrelated_cases_recurs_and_counts_once_a_case():
    five = [trace(DAY * n, listed=("record",), excluded=("record",) if n < 5 else ()) for n in range(1, 6)]

    assert recurring(five, NOW, NUMBERS) == {"record": False}
    assert recurring([*five, trace(7 * DAY, listed=("record",), excluded=("record",))], NOW, NUMBERS) == {
        "record": True
    }
    assert recurring(five[1:] * 2, NOW, NUMBERS) == {}
    assert recurring(five, NOW + 87 * DAY, NUMBERS) == {}


@pytest.mark.row("LFR-06")
def test_a_candidate_whose_records_all_came_in_for_the_occasion_is_too_new():
    old, new = NOW - 24 * HOUR, NOW - 24 * HOUR + timedelta(seconds=1)

    assert too_new([new], NOW, 24)
    assert not too_new([new, old], NOW, 24)


def test_a_block_stands_for_its_scope_until_it_is_lifted():
    block = Block(id="1", rule=Anomaly.A2_CAMERA, effect=Effect.SUSPEND_SOURCE, scope="camera", placed_at=NOW)

    assert standing([block], trace()) == (block,)
    assert standing([replace(block, lifted_at=NOW)], trace()) == ()
    assert standing([replace(block, scope="")], trace()) == ()


def test_a_trace_holds_no_template_picture_name_or_text():
    """REF-09: cross-case counters are of source ids, times and keyed ids only."""
    assert {field.name for field in fields(SearchTrace)} == {
        *("id", "case", "person", "unit", "started_at", "age_hours", "sources", "captured", "site", "files"),
        *("forget_on", "listed", "excluded"),
    }


@given(st.builds(AnomalyNumbers, **{field.name: st.integers(-5, 10_000) for field in fields(AnomalyNumbers)}))
def test_no_pack_makes_a_rule_looser(numbers: AnomalyNumbers):
    tight = tightened(numbers)

    assert tight.source_probes <= LOOSEST.source_probes
    assert tight.person_day <= LOOSEST.person_day
    assert tight.source_window_h >= LOOSEST.source_window_h
    assert tight.rhythm_permille >= LOOSEST.rhythm_permille
    assert tight.kept_days == LOOSEST.kept_days
    assert all(getattr(tight, field.name) > 0 for field in fields(AnomalyNumbers))


def test_every_rule_of_the_catalogue_has_its_place():
    assert {rule.anomaly for rule in AT_ONCE.values()} | {
        *(Anomaly.A1_AGE, Anomaly.A4_REPEAT, Anomaly.A7_TRACK, Anomaly.A8_COLLECTION, Anomaly.A9_RECURRENCE)
    } == set(Anomaly)
    assert anomalies.__doc__
    assert all(f"A{number}" in anomalies.__doc__ for number in (1, 2, 3, 4, 5, 6, 7, 8, 9))
