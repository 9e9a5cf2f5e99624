"""The evidence bundle for a regulator: what lies in it, and how anybody checks it without this installation.

log/              an export of the log, as `ledger export` writes it
documents/        every version of every signed document, with its signature
papers/           what is generated from the live configuration: record of processing, notice, register, instructions
signers.json      the public keys whose fingerprint stands in the log's first entry
notes.json        a note on each search, for the police file; it names nobody (EU-01)
index.json        the SHA-256 of every other file
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from countersign.errors import CountersignError
from countersign.governance.actor import Role
from countersign.governance.artefact import check_signature
from countersign.governance.programme import Artefact
from countersign.governance.signature import SignatureError
from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.ledger.export import ENTRIES
from countersign.ledger.policy import Policy
from countersign.ledger.verify import verify_export
from countersign.operations.initialise import SIGNING_ROLES, signers_digest
from countersign.operations.new_run import source_type
from countersign.operations.submit_artefact import SignedDocument
from countersign.operations.work import Work
from countersign.primitives.codec import from_plain
from countersign.primitives.digest import Sha256, sha256
from countersign.primitives.ids import ArtefactId, PersonId
from countersign.search.probe import RunState, SearchRun

LOG, INDEX, SIGNERS, NOTES, DOCUMENTS, PAPERS = "log", "index.json", "signers.json", "notes.json", "documents", "papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNote:
    """One search, as the police file has it.

    Attributes:
        entry: Place in the log of the entry that sealed the list.
        benefit: What its officer found afterwards; empty while nobody has looked back.
    """

    entry: int
    request: str
    searched_at: datetime
    collection: str
    n_subjects: int
    age_hours: int
    rbi_class: str
    source_type: str
    operating_point: str
    ended_as: str
    benefit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs for the programme, by role."""

    role: Role
    public_key: str


def file_notes(work: Work) -> tuple[FileNote, ...]:
    """Give a note on each sealed search; one whose case was erased keeps what names nobody."""
    return tuple(_note(work, run) for run in work.runs.where(state=RunState.SEALED))


def _note(work: Work, run: SearchRun) -> FileNote:
    request, review = work.requests.find(run.request), work.post_reviews.find(run.request)
    return FileNote(
        entry=run.sealed_seq,
        request=run.request,
        searched_at=run.started_at,
        collection=run.collection,
        n_subjects=run.n_subjects,
        age_hours=run.age_hours,
        rbi_class="post",
        source_type=source_type(work, request.probe) if request else "erased",
        operating_point=run.operating_point,
        ended_as=request.state if request else "erased",
        benefit=review.benefit if review else "",
    )


def signers_of(work: Work) -> tuple[Signer, ...]:
    """Give the public keys that came with init."""
    people = work.people.where()
    return tuple(
        Signer(role=role, public_key=person.public_key)
        for role in SIGNING_ROLES
        for person in people
        if role in person.roles
    )


def index_of(folder: Path) -> dict[str, Sha256]:
    """Give the digest of every file in a bundle but its index."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / INDEX)
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()) for path in files}


def check_bundle(folder: Path, policy: Policy | None = None) -> tuple[str, ...]:
    """Say what is wrong with a bundle; nothing means that it holds.

    Args:
        folder: The bundle.
        policy: The log's keys, brought along; None takes what the export names of itself.
    """
    try:
        return tuple(_findings(folder, policy))
    except (OSError, ValueError, KeyError, CountersignError) as reason:
        return (f"expected a readable bundle, got: {reason}",)


def _findings(folder: Path, policy: Policy | None) -> Iterator[str]:
    said, found = json.loads((folder / INDEX).read_text(encoding="utf-8")), index_of(folder)
    yield from (f"{name}: expected what the index has, got something else" for name in differing(said, found))
    yield from (f"log: {finding.sentence}" for finding in verify_export(folder / LOG, policy=policy).findings)
    entries = [Entry.from_bytes(line) for line in (folder / LOG / ENTRIES).read_bytes().splitlines()]
    signers: tuple[Signer, ...] = from_plain(tuple[Signer, ...], json.loads((folder / SIGNERS).read_text()))
    if signers_digest([(one.role, one.public_key) for one in signers]) != entries[0].facts["signers"]:
        yield "signers: expected the keys of the log's first entry, got others"
    keys = {one.public_key for one in signers}
    yield from (problem for path in sorted((folder / DOCUMENTS).iterdir()) for problem in _unsigned(path, keys))
    sealed = {entry.seq for entry in entries if entry.kind is EventKind.SEARCH_SEALED}
    noted = {note["entry"] for note in json.loads((folder / NOTES).read_text())}
    yield from (f"entry {seq}: expected a note on this search, got none" for seq in sorted(sealed - noted))


def differing(said: dict[str, str], found: dict[str, Sha256]) -> list[str]:
    """Give the names that two indexes do not agree on."""
    return sorted(name for name in said.keys() | found.keys() if said.get(name) != found.get(name))


def _unsigned(path: Path, keys: set[str]) -> Iterator[str]:
    document: SignedDocument = from_plain(SignedDocument, json.loads(path.read_text(encoding="utf-8")))
    artefact = Artefact(
        id=ArtefactId(path.stem),
        type=document.type,
        version=document.version,
        sha256=sha256(document.content.encode()),
        content=document.content,
        signer=PersonId(document.signer),
        signature=document.signature,
        signed_at=document.signed_at,
        review_by=document.review_by,
        public_address=document.public_address,
        current=False,
    )
    try:
        check_signature(artefact, document.signer)
    except SignatureError as reason:
        yield f"{path.name}: {reason}"
    if document.signer not in keys:
        yield f"{path.name}: expected the signature of a signer of the programme, got another's"
