"""What each state of the programme rests on, and whether that holds now: asked at every step and at every search."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from countersign.governance.adopted_documents import EqualityDecision
from countersign.governance.artefact import PILOT_CEILING
from countersign.governance.artefact_content import Dpia, Risk, read_as
from countersign.governance.material_change import approvals_cover
from countersign.governance.programme import (
    Artefact,
    ArtefactType,
    Jurisdiction,
    Programme,
    ProgrammeKind,
    ProgrammeState,
)
from countersign.governance.register import ImageOrigin
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require

S, A = ProgrammeState, ArtefactType
_REVIEWED = (A.DPIA, A.ETHICS_OPINION)
_VALIDATED = (*_REVIEWED, A.VALIDATION, A.EQUALITY_DECISION)
_IN_FORCE = (
    *(*_VALIDATED, A.APPROPRIATE_POLICY_DOCUMENT, A.POLICY_PACK, A.PUBLISHED_POLICY, A.PROCESSING_RECORD),
    *(A.APPOINTMENTS, A.COMPLAINT_ROUTE, A.CONTRACT),
)
NEEDS: Mapping[ProgrammeState, tuple[ArtefactType, ...]] = MappingProxyType(
    {
        S.PROPOSED: (),
        S.DPIA_APPROVED: (A.DPIA,),
        S.ICO_CONSULTATION: (A.DPIA,),
        S.ETHICS_REVIEWED: _REVIEWED,
        S.VALIDATED: _VALIDATED,
        S.POLICY_IN_FORCE: _IN_FORCE,
        S.PILOT: (*_IN_FORCE, A.PILOT_PLAN),
        S.OPERATIONAL: (*_IN_FORCE, A.PILOT_EVALUATION),
        S.SUSPENDED: (),
        S.DECOMMISSIONED: (A.CESSATION_DECISION,),
    }
)
LAW: Mapping[Jurisdiction, tuple[ArtefactType, ...]] = MappingProxyType(
    {Jurisdiction.UK_EW: (A.CAMERA_CODE,), Jurisdiction.EU: (A.RIGHTS_ASSESSMENT, A.EU_REGISTRATION)}
)
"""What the law of one jurisdiction asks for beside that, from POLICY_IN_FORCE on (practice P-17)."""
SEARCHING = frozenset({S.PILOT, S.OPERATIONAL})
LOADING = SEARCHING | {S.POLICY_IN_FORCE}
BEFORE_CONSULTATION = frozenset({S.PROPOSED, S.DPIA_APPROVED, S.SUSPENDED, S.DECOMMISSIONED})


def needs(programme: Programme, state: ProgrammeState) -> tuple[ArtefactType, ...]:
    """Give the types that must be in force in a state, by law; what holds no real data keeps the strict union."""
    laws = (programme.jurisdiction,) if programme.kind is ProgrammeKind.PRODUCTION else tuple(Jurisdiction)
    return (*NEEDS[state], *(kind for law in laws for kind in LAW[law] if state in LOADING))


def current_of(artefacts: Iterable[Artefact]) -> dict[ArtefactType, Artefact]:
    """Give the version in force of each type that has one."""
    return {artefact.type: artefact for artefact in artefacts if artefact.current}


def in_force(artefacts: Iterable[Artefact], needed: Collection[ArtefactType], now: datetime) -> Verdict:
    """Refuse unless each needed type is there, current and not past its review date (GOV-07); that day still counts."""
    current = current_of(artefacts)
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


def _evidence_considered(current: Mapping[ArtefactType, Artefact]) -> Verdict:
    """Refuse an equality decision on another validation than the one in force (GOV-12, EQV-01)."""
    considered = read_as(EqualityDecision, current[A.EQUALITY_DECISION].content).validation_sha256
    held = current[A.VALIDATION].sha256
    return require(
        considered == held,
        "equality_other_validation",
        f"expected an equality decision on the validation {held}, got one on {considered}",
    )


def _pilot_running(programme: Programme, now: datetime) -> Verdict:
    """Refuse a pilot that lasts longer than any pilot may, whatever plans were filed meanwhile (GOV-18)."""
    ends = programme.pilot_since + PILOT_CEILING if programme.pilot_since else now
    return require(now <= ends, "pilot_over", f"expected a pilot that ended by {ends.date()} evaluated, got none")


def standing(programme: Programme, state: ProgrammeState, artefacts: Sequence[Artefact], now: datetime) -> Verdict:
    """Say whether everything that a state rests on holds now: documents, their review dates, what they cover.

    Args:
        programme: As it stands.
        state: The state it is in, or would go to.
        artefacts: Every version of every document, so that changes between versions can be seen.
        now: The moment.
    """
    complete = in_force(artefacts, needs(programme, state), now)
    if not complete.allowed:
        return complete
    current = current_of(artefacts)
    return first_refusal(
        ALLOWED,
        *((_evidence_considered(current),) if A.EQUALITY_DECISION in NEEDS[state] else ()),
        *((approvals_cover(artefacts),) if state in LOADING else ()),
        *((_pilot_running(programme, now),) if state is S.PILOT else ()),
    )


def consultation_reopened(state: ProgrammeState, artefact: Artefact) -> Verdict:
    """Refuse to go on where a new assessment finds a high risk that nobody was consulted on (s.65, GOV-03)."""
    high = artefact.type is A.DPIA and read_as(Dpia, artefact.content).residual_risk is Risk.HIGH
    return require(
        not high or state in BEFORE_CONSULTATION,
        "consultation_owed",
        f"expected consultation of the Commissioner on a new high risk, got one in {state}",
    )


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


def may_search(programme: Programme, artefacts: Sequence[Artefact], now: datetime) -> Verdict:
    """Refuse a search unless the programme is in pilot or operation and what it rests on holds now.

    Source:
        GOV-01, GOV-04, GOV-06, GOV-07, GOV-11.
    """
    state = programme.state
    return first_refusal(
        require(state in SEARCHING, "programme_state", f"expected {S.PILOT} or {S.OPERATIONAL} to search, got {state}"),
        standing(programme, state, artefacts, now),
    )
