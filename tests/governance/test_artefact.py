from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from countersign.errors import Invalid
from countersign.governance.actor import Role
from countersign.governance.adopted_documents import APPOINTED
from countersign.governance.artefact import (
    acceptable,
    check_signature,
    content_complete,
    content_digest,
    content_text,
    may_sign,
)
from countersign.governance.artefact_content import ContentError, Dpia, read_as
from countersign.governance.artefact_types import SIGNERS, read_content
from countersign.governance.programme import ArtefactType
from countersign.governance.signature import SignatureError, public_hex
from countersign.governance.verdict import GuardError
from countersign.primitives.codec import Plain
from tests.fakes_governance import CONTENT, NOW, changed, person, private_key, signed

DPIA = CONTENT[ArtefactType.DPIA]


def signer_of(artefact_type: ArtefactType):
    role = SIGNERS[artefact_type]
    return person(role.value, role)


@pytest.mark.parametrize("artefact_type", ArtefactType)
def test_a_complete_artefact_of_its_signer_is_accepted(artefact_type: ArtefactType):
    acceptable(signed(artefact_type), signer_of(artefact_type), NOW)
    assert content_complete(artefact_type, content_text(CONTENT[artefact_type])).allowed


@pytest.mark.row("GOV-12")
@pytest.mark.parametrize(("artefact_type", "role"), list(product(ArtefactType, Role)))
def test_only_the_role_of_the_type_may_sign_it(artefact_type: ArtefactType, role: Role):
    assert may_sign(artefact_type, [role]).allowed is (SIGNERS[artefact_type] is role)


@pytest.mark.row("GOV-02", "GOV-05", "GOV-06", "GOV-12", "GOV-16", "GOV-23", "EU-03", "EU-04", "DSR-10")
@pytest.mark.parametrize(
    ("artefact_type", "field"), [(kind, field) for kind in ArtefactType for field in CONTENT[kind]]
)
def test_dropping_any_part_refuses_the_artefact(artefact_type: ArtefactType, field: str):
    rest = {name: value for name, value in CONTENT[artefact_type].items() if name != field}
    verdict = content_complete(artefact_type, content_text(rest))
    assert not verdict.allowed
    assert verdict.code == "artefact_content"


@pytest.mark.row("GOV-02", "GOV-16")
@pytest.mark.parametrize("field", [name for name, value in DPIA.items() if isinstance(value, str)])
def test_emptying_any_text_of_the_assessment_refuses_it(field: str):
    assert not content_complete(ArtefactType.DPIA, content_text({**DPIA, field: "  "})).allowed


@pytest.mark.row("GOV-06")
def test_an_unanswered_recommendation_refuses_the_opinion():
    opinion: dict[str, Plain] = {
        **CONTENT[ArtefactType.ETHICS_OPINION],
        "recommendations": [{"text": "publish", "response": ""}],
    }
    assert "recommendations[0].response" in content_complete(ArtefactType.ETHICS_OPINION, content_text(opinion)).reason


@pytest.mark.row("EU-11")
@pytest.mark.parametrize(
    ("measures", "enough"),
    [
        ("A human looks at every result.", False),
        ("Two trained examiners check each result, and an officer decides; staff are supervised by people.", False),
        ("Two blind examiners; nothing is listed below a certified threshold.", True),
        ("Lists are erased after a month.", True),
    ],
)
def test_that_people_look_at_the_result_is_no_sufficient_measure(measures: str, *, enough: bool):
    assert content_complete(ArtefactType.DPIA, content_text({**DPIA, "measures": measures})).allowed is enough


@pytest.mark.row("GOV-05")
def test_departing_from_the_advice_needs_a_reason():
    departed = {**DPIA, "advice_followed": False}
    assert not content_complete(ArtefactType.DPIA, content_text(departed)).allowed
    assert content_complete(ArtefactType.DPIA, content_text({**departed, "departure_reason": "because"})).allowed


@pytest.mark.parametrize(
    ("artefact_type", "changes"),
    [
        (ArtefactType.VALIDATION, {"fnir": {"value": "0.2", "low": "0.3", "high": "0.4"}}),
        (ArtefactType.VALIDATION, {"fpir": {"value": "0.2", "low": "0.1", "high": "1.1"}}),
        (ArtefactType.VALIDATION, {"searches": 0}),
        (ArtefactType.VALIDATION, {"thresholds": {}}),
        (ArtefactType.PILOT_PLAN, {"measures": []}),
        (ArtefactType.PILOT_PLAN, {"search_cap": 0}),
        (ArtefactType.POLICY_PACK, {"operating_points": {}}),
        (ArtefactType.POLICY_PACK, {"offences": []}),
        (ArtefactType.PILOT_EVALUATION, {"measured": [{"measure": "leads", "finding": " "}]}),
        (ArtefactType.DPIA, {"residual_risk": "huge"}),
        (ArtefactType.DPIA, {"unknown": "field"}),
    ],
)
def test_content_that_cannot_be_is_refused(artefact_type: ArtefactType, changes: dict[str, Any]):
    assert not content_complete(artefact_type, content_text({**CONTENT[artefact_type], **changes})).allowed


def test_content_that_is_no_json_is_refused():
    with pytest.raises(ContentError, match="as JSON"):
        read_as(Dpia, "{")
    assert not content_complete(ArtefactType.DPIA, "{").allowed


def test_content_of_another_type_is_refused():
    with pytest.raises(Invalid):
        read_content(ArtefactType.DPIA, content_text(CONTENT[ArtefactType.PILOT_PLAN]))


@pytest.mark.row("GOV-01")
def test_altered_content_breaks_the_digest():
    altered = replace(signed(ArtefactType.DPIA), content=content_text({**DPIA, "measures": "none needed"}))
    with pytest.raises(SignatureError, match="other content"):
        acceptable(altered, signer_of(ArtefactType.DPIA), NOW)


@pytest.mark.row("GOV-01")
@pytest.mark.parametrize(
    "change",
    [
        {"version": "2"},
        {"review_by": date(2030, 1, 1)},
        {"signed_at": NOW},
        {"type": ArtefactType.PILOT_EVALUATION},
        {"content": "{}", "sha256": content_digest("{}")},
    ],
)
def test_every_part_of_the_statement_is_bound_by_the_signature(change: dict[str, object]):
    with pytest.raises(SignatureError):
        check_signature(changed(signed(ArtefactType.DPIA), **change), public_hex(private_key("controller")))


def test_the_signature_of_another_key_is_refused():
    with pytest.raises(SignatureError):
        acceptable(signed(ArtefactType.DPIA), person("someone", Role.CONTROLLER), NOW)


def test_an_artefact_in_another_signers_name_is_refused():
    renamed = replace(signer_of(ArtefactType.DPIA), id="other")
    with pytest.raises(GuardError, match="another's"):
        acceptable(signed(ArtefactType.DPIA), renamed, NOW)


def test_a_signer_without_the_role_is_refused():
    with pytest.raises(GuardError) as refused:
        acceptable(signed(ArtefactType.DPIA), replace(signer_of(ArtefactType.DPIA), roles=(Role.OPERATOR,)), NOW)
    assert refused.value.code == "signer_role"


@pytest.mark.parametrize(
    ("signed_at", "review_by", "accepted"),
    [
        (NOW, NOW.date(), True),
        (NOW + timedelta(seconds=1), date(2026, 8, 1), False),
        (NOW - timedelta(days=9), NOW.date() - timedelta(days=1), False),
    ],
)
def test_an_artefact_is_in_force_from_its_signature_to_its_review_day(
    signed_at: datetime, review_by: date, *, accepted: bool
):
    artefact = signed(ArtefactType.DPIA, signed_at=signed_at, review_by=review_by)
    if accepted:
        acceptable(artefact, signer_of(ArtefactType.DPIA), NOW)
        assert artefact.review_by == NOW.date()
    else:
        with pytest.raises(GuardError) as refused:
            acceptable(artefact, signer_of(ArtefactType.DPIA), NOW)
        assert refused.value.code == "artefact_dates"


@pytest.mark.parametrize(
    ("review_by", "ends", "accepted"),
    [
        (date(2026, 8, 1), "2026-08-01", True),
        (date(2026, 9, 1), "2026-09-01", True),
        (date(2026, 9, 2), "2026-09-02", False),
        (date(2026, 8, 2), "2026-08-01", False),
    ],
)
def test_a_pilot_lasts_at_most_six_months_and_its_plan_no_longer_than_it(review_by: date, ends: str, *, accepted: bool):
    signed_at = NOW.replace(month=3, day=2)
    plan = signed(
        ArtefactType.PILOT_PLAN,
        {**CONTENT[ArtefactType.PILOT_PLAN], "ends": ends},
        signed_at=signed_at,
        review_by=review_by,
    )
    if accepted:
        acceptable(plan, signer_of(ArtefactType.PILOT_PLAN), NOW)
        assert plan.review_by.isoformat() == ends
    else:
        with pytest.raises(GuardError) as refused:
            acceptable(plan, signer_of(ArtefactType.PILOT_PLAN), NOW)
        assert refused.value.code == "pilot_end"


@pytest.mark.row("GOV-12")
@pytest.mark.parametrize("kinds", [(), ("vendor",), ("vendor", "vendor"), ("vendor", "own_test", "research")])
def test_equality_evidence_without_an_independent_test_is_refused(kinds: tuple[str, ...]):
    evidence: list[Plain] = [{"kind": kind, "title": "what they say"} for kind in kinds]
    decision = {**CONTENT[ArtefactType.EQUALITY_DECISION], "evidence": evidence}

    assert "independent" in content_complete(ArtefactType.EQUALITY_DECISION, content_text(decision)).reason


@pytest.mark.row("GOV-23")
@pytest.mark.parametrize("missing", range(1, 13))
def test_the_camera_code_is_assessed_principle_by_principle(missing: int):
    principles: list[Plain] = [
        {"number": number, "compliance": "kept", "evidence": "the log"} for number in range(1, 13) if number != missing
    ]

    assert not content_complete(ArtefactType.CAMERA_CODE, content_text({"principles": principles})).allowed


@pytest.mark.parametrize("role", APPOINTED)
def test_a_post_that_nobody_holds_is_refused(role: Role):
    held: dict[str, Plain] = {post.value: "somebody" for post in APPOINTED}

    assert content_complete(ArtefactType.APPOINTMENTS, content_text({"holders": held})).allowed
    for nobody in ("", " "):
        assert not content_complete(ArtefactType.APPOINTMENTS, content_text({"holders": held | {role: nobody}})).allowed


@pytest.mark.row("DSR-10")
@pytest.mark.parametrize(("days", "allowed"), [(0, False), (1, True), (30, True), (31, False)])
def test_a_complaint_is_acknowledged_within_thirty_days(days: int, *, allowed: bool):
    route = {**CONTENT[ArtefactType.COMPLAINT_ROUTE], "acknowledged_within_days": days}

    assert content_complete(ArtefactType.COMPLAINT_ROUTE, content_text(route)).allowed is allowed


@pytest.mark.row("GOV-19")
@pytest.mark.parametrize(("review_by", "accepted"), [(date(2026, 8, 1), True), (date(2026, 8, 2), False)])
def test_a_contract_counts_until_its_term_ends(review_by: date, *, accepted: bool):
    contract = signed(ArtefactType.CONTRACT, review_by=review_by)
    if accepted:
        acceptable(contract, signer_of(ArtefactType.CONTRACT), NOW)
        assert contract.review_by == date(2026, 8, 1)
    else:
        with pytest.raises(GuardError) as refused:
            acceptable(contract, signer_of(ArtefactType.CONTRACT), NOW)
        assert refused.value.code == "contract_end"


@pytest.mark.row("GOV-21")
@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"confidential_reader": "dpo"}, True),
        ({"confidential_reader": "controller"}, False),
        ({"confidential_reader": "administrator"}, False),
        ({"confidential": " Complaints@example.org"}, False),
        ({"confidential": ""}, False),
    ],
)
def test_a_confidential_route_leads_to_somebody_outside_of_command(changes: dict[str, str], *, allowed: bool):
    route = {**CONTENT[ArtefactType.COMPLAINT_ROUTE], **changes}
    assert content_complete(ArtefactType.COMPLAINT_ROUTE, content_text(route)).allowed is allowed
