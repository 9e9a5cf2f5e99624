from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from countersign.governance.actor import Role
from countersign.governance.programme import Artefact, ArtefactType, Jurisdiction, ProgrammeKind, ProgrammeState
from countersign.governance.programme_standing import (
    NEEDS,
    consultation_reopened,
    in_force,
    may_enrol,
    may_search,
    needs,
)
from countersign.governance.programme_transitions import TRANSITIONS, Transition, advance
from countersign.governance.register import ImageOrigin
from countersign.governance.verdict import GuardError, check
from countersign.primitives.codec import Plain
from tests.fakes_governance import CONTENT, NOW, all_signed, programme, signed

EARLIER = NOW - timedelta(days=20)
S, A, R = ProgrammeState, ArtefactType, Role
HIGH = signed(A.DPIA, {**CONTENT[A.DPIA], "residual_risk": "high"})
EXTENSION = signed(A.CONSULTATION_ADVICE, {"kind": "extension", "text": "a month more"})
# Written out by hand, so that a row that appears or vanishes in the table is noticed here.
STOPPERS = {R.DPO, R.OVERSIGHT, R.CONTROLLER}
STEPS = {
    (S.PROPOSED, S.DPIA_APPROVED): {R.CONTROLLER},
    (S.DPIA_APPROVED, S.ICO_CONSULTATION): {R.DPO, R.CONTROLLER},
    (S.DPIA_APPROVED, S.ETHICS_REVIEWED): {R.OVERSIGHT},
    (S.ICO_CONSULTATION, S.ETHICS_REVIEWED): {R.OVERSIGHT},
    (S.ETHICS_REVIEWED, S.VALIDATED): {R.CONTROLLER},
    (S.VALIDATED, S.POLICY_IN_FORCE): {R.CONTROLLER},
    (S.POLICY_IN_FORCE, S.PILOT): {R.OVERSIGHT},
    (S.PILOT, S.OPERATIONAL): {R.OVERSIGHT},
    (S.SUSPENDED, S.PROPOSED): {R.OVERSIGHT},
    (S.SUSPENDED, S.POLICY_IN_FORCE): {R.OVERSIGHT},
    (S.SUSPENDED, S.PILOT): {R.OVERSIGHT},
    (S.SUSPENDED, S.OPERATIONAL): {R.OVERSIGHT},
    (S.SUSPENDED, S.DECOMMISSIONED): {R.CONTROLLER},
}
for state in set(S) - {S.SUSPENDED, S.DECOMMISSIONED}:
    STEPS |= {(state, S.SUSPENDED): STOPPERS, (state, S.DECOMMISSIONED): {R.CONTROLLER}}


def ground(to: ProgrammeState):
    """Give artefacts with which nothing but the step itself can be refused."""
    rest = [artefact for artefact in all_signed() if artefact.type is not A.DPIA]
    return [*rest, HIGH if to is S.ICO_CONSULTATION else signed(A.DPIA)]


def without(*types: ArtefactType):
    return [artefact for artefact in all_signed() if artefact.type not in types]


@pytest.mark.row("GOV-13")
@pytest.mark.parametrize(("source", "to"), list(product(S, S)))
def test_no_step_is_possible_but_the_listed_ones_by_the_listed_roles(source: ProgrammeState, to: ProgrammeState):
    for role in R:
        verdict = advance(programme(source, since=EARLIER), to, ground(to), [role], NOW)
        assert verdict.allowed is (role in STEPS.get((source, to), ())), (role, verdict)
        if (source, to) not in STEPS:
            assert verdict.code == "transition"
            with pytest.raises(GuardError):
                check(verdict)


def test_the_table_has_each_step_once():
    assert len({(row.source, row.to) for row in TRANSITIONS}) == len(TRANSITIONS) == len(STEPS)


@pytest.mark.row("GOV-01", "GOV-06", "GOV-12", "GOV-23", "GOV-19")
@pytest.mark.parametrize(
    "row",
    [row for row in TRANSITIONS if needs(programme(row.source), row.to)],
    ids=lambda row: f"{row.source}-{row.to}",
)
def test_each_step_needs_each_of_its_artefacts_current_and_in_date(row: Transition):
    for missing in needs(programme(row.source), row.to):
        rest = [artefact for artefact in ground(row.to) if artefact.type is not missing]
        [one] = [artefact for artefact in ground(row.to) if artefact.type is missing]
        for bad, code in (
            ([], "artefact_missing"),
            ([replace(one, current=False)], "artefact_missing"),
            ([replace(one, review_by=NOW.date() - timedelta(days=1))], "artefact_expired"),
        ):
            verdict = advance(programme(row.source, since=EARLIER), row.to, [*rest, *bad], row.roles, NOW)
            assert verdict.code == code
            assert missing in verdict.reason


def test_what_a_state_needs_grows_along_the_path():
    path = [S.PROPOSED, S.DPIA_APPROVED, S.ETHICS_REVIEWED, S.VALIDATED, S.POLICY_IN_FORCE, S.PILOT]
    for before, after in pairwise(path):
        assert set(NEEDS[before]) < set(NEEDS[after])


@pytest.mark.row("GOV-03")
def test_a_high_risk_cannot_go_past_the_commissioner():
    artefacts = [*without(A.DPIA, A.CONSULTATION_ADVICE), HIGH]
    verdict = advance(programme(S.DPIA_APPROVED), S.ETHICS_REVIEWED, artefacts, [R.OVERSIGHT], NOW)
    assert verdict.code == "consultation_owed"
    for to in (S.POLICY_IN_FORCE, S.PILOT, S.OPERATIONAL):
        assert (
            advance(programme(S.SUSPENDED, since=EARLIER), to, artefacts, [R.OVERSIGHT], NOW).code
            == "consultation_owed"
        )


@pytest.mark.row("GOV-03")
def test_a_lower_risk_is_not_consulted_on():
    verdict = advance(programme(S.DPIA_APPROVED), S.ICO_CONSULTATION, all_signed(), [R.DPO], NOW)
    assert verdict.code == "risk_not_high"


@pytest.mark.row("GOV-03")
@pytest.mark.parametrize(
    ("answer", "days", "allowed"),
    [
        ([], 41, False),
        ([], 42, True),
        ([EXTENSION], 42, False),
        ([EXTENSION], 72, False),
        ([EXTENSION], 73, True),
        ([signed(A.CONSULTATION_ADVICE)], 0, True),
    ],
)
def test_consultation_ends_with_advice_or_with_its_period(answer: list[Artefact], days: int, *, allowed: bool):
    artefacts = [*without(A.DPIA, A.CONSULTATION_ADVICE), HIGH, *answer]
    consulted = programme(S.ICO_CONSULTATION, since=NOW - timedelta(days=days))
    verdict = advance(consulted, S.ETHICS_REVIEWED, artefacts, [R.OVERSIGHT], NOW)
    assert verdict.allowed is allowed
    assert allowed or verdict.code == "consultation_running"


def test_a_pack_made_for_another_kind_does_not_come_into_force():
    production = programme(S.VALIDATED, kind=ProgrammeKind.PRODUCTION)
    assert advance(production, S.POLICY_IN_FORCE, all_signed(), [R.CONTROLLER], NOW).code == "pack_kind"


@pytest.mark.row("GOV-07")
def test_the_review_day_itself_still_counts():
    artefact = replace(signed(A.DPIA), review_by=NOW.date())
    assert in_force([artefact], [A.DPIA], NOW).allowed
    assert not in_force([artefact], [A.DPIA], NOW + timedelta(hours=12)).allowed


def test_nothing_needed_is_in_force():
    assert in_force([], [], NOW).allowed


@pytest.mark.parametrize("state", S)
def test_searches_run_in_pilot_and_operation_only(state: ProgrammeState):
    verdict = may_search(programme(state), all_signed(), NOW)
    assert verdict.allowed is (state in {S.PILOT, S.OPERATIONAL})
    assert verdict.allowed or verdict.code == "programme_state"


@pytest.mark.row("GOV-04", "GOV-06", "GOV-07")
@pytest.mark.parametrize(
    ("artefact_type", "state"),
    [
        *product((A.DPIA, A.ETHICS_OPINION, A.VALIDATION, A.APPROPRIATE_POLICY_DOCUMENT), (S.PILOT, S.OPERATIONAL)),
        (A.POLICY_PACK, S.PILOT),
        (A.PILOT_PLAN, S.PILOT),
        (A.PILOT_EVALUATION, S.OPERATIONAL),
    ],
)
def test_no_search_runs_without_what_it_rests_on(artefact_type: ArtefactType, state: ProgrammeState):
    missing = may_search(programme(state), without(artefact_type), NOW)
    assert (missing.code, artefact_type in missing.reason) == ("artefact_missing", True)
    late = replace(signed(artefact_type), review_by=date(2026, 3, 1))
    expired = may_search(programme(state), [*without(artefact_type), late], NOW)
    assert (expired.code, f"{artefact_type} (review by 2026-03-01)" in expired.reason) == ("artefact_expired", True)


@pytest.mark.row("GOV-01")
@pytest.mark.parametrize(("kind", "state", "origin"), list(product(ProgrammeKind, S, ImageOrigin)))
def test_real_custody_images_come_in_late_and_in_production_only(
    kind: ProgrammeKind, state: ProgrammeState, origin: ImageOrigin
):
    real = origin is ImageOrigin.CUSTODY_SUITE
    in_use = state in {S.POLICY_IN_FORCE, S.PILOT, S.OPERATIONAL} and kind is ProgrammeKind.PRODUCTION
    expected = in_use if real else state is not S.DECOMMISSIONED
    assert may_enrol(kind, state, origin).allowed is expected


def altered(artefact_type: ArtefactType, **changes: Plain) -> Artefact:
    return signed(artefact_type, {**CONTENT[artefact_type], **changes})


def instead(*artefacts: Artefact) -> list[Artefact]:
    return [*without(*(one.type for one in artefacts)), *artefacts]


@pytest.mark.row("GOV-03")
@pytest.mark.parametrize("state", S)
def test_a_new_high_risk_is_owed_consultation_wherever_nobody_can_have_been_consulted(state: ProgrammeState):
    calm = {S.PROPOSED, S.DPIA_APPROVED, S.SUSPENDED, S.DECOMMISSIONED}

    assert consultation_reopened(state, HIGH).allowed is (state in calm)
    assert consultation_reopened(state, signed(A.DPIA)).allowed
    assert consultation_reopened(state, signed(A.ETHICS_OPINION)).allowed


@pytest.mark.row("GOV-03")
def test_advice_on_an_earlier_assessment_says_nothing_about_a_later_one():
    later = signed(A.DPIA, {**CONTENT[A.DPIA], "residual_risk": "high"}, signed_at=NOW - timedelta(days=1))
    consulted = programme(S.ICO_CONSULTATION, since=NOW)

    assert advance(consulted, S.ETHICS_REVIEWED, instead(HIGH), [R.OVERSIGHT], NOW).allowed
    verdict = advance(consulted, S.ETHICS_REVIEWED, instead(later), [R.OVERSIGHT], NOW)
    assert verdict.code == "consultation_running"


@pytest.mark.row("P-17", "EU-03", "EU-04")
@pytest.mark.parametrize(
    ("law", "asked"),
    [(Jurisdiction.UK_EW, {A.CAMERA_CODE}), (Jurisdiction.EU, {A.RIGHTS_ASSESSMENT, A.EU_REGISTRATION})],
)
def test_each_law_asks_for_its_own_documents_and_what_is_not_real_for_those_of_both(
    law: Jurisdiction, asked: set[ArtefactType]
):
    real = replace(programme(S.VALIDATED, kind=ProgrammeKind.PRODUCTION), jurisdiction=law)

    assert set(needs(real, S.POLICY_IN_FORCE)) - set(NEEDS[S.POLICY_IN_FORCE]) == asked
    both = {A.CAMERA_CODE, A.RIGHTS_ASSESSMENT, A.EU_REGISTRATION}
    assert set(needs(programme(S.VALIDATED), S.PILOT)) - set(NEEDS[S.PILOT]) == both
    assert needs(real, S.VALIDATED) == NEEDS[S.VALIDATED]


@pytest.mark.row("GOV-12")
def test_a_decision_on_another_validation_is_no_decision_on_this_one():
    other = instead(altered(A.EQUALITY_DECISION, validation_sha256="0" * 64))

    assert may_search(programme(S.PILOT), other, NOW).code == "equality_other_validation"
    assert may_search(programme(S.PILOT), all_signed(), NOW).allowed


@pytest.mark.row("GOV-13")
@pytest.mark.parametrize("to", [S.POLICY_IN_FORCE, S.PILOT, S.OPERATIONAL])
def test_a_suspension_is_lifted_by_two_on_what_was_mended_after_it(to: ProgrammeState):
    begun = NOW - timedelta(days=10)

    for decided, allowed in ((begun, True), (begun - timedelta(milliseconds=1), False)):
        artefacts = instead(signed(A.LIFT_DECISION, signed_at=decided))
        verdict = advance(programme(S.SUSPENDED, since=begun), to, artefacts, [R.OVERSIGHT], NOW)
        assert verdict.allowed is allowed
        assert allowed or verdict.code == "lift_decision"
    nobody = advance(programme(S.SUSPENDED, since=begun), to, without(A.LIFT_DECISION), [R.OVERSIGHT], NOW)
    assert nobody.code == "lift_decision"


@pytest.mark.row("GOV-18")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"measured": [{"measure": "cost", "finding": "low"}]}, "measure_unanswered"),
        ({"more_than_marginal": False}, "benefit_marginal"),
    ],
)
def test_use_goes_on_after_a_pilot_only_when_its_measures_show_a_benefit(changes: dict[str, Plain], code: str):
    artefacts = instead(altered(A.PILOT_EVALUATION, **changes))

    assert advance(programme(S.PILOT), S.OPERATIONAL, artefacts, [R.OVERSIGHT], NOW).code == code
    assert advance(programme(S.SUSPENDED, since=EARLIER), S.OPERATIONAL, artefacts, [R.OVERSIGHT], NOW).code == code
    unplanned = [one for one in all_signed() if one.type is not A.PILOT_PLAN]
    assert advance(programme(S.PILOT), S.OPERATIONAL, unplanned, [R.OVERSIGHT], NOW).allowed


@pytest.mark.row("GOV-18")
@pytest.mark.parametrize(("days", "allowed"), [(183, True), (184, False)])
def test_no_second_plan_makes_a_pilot_longer_than_half_a_year(days: int, *, allowed: bool):
    begun = replace(programme(S.PILOT), pilot_since=NOW - timedelta(days=days))

    verdict = may_search(begun, all_signed(), NOW)

    assert verdict.allowed is allowed
    assert allowed or verdict.code == "pilot_over"
    operating = replace(begun, state=S.OPERATIONAL)
    assert may_search(operating, all_signed(), NOW).allowed
