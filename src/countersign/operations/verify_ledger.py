"""Verify the log as it lies here, with the keys of this installation. An outsider does the same on an export."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from countersign.ledger.export import write_export
from countersign.ledger.verify import Verification, verify_export
from countersign.operations.desk import Desk


def verify_ledger(desk: Desk, evidence: Sequence[bytes] = ()) -> Verification:
    """Export into a temporary folder and verify that; needs no key of a person, since it shows nothing of anybody.

    Args:
        desk: The wired parts.
        evidence: Signed checkpoints of this log that somebody else kept.

    Raises:
        HistoryChangedError: The log does not extend what was signed last.
        HistoryContestedError: The witness has seen more than lies here, or something else.
    """
    with desk.archive.begin() as work:
        desk.check(work.ledger)
    desk.seal()
    with tempfile.TemporaryDirectory() as temporary, desk.archive.read() as work:
        folder = Path(temporary, "export")
        write_export(work.ledger, folder, policy=desk.log_policy)
        return verify_export(folder, policy=desk.log_policy, evidence=evidence)
