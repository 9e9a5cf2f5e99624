"""Read the papers and drafts that are generated from the live configuration; they name nobody, so they need no key."""

import json

from countersign.errors import Invalid
from countersign.governance.drafts import DRAFTS
from countersign.governance.papers import PAPERS, Configuration, Paper, PaperKind
from countersign.governance.policy_pack import PolicyPack, read_pack
from countersign.governance.programme import ArtefactType
from countersign.operations.desk import PROGRAMME_ID, Desk
from countersign.operations.recording import pack_artefact
from countersign.operations.turn import NoPolicyPackError


class NoDraftError(Invalid):
    """Nothing of this type can be drafted: it is a person's word from beginning to end."""

    code = "no_draft"


def _configuration(desk: Desk, pack: PolicyPack | None = None) -> Configuration:
    with desk.archive.read() as work:
        held = pack_artefact(work)
        if pack is None and held is None:
            raise NoPolicyPackError("expected a policy pack in force, got none: name one")
        collections = work.collections.where()
        return Configuration(
            programme=work.programmes.get(PROGRAMME_ID),
            artefacts=work.artefacts.where(current=True),
            pack=pack or read_pack(json.loads(held.content if held else "")),
            collections=collections,
            extractor=desk.engine.extractor,
            held={
                one.id: (
                    len(work.records.where(collection=one.id)),
                    len(work.records.where(collection=one.id, searchable=True)),
                )
                for one in collections
            },
        )


def read_paper(desk: Desk, kind: PaperKind) -> Paper:
    """Generate a paper.

    Raises:
        NoPolicyPackError: No pack is in force.
        MissingDocumentError: A document that it rests on is not in force.
    """
    return PAPERS[kind](_configuration(desk))


def draft_document(desk: Desk, artefact_type: ArtefactType, pack: PolicyPack | None = None) -> dict[str, object]:
    """Generate the draft of a document, from the pack in force or from the one that is to be.

    Raises:
        NoDraftError: Nothing of this type can be drafted.
    """
    draft = DRAFTS.get(artefact_type)
    if draft is None:
        raise NoDraftError(f"expected one of {', '.join(DRAFTS)}, got {artefact_type}")
    return draft(_configuration(desk, pack))
