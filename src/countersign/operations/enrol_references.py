"""Enrol reference images: every file ends as enrolled, already there, updated, failed or refused, in a list.

Pictures are described outside any transaction, and further ones while a batch is written in one turn with its entry.
Killed anywhere, what was committed stays; run again, files that are there already are seen by their keyed digest and
left.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeGuard

from countersign.errors import CountersignError, Invalid, Refused
from countersign.governance.permission import Permission
from countersign.governance.programme_standing import may_enrol
from countersign.governance.register import Collection
from countersign.governance.register_rules import checked_in_past, manifest_origin
from countersign.ledger.event import EventKind
from countersign.media.intake import ReceivedFile, read_file
from countersign.media.sandbox.decoder import Outcome, decode_images
from countersign.operations.describe_pictures import describe_pictures
from countersign.operations.reference_batch import (
    FileOutcome,
    FileResult,
    FolderDefaults,
    ReferenceRow,
    read_folder,
    read_manifest,
)
from countersign.operations.reference_register import Described, Register, result
from countersign.operations.turn import Turns, operation_in_turns
from countersign.primitives.ids import CollectionId

BATCH = 64
LIMIT_BYTES = 64 * 1024 * 1024


class DefaultsMissingError(Invalid):
    """A folder cannot say what a manifest would."""

    code = "folder_defaults_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolReferences:
    """Which batch into which collection.

    Attributes:
        source: A manifest (.csv) or a folder `<subject>/*`.
        defaults: For a folder only.
    """

    collection: CollectionId
    source: str
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
        rows = _read_rows(arguments)
        collection = turn.work.collections.get(arguments.collection)
        turn.check(
            may_enrol(turn.programme.kind, turn.programme.state, collection.origin),
            *(manifest_origin(row.provenance) for row in rows if isinstance(row, ReferenceRow)),
        )
        rows = [_checked(row, turn.now) for row in rows]
    results: list[FileResult] = []
    with closing(_described(turns, collection, rows)) as described:
        # An empty batch has its entry too: somebody tried.
        while (batch := list(islice(described, BATCH))) or not results:
            results += _write(turns, collection, batch)
            turns.desk.progress(len(results), len(rows))
            if len(results) == len(rows):
                break
    return results


def _read_rows(arguments: EnrolReferences) -> list[ReferenceRow | FileResult]:
    source = Path(arguments.source)
    if source.suffix.lower() == ".csv":
        return list(read_manifest(source))
    if arguments.defaults is None:
        raise DefaultsMissingError(f"expected status, review date and provenance for folder {source.name}, got none")
    return list(read_folder(source, arguments.defaults))


def _checked(row: ReferenceRow | FileResult, now: datetime) -> ReferenceRow | FileResult:
    """Give the row, or its refusal when its status is said to have been checked later than now."""
    if isinstance(row, FileResult):
        return row
    verdict = checked_in_past(row.status_checked_at, now)
    return row if verdict.allowed else result(row, FileOutcome.REFUSED, verdict.reason)


Received = tuple[ReferenceRow, ReceivedFile] | FileResult
"""A row whose file was read, or how it ended already."""


def _described(
    turns: Turns, collection: Collection, rows: Sequence[ReferenceRow | FileResult]
) -> Generator[Described | Received, None, None]:
    """Describe, ahead of what is being written, the pictures that are not there yet; the rest comes as it is."""
    engine = turns.desk.engine
    with closing(describe_pictures(engine, _decoded(turns, collection, rows), threads=turns.desk.threads)) as described:
        for item, found in described:
            if found is None or isinstance(item, FileResult):
                yield item
            elif isinstance(found, CountersignError):
                yield _failure(item[0], found)
            else:
                yield Described(row=item[0], received=item[1], description=found)


def _decoded(
    turns: Turns, collection: Collection, rows: Sequence[ReferenceRow | FileResult]
) -> Generator[tuple[Received, Outcome | None], None, None]:
    for received in _received(rows):
        with turns.look() as turn:
            place = Register(turn.work, collection, turns.desk.engine.extractor)
            known = [not isinstance(item, FileResult) and place.holds(*item) for item in received]
        fresh = [item[1].data for item, there in zip(received, known, strict=True) if _is_fresh(item, there)]
        with closing(decode_images(fresh)) as pictures:
            for item, there in zip(received, known, strict=True):
                yield item, next(pictures) if _is_fresh(item, there) else None


def _received(rows: Iterable[ReferenceRow | FileResult]) -> Iterator[list[Received]]:
    """Read files, as many at a time as one child decodes, and no more bytes than the largest file may have."""
    batch: list[Received] = []
    size = 0
    for row in rows:
        item = _receive(row) if isinstance(row, ReferenceRow) else row
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
        results = [
            item if isinstance(item, FileResult) else place.write(turn, item) if isinstance(item, Described)
            else place.update(turn, item[0])
            for item in items
        ]  # fmt: skip
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


def _failure(row: ReferenceRow, reason: CountersignError) -> FileResult:
    return result(row, FileOutcome.REFUSED if isinstance(reason, Refused) else FileOutcome.FAILED, str(reason))


def _receive(row: ReferenceRow) -> tuple[ReferenceRow, ReceivedFile] | FileResult:
    try:
        return row, read_file(row.file, limit_bytes=LIMIT_BYTES)
    except CountersignError as reason:
        return _failure(row, reason)


def _is_fresh(item: Received, there: bool) -> TypeGuard[tuple[ReferenceRow, ReceivedFile]]:  # noqa: FBT001
    return not there and not isinstance(item, FileResult)
