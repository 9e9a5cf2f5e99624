"""Enrol reference images: every file ends as enrolled, already there, updated, failed or refused, in a list.

Pictures are described outside any transaction; then a batch is written in one turn with its entry. Killed between two
batches, what was committed stays; run again, files that are there already are seen by their keyed digest and left.
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np

from countersign.errors import CountersignError, Invalid, Refused
from countersign.faces.detection import Detection
from countersign.faces.quality import measure
from countersign.governance.permission import Permission
from countersign.governance.programme_transitions import may_enrol
from countersign.governance.register import Collection
from countersign.governance.register_rules import checked_in_past, manifest_origin
from countersign.ledger.event import EventKind
from countersign.media.decoding import UndecodableImageError
from countersign.media.intake import ReceivedFile, read_file
from countersign.media.sandbox.decoder import Outcome, decode_images
from countersign.operations.desk import Desk
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
from countersign.primitives.arrays import RgbImage
from countersign.primitives.ids import CollectionId
from countersign.primitives.parallel import each

BATCH = 32
LIMIT_BYTES = 64 * 1024 * 1024


class DefaultsMissingError(Invalid):
    """A folder cannot say what a manifest would."""

    code = "folder_defaults_missing"


class NoFaceError(Invalid):
    """No face was located: a failure to enrol, counted."""

    code = "no_face"


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
    for start in range(0, max(len(rows), 1), BATCH):
        results += _enrol_batch(turns, collection, rows[start : start + BATCH])
        turns.desk.progress(len(results), len(rows))
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


def _enrol_batch(turns: Turns, collection: Collection, rows: list[ReferenceRow | FileResult]) -> list[FileResult]:
    """Describe what is new outside any transaction, then write it with its entry in one."""
    desk = turns.desk
    received = [_receive(row) if isinstance(row, ReferenceRow) else row for row in rows]
    with turns.look() as turn:
        place = Register(turn.work, collection, desk.engine.extractor)
        known = [not isinstance(item, FileResult) and place.holds(*item) for item in received]
    fresh = [item[1].data for item, there in zip(received, known, strict=True) if isinstance(item, tuple) and not there]
    # One process decodes while threads look at what it has given: pictures are taken from it as they become free.
    with closing(decode_images(fresh)) as pictures:
        jobs = (
            (item, None if there or isinstance(item, FileResult) else next(pictures))
            for item, there in zip(received, known, strict=True)
        )
        described = list(each(partial(_describe, desk), jobs, threads=desk.threads))
    with turns.turn() as turn:
        place = Register(turn.work, collection, desk.engine.extractor)
        results = [
            item if isinstance(item, FileResult) else place.write(turn, item) if isinstance(item, Described)
            else place.update(turn, item[0])
            for item in described
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


Received = tuple[ReferenceRow, ReceivedFile] | FileResult


def _describe(desk: Desk, job: tuple[Received, Outcome | None]) -> Described | Received:
    """Describe a picture; what has none to describe, because it failed before or is there already, stays as it is."""
    item, picture = job
    if picture is None or isinstance(item, FileResult):
        return item
    row, received = item
    if isinstance(picture, UndecodableImageError):
        return _failure(row, picture)
    rgb = picture.rgb_upright
    try:
        faces = desk.engine.locate(rgb, thorough=False)
        if not faces:
            raise NoFaceError("expected a face, got a picture in which none was located")
        face = portrayed(faces, rgb)
        quality = measure(rgb, face, [other for other in faces if other is not face])
        (codes,) = desk.engine.describe_reference([(rgb, face)])
        return Described(row=row, received=received, quality=quality, codes=codes)
    except CountersignError as reason:
        return _failure(row, reason)


def portrayed(faces: Iterable[Detection], rgb: RgbImage) -> Detection:
    """Give the face that a custody photograph is of: large, and near the middle."""
    height, width = rgb.shape[:2]
    middle, longer = np.array([width, height]) / 2, max(width, height)

    def prominence(face: Detection) -> float:
        left, top, right, bottom = face.box_xyxy_px
        distance = float(np.hypot(*(np.array([left + right, top + bottom]) / 2 - middle))) / longer
        return float(face.area_px / (1 + (4 * distance) ** 2))

    return max(faces, key=prominence)
