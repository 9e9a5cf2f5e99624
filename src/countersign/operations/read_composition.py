"""Read what a collection is made of; numbers only, nothing of anybody, so it needs no key (REF-18)."""

from countersign.governance.composition import Composition, composition
from countersign.operations.desk import Desk
from countersign.primitives.ids import CollectionId


def read_composition(desk: Desk, collection: CollectionId) -> Composition:
    """Count a collection's records and images.

    Raises:
        NotFound: There is no such collection.
    """
    with desk.archive.read() as work:
        held = work.collections.get(collection)
        records = work.records.where(collection=held.id)
        dates = [image.image_date for record in records for image in work.images.where(record=record.id)]
        return composition(records, dates, desk.clock.now().date())
