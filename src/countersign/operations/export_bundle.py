"""Give a regulator everything at once: log, proofs, documents, papers and a note on each search (GOV-20)."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from countersign.governance.papers import MissingDocumentError, PaperKind
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.ledger.export import ExportExistsError, write_export
from countersign.ledger.standalone import build
from countersign.operations.evidence_bundle import (
    DOCUMENTS,
    INDEX,
    LOG,
    NOTES,
    PAPERS,
    SIGNERS,
    file_notes,
    index_of,
    signers_of,
)
from countersign.operations.export_ledger import LogPurpose
from countersign.operations.read_paper import read_paper
from countersign.operations.submit_artefact import SignedDocument
from countersign.operations.turn import NoPolicyPackError, Turns, operation_in_turns
from countersign.operations.work import Work
from countersign.primitives.codec import to_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportBundle:
    """Where to, and what for.

    Attributes:
        folder: Must not exist.
    """

    folder: str
    justification: LogPurpose


@operation_in_turns(Permission.LEDGER_EXPORT)
def export_bundle(turns: Turns, arguments: ExportBundle) -> int:
    """Record the export, then write the bundle whole or not at all; give how many files it has.

    Raises:
        ExportExistsError: Something lies at ``folder``.
        NothingSignedError: The log could not be signed; nothing is written.
    """
    folder = Path(arguments.folder)
    with turns.turn() as turn:
        if folder.exists():
            raise ExportExistsError(f"expected a folder that does not exist, got {folder.name!r}")
        facts: dict[str, str | int] = {"size": turn.work.ledger.head() + 1, "justification": arguments.justification}
        entry = turn.record(EventKind.LEDGER_EXPORTED, facts)
    temporary = Path(tempfile.mkdtemp(prefix=".bundle-", dir=folder.parent))
    try:
        with turns.desk.archive.read() as work:
            write_export(work.ledger, temporary / LOG, policy=turns.desk.log_policy, at_least=entry.seq + 1)
            _write_rows(work, temporary)
        _write_papers(turns, temporary)
        (temporary / "countersign-verify").write_text(build(), encoding="utf-8")
        index = index_of(temporary)
        _write(temporary / INDEX, index)
        temporary.rename(folder)
    except BaseException:
        shutil.rmtree(temporary)
        raise
    return len(index) + 1


def _write_rows(work: Work, folder: Path) -> None:
    _write(folder / SIGNERS, signers_of(work))
    _write(folder / NOTES, file_notes(work))
    (folder / DOCUMENTS).mkdir()
    for number, one in enumerate(work.artefacts.where(), start=1):
        document = SignedDocument(
            type=one.type,
            version=one.version,
            content=one.content,
            signer=work.people.get(one.signer).public_key,
            signature=one.signature,
            signed_at=one.signed_at,
            review_by=one.review_by,
            public_address=one.public_address,
        )
        _write(folder / DOCUMENTS / f"{number:04}-{one.type}.json", document)


def _write_papers(turns: Turns, folder: Path) -> None:
    """Write what can be generated; before its documents are in force a paper does not exist."""
    (folder / PAPERS).mkdir()
    for kind in PaperKind:
        try:
            _write(folder / PAPERS / f"{kind}.json", read_paper(turns.desk, kind))
        except (MissingDocumentError, NoPolicyPackError):
            continue


def _write(file: Path, value: object) -> None:
    file.write_text(json.dumps(to_plain(value), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
