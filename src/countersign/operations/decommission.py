"""End use for good: every key of a case or record is destroyed; the log, its proofs and the documents stay (§4.1).

The keys of people stay until their own period ends: who did what is answered for longer than to whom.
"""

from collections.abc import Iterator

from countersign.ledger.event import EventKind
from countersign.operations.ending import destroy
from countersign.operations.turn import Turn
from countersign.primitives.ids import BlobId, KeyId


def _keys(turn: Turn) -> Iterator[KeyId]:
    work = turn.work
    for rows in (work.subjects, work.records, work.requests, work.lists, work.deletions, work.cases):
        yield from (row.key for row in rows.where())


def _blobs(turn: Turn) -> Iterator[BlobId]:
    yield from (image.blob for image in turn.work.images.where() if image.blob is not None)
    yield from (exhibit.blob for exhibit in turn.work.exhibits.where())


def destroy_everything(turn: Turn) -> int:
    """Destroy every key but people's, take every template out of the gallery, and give how many keys there were."""
    keys, blobs = set(_keys(turn)), list(_blobs(turn))
    for blob in blobs:
        turn.work.blobs.remove(blob)
    for collection in turn.work.collections.where():
        shown = turn.work.templates.where(collection=collection.id, searchable=True)
        turn.work.gallery.changed(collection.id, [(template.id, "hidden") for template in shown])
        for template in turn.work.templates.where(collection=collection.id):
            turn.work.templates.remove(template.id)
    openings = destroy(turn, sorted(keys))
    facts = {"keys": len(keys), "blobs": len(blobs), "openings": openings}
    turn.record(EventKind.PROGRAMME_ENDED, facts)
    return len(keys)
