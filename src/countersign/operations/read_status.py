"""Read the programme's status: states, dates and numbers; nothing of anybody, so it needs no key."""

from dataclasses import dataclass
from datetime import date

from countersign.governance.programme import ArtefactType, Jurisdiction, ProgrammeKind, ProgrammeState
from countersign.operations.desk import PROGRAMME_ID, Desk
from countersign.primitives.ids import CollectionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionStatus:
    """One collection in numbers."""

    id: CollectionId
    name: str
    records: int
    searchable_records: int
    gallery_changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The programme in dates and numbers."""

    kind: ProgrammeKind
    jurisdiction: Jurisdiction
    origin: str
    state: ProgrammeState
    review_by: tuple[tuple[ArtefactType, date], ...]
    collections: tuple[CollectionStatus, ...]
    entries: int


def read_status(desk: Desk) -> Status:
    """Read the status in one committed state."""
    with desk.archive.read() as work:
        programme = work.programmes.get(PROGRAMME_ID)
        artefacts = work.artefacts.where(current=True)
        return Status(
            kind=programme.kind,
            jurisdiction=programme.jurisdiction,
            origin=programme.origin,
            state=programme.state,
            review_by=tuple((artefact.type, artefact.review_by) for artefact in artefacts),
            collections=tuple(
                CollectionStatus(
                    id=collection.id,
                    name=collection.name,
                    records=len(work.records.where(collection=collection.id)),
                    searchable_records=len(work.records.where(collection=collection.id, searchable=True)),
                    gallery_changes=work.gallery.version(collection.id)[0],
                )
                for collection in work.collections.where()
            ),
            entries=work.ledger.head(),
        )
