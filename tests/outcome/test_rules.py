from dataclasses import replace
from datetime import UTC, datetime

import pytest

from countersign.outcome.lead import ADVERSE, Evidence, EvidenceType, Lead, Outcome, OutcomeCode
from countersign.outcome.rules import (
    AlreadyReleasedError,
    NoIndependentEvidenceError,
    NotReconfirmedError,
    NotReleasedError,
    OutcomeRecordedError,
    OwnComparisonError,
    ReasonsAgainstError,
    SafeguardingOnlyError,
    check_outcome,
    check_release,
    check_safeguarding,
)
from countersign.primitives.ids import CaseId, KeyId, LeadId, PersonId, RequestId, RunId, SubjectId
from tests.fakes_review import accepted

NOW = datetime(2026, 3, 2, tzinfo=UTC)
READY = Lead(
    id=LeadId("lead"),
    run=RunId("run"),
    request=RequestId("request"),
    case=CaseId("case"),
    key=KeyId("key"),
    subject=SubjectId("subject"),
    supported_at=NOW,
    reconfirmed_by=PersonId("officer"),
    reasons_against="a hundred miles away, and visibly older",
    released_by=None,
    released_at=None,
    recipient=None,
    outcome=None,
)
RELEASED = replace(READY, released_by=PersonId("operator"), released_at=NOW, recipient=PersonId("requester"))
EVIDENCE = Evidence(type=EvidenceType.DEVICE, reference="exhibit AB/7")
ARREST = Outcome(
    code=OutcomeCode.ARREST,
    own_comparison="brow, nose and the left ear agree",
    reasons_against="no alibi was found on asking",
    evidence=(EVIDENCE,),
    recorded_at=NOW,
)


def test_a_reconfirmed_lead_with_reasons_against_is_released():
    assert accepted(check_release, READY, minimum_chars=20)


def test_a_lead_is_released_once():
    with pytest.raises(AlreadyReleasedError):
        check_release(RELEASED, minimum_chars=20)


def test_no_lead_is_released_without_an_officers_second_look():
    with pytest.raises(NotReconfirmedError):
        check_release(replace(READY, reconfirmed_by=None), minimum_chars=20)


@pytest.mark.parametrize("text", ["", "none", " " * 30, "x" * 19])
def test_no_lead_is_released_without_reasons_against(text: str):
    with pytest.raises(ReasonsAgainstError):
        check_release(replace(READY, reasons_against=text), minimum_chars=20)


@pytest.mark.parametrize("code", OutcomeCode)
def test_an_outcome_with_comparison_reasons_and_evidence_is_accepted(code: OutcomeCode):
    assert accepted(check_outcome, RELEASED, replace(ARREST, code=code), minimum_chars=20)


@pytest.mark.parametrize("code", OutcomeCode)
@pytest.mark.parametrize(
    "evidence",
    [
        (),
        (Evidence(type=EvidenceType.WITNESS, reference=" "),),
        (Evidence(type=EvidenceType.WITNESS, reference="lead"), Evidence(type=EvidenceType.DEVICE, reference="run")),
    ],
)
@pytest.mark.row("REP-03")
def test_an_adverse_outcome_never_rests_on_the_lead_alone(code: OutcomeCode, evidence: tuple[Evidence, ...]):
    outcome = replace(ARREST, code=code, evidence=evidence)
    if code in ADVERSE:
        with pytest.raises(NoIndependentEvidenceError, match=code):
            check_outcome(RELEASED, outcome, minimum_chars=20)
    else:
        assert accepted(check_outcome, RELEASED, outcome, minimum_chars=20)


def test_an_adverse_outcome_needs_the_reasons_against():
    bare = replace(ARREST, reasons_against="x" * 19)
    with pytest.raises(ReasonsAgainstError):
        check_outcome(RELEASED, bare, minimum_chars=20)
    assert accepted(check_outcome, RELEASED, replace(bare, code=OutcomeCode.ELIMINATED), minimum_chars=20)


@pytest.mark.parametrize("code", OutcomeCode)
@pytest.mark.row("REP-10")
def test_every_outcome_needs_the_requesters_own_comparison(code: OutcomeCode):
    with pytest.raises(OwnComparisonError):
        check_outcome(RELEASED, replace(ARREST, code=code, own_comparison="as the examiners"), minimum_chars=20)


def test_a_lead_that_was_not_released_has_no_outcome():
    with pytest.raises(NotReleasedError):
        check_outcome(READY, ARREST, minimum_chars=20)


def test_an_outcome_is_recorded_once():
    with pytest.raises(OutcomeRecordedError):
        check_outcome(replace(RELEASED, outcome=ARREST), ARREST, minimum_chars=20)


@pytest.mark.row("REP-03")
@pytest.mark.parametrize("code", OutcomeCode)
def test_a_line_up_never_rests_on_the_lead_and_its_witness_alone(code: OutcomeCode):
    witnessed = Evidence(type=EvidenceType.WITNESS, reference="statement AB/9")
    outcome = replace(ARREST, code=code, line_up=True, evidence=(witnessed,))
    with pytest.raises(NoIndependentEvidenceError, match="line-up"):
        check_outcome(RELEASED, outcome, minimum_chars=20)
    assert accepted(check_outcome, RELEASED, replace(outcome, evidence=(witnessed, EVIDENCE)), minimum_chars=20)


@pytest.mark.row("P-10", "AUT-21")
@pytest.mark.parametrize("code", OutcomeCode)
def test_a_search_that_safeguards_never_ends_in_arrest_charge_or_line_up(code: OutcomeCode):
    if code in ADVERSE:
        with pytest.raises(SafeguardingOnlyError, match=code):
            check_safeguarding(replace(ARREST, code=code))
    else:
        assert accepted(check_safeguarding, replace(ARREST, code=code))
    with pytest.raises(SafeguardingOnlyError, match="a line-up"):
        check_safeguarding(replace(ARREST, code=OutcomeCode.MISSING_FOUND, line_up=True))
