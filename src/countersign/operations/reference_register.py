"""Subjects, custody records, images and templates of one collection, written inside one turn."""

from dataclasses import dataclass, replace
from pathlib import Path

from countersign.governance.register import Collection, CustodyRecord, Subject
from countersign.governance.register_rules import erase_due, first_listed, listable, review_by
from countersign.media.intake import ReceivedFile
from countersign.operations.describe_pictures import Description
from countersign.operations.record_status import basis, change_status, register_numbers
from countersign.operations.reference_batch import (
    FileOutcome,
    FileResult,
    ReferenceRow,
)
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.primitives.ids import ImageId, RecordId, SubjectId, new_id
from countersign.templates.gallery import Change
from countersign.templates.reference import ReferenceImage, ReferenceTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A picture that was read, whose face was located and described, and which is not in the collection yet."""

    row: ReferenceRow
    received: ReceivedFile
    description: Description


def result(row: ReferenceRow, outcome: FileOutcome, reason: str = "") -> FileResult:
    """Give the result of one row."""
    return FileResult(file=row.file, subject=row.subject, outcome=outcome, reason=reason)


class Register:
    """Subjects and custody records of one collection inside one turn, found by keyed digest and made where missing."""

    def __init__(self, work: Work, collection: Collection, extractor: str) -> None:
        self.work = work
        self.collection = collection
        self.extractor = extractor
        self.changes: list[tuple[str, Change]] = []

    def _content(self, row: ReferenceRow, received: ReceivedFile) -> str:
        return reference_digest(
            self.work, self.collection.id, "content", row.subject, row.custody_record, received.sha256
        )

    def holds(self, row: ReferenceRow, received: ReceivedFile) -> bool:
        """Say whether this very file is enrolled for this custody record, with a template of this extractor."""
        return any(
            self.work.templates.where(image=image.id, extractor=self.extractor)
            for image in self.work.images.where(content_digest=self._content(row, received))
        )

    def _subject(self, row: ReferenceRow) -> SubjectId:
        digest = reference_digest(self.work, self.collection.id, "subject", row.subject)
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
        digest = reference_digest(self.work, self.collection.id, "record", row.subject, row.custody_record)
        found = self.work.records.where(external_digest=digest)
        if found:
            return found[0]
        numbers = register_numbers(turn)
        taken = row.image_date or turn.today
        record = CustodyRecord(
            id=RecordId(new_id()),
            collection=self.collection.id,
            subject=self._subject(row),
            key=self.work.keys.create(),
            external_id=row.custody_record,
            external_digest=digest,
            status=row.status,
            status_checked_at=row.status_checked_at,
            review_due=review_by(row.review_due, row.date_of_birth, taken, numbers),
            owner=row.owner,
            added_at=turn.now,
            searchable=False,
            listed_from=first_listed(turn.now, numbers, turn.programme.kind),
            date_of_birth=row.date_of_birth,
            erase_due=erase_due(None, row.status, turn.today, numbers),
            kept_until=None,
        )
        record = replace(record, searchable=listable(record, turn.now, numbers).allowed)
        self.work.records.add(record)
        return record

    def write(self, turn: Turn, item: Described) -> FileResult:
        """Write one described picture under its custody record's key."""
        if self.holds(item.row, item.received):  # the same file twice in one batch
            return self.update(turn, item.row)
        record = self._refreshed(turn, item.row)
        image = self._image(record, item)
        template = ReferenceTemplate(
            id=new_id(),
            image=image.id,
            record=record.id,
            subject=record.subject,
            collection=self.collection.id,
            key=record.key,
            extractor=self.extractor,
            unified=item.description.quality.unified,
            codes=item.description.codes.tobytes(),
            synthetic=False,
            searchable=record.searchable,
        )
        self.work.templates.add(template)
        if template.searchable:
            self.changes.append((template.id, "shown"))
        return result(item.row, FileOutcome.ENROLLED)

    def _image(self, record: CustodyRecord, item: Described) -> ReferenceImage:
        """Give the image, kept once: under another extractor the same file only gets another template."""
        content = self._content(item.row, item.received)
        known = self.work.images.where(content_digest=content)
        if known:
            return known[0]
        image = ReferenceImage(
            id=ImageId(new_id()),
            record=record.id,
            key=record.key,
            blob=self.work.blobs.put(item.received.data, key=record.key),
            file_name=Path(item.row.file).name,
            content_digest=content,
            image_date=item.row.image_date,
            unified=item.description.quality.unified,
            measures=item.description.quality.measures,
            landmarks_px=item.description.landmarks_px,
        )
        self.work.images.add(image)
        return image

    def update(self, turn: Turn, row: ReferenceRow) -> FileResult:
        """Take a row whose file is there already: its status or dates may have changed."""
        before = self._record(turn, row)
        if row.status_checked_at < before.status_checked_at:
            return result(row, FileOutcome.ALREADY, "the status that is held was checked later and stays")
        after = self._refreshed(turn, row)
        return result(row, FileOutcome.ALREADY if basis(after) == basis(before) else FileOutcome.UPDATED)

    def _refreshed(self, turn: Turn, row: ReferenceRow) -> CustodyRecord:
        """Bring status and dates up to the row, hide or show the record's templates, and record what changed.

        A row whose status was checked earlier than the one that is held changes nothing: an old manifest shows nobody
        whom a newer one has hidden.
        """
        before = self._record(turn, row)
        if row.status_checked_at < before.status_checked_at:
            return before
        taken = row.image_date or before.added_at.date()
        after, changes = change_status(
            turn,
            before,
            status=row.status,
            checked_at=row.status_checked_at,
            review_due=review_by(row.review_due, before.date_of_birth, taken, register_numbers(turn)),
        )
        self.changes += changes
        return after
