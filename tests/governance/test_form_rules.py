from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.form_rules import (
    GROUND_OF,
    RAISES_TIER,
    SHORT_TEXTS,
    SOUGHT_IN,
    TEXTS,
    alternatives_stated,
    category_allowed,
    child_protected,
    coded,
    collection_open,
    copied_from,
    form_acceptable,
    form_complete,
    ground_stated,
    justified,
    kind_of,
    performance_unknown,
    privacy_respected,
    serious_enough,
    setting_justified,
    tier_of,
    use_locked,
)
from countersign.governance.policy_lint import lint
from countersign.governance.policy_pack import Severity
from countersign.governance.register import CollectionClass
from countersign.governance.request import (
    AgeBand,
    RequestForm,
    SafeguardingGround,
    SearchKind,
    Setting,
    SubjectCategory,
    Tier,
    Urgency,
    UseClass,
)
from countersign.governance.verdict import Verdict
from countersign.primitives.privacy import Privacy
from tests.fakes_governance import form, pack_of_tests

PACK = pack_of_tests()
CUSTODY, MISSING = CollectionClass.CUSTODY, CollectionClass.MISSING
NOTE = "the child was last seen with a stranger and is at risk"
MISSED = {
    "subject_category": SubjectCategory.MISSING,
    "use_class": UseClass.SAFEGUARDING,
    "offence_code": "none",
    "purpose": "safeguarding",
    "safeguarding_ground": SafeguardingGround.RISK,
}


def accept(asked: RequestForm, collection_class: CollectionClass = CUSTODY) -> Verdict:
    return form_acceptable(asked, PACK, collection_class)


def test_a_good_form_is_accepted():
    assert accept(form()).allowed


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.row("AUT-02", "EU-07")
def test_each_text_of_the_form_has_a_least_length(name: str):
    assert form_complete(form(**{name: "x" * 20}), PACK).allowed
    for short in ("x" * 19, f"  {'x' * 19}  ", ""):
        assert accept(form(**{name: short})).code in {"form_incomplete", "no_alternatives"}
        assert name in form_complete(form(**{name: short}), PACK).reason


@pytest.mark.row("AUT-02")
def test_a_form_without_a_place_or_declaration_is_refused():
    assert accept(form(place=" ")).code == "form_incomplete"
    assert accept(form(declaration=False)).code == "form_undeclared"


@pytest.mark.parametrize(
    "text", ["", "none", "None.", "N/A", "not applicable", "no", " - ", "nil, nothing".replace(",", "")]
)
@pytest.mark.row("AUT-02")
def test_empty_alternatives_are_refused(text: str):
    assert alternatives_stated(form(alternatives_tried=text)).code == "no_alternatives"
    assert accept(form(alternatives_tried=text)).code == "no_alternatives"


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
@pytest.mark.row("AUT-02")
def test_that_an_image_exists_or_is_public_is_no_reason(field: str, text: str):
    assert justified(form(**{field: text}), PACK).code == "bare_justification"
    assert accept(form(**{field: text})).code == "bare_justification"


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
@pytest.mark.row("AUT-01", "AUT-03", "AUT-15")
def test_what_the_pack_does_not_list_is_refused(field: str, code: str, value: str):
    assert coded(form(**{field: value}), PACK).code == code
    assert accept(form(**{field: value})).code == code


FLAGS: dict[str, tuple[dict[str, Any], CollectionClass]] = {
    "child": ({"age_band": AgeBand.UNDER_18}, CUSTODY),
    "no_offender": ({"subject_category": SubjectCategory.VICTIM}, CUSTODY),
    "setting": ({"setting": Setting.PROTEST}, CUSTODY),
    "privacy": ({"privacy": Privacy.CLOSED_ACCOUNT}, CUSTODY),
    "urgent": ({"urgency": Urgency.THREAT_TO_LIFE}, CUSTODY),
    "targeted": ({"named_person": "the man from the flat above"}, CUSTODY),
    "non_custody": ({}, CollectionClass.NON_CUSTODY),
}


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.row("AUT-05", "AUT-13", "AUT-14")
def test_each_flag_raises_the_tier(flag: str):
    changes, collection_class = FLAGS[flag]
    assert tier_of(form(**changes), collection_class=collection_class) is Tier.T2


def test_the_table_of_flags_is_the_one_that_is_tested():
    assert RAISES_TIER.keys() == FLAGS.keys()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"age_band": AgeBand.UNKNOWN},
        {"subject_category": SubjectCategory.CONVICTED},
        {"subject_category": SubjectCategory.MISSING},
        {"named_person": "  "},
    ],
)
def test_a_form_without_a_flag_stays_at_the_lowest_tier(changes: dict[str, Any]):
    assert tier_of(form(**changes), collection_class=CUSTODY) is Tier.T1


@given(
    age=st.sampled_from(AgeBand),
    category=st.sampled_from(SubjectCategory),
    setting=st.sampled_from(Setting),
    privacy=st.sampled_from(Privacy),
    urgency=st.sampled_from(Urgency),
    collection_class=st.sampled_from(CollectionClass),
)
def test_no_combination_of_flags_lowers_a_tier(
    age: AgeBand,
    category: SubjectCategory,
    setting: Setting,
    privacy: Privacy,
    urgency: Urgency,
    collection_class: CollectionClass,
):
    asked = form(age_band=age, subject_category=category, setting=setting, privacy=privacy, urgency=urgency)
    plain = tier_of(form(age_band=age), collection_class=CUSTODY)
    assert tier_of(asked, collection_class=collection_class) >= plain


@pytest.mark.row("AUT-09")
def test_a_search_is_targeted_as_soon_as_the_person_is_named():
    assert kind_of(form()) is SearchKind.INITIAL
    assert kind_of(form(named_person=" ")) is SearchKind.INITIAL
    assert kind_of(form(named_person="J. Doe, born 1990")) is SearchKind.TARGETED


@pytest.mark.row("AUT-15")
def test_an_offence_of_low_severity_is_refused_though_the_pack_lists_it():
    low = replace(PACK, offences=tuple(replace(row, severity=Severity.LOW) for row in PACK.offences))
    assert serious_enough(form(), low).code == "offence_not_serious"
    assert form_acceptable(form(), low, CUSTODY).code == "offence_not_serious"
    assert serious_enough(form(offence_code="fraud"), PACK).allowed
    assert serious_enough(form(offence_code="none"), PACK).code == "offence_not_serious"


@pytest.mark.parametrize("category", SubjectCategory)
@pytest.mark.parametrize("collection_class", CollectionClass)
@pytest.mark.row("AUT-06", "P-10", "REF-11")
def test_whom_one_may_look_for_where_is_a_matrix(category: SubjectCategory, collection_class: CollectionClass):
    offender = category in {SubjectCategory.PRESUMED_OFFENDER, SubjectCategory.CONVICTED}
    where = {CUSTODY} if offender else {MISSING, CollectionClass.DECEASED_UNIDENTIFIED}
    wanted = collection_class in where and category is not SubjectCategory.WITNESS
    verdict = category_allowed(form(subject_category=category), collection_class, PACK)
    assert verdict.allowed is wanted
    assert wanted or verdict.code == "category_not_in_collection"
    assert set(SOUGHT_IN) == set(SubjectCategory)


@pytest.mark.row("P-10")
@given(matrix=st.dictionaries(st.sampled_from(SubjectCategory), st.lists(st.sampled_from(CollectionClass)).map(tuple)))
def test_a_pack_narrows_the_matrix_and_never_widens_it(matrix: dict[SubjectCategory, tuple[CollectionClass, ...]]):
    pack = replace(PACK, sought_in=matrix)
    for category, collection_class in product(SubjectCategory, CollectionClass):
        verdict = category_allowed(form(subject_category=category), collection_class, pack)
        signed = collection_class in matrix.get(category, ())
        assert verdict.allowed is (signed and collection_class in SOUGHT_IN[category])
    wider = any(set(classes) - SOUGHT_IN[category] for category, classes in matrix.items())
    assert not wider or any(one.place.startswith("sought_in") for one in lint(pack))


def test_a_matrix_that_allows_nothing_keeps_a_pack_out_of_force():
    assert [one.place for one in lint(replace(PACK, sought_in={}))] == ["sought_in"]


@pytest.mark.row("P-10")
def test_a_missing_person_is_sought_without_an_offence_and_only_where_missing_people_are():
    assert accept(form(**MISSED), MISSING).allowed
    assert accept(form(**MISSED), CUSTODY).code == "category_not_in_collection"
    assert accept(form(offence_code="none")).code == "offence_not_in_pack"


@pytest.mark.parametrize("category", SubjectCategory)
@pytest.mark.parametrize("ground", SafeguardingGround)
@pytest.mark.row("P-10")
def test_each_kind_of_protected_person_has_one_ground_and_nobody_else_has_any(
    category: SubjectCategory, ground: SafeguardingGround
):
    risk, coroner = SafeguardingGround.RISK, SafeguardingGround.CORONER
    wanted = {SubjectCategory.VICTIM: risk, SubjectCategory.MISSING: risk, SubjectCategory.DECEASED: coroner}
    verdict = ground_stated(form(subject_category=category, safeguarding_ground=ground, offence_code="none"))
    assert verdict.allowed is (ground is wanted.get(category, SafeguardingGround.NONE))
    assert verdict.allowed or verdict.code == "safeguarding_ground"
    assert wanted == GROUND_OF


@pytest.mark.row("P-10")
def test_a_form_that_safeguards_states_a_ground_and_no_offence():
    assert accept(form(**MISSED | {"safeguarding_ground": SafeguardingGround.NONE}), MISSING).code == (
        "safeguarding_ground"
    )
    assert accept(form(**MISSED | {"offence_code": "robbery"}), MISSING).code == "safeguarding_offence"
    assert accept(form(safeguarding_ground=SafeguardingGround.RISK)).code == "safeguarding_ground"


@pytest.mark.row("P-10")
def test_a_form_that_safeguards_is_a_short_one():
    left_out = dict.fromkeys(set(TEXTS) - set(SHORT_TEXTS), "")
    assert set(left_out) == {"objective_facts", "expected_benefit"}
    assert accept(form(**MISSED, **left_out), MISSING).allowed
    assert accept(form(**left_out)).code == "form_incomplete"
    for name in SHORT_TEXTS:
        assert not accept(form(**MISSED, **{name: "x" * 19}), MISSING).allowed


@pytest.mark.parametrize("band", AgeBand)
@pytest.mark.row("P-10", "EQV-11")
def test_performance_is_unknown_for_children(band: AgeBand):
    assert performance_unknown(form(age_band=band)) is (band is AgeBand.UNDER_18)


@pytest.mark.row("AUT-21", "P-10", "EU-08")
def test_a_search_to_protect_is_never_used_against_anybody():
    assert use_locked(form(**MISSED)).allowed
    assert use_locked(form()).allowed
    for wrong in (form(**MISSED | {"use_class": UseClass.EVIDENCE}), form(use_class=UseClass.SAFEGUARDING)):
        assert use_locked(wrong).code == "use_class_mismatch"
    assert accept(form(use_class=UseClass.SAFEGUARDING)).code == "use_class_mismatch"


@pytest.mark.row("AUT-18")
def test_collections_of_other_public_bodies_are_closed():
    assert collection_open(CUSTODY).allowed
    assert collection_open(CollectionClass.NON_CUSTODY).code == "non_custody_closed"
    assert accept(form(), CollectionClass.NON_CUSTODY).code == "non_custody_closed"


@pytest.mark.row("AUT-13", "P-10", "EQV-11")
def test_a_child_is_sought_only_to_be_protected_and_with_a_note():
    child = {"age_band": AgeBand.UNDER_18}
    assert accept(form(**child, best_interests=NOTE)).code == "child_cohort_not_validated"
    assert accept(form(**MISSED, **child), MISSING).code == "best_interests_missing"
    assert accept(form(**MISSED, **child, best_interests="x" * 19), MISSING).code == "best_interests_missing"
    assert accept(form(**MISSED, **child, best_interests="x" * 20), MISSING).allowed
    assert child_protected(form(age_band=AgeBand.UNKNOWN), PACK).allowed


@pytest.mark.parametrize("setting", [one for one in Setting if one is not Setting.ORDINARY])
@pytest.mark.row("AUT-14")
def test_a_protected_setting_needs_a_serious_offence_by_this_very_person(setting: Setting):
    did = "throws a burning bottle at the constable in frame 40"
    assert setting_justified(form(setting=setting, specific_offence=did), PACK).allowed
    assert accept(form(setting=setting)).code == "specific_offence_missing"
    assert accept(form(setting=setting, specific_offence="x" * 19)).code == "specific_offence_missing"
    minor = form(setting=setting, specific_offence=did, offence_code="fraud")
    assert accept(minor).code == "setting_protected"


def test_intimate_imagery_is_refused():
    assert privacy_respected(form(privacy=Privacy.PRIVATE_PREMISES)).allowed
    assert accept(form(privacy=Privacy.INTIMATE)).code == "intimate_imagery"


def test_a_copy_is_told_by_its_words_and_not_by_its_spelling():
    assert copied_from("The man at the till took it", "the man, at the till, took it!")
    assert not copied_from("The man at the till took it", "A woman near the door ran off")
