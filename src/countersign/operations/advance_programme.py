"""Move the programme from state to state; each step needs its documents and its signer."""

from dataclasses import dataclass, replace

from countersign.governance.artefact_content import PilotEvaluation, read_as
from countersign.governance.known_trial import jointly_tested
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, Programme, ProgrammeState
from countersign.governance.programme_clock import audited
from countersign.governance.programme_standing import LOADING, current_of
from countersign.governance.programme_transitions import advance
from countersign.governance.verdict import ALLOWED, Verdict
from countersign.ledger.event import EventKind
from countersign.operations.decommission import destroy_everything
from countersign.operations.overlays import nothing_held
from countersign.operations.record_status import register_numbers
from countersign.operations.turn import Turn, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceProgramme:
    """Where to."""

    to: ProgrammeState


@operation(Permission.PROGRAMME_ADVANCE)
def advance_programme(turn: Turn, arguments: AdvanceProgramme) -> Programme:
    """Move the programme, or say which document is missing, out of date, or whose step it is."""
    before = turn.programme
    turn.check(advance(before, arguments.to, turn.history(), turn.actor.roles, turn.now))
    if arguments.to is ProgrammeState.OPERATIONAL:
        turn.check(_jointly_tested(turn))
    if before.state is ProgrammeState.SUSPENDED:
        audits = turn.work.collections.where() if arguments.to in LOADING else []
        turn.check(ALLOWED, *(audited(collection, turn.now, register_numbers(turn)) for collection in audits))
    if arguments.to is ProgrammeState.DECOMMISSIONED:
        # CPIA: what the defence may still ask for outlives the programme; its hold is lifted first.
        turn.check(ALLOWED, *(nothing_held(turn.work, case.id) for case in turn.work.cases.where()))
        destroy_everything(turn)
    return move_programme(turn, arguments.to, "decided")


def _jointly_tested(turn: Turn) -> Verdict:
    """Say whether the trials up to the evaluation are those that it says (EQV-10)."""
    held = current_of(turn.artefacts())[ArtefactType.PILOT_EVALUATION]
    said, signed_on = read_as(PilotEvaluation, held.content).joint_trial, held.signed_at.date()
    trials = (one for one in turn.work.trials.where() if one.held_on <= signed_on)
    return jointly_tested(said, trials, turn.programme.kind)


def move_programme(turn: Turn, to: ProgrammeState, reason: str) -> Programme:
    """Put the programme in a state and record why; what may lead there was checked before."""
    before = turn.programme
    begun = before.pilot_since or (turn.now if to is ProgrammeState.PILOT else None)
    after = replace(before, state=to, since=turn.now, pilot_since=begun)
    turn.work.programmes.replace(after)
    turn.record(EventKind.PROGRAMME_STATE, {"from": before.state, "to": to, "reason": reason})
    return after


def suspend(turn: Turn, cause: Verdict) -> None:
    """Suspend the programme for a refusal's reason; rights, erasure and disclosure go on (GOV-07)."""
    if turn.programme.state not in {ProgrammeState.SUSPENDED, ProgrammeState.DECOMMISSIONED}:
        move_programme(turn, ProgrammeState.SUSPENDED, cause.code)
