from dataclasses import replace

import pytest

from countersign.cli.demonstration.casework import AGAINST
from countersign.errors import Conflict, Invalid
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.operations.record_outcome import RecordOutcome, record_outcome
from countersign.outcome.lead import Evidence, EvidenceType, Lead, OutcomeCode
from tests.operations.asking import CHILD
from tests.operations.scene import Scene, check_refused

OUTCOME = Permission.LEAD_OUTCOME
ADVERSE = (OutcomeCode.ARREST, OutcomeCode.CHARGE)
FINGERPRINT = Evidence(type=EvidenceType.FORENSIC, reference="fingerprint FP/3 on the till")


def outcome(scene: Scene, code: OutcomeCode = OutcomeCode.ELIMINATED) -> RecordOutcome:
    return RecordOutcome(
        lead=scene.ids.lead,
        code=code,
        own_comparison="I compared still and photograph myself: outline and brows agree.",
        reasons_against=AGAINST,
        evidence=(FINGERPRINT,),
    )


def record(scene: Scene, arguments: RecordOutcome, who: str = "requester") -> Lead:
    return scene.force.do(who, OUTCOME, record_outcome, arguments)


@pytest.fixture
def released(supported: Scene) -> Scene:
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    return supported


def test_an_outcome_is_recorded_and_published_by_its_code(released: Scene):
    lead = record(released, outcome(released, OutcomeCode.ARREST))

    assert lead.outcome is not None
    assert lead.outcome.evidence == (FINGERPRINT,)
    entry = released.last()
    assert (entry.kind, dict(entry.facts)) == ("lead.outcome", {"run": lead.run, "outcome": "arrest"})
    assert "reasons" in entry.commit
    with released.reading() as work:
        assert work.requests.get(lead.request).state is RequestState.OUTCOME_RECORDED


def test_an_outcome_that_harms_nobody_needs_no_evidence(released: Scene):
    arguments = replace(outcome(released), evidence=(), reasons_against="")

    assert record(released, arguments).outcome is not None


@pytest.mark.parametrize("code", ADVERSE)
@pytest.mark.row("REP-03")
def test_an_adverse_outcome_without_evidence_is_refused(released: Scene, code: OutcomeCode):
    with check_refused(released, OUTCOME, "no_independent_evidence"):
        record(released, replace(outcome(released, code), evidence=()))


def test_the_lead_itself_is_refused_as_evidence(released: Scene):
    itself = Evidence(type=EvidenceType.WITNESS, reference=released.ids.lead)

    with check_refused(released, OUTCOME, "no_independent_evidence"):
        record(released, replace(outcome(released, OutcomeCode.CHARGE), evidence=(itself,)))


@pytest.mark.parametrize("code", ADVERSE)
@pytest.mark.row("P-24")
def test_an_adverse_outcome_without_reasons_against_is_refused(released: Scene, code: OutcomeCode):
    with check_refused(released, OUTCOME, "reasons_against_missing", family=Invalid):
        record(released, replace(outcome(released, code), reasons_against="None."))


@pytest.mark.row("REP-10")
def test_an_outcome_without_an_own_comparison_is_refused(released: Scene):
    with check_refused(released, OUTCOME, "own_comparison_missing", family=Invalid):
        record(released, replace(outcome(released), own_comparison="I agree."))


@pytest.mark.row("P-10", "AUT-21")
def test_a_search_that_safeguards_ends_in_no_arrest(released: Scene):
    with released.altering() as work:
        work.requests.replace(replace(work.requests.get(released.ids.request), form=CHILD))

    with check_refused(released, OUTCOME, "safeguarding_only"):
        record(released, outcome(released, OutcomeCode.ARREST))
    assert record(released, outcome(released, OutcomeCode.MISSING_FOUND)).outcome is not None


def test_a_second_outcome_is_refused(released: Scene):
    record(released, outcome(released))

    with check_refused(released, OUTCOME, "outcome_recorded", family=Conflict):
        record(released, outcome(released))


def test_the_outcome_of_a_lead_that_was_not_released_is_refused(supported: Scene):
    with check_refused(supported, OUTCOME, "not_released", family=Conflict):
        record(supported, outcome(supported))


def test_an_outcome_by_another_requester_is_refused(released: Scene):
    released.hire("colleague", Role.REQUESTER)

    with check_refused(released, OUTCOME, "not_recipient"):
        record(released, outcome(released), "colleague")


def test_people_who_are_no_requesters_are_refused(released: Scene):
    with check_refused(released, OUTCOME, "not_permitted", spoke="policy"):
        record(released, outcome(released), "operator")
