from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from countersign.governance.actor import Role
from countersign.governance.programme import Artefact, ArtefactType, ProgrammeKind, ProgrammeState
from countersign.governance.programme_transitions import (
    NEEDS,
    TRANSITIONS,
    Transition,
    advance,
    in_force,
    may_enrol,
    may_search,
)
from countersign.governance.register import ImageOrigin
from countersign.governance.verdict import GuardError, check
from tests.fakes_governance import CONTENT, NOW, all_signed, programme, signed

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


@pytest.mark.parametrize(("source", "to"), list(product(S, S)))
def test_no_step_is_possible_but_the_listed_ones_by_the_listed_roles(source: ProgrammeState, to: ProgrammeState):
    for role in R:
        verdict = advance(programme(source), to, ground(to), [role], NOW)
        assert verdict.allowed is (role in STEPS.get((source, to), ())), (role, verdict)
        if (source, to) not in STEPS:
            assert verdict.code == "transition"
            with pytest.raises(GuardError):
                check(verdict)


def test_the_table_has_each_step_once():
    assert len({(row.source, row.to) for row in TRANSITIONS}) == len(TRANSITIONS) == len(STEPS)


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.needs], ids=lambda row: f"{row.source}-{row.to}")
def test_each_step_needs_each_of_its_artefacts_current_and_in_date(row: Transition):
    for missing in row.needs:
        rest = [artefact for artefact in ground(row.to) if artefact.type is not missing]
        [one] = [artefact for artefact in ground(row.to) if artefact.type is missing]
        for bad, code in (
            ([], "artefact_missing"),
            ([replace(one, current=False)], "artefact_missing"),
            ([replace(one, review_by=NOW.date() - timedelta(days=1))], "artefact_expired"),
        ):
            verdict = advance(programme(row.source), row.to, [*rest, *bad], row.roles, NOW)
            assert verdict.code == code
            assert missing in verdict.reason


def test_what_a_state_needs_grows_along_the_path():
    path = [S.PROPOSED, S.DPIA_APPROVED, S.ETHICS_REVIEWED, S.VALIDATED, S.POLICY_IN_FORCE, S.PILOT]
    for before, after in pairwise(path):
        assert set(NEEDS[before]) < set(NEEDS[after])


def test_a_high_risk_cannot_go_past_the_commissioner():
    artefacts = [*without(A.DPIA, A.CONSULTATION_ADVICE), HIGH]
    verdict = advance(programme(S.DPIA_APPROVED), S.ETHICS_REVIEWED, artefacts, [R.OVERSIGHT], NOW)
    assert verdict.code == "consultation_owed"
    for to in (S.POLICY_IN_FORCE, S.PILOT, S.OPERATIONAL):
        assert advance(programme(S.SUSPENDED), to, artefacts, [R.OVERSIGHT], NOW).code == "consultation_owed"


def test_a_lower_risk_is_not_consulted_on():
    verdict = advance(programme(S.DPIA_APPROVED), S.ICO_CONSULTATION, all_signed(), [R.DPO], NOW)
    assert verdict.code == "risk_not_high"


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


def test_the_review_day_itself_still_counts():
    artefact = replace(signed(A.DPIA), review_by=NOW.date())
    assert in_force([artefact], [A.DPIA], NOW).allowed
    assert not in_force([artefact], [A.DPIA], NOW + timedelta(hours=12)).allowed


def test_nothing_needed_is_in_force():
    assert in_force([], [], NOW).allowed


@pytest.mark.parametrize("state", S)
def test_searches_run_in_pilot_and_operation_only(state: ProgrammeState):
    verdict = may_search(state, all_signed(), NOW)
    assert verdict.allowed is (state in {S.PILOT, S.OPERATIONAL})
    assert verdict.allowed or verdict.code == "programme_state"


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
    missing = may_search(state, without(artefact_type), NOW)
    assert (missing.code, artefact_type in missing.reason) == ("artefact_missing", True)
    late = replace(signed(artefact_type), review_by=date(2026, 3, 1))
    expired = may_search(state, [*without(artefact_type), late], NOW)
    assert (expired.code, f"{artefact_type} (review by 2026-03-01)" in expired.reason) == ("artefact_expired", True)


@pytest.mark.parametrize(("kind", "state", "origin"), list(product(ProgrammeKind, S, ImageOrigin)))
def test_real_custody_images_come_in_late_and_in_production_only(
    kind: ProgrammeKind, state: ProgrammeState, origin: ImageOrigin
):
    real = origin is ImageOrigin.CUSTODY_SUITE
    in_use = state in {S.POLICY_IN_FORCE, S.PILOT, S.OPERATIONAL} and kind is ProgrammeKind.PRODUCTION
    expected = in_use if real else state is not S.DECOMMISSIONED
    assert may_enrol(kind, state, origin).allowed is expected
