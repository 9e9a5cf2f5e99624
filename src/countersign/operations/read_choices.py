"""Read what a form may say: the closed lists and numbers of the pack in force, and the collections. No key needed."""

import json
from dataclasses import dataclass

from countersign.governance.policy_pack import MinimumChars, Offence, Term, read_pack
from countersign.governance.quality_rules import QualityFloors
from countersign.governance.register import CollectionClass
from countersign.operations.desk import Desk
from countersign.operations.recording import pack_artefact
from countersign.operations.turn import NoPolicyPackError
from countersign.primitives.ids import CollectionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionChoice:
    """A collection that a request may name."""

    id: CollectionId
    name: str
    collection_class: CollectionClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a form may say, from the signed pack."""

    offences: tuple[Offence, ...]
    purposes: tuple[Term, ...]
    schedule_8_conditions: tuple[Term, ...]
    collections: tuple[CollectionChoice, ...]
    minimum_chars: MinimumChars
    minimum_imagery_age_h: int
    quality_floors: QualityFloors
    checklist: tuple[str, ...]


def read_choices(desk: Desk) -> Choices:
    """Read the choices in one committed state.

    Raises:
        NoPolicyPackError: No pack is in force.
    """
    with desk.archive.read() as work:
        artefact = pack_artefact(work)
        if artefact is None:
            raise NoPolicyPackError("expected a signed policy pack, got none: submit one with `programme submit`")
        pack = read_pack(json.loads(artefact.content))
        collections = tuple(
            CollectionChoice(id=one.id, name=one.name, collection_class=one.collection_class)
            for one in work.collections.where()
        )
    return Choices(
        offences=pack.offences,
        purposes=pack.purposes,
        schedule_8_conditions=pack.schedule_8_conditions,
        collections=collections,
        minimum_chars=pack.minimum_chars,
        minimum_imagery_age_h=pack.minimum_imagery_age_h,
        quality_floors=pack.quality_floors,
        checklist=pack.checklist,
    )
