from dataclasses import replace
from typing import Any

import pytest

from countersign.governance.actor import Rank
from countersign.governance.policy_lint import lint
from countersign.governance.policy_pack import MinimumChars, OperatingPoint, PolicyPack, Term
from countersign.governance.programme import Jurisdiction, ProgrammeKind
from countersign.governance.quality_rules import QualityFloors
from countersign.governance.request import Tier
from tests.fakes_governance import changed, pack_of_tests

PACK = pack_of_tests()
POINTS = PACK.operating_points
PRODUCTION = replace(
    PACK, kinds=(ProgrammeKind.PRODUCTION,), jurisdictions=(Jurisdiction.EU,), minimum_gallery_subjects=1000
)


def places(pack: PolicyPack):
    return {finding.place for finding in lint(pack)}


@pytest.mark.row("GOV-08")
@pytest.mark.parametrize(
    "name", ["offences", "purposes", "schedule_8_conditions", "checklist", "kinds", "jurisdictions"]
)
def test_an_empty_list_is_found(name: str):
    assert name in places(changed(PACK, **{name: ()}))


@pytest.mark.row("GOV-08")
@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("other", "Other"),
        ("any_crime", "Crime"),
        ("x", "Any offence"),
        ("x", "Persons where intelligence is required"),
        ("x", "Robbery, etc"),
        ("*", "Everything"),
        ("x", "Miscellaneous"),
        ("x", "Searches as necessary"),
        ("", "Robbery"),
        ("x", " "),
    ],
)
def test_an_open_category_is_found(code: str, title: str):
    assert places(replace(PACK, purposes=(Term(code=code, title=title),))) == {"purposes"}


def test_a_closed_category_that_excepts_another_is_none():
    assert places(replace(PACK, purposes=(Term(code="x", title="Burglary other than in a dwelling"),))) == set()


def test_a_code_that_stands_twice_is_found():
    assert places(replace(PACK, offences=PACK.offences * 2)) == {"offences"}


@pytest.mark.parametrize(
    ("name", "worst_good", "bad"),
    [
        ("minimum_imagery_age_h", 24, 23),
        ("urgent_imagery_age_h", 1, 0),
        ("urgent_imagery_age_h", 24, 25),
        ("authorisation_days", 28, 29),
        ("authorisation_days", 1, 0),
        ("fusion_power", 16, 17),
        ("minimum_gallery_subjects", 1, 0),
        ("max_group_ratio", 1.25, 1.26),
        ("max_group_ratio", 1, 0.99),
    ],
)
def test_no_pack_passes_a_floor_or_a_ceiling(name: str, worst_good: float, bad: float):
    assert places(changed(PACK, **{name: worst_good})) == set()
    assert places(changed(PACK, **{name: bad})) == {name}


@pytest.mark.parametrize(("length", "good"), [(0, False), (1, True), (20, True), (21, False)])
def test_a_list_has_one_to_twenty_places(length: int, *, good: bool):
    pack = replace(PACK, list_lengths={**PACK.list_lengths, OperatingPoint.STRICT: length})
    assert places(pack) == (set() if good else {"list_lengths.strict"})


def test_a_point_without_a_list_length_is_found():
    assert len(places(replace(PACK, list_lengths={}))) == len(OperatingPoint)


def test_texts_may_not_be_empty_by_policy():
    pack = replace(PACK, minimum_chars=MinimumChars(request=1, reasons=0, review=1, outcome=1))
    assert places(pack) == {"minimum_chars.reasons"}


def test_a_production_pack_may_not_have_a_small_gallery():
    assert places(PRODUCTION) == set()
    assert places(replace(PRODUCTION, minimum_gallery_subjects=999)) == {"minimum_gallery_subjects"}


@pytest.mark.parametrize("changes", [{"kinds": tuple(ProgrammeKind)}, {"jurisdictions": tuple(Jurisdiction)}])
def test_a_production_pack_serves_one_kind_under_one_law(changes: dict[str, Any]):
    assert "kinds" in places(changed(PRODUCTION, **changes))


@pytest.mark.parametrize(
    ("strict", "place"),
    [
        ({"1": 54000}, "operating_points.strict.2-7"),
        ({"1": 0, "2-7": 62400}, "operating_points.strict.1"),
        ({"1": 54000, "2-7": 62400, "8-9": 1}, "operating_points.strict.8-9"),
        ({"1": 39999, "2-7": 62400}, "operating_points.investigation.1"),
    ],
)
def test_thresholds_that_are_missing_or_in_the_wrong_order_are_found(strict: dict[str, int], place: str):
    assert place in places(replace(PACK, operating_points={**POINTS, OperatingPoint.STRICT: strict}))


@pytest.mark.parametrize(("tier", "rank"), [(Tier.T1, Rank.SERGEANT), (Tier.T2, Rank.CHIEF_INSPECTOR)])
def test_a_rank_below_the_guidance_is_found(tier: Tier, rank: Rank):
    assert places(replace(PACK, rank_by_tier={**PACK.rank_by_tier, tier: rank})) == {f"rank_by_tier.{tier}"}


def test_a_tier_without_rank_or_point_is_found():
    bare = replace(PACK, rank_by_tier={}, operating_point_by_tier={})
    assert places(bare) == {
        f"{name}.{tier}" for name in ("rank_by_tier", "operating_point_by_tier") for tier in ("t1", "t2")
    }


def test_a_pack_without_a_version_is_found():
    assert places(replace(PACK, version=" ")) == {"version"}


@pytest.mark.row("GOV-09", "RET-01")
@pytest.mark.parametrize("at", range(len(PACK.retention)))
def test_every_class_of_object_needs_a_period_and_a_reason(at: int):
    row = PACK.retention[at]
    rest = tuple(other for other in PACK.retention if other is not row)
    place = {f"retention.{row.object_class}"}
    assert places(replace(PACK, retention=rest)) == place
    assert places(replace(PACK, retention=(*rest, replace(row, reason="")))) == place
    assert places(replace(PACK, retention=(*rest, replace(row, days=-1)))) == place


@pytest.mark.parametrize(
    ("hard", "soft", "place"),
    [
        ({}, {}, "quality_floors.hard.inter_eye_distance"),
        ({"inter_eye_distance": 7.9}, {}, "quality_floors.hard.inter_eye_distance"),
        ({"inter_eye_distance": 8, "unified": 101}, {}, "quality_floors.hard.unified"),
        ({"inter_eye_distance": 8}, {"unified": -1}, "quality_floors.soft.unified"),
        ({"inter_eye_distance": 8, "unified": 50}, {"unified": 49}, "quality_floors.soft.unified"),
    ],
)
def test_a_floor_of_quality_that_code_or_sense_forbids_is_found(
    hard: dict[str, float], soft: dict[str, float], place: str
):
    assert places(replace(PACK, quality_floors=QualityFloors(hard=hard, soft=soft))) == {place}


@pytest.mark.parametrize(("floor", "wrong"), [(-0.1, True), (0, False), (100, False), (100.1, True)])
def test_a_floor_for_references_lies_within_the_scale(floor: float, wrong: bool):  # noqa: FBT001
    found = places(replace(PACK, reference_floors={"sharpness": floor}))

    assert found == ({"reference_floors.sharpness"} if wrong else set())
