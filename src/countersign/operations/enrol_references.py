"""Enrol reference images: every file ends as enrolled, already there, updated, failed or refused, in a list.

Pictures are described outside any transaction; then a batch is written in one turn with its entry. Killed between two
batches, what was committed stays; run again, files that are there already are seen by their keyed digest and left.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countersign.errors import CountersignError, Invalid, Refused
from countersign.faces.detection import Detection
from countersign.faces.quality import Quality, measure
from countersign.governance.permission import Permission
from countersign.governance.programme_transitions import may_enrol
from countersign.governance.register import Collection, CustodyRecord, Subject
from countersign.governance.register_rules import manifest_origin, searchable
from countersign.ledger.event import EventKind
from countersign.media.decoding import decode_image
from countersign.media.intake import ReceivedFile, read_file
from countersign.operations.desk import Desk, Turn, Turns, operation_in_turns
from countersign.operations.reference_batch import (
    FileOutcome,
    FileResult,
    FolderDefaults,
    ReferenceRow,
    read_folder,
    read_manifest,
)
from countersign.operations.work import Work
from countersign.primitives.arrays import RgbImage
from countersign.primitives.codec import canonical_text
from countersign.primitives.ids import CollectionId, ImageId, RecordId, SubjectId, new_id
from countersign.templates.reference import ReferenceImage, ReferenceTemplate

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A picture that was read, whose face was located and which is not in the collection yet."""

    row: ReferenceRow
    received: ReceivedFile
    rgb: RgbImage
    face: Detection
    quality: Quality


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
    rows = _read_rows(arguments)
    with turns.look() as turn:
        collection = turn.work.collections.get(arguments.collection)
        turn.check(may_enrol(turn.programme.kind, turn.programme.state, collection.origin))
        turn.check(*(manifest_origin(row.provenance) for row in rows if isinstance(row, ReferenceRow)))
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
        raise DefaultsMissingError(
            f"expected status, review date and provenance for folder {source.name}, got none"
        )
    return list(read_folder(source, arguments.defaults))


def _enrol_batch(turns: Turns, collection: Collection, rows: list[ReferenceRow | FileResult]) -> list[FileResult]:
    """Describe what is new outside any transaction, then write it with its entry in one."""
    desk = turns.desk
    received = [_receive(row) if isinstance(row, ReferenceRow) else row for row in rows]
    with turns.look() as turn:
        place = Register(turn.work, collection)
        known = [not isinstance(item, FileResult) and place.holds(*item) for item in received]
    described = [
        item if isinstance(item, FileResult) or there else _describe(desk, *item)
        for item, there in zip(received, known, strict=True)
    ]
    new = [item for item in described if isinstance(item, Described)]
    codes = iter(desk.engine.describe([(item.rgb, item.face) for item in new]))
    with turns.turn() as turn:
        place = Register(turn.work, collection)
        results = [
            item if isinstance(item, FileResult) else place.write(turn, item, codes) if isinstance(item, Described)
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


def _result(row: ReferenceRow, outcome: FileOutcome, reason: str = "") -> FileResult:
    return FileResult(file=row.file, subject=row.subject, outcome=outcome, reason=reason)


def _failure(row: ReferenceRow, reason: CountersignError) -> FileResult:
    return _result(row, FileOutcome.REFUSED if isinstance(reason, Refused) else FileOutcome.FAILED, str(reason))


def _receive(row: ReferenceRow) -> tuple[ReferenceRow, ReceivedFile] | FileResult:
    try:
        return row, read_file(row.file, limit_bytes=LIMIT_BYTES)
    except CountersignError as reason:
        return _failure(row, reason)


def _describe(desk: Desk, row: ReferenceRow, received: ReceivedFile) -> Described | FileResult:
    try:
        rgb = decode_image(received.data).rgb_upright
        faces = desk.engine.locate(rgb)
        if not faces:
            raise NoFaceError("no face was located")
        face = portrayed(faces, rgb)
        return Described(row=row, received=received, rgb=rgb, face=face, quality=measure(rgb, face))
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


class Register:
    """Subjects and custody records of one collection inside one turn, found by keyed digest and made where missing."""

    def __init__(self, work: Work, collection: Collection) -> None:
        self.work = work
        self.collection = collection
        self.changes: list[tuple[str, str]] = []

    def _digest(self, *parts: str) -> str:
        return self.work.keys.keyed_digest("reference", canonical_text((self.collection.id, *parts)))

    def _content(self, row: ReferenceRow, received: ReceivedFile) -> str:
        return self._digest("content", row.subject, row.custody_record, received.sha256)

    def holds(self, row: ReferenceRow, received: ReceivedFile) -> bool:
        """Say whether this very file is enrolled for this custody record."""
        return bool(self.work.images.where(content_digest=self._content(row, received)))

    def _subject(self, row: ReferenceRow) -> SubjectId:
        digest = self._digest("subject", row.subject)
        found = self.work.subjects.where(external_digest=digest)
        if found:
            return found[0].id
        subject = Subject(
            id=SubjectId(new_id()),
            collection=self.collection.id,
            key=self.work.keys.create(),
            external_id=row.subject,
            external_digest=digest,
        )
        self.work.subjects.add(subject)
        return subject.id

    def _record(self, turn: Turn, row: ReferenceRow) -> CustodyRecord:
        digest = self._digest("record", row.subject, row.custody_record)
        found = self.work.records.where(external_digest=digest)
        if found:
            return found[0]
        record = CustodyRecord(
            id=RecordId(new_id()),
            collection=self.collection.id,
            subject=self._subject(row),
            key=self.work.keys.create(),
            external_id=row.custody_record,
            external_digest=digest,
            status=row.status,
            status_checked_at=row.status_checked_at,
            review_due=row.review_due,
            owner=row.owner,
            added_at=turn.now,
            searchable=searchable(row.status, row.review_due, turn.today).allowed,
        )
        self.work.records.add(record)
        return record

    def write(self, turn: Turn, item: Described, codes: Iterator[NDArray[np.int8]]) -> FileResult:
        """Write one described picture under its custody record's key."""
        vector = next(codes)
        if self.holds(item.row, item.received):  # the same file twice in one batch
            return self.update(turn, item.row)
        record = self._refreshed(turn, item.row)
        image = ReferenceImage(
            id=ImageId(new_id()),
            record=record.id,
            key=record.key,
            blob=self.work.blobs.put(item.received.data, key=record.key),
            file_name=Path(item.row.file).name,
            content_digest=self._content(item.row, item.received),
            image_date=item.row.image_date,
            unified=item.quality.unified,
        )
        template = ReferenceTemplate(
            id=new_id(),
            image=image.id,
            record=record.id,
            subject=record.subject,
            collection=self.collection.id,
            key=record.key,
            extractor=turn.desk.engine.extractor,
            unified=item.quality.unified,
            codes=vector.tobytes(),
            synthetic=False,
            searchable=record.searchable,
        )
        self.work.images.add(image)
        self.work.templates.add(template)
        if template.searchable:
            self.changes.append((template.id, "shown"))
        return _result(item.row, FileOutcome.ENROLLED)

    def update(self, turn: Turn, row: ReferenceRow) -> FileResult:
        """Take a row whose file is there already: its status may have changed."""
        before = self._record(turn, row)
        after = self._refreshed(turn, row)
        return _result(row, FileOutcome.ALREADY if after.status == before.status else FileOutcome.UPDATED)

    def _refreshed(self, turn: Turn, row: ReferenceRow) -> CustodyRecord:
        """Bring status and dates up to the row, hide or show the record's templates, and record a changed status."""
        before = self._record(turn, row)
        after = replace(
            before,
            status=row.status,
            status_checked_at=max(before.status_checked_at, row.status_checked_at),
            review_due=row.review_due,
            searchable=searchable(row.status, row.review_due, turn.today).allowed,
        )
        if after == before:
            return after
        self.work.records.replace(after)
        if after.searchable != before.searchable:
            self._show(after)
        if after.status != before.status:
            facts = {"from": before.status, "to": after.status}
            turn.record(EventKind.RECORD_STATUS, facts, committed={"record": after.id}, key=after.key)
        return after

    def _show(self, record: CustodyRecord) -> None:
        for template in self.work.templates.where(record=record.id):
            if template.searchable != record.searchable:
                self.work.templates.replace(replace(template, searchable=record.searchable))
                self.changes.append((template.id, "shown" if record.searchable else "hidden"))
