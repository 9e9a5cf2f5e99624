"""Take in a signed document that use depends on: DPIA, ethics opinion, validation, policy pack and so on."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from countersign.governance.artefact import acceptable, content_digest
from countersign.governance.artefact_content import Validation, read_as
from countersign.governance.certificate_rules import certificate_holds
from countersign.governance.material_change import approvals_cover, pack_changes, reason_published
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import PolicyPack, serves
from countersign.governance.programme import Artefact, ArtefactType
from countersign.governance.programme_standing import LOADING, consultation_reopened
from countersign.governance.signature import SignatureError
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.advance_programme import suspend
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import ArtefactId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDocument:
    """A document as `countersign programme sign` writes it.

    Attributes:
        content: Canonical JSON text; the signature covers its digest, the type, version and dates.
        signer: Public key of who signed.
    """

    type: ArtefactType
    version: str
    content: str
    signer: str
    signature: str
    signed_at: datetime
    review_by: date
    public_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitArtefact:
    """The signed document."""

    document: SignedDocument


@operation(Permission.PROGRAMME_SUBMIT)
def submit_artefact(turn: Turn, arguments: SubmitArtefact) -> Artefact:
    """Check a document's signer, signature, dates and content, and put it in the place of its predecessor.

    Raises:
        SignatureError: Nobody registered signed it, or not this.
        GuardError: Signed by the wrong role, out of date, or its content lacks a part.
    """
    document = arguments.document
    signers = turn.work.people.where(public_key=document.signer)
    if not signers:
        raise SignatureError("expected a document signed by a registered person, got one by a key nobody registered")
    artefact = Artefact(
        id=ArtefactId(new_id()),
        type=document.type,
        version=document.version,
        sha256=content_digest(document.content),
        content=document.content,
        signer=signers[0].id,
        signature=document.signature,
        signed_at=document.signed_at,
        review_by=document.review_by,
        public_address=document.public_address,
        current=True,
    )
    acceptable(artefact, signers[0], turn.now)
    if artefact.type is ArtefactType.POLICY_PACK:
        _check_pack(turn, artefact)
    if artefact.type is ArtefactType.VALIDATION:
        # Also when a programme runs: a new validation would otherwise take the place of one that held.
        turn.check(certificate_holds(read_as(Validation, artefact.content), turn.programme.kind))
    for earlier in turn.work.artefacts.where(type=artefact.type, current=True):
        older = artefact.signed_at < earlier.signed_at
        got = f"expected a document signed after the one in force ({earlier.signed_at}), got an older one"
        turn.check(require(not older, "artefact_older", got))
        turn.work.artefacts.replace(replace(earlier, current=False))
    turn.work.artefacts.add(artefact)
    facts: dict[str, str | int] = {"type": artefact.type, "review_days": (artefact.review_by - turn.today).days}
    turn.record(EventKind.PROGRAMME_ARTEFACT, facts, committed={"artefact": artefact.sha256})
    _suspend_where_owed(turn, artefact)
    return artefact


def _check_pack(turn: Turn, artefact: Artefact) -> None:
    """Check what lint cannot know: the programme it is for, and the version that it replaces (GOV-08, EQV-03)."""
    pack = read_as(PolicyPack, artefact.content)
    turn.check(serves(pack, turn.programme.kind, turn.programme.jurisdiction))
    for earlier in turn.work.artefacts.where(type=ArtefactType.POLICY_PACK, current=True):
        turn.check(reason_published(pack_changes(read_as(PolicyPack, earlier.content), pack), pack))


def _suspend_where_owed(turn: Turn, artefact: Artefact) -> None:
    """Suspend where this document reopened what others approved, or found a risk that nobody was consulted on."""
    state = turn.programme.state
    owed = consultation_reopened(state, artefact)
    if not owed.allowed:
        suspend(turn, owed)
    elif state in LOADING and not (covered := approvals_cover(turn.history())).allowed:
        suspend(turn, covered)
