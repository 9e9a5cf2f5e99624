"""Give the log out: a folder that anyone verifies with `countersign-verify` and nothing else."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from countersign.governance.permission import Permission
from countersign.ledger.checkpoint import Checkpoint
from countersign.ledger.event import EventKind
from countersign.ledger.export import ExportExistsError, write_export
from countersign.operations.turn import Turns, operation_in_turns


class LogPurpose(StrEnum):
    """What the log may be used for, and nothing else (DPA 2018 s.62(4), LOG-03)."""

    LAWFULNESS = "lawfulness"
    SELF_MONITORING = "self_monitoring"
    INTEGRITY = "integrity"
    CRIMINAL_PROCEEDINGS = "criminal_proceedings"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLedger:
    """Where to, and what for.

    Attributes:
        folder: Must not exist.
    """

    folder: str
    justification: LogPurpose


@operation_in_turns(Permission.LEDGER_EXPORT)
def export_ledger(turns: Turns, arguments: ExportLedger) -> Checkpoint:
    """Record the export, then write it, so that it holds its own entry.

    Raises:
        ExportExistsError: Something lies at ``folder``.
        NothingSignedError: The log could not be signed, so an export would lack its own entry; nothing is written.
    """
    folder = Path(arguments.folder)
    with turns.turn() as turn:
        if folder.exists():
            raise ExportExistsError(f"expected a folder that does not exist, got {folder.name!r}")
        facts: dict[str, str | int] = {"size": turn.work.ledger.head() + 1, "justification": arguments.justification}
        entry = turn.record(EventKind.LEDGER_EXPORTED, facts)
    with turns.desk.archive.read() as work:
        return write_export(work.ledger, folder, policy=turns.desk.log_policy, at_least=entry.seq + 1)
