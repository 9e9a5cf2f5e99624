"""Enrol reference images: every file ends as enrolled, already there, updated, failed or refused, in a list.

Pictures are described outside any transaction, and further ones while a batch is written in one turn with its entry.
Killed anywhere, what was committed stays; run again, files that are there already are seen by their keyed digest and
left.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeGuard

from countersign.errors import CountersignError, Refused
from countersign.governance.permission import Permission
from countersign.governance.programme_standing import may_enrol
from countersign.governance.quality_rules import above_floors
from countersign.governance.register import Collection
from countersign.governance.register_rules import checked_in_past, manifest_origin, never_an_exhibit
from countersign.governance.verdict import check, first_refusal
from countersign.ledger.event import EventKind
from countersign.media.intake import ReceivedFile
from countersign.media.sandbox.decoder import Outcome, decode_images
from countersign.operations.describe_pictures import describe_pictures
from countersign.operations.record_status import reference_floors
from countersign.operations.reference_batch import (
    FileOutcome,
    FileResult,
    FolderDefaults,
    ReferenceRow,
    ended,
)
from countersign.operations.reference_digest import exhibit_digest
from countersign.operations.reference_register import Described, Register
from countersign.operations.reference_source import LIMIT_BYTES, ReferenceSource, open_source
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.operations.work import Work
from countersign.primitives.ids import CollectionId

BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolReferences:
    """Which batch into which collection.

    Attributes:
        source: A manifest (.csv, .parquet), a folder `<subject>/*`, or a tar archive of one.
        files: For a manifest only: the folder or tar archive of its files, when they are not beside it.
        defaults: For a folder or archive only.
    """

    collection: CollectionId
    source: str
    files: str | None = None
    defaults: FolderDefaults | None = None


@operation_in_turns(Permission.COLLECTION_ENROL)
def enrol_references(turns: Turns, arguments: EnrolReferences) -> list[FileResult]:
    """Enrol a manifest or a folder.

    Args:
        turns: Its transactions.
        arguments: What into which collection. The desk's progress is told after each batch.

    Returns:
        One result a file, in the order of the manifest.

    Raises:
        ManifestError: The batch as a whole cannot be read.
        GuardError: The programme may not hold such images yet, or a row's provenance is unlawful: nothing is enrolled.
    """
    with turns.look() as turn:
        collection = turn.work.collections.get(arguments.collection)
        turn.check(may_enrol(turn.programme.kind, turn.programme.state, collection.origin))
    files = None if arguments.files is None else Path(arguments.files)
    results: list[FileResult] = []
    with open_source(Path(arguments.source), files, arguments.defaults) as source:
        number = _looked_over(source)
        with closing(_described(turns, collection, source)) as described:
            # An empty batch has its entry too: somebody tried.
            while (batch := list(islice(described, BATCH))) or not results:
                results += _write(turns, collection, batch)
                turns.desk.progress(len(results), number)
                if not batch:
                    break
    return results


def _looked_over(source: ReferenceSource) -> int:
    """Read the whole batch once, refuse it as a whole where it must be, and give how many rows it has."""
    origins: dict[str, None] = {}
    number = 0
    for row in source.rows():
        number += 1
        if isinstance(row, ReferenceRow):
            origins[row.provenance] = None
    if origins:
        check(*map(manifest_origin, origins))
    return number


def _checked(row: ReferenceRow | FileResult, now: datetime) -> ReferenceRow | FileResult:
    """Give the row, or its refusal: a status checked later than now, or a provenance that came in meanwhile."""
    if isinstance(row, FileResult):
        return row
    verdict = first_refusal(checked_in_past(row.status_checked_at, now), manifest_origin(row.provenance))
    return row if verdict.allowed else ended(row, FileOutcome.REFUSED, verdict.reason, verdict.code)


Received = tuple[ReferenceRow, ReceivedFile] | FileResult
"""A row whose file was read, or how it ended already."""


def _described(
    turns: Turns, collection: Collection, source: ReferenceSource
) -> Generator[Described | Received, None, None]:
    """Describe, ahead of what is being written, the pictures that are not there yet; the rest comes as it is."""
    engine = turns.desk.engine
    with closing(
        describe_pictures(engine, _decoded(turns, collection, source), threads=turns.desk.threads)
    ) as described:
        for item, found in described:
            if found is None or isinstance(item, FileResult):
                yield item
            elif isinstance(found, CountersignError):
                yield _failure(item[0], found)
            else:
                yield Described(row=item[0], received=item[1], description=found)


def _decoded(
    turns: Turns, collection: Collection, source: ReferenceSource
) -> Generator[tuple[Received, Outcome | None], None, None]:
    now = turns.desk.clock.now()
    for received in _received(source, now):
        with turns.look() as turn:
            place = Register(turn.work, collection, turns.desk.engine.extractor)
            held = iter(place.held(item for item in received if not isinstance(item, FileResult)))
            known = [not isinstance(item, FileResult) and next(held) for item in received]
        fresh = [item[1].data for item, there in zip(received, known, strict=True) if _is_fresh(item, there)]
        with closing(decode_images(fresh)) as pictures:
            for item, there in zip(received, known, strict=True):
                yield item, next(pictures) if _is_fresh(item, there) else None


def _received(source: ReferenceSource, now: datetime) -> Iterator[list[Received]]:
    """Read files, as many at a time as one child decodes, and no more bytes than the largest file may have."""
    batch: list[Received] = []
    size = 0
    for row in source.rows():
        checked = _checked(row, now)
        item = _receive(source, checked) if isinstance(checked, ReferenceRow) else checked
        batch.append(item)
        size += 0 if isinstance(item, FileResult) else len(item[1].data)
        if len(batch) == BATCH or size >= LIMIT_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _write(turns: Turns, collection: Collection, items: Sequence[Described | Received]) -> list[FileResult]:
    """Write a batch with its entry, in one transaction."""
    with turns.turn() as turn:
        place = Register(turn.work, collection, turns.desk.engine.extractor)
        # What was seen before may be there or gone by now: this transaction asks again.
        place.held((item.row, item.received) for item in items if isinstance(item, Described))
        rows = (
            item.row if isinstance(item, Described) else item[0] for item in items if not isinstance(item, FileResult)
        )
        place.prepare(rows)
        limits = _Limits(floors=reference_floors(turn), sealed=_sealed_among(turn.work, items))
        results = [_ended(turn, place, item, limits) for item in items]
        place.flush()
        root = turn.work.gallery.changed(collection.id, place.changes)
        count = Counter(result.outcome for result in results)
        turn.record(
            EventKind.REFERENCE_ENROLLED,
            {
                "collection": collection.id,
                "enrolled": count[FileOutcome.ENROLLED],
                "failed": count[FileOutcome.FAILED],
                "refused": count[FileOutcome.REFUSED],
                "gallery_root": root,
            },
        )
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """What a file of this batch must not be: of too low a quality, or one of the exhibits."""

    floors: Mapping[str, float]
    sealed: frozenset[str]


def _sealed_among(work: Work, items: Iterable[Described | Received]) -> frozenset[str]:
    """Give the keyed digests of those files that are exhibits of some case."""
    digests = [exhibit_digest(work, item.received.sha256) for item in items if isinstance(item, Described)]
    return frozenset(exhibit.file_digest for exhibit in work.exhibits.where_any("file_digest", digests))


def _ended(turn: Turn, place: Register, item: Described | Received, limits: _Limits) -> FileResult:
    if isinstance(item, FileResult):
        return item
    if not isinstance(item, Described):
        return place.update(turn, item[0])
    scores = {one.component: one.score for one in item.description.quality.measures}
    verdict = first_refusal(
        never_an_exhibit(exhibit_digest(turn.work, item.received.sha256), limits.sealed),
        above_floors(scores, limits.floors, "a reference"),
    )
    if not verdict.allowed:
        return ended(item.row, FileOutcome.REFUSED, verdict.reason, verdict.code)
    return place.write(turn, item)


def _failure(row: ReferenceRow, reason: CountersignError) -> FileResult:
    outcome = FileOutcome.REFUSED if isinstance(reason, Refused) else FileOutcome.FAILED
    return ended(row, outcome, str(reason), reason.code)


def _receive(source: ReferenceSource, row: ReferenceRow) -> tuple[ReferenceRow, ReceivedFile] | FileResult:
    try:
        return row, source.read(row)
    except CountersignError as reason:
        return _failure(row, reason)


def _is_fresh(item: Received, there: bool) -> TypeGuard[tuple[ReferenceRow, ReceivedFile]]:  # noqa: FBT001
    return not there and not isinstance(item, FileResult)
