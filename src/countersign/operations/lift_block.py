"""Lift what a tripped rule stopped, after somebody independent has looked into it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from countersign.governance.anomalies import Block
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation


class LiftReason(StrEnum):
    """Why it may go on."""

    EXPLAINED = "explained"
    MAJOR_CRIME = "major_crime"
    MISUSE_DEALT_WITH = "misuse_dealt_with"
    RECORD_CORRECTED = "record_corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBlock:
    """Which block, and why it may be lifted, as a code and in words."""

    block: str
    reason: LiftReason
    explanation: str


@operation(Permission.ANOMALY_LIFT)
def lift_block(turn: Turn, arguments: LiftBlock) -> Block:
    """Lift a block.

    Raises:
        RowMissingError: No such block.
        GuardError: It was lifted, or nothing is explained.
    """
    block, least = turn.work.blocks.get(arguments.block), turn.pack.minimum_chars.reasons
    turn.check(
        require(block.lifted_at is None, "block_lifted", "expected a block that stands, got one that was lifted"),
        require(
            len(arguments.explanation.strip()) >= least,
            "reasons_too_short",
            f"expected at least {least} characters on why, got fewer",
        ),
    )
    after = replace(block, lifted_at=turn.now, lifted_by=turn.actor.id)
    turn.work.blocks.replace(after)
    facts = {"rule": block.rule, "reason": arguments.reason}
    turn.record(EventKind.ANOMALY_LIFTED, facts, committed={"reasons": arguments.explanation})
    return after
