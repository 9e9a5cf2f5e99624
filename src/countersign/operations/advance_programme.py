"""Move the programme from state to state; each step needs its documents and its signer."""

from dataclasses import dataclass, replace

from countersign.governance.permission import Permission
from countersign.governance.programme import Programme, ProgrammeState
from countersign.governance.programme_transitions import advance
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceProgramme:
    """Where to."""

    to: ProgrammeState


@operation(Permission.PROGRAMME_ADVANCE)
def advance_programme(turn: Turn, arguments: AdvanceProgramme) -> Programme:
    """Move the programme, or say which document is missing, out of date, or whose step it is."""
    before = turn.programme
    turn.check(advance(before, arguments.to, turn.artefacts(), turn.actor.roles, turn.now))
    after = replace(before, state=arguments.to, since=turn.now)
    turn.work.programmes.replace(after)
    turn.record(EventKind.PROGRAMME_STATE, {"from": before.state, "to": after.state})
    return after
