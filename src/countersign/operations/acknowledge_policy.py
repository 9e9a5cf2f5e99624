"""Say to have read the policy pack in force; until then a person does nothing else (GOV-10)."""

from dataclasses import dataclass, replace

from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.digest import Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgePolicy:
    """Which pack was read, by its digest, so that nobody acknowledges what came after it."""

    pack: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """What was acknowledged."""

    version: str
    pack: Sha256


@operation(Permission.POLICY_ACKNOWLEDGE)
def acknowledge_policy(turn: Turn, arguments: AcknowledgePolicy) -> Acknowledged:
    """Record that the actor read the pack in force.

    Raises:
        NoPolicyPackError: There is none.
        GuardError: It is another pack than the one that was read.
    """
    version, held = turn.pack.version, turn.pack_sha256
    turn.check(
        require(arguments.pack == held, "other_pack", f"expected the pack in force, {held}, got {arguments.pack}")
    )
    turn.work.people.replace(replace(turn.actor, acknowledged=held))
    turn.record(EventKind.POLICY_ACKNOWLEDGED, {"pack": held})
    return Acknowledged(version=version, pack=held)
