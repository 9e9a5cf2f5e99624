"""Register a reference collection: controller, legal power, purpose, retention, provenance (REF-01)."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.governance.register import Collection, CollectionClass, ImageOrigin
from countersign.governance.register_rules import collection_registrable
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCollection:
    """What the register says of a collection."""

    name: str
    collection_class: CollectionClass
    origin: ImageOrigin
    controller: str
    legal_power: str
    purpose: str
    retention_rule: str
    provenance: str


@operation(Permission.COLLECTION_REGISTER)
def register_collection(turn: Turn, arguments: RegisterCollection) -> Collection:
    """Register a collection; what has no lawful basis, or was gathered from the web or CCTV, is refused (REF-08)."""
    collection = Collection(
        id=CollectionId(new_id()),
        name=arguments.name,
        collection_class=arguments.collection_class,
        origin=arguments.origin,
        controller=arguments.controller,
        legal_power=arguments.legal_power,
        purpose=arguments.purpose,
        retention_rule=arguments.retention_rule,
        provenance=arguments.provenance,
        registered_at=turn.now,
    )
    turn.check(collection_registrable(collection))
    turn.work.collections.add(collection)
    turn.record(
        EventKind.COLLECTION_REGISTERED,
        {"collection": collection.id, "class": collection.collection_class},
        committed={"record": collection},
    )
    return collection
