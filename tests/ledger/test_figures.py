"""The return is counted from the log, and anybody who has the log counts the same."""

from dataclasses import replace

import pytest

from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.ledger.figures import COLUMNS, count

SOUGHT, SEEDED, RUN = "aa" * 16, "bb" * 16, "cc" * 16


def entry(seq: int, kind: EventKind, at: str = "2026-01-15T12:00:00.000Z", **facts: str | int) -> Entry:
    return Entry(seq=seq, at=at, kind=kind, actor="system", code="0.1", programme_state="pilot", facts=facts, commit={})


def started(seq: int, request: str, run: str = RUN) -> Entry:
    return entry(
        seq,
        EventKind.SEARCH_STARTED,
        request=request,
        run=run,
        gallery_seq=1,
        gallery_root="00" * 32,
        n_subjects=10,
        operating_point="strict",
        threshold=5,
        list_length=10,
        age_hours=30,
        rbi_class="post",
        collection="dd" * 16,
        source_type="cctv",
        scope="one_case_one_person",
    )


LOG = [
    entry(0, EventKind.REQUEST_REFUSED, "2025-12-31T23:59:59.999Z", request=SOUGHT, reason="not_necessary"),
    entry(1, EventKind.REQUEST_REFUSED, request=SOUGHT, reason="not_necessary"),
    started(2, SOUGHT, "ee" * 16),
    entry(3, EventKind.SEARCH_SEALED, run="ee" * 16, candidates=0, weight_sum=1),
    started(4, SEEDED),
    entry(5, EventKind.REVIEW_SEEDED, request=SEEDED),
    entry(6, EventKind.SEARCH_SEALED, run=RUN, candidates=1, weight_sum=1),
    entry(7, EventKind.REVIEW_CONCLUDED, run=RUN, outcome="no_lead"),
    entry(8, EventKind.LEAD_DISPROVED, run="ee" * 16, cause="similar_person"),
    entry(9, EventKind.REQUEST_REFUSED, "2026-02-01T00:00:00.000Z", request=SOUGHT, reason="not_necessary"),
]


@pytest.mark.row("STA-01", "AUT-11")
def test_a_month_is_counted_from_its_own_entries_without_what_was_seeded():
    told = count(LOG, "2026-01")
    by = {one.column: one for one in told.figures}

    assert (told.log_size, told.frame["programme_state"]) == (9, "pilot")
    assert by["requests_refused"].by == {"reason": {"not_necessary": 1}}
    assert (by["searches"].total, by["lists_sealed"].total, by["lists_empty"].total) == (1, 1, 1)
    assert by["reviews_concluded"].total == 0
    assert by["leads_disproved"].by["cause"]["similar_person"] == 1


@pytest.mark.row("P-10")
@pytest.mark.parametrize(("band", "counted"), [("under_18", 1), ("adult", 0), ("unknown", 0)])
def test_searches_for_children_are_counted_as_of_unknown_performance(band: str, counted: int):
    submitted = replace(
        LOG[1],
        kind=EventKind.REQUEST_SUBMITTED,
        facts={
            "request": SOUGHT,
            "purpose": "safeguarding",
            "subject_category": "missing",
            "offence_code": "none",
            "setting": "ordinary",
            "tier": "t2",
            "use_class": "safeguarding",
            "age_band": band,
            "kind": "initial",
            "urgency": "none",
        },
    )
    told = count([submitted], "2026-01")

    assert next(one.total for one in told.figures if one.column == "performance_unknown") == counted


@pytest.mark.row("STA-03")
def test_a_rate_names_what_is_counted_and_of_what_and_a_false_lead_is_counted_of_both():
    shares = {one.name: one for one in count(LOG, "2026-01").shares}

    assert shares["false leads per search"].of == (1, 1)
    assert shares["false leads per lead released"].of == (1, 0)
    assert shares["false leads per search"].denominator == "searches"


@pytest.mark.row("STA-04")
def test_unknown_and_every_other_category_is_there_though_nobody_is_in_it_and_totals_agree():
    submitted = next(one for one in count(LOG, "2026-01").figures if one.column == "requests_submitted")
    assert submitted.by["age_band"] == {"under_18": 0, "adult": 0, "unknown": 0}

    for figure in count(LOG, "2026-01").figures:
        for counts in figure.by.values():
            assert sum(counts.values()) == figure.total


def test_a_month_without_a_log_is_all_noughts():
    told = count([], "2026-01")

    assert (told.log_size, dict(told.frame)) == (0, {})
    assert {one.total for one in told.figures} == {0}


def test_every_column_counts_a_kind_by_facts_that_it_has():
    for column in COLUMNS.values():
        assert set(column.split) | {fact for fact, _ in column.only} <= set(column.kind.facts)
