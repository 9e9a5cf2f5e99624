from dataclasses import replace
from datetime import date, timedelta

import pytest

from countersign.governance.programme import NOT_WARNED, ArtefactType, ProgrammeState
from countersign.governance.programme_clock import audited, may_stay, under_cap, warning_due
from countersign.governance.register import STRICTEST, Collection, CollectionClass, ImageOrigin
from countersign.primitives.ids import CollectionId
from tests.fakes_governance import CONTENT, NOW, all_signed, programme, signed

A, S = ArtefactType, ProgrammeState
COLLECTION = Collection(
    id=CollectionId("c"),
    name="custody images",
    collection_class=CollectionClass.CUSTODY,
    origin=ImageOrigin.SYNTHETIC,
    controller="north force",
    legal_power="a power",
    purpose="a purpose",
    retention_rule="a rule",
    provenance="a custody suite",
    registered_at=NOW,
)


@pytest.mark.row("GOV-07")
@pytest.mark.parametrize(
    ("left", "warned", "expected"),
    [
        (61, NOT_WARNED, None),
        (60, NOT_WARNED, 60),
        (59, 60, None),
        (31, 60, None),
        (30, 60, 30),
        (8, 30, None),
        (7, 30, 7),
        (0, 7, None),
        (0, 30, 7),
        (20, NOT_WARNED, 30),
        (-1, NOT_WARNED, None),
    ],
)
def test_each_document_is_warned_of_once_at_sixty_thirty_and_seven_days(left: int, warned: int, expected: int | None):
    document = replace(signed(A.DPIA), review_by=NOW.date() + timedelta(days=left), warned_days=warned)

    assert warning_due(document, NOW.date()) == expected


@pytest.mark.row("REF-07")
@pytest.mark.parametrize(("days", "allowed"), [(183, True), (184, False)])
def test_a_collection_is_audited_every_half_year_from_its_registration_on(days: int, *, allowed: bool):
    later = NOW + timedelta(days=days)

    for collection in (COLLECTION, replace(COLLECTION, registered_at=NOW - timedelta(days=900), audited_at=NOW)):
        assert audited(collection, later, STRICTEST).allowed is allowed
    sooner = replace(STRICTEST, audit_days=30)
    assert not audited(COLLECTION, NOW + timedelta(days=31), sooner).allowed


@pytest.mark.row("GOV-07", "REF-07")
@pytest.mark.parametrize("state", S)
def test_what_has_ended_suspends_a_programme_that_holds_real_data(state: ProgrammeState):
    holds = {S.POLICY_IN_FORCE, S.PILOT, S.OPERATIONAL}
    late = replace(signed(A.APPOINTMENTS), review_by=date(2026, 3, 1))
    expired = [late, *(one for one in all_signed() if one.type is not A.APPOINTMENTS)]

    assert may_stay(programme(state), all_signed(), [COLLECTION], STRICTEST, NOW).allowed
    assert may_stay(programme(state), expired, [], STRICTEST, NOW).allowed is (state not in holds)
    unaudited = replace(COLLECTION, registered_at=NOW - timedelta(days=184))
    assert may_stay(programme(state), all_signed(), [unaudited], STRICTEST, NOW).allowed is (state not in holds)


@pytest.mark.row("GOV-18")
@pytest.mark.parametrize(("searches", "allowed"), [(0, True), (49, True), (50, False), (51, False)])
def test_a_pilot_has_no_more_searches_than_its_plan_says(searches: int, *, allowed: bool):
    assert CONTENT[A.PILOT_PLAN]["search_cap"] == 50
    assert under_cap(programme(S.PILOT), all_signed(), searches).allowed is allowed
    assert under_cap(programme(S.OPERATIONAL), all_signed(), searches).allowed
    assert under_cap(programme(S.PILOT), [], searches).allowed
