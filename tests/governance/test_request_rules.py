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
    Authorisation,
    AuthorisationState,
    RequestState,
    Tier,
)
from countersign.governance.request_rules import (
    Duty,
    age_hours,
    authorisation_usable,
    binding_of,
    expires_at,
    fit_to_act,
    four_people,
    imagery_old_enough,
    independent,
    latest_capture,
    own_reasons,
    rank_suffices,
    separated,
    trained,
)
from countersign.governance.request_transitions import Event
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
@pytest.mark.row("AUT-04")
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
@pytest.mark.row("AUT-04")
def test_the_officer_is_neither_the_requester_nor_of_their_team(officer: Person, code: str):
    assert independent(officer, REQUESTER).code == code


@pytest.mark.row("AUT-04", "GOV-15")
def test_training_counts_to_its_last_day_and_for_its_role():
    last = dict(OFFICER.trained_until)[Role.AUTHORISING_OFFICER]
    assert trained(OFFICER, Role.AUTHORISING_OFFICER, last).allowed
    assert trained(OFFICER, Role.AUTHORISING_OFFICER, last + timedelta(days=1)).code == "training_expired"
    assert trained(OFFICER, Role.OPERATOR, last).code == "role_missing"
    assert trained(replace(OFFICER, trained_until=()), Role.AUTHORISING_OFFICER, last).code == "training_expired"


@pytest.mark.row("GOV-15")
@pytest.mark.parametrize(
    ("state", "event", "days", "code"),
    [
        (RequestState.SUBMITTED, Event.AUTHORISE, 0, "allowed"),
        (RequestState.SUBMITTED, Event.AUTHORISE, 1, "training_expired"),
        (RequestState.SUBMITTED, Event.RETURN, 1, "training_expired"),
        (RequestState.SUBMITTED, Event.WITHDRAW, 1, "allowed"),
        (RequestState.RELEASED, Event.CORROBORATE, 1, "allowed"),
    ],
)
def test_each_step_asks_for_training_in_date_but_never_what_stops_a_search(
    state: RequestState, event: Event, days: int, code: str
):
    """The officer has no role that corroborates: that it is not their step at all is the table's word."""
    last = dict(OFFICER.trained_until)[Role.AUTHORISING_OFFICER]

    assert fit_to_act(OFFICER, state, event, last + timedelta(days=days)).code == code


def test_training_for_one_of_the_roles_that_may_take_a_step_suffices():
    last = dict(OFFICER.trained_until)[Role.AUTHORISING_OFFICER]
    both = replace(OFFICER, roles=(Role.AUTHORISING_OFFICER, Role.EXAMINER))

    assert fit_to_act(both, RequestState.BLIND_VERIFY, Event.DISAGREE, last).code == "training_expired"
    assert fit_to_act(both, RequestState.SUBMITTED, Event.AUTHORISE, last).allowed


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
@pytest.mark.row("AUT-02")
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
@pytest.mark.row("AUT-07", "AUT-16", "P-03")
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
@pytest.mark.row("LFR-02")
def test_imagery_has_a_least_age_in_the_worst_case(age: timedelta, code: str, *, urgent: bool):
    assert imagery_old_enough(NOW - age, NOW, PACK, urgent=urgent).code == code


@given(st.integers(0, 59), st.integers(-5, 1))
@pytest.mark.row("LFR-02")
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
@pytest.mark.row("LFR-07")
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
