"""Exports: a folder that anyone can verify with the program `countersign-verify` and nothing else.

entries.jsonl       the entries up to the checkpoint, one canonical line each
checkpoint          the latest signed checkpoint with its cosignatures
checkpoints.jsonl   the earlier ones, one JSON string a line
keys                keys and quorum as a policy file: what the log says of itself; a verifier should bring its own
openings.jsonl      of each commitment: shown, withheld or erased (only when asked for)
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from countersign.errors import Conflict
from countersign.ledger.canonical import encode
from countersign.ledger.checkpoint import Checkpoint
from countersign.ledger.disclosed import Disclosed
from countersign.ledger.note import Note
from countersign.ledger.policy import Policy
from countersign.ledger.store import LedgerStore

ENTRIES, CHECKPOINT, CHECKPOINTS, KEYS, OPENINGS = (
    "entries.jsonl",
    "checkpoint",
    "checkpoints.jsonl",
    "keys",
    "openings.jsonl",
)


class ExportExistsError(Conflict):
    """Something lies where the export should go; evidence is never overwritten."""

    code = "export_exists"


class NothingSignedError(Conflict):
    """There is no signed checkpoint yet, so an export would prove nothing."""

    code = "nothing_signed"


def write_export(
    store: LedgerStore, folder: Path, *, policy: Policy, openings: Iterable[Disclosed] | None = None, at_least: int = 0
) -> Checkpoint:
    """Write the log up to its latest checkpoint into a new folder, whole or not at all.

    Args:
        store: The log.
        folder: Where to; must not exist.
        policy: Keys and quorum to name in the export.
        openings: A row for every commitment, or None to leave openings out.
        at_least: Number of entries that the latest checkpoint must cover.

    Returns:
        The checkpoint that the export ends with.

    Raises:
        NothingSignedError: Sign a checkpoint first, or one that covers ``at_least`` entries.
        ExportExistsError: ``folder`` exists.
    """
    latest = store.latest_checkpoint()
    if latest is None:
        raise NothingSignedError("expected a signed checkpoint, got none yet")
    if folder.exists():
        raise ExportExistsError(f"expected a folder that does not exist, got {folder.name!r}")
    checkpoint = Checkpoint.parse(Note.parse(latest.encode()).text)
    if checkpoint.size < at_least:
        raise NothingSignedError(f"expected a checkpoint over at least {at_least} entries, got {checkpoint.size}")
    temporary = Path(tempfile.mkdtemp(prefix=".export-", dir=folder.parent))
    try:
        _write(temporary / ENTRIES, store.entry_bytes(0, checkpoint.size), end=b"\n")
        _write(temporary / CHECKPOINT, [latest.encode()])
        _write(temporary / CHECKPOINTS, (encode(note) for note in store.checkpoints() if note != latest), end=b"\n")
        _write(temporary / KEYS, [policy.to_text().encode()])
        if openings is not None:
            _write(temporary / OPENINGS, (row.to_bytes() for row in openings), end=b"\n")
        temporary.rename(folder)
    except BaseException:
        shutil.rmtree(temporary)
        raise
    return checkpoint


def _write(file: Path, parts: Iterable[bytes], *, end: bytes = b"") -> None:
    with file.open("xb") as stream:
        for part in parts:
            stream.write(part + end)
        stream.flush()
        os.fsync(stream.fileno())
