from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.programme import ProgrammeKind
from countersign.governance.register import STRICTEST, Collection, CollectionClass, ImageOrigin, LegalStatus
from countersign.governance.register_rules import (
    checked_in_past,
    collection_registrable,
    erase_due,
    feed_plausible,
    feed_warning,
    first_listed,
    fresh,
    gallery_large_enough,
    listed,
    manifest_origin,
    searchable,
    years_later,
)
from countersign.primitives.ids import CollectionId
from tests.fakes_governance import NOW, changed, pack_of_tests

TODAY = NOW.date()
DAY = timedelta(days=1)
COLLECTION = Collection(
    id=CollectionId("k"),
    name="custody 2026",
    collection_class=CollectionClass.CUSTODY,
    origin=ImageOrigin.CUSTODY_SUITE,
    controller="chief constable",
    legal_power="PACE s.64A",
    purpose="law enforcement",
    retention_rule="review after six years",
    provenance="taken in custody suites of the force",
    registered_at=NOW,
)
LAWFUL = {LegalStatus.CONVICTED, LegalStatus.CAUTION, LegalStatus.CHARGED, LegalStatus.UNDER_INVESTIGATION}


@pytest.mark.parametrize("status", LegalStatus)
@pytest.mark.row("REF-02", "REF-04")
def test_only_a_current_lawful_status_is_searchable(status: LegalStatus):
    assert searchable(status, TODAY, TODAY).code == ("allowed" if status in LAWFUL else "status_not_searchable")


@given(st.integers(-400, 400))
@pytest.mark.row("REF-05")
def test_a_record_is_searchable_up_to_its_review_day(days: int):
    verdict = searchable(LegalStatus.CONVICTED, TODAY + days * DAY, TODAY)
    assert verdict.code == ("allowed" if days >= 0 else "review_overdue")


def test_a_collection_with_its_lawful_basis_is_registered():
    assert collection_registrable(COLLECTION).allowed


@pytest.mark.parametrize("name", ["name", "controller", "legal_power", "purpose", "retention_rule", "provenance"])
@pytest.mark.row("REF-01")
def test_each_part_of_the_lawful_basis_is_needed(name: str):
    verdict = collection_registrable(changed(COLLECTION, **{name: "  "}))
    assert verdict.code == "collection_incomplete"
    assert name in verdict.reason


@pytest.mark.parametrize(
    "provenance",
    [
        "scraped from profiles",
        "web crawl 2020",
        "taken from the internet",
        "social media",
        "social_media",
        "Facebook albums",
        "CCTV stills of the shopping centre",
        "https://example.org/faces",
        "harvested",
        "Clearview",
    ],
)
@pytest.mark.row("REF-08")
def test_scraped_references_are_refused_wherever_that_is_written(provenance: str):
    assert manifest_origin(provenance).code == "scraped_reference"
    assert collection_registrable(replace(COLLECTION, provenance=provenance)).code == "scraped_reference"
    assert collection_registrable(replace(COLLECTION, name=provenance)).code == "scraped_reference"


@pytest.mark.parametrize("provenance", ["", "custody suite, camera 2", "licensed test data (research)", "synthetic"])
def test_lawful_origins_are_accepted(provenance: str):
    assert manifest_origin(provenance).allowed


@pytest.mark.parametrize(
    ("kind", "subjects", "allowed"),
    [
        (ProgrammeKind.PRODUCTION, 999, False),
        (ProgrammeKind.PRODUCTION, 1000, True),
        (ProgrammeKind.TEST, 0, False),
        (ProgrammeKind.TEST, 1, True),
        (ProgrammeKind.DEMONSTRATION, 1, True),
    ],
)
@pytest.mark.row("REF-13")
def test_a_collection_is_too_large_to_be_made_for_the_occasion(kind: ProgrammeKind, subjects: int, *, allowed: bool):
    assert gallery_large_enough(subjects, pack_of_tests(), kind).allowed is allowed


def test_a_pack_may_ask_for_more_subjects_in_any_kind():
    example = read_pack_toml(shipped("example-production"))
    assert gallery_large_enough(999, example, ProgrammeKind.TEST).code == "gallery_too_small"


@pytest.mark.row("REF-03")
@given(st.integers(-100, 100))
def test_no_status_was_checked_later_than_now(seconds: int):
    verdict = checked_in_past(NOW + timedelta(seconds=seconds), NOW)
    assert verdict.code == ("allowed" if seconds <= 0 else "status_checked_in_future")


NUMBERS = STRICTEST


@pytest.mark.row("REF-13", "REF-01")
@pytest.mark.parametrize(("kind", "hours"), [(ProgrammeKind.PRODUCTION, 24), (ProgrammeKind.TEST, 0)])
def test_an_addition_waits_in_production(kind: ProgrammeKind, hours: int):
    moment = first_listed(NOW, NUMBERS, kind)
    assert moment - NOW == timedelta(hours=hours)
    assert listed(moment, moment).allowed
    assert listed(moment, moment - timedelta(seconds=1)).code == "addition_delay"


@pytest.mark.row("REF-03")
@given(st.integers(0, 60))
def test_a_status_is_fresh_for_thirty_days(days: int):
    assert fresh(NOW - days * DAY, NOW, NUMBERS).code == ("allowed" if days <= 30 else "status_stale")


@given(st.dates(date(1950, 1, 1), date(2030, 1, 1)), st.integers(1, 20))
@example(date(2024, 2, 29), 3)
def test_years_later_is_never_before_the_anniversary(day: date, years: int):
    later = years_later(day, years)
    assert later.year == day.year + years
    assert 0 <= (later - day).days - 365 * years <= years // 4 + 1


@pytest.mark.row("REF-04")
@given(st.sampled_from(LegalStatus), st.none() | st.dates(date(2026, 1, 1), date(2026, 3, 1)))
def test_the_day_of_erasure_is_set_once_and_only_without_conviction(status: LegalStatus, before: date | None):
    due = erase_due(before, status, TODAY, NUMBERS)
    if status in {LegalStatus.NFA, LegalStatus.ACQUITTED}:
        assert due == (before or TODAY + 30 * DAY)
    else:
        assert due is None


@pytest.mark.row("P-14")
@pytest.mark.parametrize(("days", "warned"), [(0, False), (22, False), (23, True), (40, True)])
def test_the_silence_of_a_feed_is_told_before_it_empties_the_gallery(days: int, *, warned: bool):
    hidden_from = feed_warning(NOW - days * DAY, NOW, NUMBERS)
    assert hidden_from == ((NOW + (30 - days) * DAY).date() if warned else None)
    assert feed_warning(None, NOW, NUMBERS) is None


@pytest.mark.row("P-14")
@pytest.mark.parametrize(("missing", "allowed"), [(0, True), (10, True), (11, False)])
def test_a_feed_may_lack_one_record_in_ten(missing: int, *, allowed: bool):
    assert feed_plausible(missing, 100).allowed is allowed


@pytest.mark.row("P-10")
def test_a_statutory_register_may_be_as_small_as_it_is_and_no_other_collection():
    of = {
        one: gallery_large_enough(1, pack_of_tests(), ProgrammeKind.PRODUCTION, one).allowed for one in CollectionClass
    }

    assert {one for one, allowed in of.items() if allowed} == {
        CollectionClass.MISSING,
        CollectionClass.DECEASED_UNIDENTIFIED,
    }
    assert not gallery_large_enough(0, pack_of_tests(), ProgrammeKind.PRODUCTION, CollectionClass.MISSING).allowed
