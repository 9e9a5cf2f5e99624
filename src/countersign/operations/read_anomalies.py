"""Read which rules against live use tripped, and what still stands still because of it."""

from dataclasses import dataclass

from countersign.governance.anomalies import Block
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnomalies:
    """All of them."""


@operation(Permission.ANOMALY_READ)
def read_anomalies(turn: Turn, _arguments: ReadAnomalies) -> list[Block]:
    """Give every block, the lifted ones too, in the order in which the rules tripped."""
    turn.record(EventKind.RECORD_CONSULTED, {"what": "anomalies", "justification": "self_monitoring"})
    return turn.work.blocks.where()
