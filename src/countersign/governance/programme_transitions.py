"""The programme's state machine: what must be true before anything is searched (requirements §4.1).

The rules of the machine:

- PROPOSED → DPIA_APPROVED → ETHICS_REVIEWED → VALIDATED → POLICY_IN_FORCE → PILOT → OPERATIONAL, one step at a time;
  each step needs every artefact of the steps before it as well, current and in date.
- Where the DPIA leaves a high risk, ETHICS_REVIEWED is reached through ICO_CONSULTATION only. That state is left with
  the Commissioner's advice, or when 42 days have passed, or 42 and 31 where the period was extended (s.65).
- Anything but DECOMMISSIONED can be SUSPENDED, by the DPO, oversight or the controller alone (GOV-13).
- SUSPENDED goes back to PROPOSED, from where each step can be taken again, or at once to POLICY_IN_FORCE, PILOT or
  OPERATIONAL where everything that this state needs is in force; a high risk then needs the advice itself.
- Anything can be DECOMMISSIONED; nothing leads out of it.
- What is not in `TRANSITIONS` is refused with the code ``transition``.
- A pilot cannot outlast its plan, and a plan cannot outlast 183 days (`artefact`): the plan must be in force to search.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from countersign.governance.actor import Role
from countersign.governance.artefact_content import AdviceKind, ConsultationAdvice, Dpia, Risk, read_as
from countersign.governance.policy_pack import PolicyPack, serves
from countersign.governance.programme import Artefact, ArtefactType, Programme, ProgrammeKind, ProgrammeState
from countersign.governance.register import ImageOrigin
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require

S, A = ProgrammeState, ArtefactType
CONSULTATION = timedelta(days=42)
EXTENSION = timedelta(days=31)

_REVIEWED = (A.DPIA, A.ETHICS_OPINION)
_IN_FORCE = (*_REVIEWED, A.VALIDATION, A.APPROPRIATE_POLICY_DOCUMENT, A.POLICY_PACK)
NEEDS: Mapping[ProgrammeState, tuple[ArtefactType, ...]] = MappingProxyType(
    {
        S.PROPOSED: (),
        S.DPIA_APPROVED: (A.DPIA,),
        S.ICO_CONSULTATION: (A.DPIA,),
        S.ETHICS_REVIEWED: _REVIEWED,
        S.VALIDATED: (*_REVIEWED, A.VALIDATION),
        S.POLICY_IN_FORCE: _IN_FORCE,
        S.PILOT: (*_IN_FORCE, A.PILOT_PLAN),
        S.OPERATIONAL: (*_IN_FORCE, A.PILOT_EVALUATION),
        S.SUSPENDED: (),
        S.DECOMMISSIONED: (),
    }
)
SEARCHING = frozenset({S.PILOT, S.OPERATIONAL})
LOADING = SEARCHING | {S.POLICY_IN_FORCE}

Guard = Callable[[Programme, Mapping[ArtefactType, Artefact], datetime], Verdict]


def _risk(current: Mapping[ArtefactType, Artefact]) -> Risk:
    return read_as(Dpia, current[A.DPIA].content).residual_risk


def _advice(current: Mapping[ArtefactType, Artefact]) -> AdviceKind | None:
    if A.CONSULTATION_ADVICE not in current:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One permitted step: who may take it, and what must hold beyond the artefacts of ``NEEDS[to]``."""

    source: ProgrammeState
    to: ProgrammeState
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = ()

    @property
    def needs(self) -> tuple[ArtefactType, ...]:
        """Types that must be current and in date."""
        return NEEDS[self.to]


def _row(source: ProgrammeState, to: ProgrammeState, *roles: Role, guards: tuple[Guard, ...] = ()) -> Transition:
    return Transition(source=source, to=to, roles=frozenset(roles), guards=guards)


_BACK = (_no_consultation_owed, _pack_serves)
TRANSITIONS: tuple[Transition, ...] = (
    _row(S.PROPOSED, S.DPIA_APPROVED, Role.CONTROLLER),
    _row(S.DPIA_APPROVED, S.ICO_CONSULTATION, Role.DPO, Role.CONTROLLER, guards=(_high_risk,)),
    _row(S.DPIA_APPROVED, S.ETHICS_REVIEWED, Role.OVERSIGHT, guards=(_no_consultation_owed,)),
    _row(S.ICO_CONSULTATION, S.ETHICS_REVIEWED, Role.OVERSIGHT, guards=(_consultation_over,)),
    _row(S.ETHICS_REVIEWED, S.VALIDATED, Role.CONTROLLER),
    _row(S.VALIDATED, S.POLICY_IN_FORCE, Role.CONTROLLER, guards=(_pack_serves,)),
    _row(S.POLICY_IN_FORCE, S.PILOT, Role.OVERSIGHT, guards=(_pack_serves,)),
    _row(S.PILOT, S.OPERATIONAL, Role.OVERSIGHT, guards=(_pack_serves,)),
    *(
        _row(state, S.SUSPENDED, Role.DPO, Role.OVERSIGHT, Role.CONTROLLER)
        for state in S
        if state not in {S.SUSPENDED, S.DECOMMISSIONED}
    ),
    _row(S.SUSPENDED, S.PROPOSED, Role.OVERSIGHT),
    *(_row(S.SUSPENDED, state, Role.OVERSIGHT, guards=_BACK) for state in (S.POLICY_IN_FORCE, S.PILOT, S.OPERATIONAL)),
    *(_row(state, S.DECOMMISSIONED, Role.CONTROLLER) for state in S if state is not S.DECOMMISSIONED),
)
_TABLE: Mapping[tuple[ProgrammeState, ProgrammeState], Transition] = MappingProxyType(
    {(row.source, row.to): row for row in TRANSITIONS}
)


def _current(artefacts: Iterable[Artefact]) -> dict[ArtefactType, Artefact]:
    return {artefact.type: artefact for artefact in artefacts if artefact.current}


def in_force(artefacts: Iterable[Artefact], needed: Collection[ArtefactType], now: datetime) -> Verdict:
    """Refuse unless each needed type is there, current and not past its review date (GOV-07); that day still counts."""
    current = _current(artefacts)
    missing = [kind for kind in needed if kind not in current]
    expired = [kind for kind in needed if kind in current and current[kind].review_by < now.date()]
    return first_refusal(
        require(not missing, "artefact_missing", f"expected in force, got none: {', '.join(missing)}"),
        require(
            not expired,
            "artefact_expired",
            "expected in force, got past its review date: "
            + ", ".join(f"{kind} (review by {current[kind].review_by})" for kind in expired),
        ),
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
    complete = in_force(artefacts, row.needs, now)
    if not (by_role.allowed and complete.allowed):
        return first_refusal(by_role, complete)
    current = _current(artefacts)
    return first_refusal(ALLOWED, *(guard(programme, current, now) for guard in row.guards))


def may_enrol(kind: ProgrammeKind, state: ProgrammeState, origin: ImageOrigin) -> Verdict:
    """Refuse reference images that this programme may not hold now (GOV-01).

    Real custody images come in from POLICY_IN_FORCE on, and only in a production programme: the other kinds do without
    rules that protect them. Synthetic and licensed test data may be enrolled from the start.
    """
    real = origin is ImageOrigin.CUSTODY_SUITE
    return first_refusal(
        require(
            state is not S.DECOMMISSIONED, "programme_state", "expected a programme in use, got a decommissioned one"
        ),
        require(
            not real or kind is ProgrammeKind.PRODUCTION,
            "real_data_kind",
            f"expected synthetic or licensed test data in a {kind} programme, got custody images",
        ),
        require(
            not real or state in LOADING,
            "real_data_too_early",
            f"expected synthetic or licensed test data below {S.POLICY_IN_FORCE}, got custody images in {state}",
        ),
    )


def may_search(state: ProgrammeState, artefacts: Sequence[Artefact], now: datetime) -> Verdict:
    """Refuse a search unless the programme is in pilot or operation and what it rests on is in date.

    Source:
        GOV-01, GOV-04, GOV-06, GOV-07.
    """
    return first_refusal(
        require(state in SEARCHING, "programme_state", f"expected {S.PILOT} or {S.OPERATIONAL} to search, got {state}"),
        in_force(artefacts, NEEDS[state], now),
    )
