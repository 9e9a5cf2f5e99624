"""The programme's state machine: which step leads where, whose it is, and what it asks for (requirements §4.1).

The rules of the machine:

- PROPOSED → DPIA_APPROVED → ETHICS_REVIEWED → VALIDATED → POLICY_IN_FORCE → PILOT → OPERATIONAL, one step at a time;
  each step needs every artefact of the steps before it as well, current and in date.
- Where the DPIA leaves a high risk, ETHICS_REVIEWED is reached through ICO_CONSULTATION only. That state is left with
  the Commissioner's advice, or when 42 days have passed, or 42 and 31 where the period was extended (s.65).
- Anything but DECOMMISSIONED can be SUSPENDED, by the DPO, oversight or the controller alone (GOV-13), and is by the
  clock once something that it rests on has run out (GOV-07).
- SUSPENDED goes back to PROPOSED, from where each step can be taken again, or at once to POLICY_IN_FORCE, PILOT or
  OPERATIONAL where everything that this state needs is in force and the DPO signed, after the suspension, that its
  cause is mended; oversight takes the step. A high risk then needs the advice itself.
- A material change reopens approvals (`material_change`): they must be signed again, after it.
- Anything can be DECOMMISSIONED, by the DPO's signed decision and the controller's step; nothing leads out of it.
- What is not in `TRANSITIONS` is refused with the code ``transition``.
- A pilot cannot outlast its plan, and a plan cannot outlast 183 days (`artefact`): the plan must be in force to search.
  No second plan makes it longer: 183 days after the first search was possible it is evaluated, or use ends (GOV-18).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from countersign.governance.actor import Role
from countersign.governance.artefact_content import (
    AdviceKind,
    ConsultationAdvice,
    Dpia,
    PilotEvaluation,
    PilotPlan,
    Risk,
    Validation,
    read_as,
)
from countersign.governance.certificate_rules import certificate_holds
from countersign.governance.policy_pack import PolicyPack, serves
from countersign.governance.programme import (
    Artefact,
    ArtefactType,
    Programme,
    ProgrammeState,
)
from countersign.governance.programme_standing import current_of, standing
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require

S, A = ProgrammeState, ArtefactType
CONSULTATION = timedelta(days=42)
EXTENSION = timedelta(days=31)
Guard = Callable[[Programme, Mapping[ArtefactType, Artefact], datetime], Verdict]


def _risk(current: Mapping[ArtefactType, Artefact]) -> Risk:
    return read_as(Dpia, current[A.DPIA].content).residual_risk


def _advice(current: Mapping[ArtefactType, Artefact]) -> AdviceKind | None:
    """Give what the Commissioner said of this very assessment; what was said of an earlier one says nothing."""
    if A.CONSULTATION_ADVICE not in current:
        return None
    if current[A.CONSULTATION_ADVICE].signed_at < current[A.DPIA].signed_at:
        return None
    return read_as(ConsultationAdvice, current[A.CONSULTATION_ADVICE].content).kind


def _high_risk(_: Programme, current: Mapping[ArtefactType, Artefact], __: datetime) -> Verdict:
    risk = _risk(current)
    return require(risk is Risk.HIGH, "risk_not_high", f"expected a high residual risk to consult on, got {risk}")


def _no_consultation_owed(_: Programme, current: Mapping[ArtefactType, Artefact], __: datetime) -> Verdict:
    owed = _risk(current) is Risk.HIGH and _advice(current) is not AdviceKind.ADVICE
    return require(not owed, "consultation_owed", "expected consultation of the Commissioner on a high risk, got none")


def _consultation_over(programme: Programme, current: Mapping[ArtefactType, Artefact], now: datetime) -> Verdict:
    advice = _advice(current)
    ends = programme.since + CONSULTATION + (EXTENSION if advice is AdviceKind.EXTENSION else timedelta(0))
    return require(
        advice is AdviceKind.ADVICE or now >= ends,
        "consultation_running",
        f"expected the Commissioner's advice or {ends.date()} to have passed, got neither",
    )


def _pack_serves(programme: Programme, current: Mapping[ArtefactType, Artefact], _: datetime) -> Verdict:
    pack = read_as(PolicyPack, current[A.POLICY_PACK].content)
    return serves(pack, programme.kind, programme.jurisdiction)


def _validation_holds(programme: Programme, current: Mapping[ArtefactType, Artefact], _: datetime) -> Verdict:
    """Count the validation again: a biased one, or one too small for its claim, does not pass (EQV-01, 02, 05)."""
    return certificate_holds(read_as(Validation, current[A.VALIDATION].content), programme.kind)


def _lifted(programme: Programme, current: Mapping[ArtefactType, Artefact], _: datetime) -> Verdict:
    """Ask for the DPO's decision on this very suspension: no suspension ends by one person's word (T24)."""
    decision = current.get(A.LIFT_DECISION)
    return require(
        decision is not None and decision.signed_at >= programme.since,
        "lift_decision",
        f"expected a lift decision of the DPO on the suspension of {programme.since.isoformat()}, got none",
    )


def _measures_answered(_: Programme, current: Mapping[ArtefactType, Artefact], __: datetime) -> Verdict:
    """Ask the evaluation for each measure that was fixed before the pilot, and for more than a marginal benefit."""
    if A.PILOT_PLAN not in current:
        return ALLOWED
    plan = read_as(PilotPlan, current[A.PILOT_PLAN].content)
    evaluation = read_as(PilotEvaluation, current[A.PILOT_EVALUATION].content)
    missing = sorted(set(plan.measures) - {one.measure for one in evaluation.measured})
    return first_refusal(
        require(not missing, "measure_unanswered", f"expected a finding on each measure, got none on: {missing}"),
        require(
            evaluation.more_than_marginal,
            "benefit_marginal",
            "expected a benefit that is more than marginal, got an evaluation that found none",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One permitted step: who may take it, and what must hold beyond the artefacts of ``NEEDS[to]``."""

    source: ProgrammeState
    to: ProgrammeState
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = ()


def _row(source: ProgrammeState, to: ProgrammeState, *roles: Role, guards: tuple[Guard, ...] = ()) -> Transition:
    return Transition(source=source, to=to, roles=frozenset(roles), guards=guards)


_BACK = (_lifted, _no_consultation_owed, _pack_serves, _validation_holds)
TRANSITIONS: tuple[Transition, ...] = (
    _row(S.PROPOSED, S.DPIA_APPROVED, Role.CONTROLLER),
    _row(S.DPIA_APPROVED, S.ICO_CONSULTATION, Role.DPO, Role.CONTROLLER, guards=(_high_risk,)),
    _row(S.DPIA_APPROVED, S.ETHICS_REVIEWED, Role.OVERSIGHT, guards=(_no_consultation_owed,)),
    _row(S.ICO_CONSULTATION, S.ETHICS_REVIEWED, Role.OVERSIGHT, guards=(_consultation_over,)),
    _row(S.ETHICS_REVIEWED, S.VALIDATED, Role.CONTROLLER, guards=(_validation_holds,)),
    _row(S.VALIDATED, S.POLICY_IN_FORCE, Role.CONTROLLER, guards=(_pack_serves, _validation_holds)),
    _row(S.POLICY_IN_FORCE, S.PILOT, Role.OVERSIGHT, guards=(_pack_serves,)),
    _row(S.PILOT, S.OPERATIONAL, Role.OVERSIGHT, guards=(_pack_serves, _measures_answered)),
    *(
        _row(state, S.SUSPENDED, Role.DPO, Role.OVERSIGHT, Role.CONTROLLER)
        for state in S
        if state not in {S.SUSPENDED, S.DECOMMISSIONED}
    ),
    _row(S.SUSPENDED, S.PROPOSED, Role.OVERSIGHT),
    *(_row(S.SUSPENDED, state, Role.OVERSIGHT, guards=_BACK) for state in (S.POLICY_IN_FORCE, S.PILOT)),
    _row(S.SUSPENDED, S.OPERATIONAL, Role.OVERSIGHT, guards=(*_BACK, _measures_answered)),
    *(_row(state, S.DECOMMISSIONED, Role.CONTROLLER) for state in S if state is not S.DECOMMISSIONED),
)
_TABLE: Mapping[tuple[ProgrammeState, ProgrammeState], Transition] = MappingProxyType(
    {(row.source, row.to): row for row in TRANSITIONS}
)


def advance(
    programme: Programme, to: ProgrammeState, artefacts: Sequence[Artefact], roles: Collection[Role], now: datetime
) -> Verdict:
    """Say whether the programme may go to ``to`` now, moved by someone with these roles."""
    row = _TABLE.get((programme.state, to))
    if row is None:
        return Verdict(
            allowed=False, code="transition", reason=f"expected a listed step, got {programme.state} to {to}"
        )
    by_role = require(
        not row.roles.isdisjoint(roles),
        "transition_role",
        f"expected {' or '.join(sorted(row.roles))} to advance to {to}, got {', '.join(sorted(roles))}",
    )
    complete = standing(programme, to, artefacts, now)
    if not (by_role.allowed and complete.allowed):
        return first_refusal(by_role, complete)
    current = current_of(artefacts)
    return first_refusal(ALLOWED, *(guard(programme, current, now) for guard in row.guards))
