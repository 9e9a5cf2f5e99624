"""Recording: the one way in which an operation's entry is made, with commitments in it and openings beside it."""

from collections.abc import Container, Mapping

from countersign.governance.actor import Person
from countersign.governance.programme import Artefact, ArtefactType
from countersign.ledger.append import append
from countersign.ledger.commitment import commit
from countersign.ledger.entry import Entry, EntryDraft
from countersign.ledger.event import EventKind
from countersign.operations.desk import PROGRAMME_ID, SYSTEM, Desk
from countersign.operations.work import Work
from countersign.primitives.clock import rfc3339
from countersign.primitives.codec import canonical_text
from countersign.primitives.ids import CaseId, EntrySeq, KeyId


def pack_artefact(work: Work) -> Artefact | None:
    """Give the policy pack's artefact, if one was accepted."""
    return next(iter(work.artefacts.where(type=ArtefactType.POLICY_PACK, current=True)), None)


def record_entry(  # noqa: PLR0913  every part of an entry
    work: Work,
    desk: Desk,
    kind: EventKind,
    actor: Person | None,
    facts: Mapping[str, str | int],
    committed: Mapping[str, object],
    *,
    case: CaseId | None = None,
    key: KeyId | None = None,
    unopened: Container[str] = (),
) -> Entry:
    """Append one entry and keep the openings of its commitments.

    Args:
        work: The open transaction.
        desk: Clock, code version, networks.
        kind: What happened.
        actor: Who did it; nobody that is registered without one.
        facts: Exactly the facts of the kind.
        committed: Values to commit to, by name.
        case: The case's pseudonym.
        key: Seals the openings; the actor's own key without one.
        unopened: Names of values whose openings are not kept. Whoever shows such a value can prove nothing with it, and
            nobody can read it here: so that a tombstone does not name whom it is about.
    """
    programme, pack = work.programmes.get(PROGRAMME_ID), pack_artefact(work)
    seal_key = key or (actor.key if actor else None)
    # Without a key to seal them under there is nothing to open later, so nothing is committed to either.
    values = committed if seal_key else {}
    pairs = {name: commit(canonical_text(value).encode()) for name, value in values.items()}
    entry = append(
        work.ledger,
        EntryDraft(
            at=rfc3339(desk.clock.now()),
            kind=kind,
            actor=actor.id if actor else SYSTEM,
            case=case or "",
            pack=pack.sha256 if pack else "",
            network=desk.engine.network,
            code=desk.code,
            programme_state=programme.state,
            facts=facts,
            commit={name: commitment for name, (commitment, _) in pairs.items()},
        ),
    )
    kept = {name: opening for name, (_, opening) in pairs.items() if name not in unopened}
    if seal_key and kept:
        work.openings.put(EntrySeq(entry.seq), kept, key=seal_key)
    return entry
