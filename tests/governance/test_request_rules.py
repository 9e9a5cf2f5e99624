from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.actor import Person, Rank, Role
from countersign.governance.register import CollectionClass
from countersign.governance.request import (
    AgeBand,
    Authorisation,
    AuthorisationState,
    Setting,
    SubjectCategory,
    Tier,
)
from countersign.governance.request_rules import (
    TEXTS,
    Duty,
    age_hours,
    alternatives_stated,
    authorisation_usable,
    binding_of,
    coded,
    expires_at,
    form_acceptable,
    form_complete,
    four_people,
    imagery_old_enough,
    independent,
    justified,
    latest_capture,
    own_reasons,
    rank_suffices,
    separated,
    tier_of,
    trained,
)
from countersign.primitives.digest import Sha256, sha256
from countersign.primitives.ids import (
    AuthorisationId,
    CaseId,
    CollectionId,
    FaceId,
    KeyId,
    PersonId,
    ProbeId,
    RequestId,
)
from tests.fakes_governance import NOW, changed, form, pack_of_tests, person

PACK = pack_of_tests()
HOUR = timedelta(hours=1)
CUSTODY = CollectionClass.CUSTODY
REQUESTER = person("requester", Role.REQUESTER)
OFFICER = person("officer", Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR, team="green")
NECESSITY = "Nothing short of this will tell us who it was before the recording is overwritten."
PROPORTION = "One face is compared once, and the harm done to the shopkeeper outweighs that."


def test_a_good_form_is_accepted():
    assert form_acceptable(form(), PACK).allowed


@pytest.mark.parametrize("name", TEXTS)
def test_each_text_of_the_form_has_a_least_length(name: str):
    assert form_complete(form(**{name: "x" * 20}), PACK).allowed
    for short in ("x" * 19, f"  {'x' * 19}  ", ""):
        assert form_acceptable(form(**{name: short}), PACK).code in {"form_incomplete", "no_alternatives"}
        assert name in form_complete(form(**{name: short}), PACK).reason


def test_a_form_without_a_place_or_declaration_is_refused():
    assert form_acceptable(form(place=" "), PACK).code == "form_incomplete"
    assert form_acceptable(form(declaration=False), PACK).code == "form_undeclared"


@pytest.mark.parametrize(
    "text", ["", "none", "None.", "N/A", "not applicable", "no", " - ", "nil, nothing".replace(",", "")]
)
def test_empty_alternatives_are_refused(text: str):
    assert alternatives_stated(form(alternatives_tried=text)).code == "no_alternatives"
    assert form_acceptable(form(alternatives_tried=text), PACK).code == "no_alternatives"


@pytest.mark.parametrize("field", ["why_this_face", "expected_benefit", "aim"])
@pytest.mark.parametrize(
    "text",
    [
        "image_exists",
        "public_photo",
        "because an image exists",
        "The image exists and it is a public photo",
        "A photograph is available, and the picture was public",
        "we have a publicly available picture",
    ],
)
def test_that_an_image_exists_or_is_public_is_no_reason(field: str, text: str):
    assert justified(form(**{field: text}), PACK).code == "bare_justification"
    assert form_acceptable(form(**{field: text}), PACK).code == "bare_justification"


def test_an_image_that_exists_beside_a_real_reason_is_no_objection():
    text = "the image exists, and the person in it strikes the shopkeeper with a bottle in frame 12"
    assert justified(form(why_this_face=text), PACK).allowed


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("offence_code", "offence_not_in_pack"),
        ("purpose", "purpose_not_in_pack"),
        ("schedule_8_condition", "condition_not_in_pack"),
    ],
)
@pytest.mark.parametrize("value", ["", "other", "consent", "ROBBERY"])
def test_what_the_pack_does_not_list_is_refused(field: str, code: str, value: str):
    assert coded(form(**{field: value}), PACK).code == code
    assert form_acceptable(form(**{field: value}), PACK).code == code


@pytest.mark.parametrize(
    ("changes", "collection_class", "urgent", "tier"),
    [
        ({}, CUSTODY, False, Tier.T1),
        ({"age_band": AgeBand.UNKNOWN}, CUSTODY, False, Tier.T1),
        ({"age_band": AgeBand.UNDER_18}, CUSTODY, False, Tier.T2),
        ({"subject_category": SubjectCategory.CONVICTED}, CUSTODY, False, Tier.T1),
        ({"subject_category": SubjectCategory.VICTIM}, CUSTODY, False, Tier.T2),
        ({"subject_category": SubjectCategory.WITNESS}, CUSTODY, False, Tier.T2),
        ({"setting": Setting.PROTEST}, CUSTODY, False, Tier.T2),
        ({"setting": Setting.WORSHIP}, CUSTODY, False, Tier.T2),
        ({"setting": Setting.PRESS}, CUSTODY, False, Tier.T2),
        ({"setting": Setting.LEGAL}, CUSTODY, False, Tier.T2),
        ({"setting": Setting.HEALTH}, CUSTODY, False, Tier.T2),
        ({}, CollectionClass.NON_CUSTODY, False, Tier.T2),
        ({}, CollectionClass.MISSING, False, Tier.T1),
        ({}, CUSTODY, True, Tier.T2),
    ],
)
def test_the_tier_rises_with_intrusion(
    changes: dict[str, Any], collection_class: CollectionClass, tier: Tier, *, urgent: bool
):
    assert tier_of(form(**changes), collection_class=collection_class, urgent=urgent) is tier


@given(
    age=st.sampled_from(AgeBand),
    category=st.sampled_from(SubjectCategory),
    setting=st.sampled_from(Setting),
    collection_class=st.sampled_from(CollectionClass),
    urgent=st.booleans(),
)
def test_no_combination_of_flags_lowers_a_tier(
    age: AgeBand, category: SubjectCategory, setting: Setting, collection_class: CollectionClass, *, urgent: bool
):
    asked = form(age_band=age, subject_category=category, setting=setting)
    plain = tier_of(form(age_band=age), collection_class=CUSTODY)
    assert tier_of(asked, collection_class=collection_class, urgent=urgent) >= plain


@pytest.mark.parametrize(
    ("rank", "tier", "allowed"),
    [
        (Rank.SERGEANT, Tier.T1, False),
        (Rank.INSPECTOR, Tier.T1, True),
        (Rank.CHIEF_OFFICER, Tier.T1, True),
        (Rank.INSPECTOR, Tier.T2, False),
        (Rank.CHIEF_INSPECTOR, Tier.T2, False),
        (Rank.SUPERINTENDENT, Tier.T2, True),
        (Rank.CHIEF_OFFICER, Tier.T3, False),
    ],
)
def test_the_officer_has_at_least_the_rank_of_the_tier(rank: Rank, tier: Tier, *, allowed: bool):
    verdict = rank_suffices(replace(OFFICER, rank=rank), tier, form(), PACK)
    assert verdict.allowed is allowed
    assert allowed or verdict.code == "rank_too_low"


def test_an_offence_may_raise_the_rank_and_never_lower_it():
    strict = replace(PACK, offences=tuple(replace(row, minimum_rank=Rank.SUPERINTENDENT) for row in PACK.offences))
    lax = replace(PACK, offences=tuple(replace(row, minimum_rank=Rank.STAFF) for row in PACK.offences))
    assert not rank_suffices(OFFICER, Tier.T1, form(), strict).allowed
    assert rank_suffices(OFFICER, Tier.T1, form(), lax).allowed
    assert not rank_suffices(replace(OFFICER, rank=Rank.SERGEANT), Tier.T1, form(), lax).allowed


def test_no_rank_suffices_for_an_offence_outside_the_pack():
    assert not rank_suffices(replace(OFFICER, rank=Rank.CHIEF_OFFICER), Tier.T1, form(offence_code="x"), PACK).allowed


@pytest.mark.parametrize(
    ("officer", "code"),
    [
        (OFFICER, "allowed"),
        (replace(OFFICER, id=REQUESTER.id), "own_request"),
        (replace(OFFICER, public_key=REQUESTER.public_key), "own_request"),
        (replace(OFFICER, team=REQUESTER.team), "same_team"),
        (replace(OFFICER, team=REQUESTER.team, organisation="south force"), "allowed"),
    ],
)
def test_the_officer_is_neither_the_requester_nor_of_their_team(officer: Person, code: str):
    assert independent(officer, REQUESTER).code == code


def test_training_counts_to_its_last_day_and_for_its_role():
    last = dict(OFFICER.trained_until)[Role.AUTHORISING_OFFICER]
    assert trained(OFFICER, Role.AUTHORISING_OFFICER, last).allowed
    assert trained(OFFICER, Role.AUTHORISING_OFFICER, last + timedelta(days=1)).code == "training_expired"
    assert trained(OFFICER, Role.OPERATOR, last).code == "role_missing"
    assert trained(replace(OFFICER, trained_until=()), Role.AUTHORISING_OFFICER, last).code == "training_expired"


@pytest.mark.parametrize(
    ("necessity", "proportionality", "code"),
    [
        (NECESSITY, PROPORTION, "allowed"),
        (NECESSITY[:39], PROPORTION, "reasons_too_short"),
        (NECESSITY, PROPORTION[:39], "reasons_too_short"),
        (NECESSITY, NECESSITY, "reasons_repeated"),
        (form().alternatives_tried, PROPORTION, "reasons_copied"),
        (NECESSITY, form().collateral_intrusion.upper() + "!", "reasons_copied"),
        (NECESSITY, form().collateral_intrusion.replace("other customers", "other shoppers"), "reasons_copied"),
    ],
)
def test_the_officers_reasons_are_two_and_their_own(necessity: str, proportionality: str, code: str):
    assert own_reasons(necessity, proportionality, form(), PACK).code == code


STILLS = [(sha256(b"one"), FaceId("f1")), (sha256(b"two"), FaceId("f2"))]


def bound(**changes: Any):
    facts = {"case": CaseId("c"), "probe": ProbeId("p"), "collection": CollectionId("k"), "stills": STILLS}
    return binding_of(**{**facts, **changes})


def test_what_is_bound_does_not_depend_on_the_order_of_the_stills():
    assert bound() == bound(stills=STILLS[::-1])


@pytest.mark.parametrize(
    "changes",
    [
        {"case": "c2"},
        {"probe": "p2"},
        {"collection": "k2"},
        {"stills": STILLS[:1]},
        {"stills": []},
        {"stills": [STILLS[0], (STILLS[1][0], "f1")]},
        {"stills": [*STILLS, (sha256(b"three"), "f3")]},
    ],
)
def test_every_part_of_what_is_searched_with_is_bound(changes: dict[str, Any]):
    assert bound(**changes) != bound()


GRANT = Authorisation(
    id=AuthorisationId("a"),
    request=RequestId("r"),
    case=CaseId("c"),
    key=KeyId("key"),
    officer=OFFICER.id,
    tier=Tier.T1,
    necessity=NECESSITY,
    proportionality=PROPORTION,
    binding=bound(),
    granted_at=NOW,
    expires_at=expires_at(NOW, PACK),
    state=AuthorisationState.LIVE,
)
MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("changes", "late", "binding", "code"),
    [
        ({}, timedelta(0), bound(), "allowed"),
        ({}, timedelta(days=14) - MOMENT, bound(), "allowed"),
        ({}, timedelta(days=14), bound(), "authorisation_expired"),
        ({}, -MOMENT, bound(), "authorisation_expired"),
        ({"state": AuthorisationState.SPENT}, timedelta(0), bound(), "authorisation_spent"),
        ({"state": AuthorisationState.REVOKED}, timedelta(0), bound(), "authorisation_revoked"),
        ({}, timedelta(0), bound(probe="p2"), "authorisation_binds_other"),
        ({}, timedelta(0), bound(collection="k2"), "authorisation_binds_other"),
    ],
)
def test_an_authorisation_is_good_for_one_search_of_one_thing_in_its_time(
    changes: dict[str, Any], late: timedelta, binding: Sha256, code: str
):
    assert authorisation_usable(changed(GRANT, **changes), binding=binding, now=NOW + late).code == code


@pytest.mark.parametrize(
    ("age", "urgent", "code"),
    [
        (24 * HOUR, False, "allowed"),
        (24 * HOUR - MOMENT, False, "imagery_too_young"),
        (HOUR, True, "allowed"),
        (59 * HOUR / 60, True, "imagery_too_young"),
        (HOUR, False, "imagery_too_young"),
        (-MOMENT, False, "capture_in_future"),
        (-MOMENT, True, "capture_in_future"),
    ],
)
def test_imagery_has_a_least_age_in_the_worst_case(age: timedelta, code: str, *, urgent: bool):
    assert imagery_old_enough(NOW - age, NOW, PACK, urgent=urgent).code == code


@given(st.integers(0, 59), st.integers(-5, 1))
def test_no_pack_goes_below_the_floor_of_an_hour(minutes: int, hours: int):
    loose = replace(PACK, minimum_imagery_age_h=hours, urgent_imagery_age_h=hours)
    young = NOW - timedelta(minutes=minutes)
    assert not imagery_old_enough(young, NOW, loose, urgent=True).allowed
    assert not imagery_old_enough(young, NOW, loose).allowed


def test_imagery_of_unknown_age_is_as_old_as_its_seal():
    assert latest_capture(NOW) == NOW
    assert latest_capture(NOW, None, None) == NOW
    assert latest_capture(NOW, None, NOW - HOUR, NOW + HOUR) == NOW - HOUR


def test_an_age_is_rounded_down_to_whole_hours():
    assert age_hours(NOW - 25 * HOUR + MOMENT, NOW) == 24
    assert age_hours(NOW + MOMENT, NOW) == -1


DUTIES = {duty: PersonId(f"{duty}") for duty in Duty}


@pytest.mark.parametrize(("one", "other"), [(a, b) for pair in combinations(Duty, 2) for a, b in (pair, pair[::-1])])
def test_no_person_has_two_duties_in_one_request(one: Duty, other: Duty):
    assert separated({one: PersonId("p")}, other, PersonId("p")).code == "duties_not_separate"
    assert separated({one: PersonId("p")}, other, PersonId("q")).allowed


@pytest.mark.parametrize("duty", Duty)
def test_a_duty_stays_with_the_person_who_took_it(duty: Duty):
    assert separated({}, duty, PersonId("p")).allowed
    assert separated({duty: PersonId("p")}, duty, PersonId("p")).allowed
    assert separated({duty: PersonId("p")}, duty, PersonId("q")).code == "duty_taken"


@pytest.mark.parametrize("duty", Duty)
def test_a_release_needs_four_people_and_the_third_only_where_there_is_one(duty: Duty):
    rest = {other: holder for other, holder in DUTIES.items() if other is not duty}
    assert four_people(DUTIES).allowed
    assert four_people(rest).code == ("allowed" if duty is Duty.THIRD else "duty_missing")


@given(st.dictionaries(st.sampled_from(Duty), st.sampled_from(["p", "q", "r", "s", "t"]).map(PersonId)))
@pytest.mark.row("REV-04")
def test_fewer_than_four_people_never_release(duties: dict[Duty, PersonId]):
    if four_people(duties).allowed:
        assert len(set(duties.values())) >= 4
    else:
        assert len(set(duties.values())) < len(duties) or not set(Duty) - {Duty.THIRD} <= duties.keys()
