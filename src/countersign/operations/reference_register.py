"""Subjects, custody records, images and templates of one collection, written inside one turn."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from countersign.governance.register import Collection, CustodyRecord, Subject
from countersign.governance.register_rules import erase_due, first_listed, listable, may_have_template, review_by
from countersign.media.intake import ReceivedFile
from countersign.operations.describe_pictures import Description
from countersign.operations.record_status import basis, change_status, register_numbers
from countersign.operations.reference_batch import (
    FileOutcome,
    FileResult,
    ReferenceRow,
    ended,
)
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.primitives.ids import ImageId, KeyId, RecordId, SubjectId, new_id
from countersign.templates.gallery import Change
from countersign.templates.reference import ReferenceImage, ReferenceTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A picture that was read, whose face was located and described, and which is not in the collection yet."""

    row: ReferenceRow
    received: ReceivedFile
    description: Description


@dataclass(slots=True, kw_only=True)
class _New:
    """What a turn has made and not written yet."""

    subjects: list[Subject] = field(default_factory=list)
    records: list[CustodyRecord] = field(default_factory=list)
    images: list[ReferenceImage] = field(default_factory=list)
    templates: list[ReferenceTemplate] = field(default_factory=list)


class Register:
    """Subjects and custody records of one collection inside one turn, found by keyed digest and made where missing.

    A batch is looked up in a few questions and written in a few statements: ask `held` once, write, then `flush`.
    """

    def __init__(self, work: Work, collection: Collection, extractor: str) -> None:
        self.work = work
        self.collection = collection
        self.extractor = extractor
        self.changes: list[tuple[str, Change]] = []
        self._images: dict[str, ReferenceImage] = {}
        self._described: set[ImageId] = set()
        self._older: set[ImageId] = set()
        self._records: dict[str, CustodyRecord] = {}
        self._subjects: dict[str, SubjectId] = {}
        self._keys: list[KeyId] = []
        self._new = _New()

    def held(self, items: Iterable[tuple[ReferenceRow, ReceivedFile]]) -> list[bool]:
        """Say of each file whether it is enrolled for its custody record, with a template of this extractor."""
        contents = [self._content(row, received) for row, received in items]
        for image in self.work.images.where_any("content_digest", contents):
            self._images.setdefault(image.content_digest, image)
        known = (image.id for image in self._images.values())
        self._described.clear()
        self._older.clear()
        for template in self.work.templates.where_any("image", known):
            if template.extractor == self.extractor:
                self._described.add(template.image)
            else:
                self._older.add(template.image)
        return [self._holds(content) for content in contents]

    def prepare(self, rows: Iterable[ReferenceRow]) -> None:
        """Look up, and make keys for, whoever the rows are about."""
        people = [(row, self._digest("subject", row.subject), self._record_digest(row)) for row in rows]
        for record in self.work.records.where_any("external_digest", (record for _, _, record in people)):
            self._records[record.external_digest] = record
        for subject in self.work.subjects.where_any("external_digest", (subject for _, subject, _ in people)):
            self._subjects[subject.external_digest] = subject.id
        missing = {record: subject for _, subject, record in people if record not in self._records}
        strangers = set(missing.values()) - self._subjects.keys()
        self._keys = self.work.keys.create_all(len(missing) + len(strangers))

    def flush(self) -> None:
        """Write what is new, subjects first."""
        new, self._new = self._new, _New()
        self.work.subjects.add_all(new.subjects)
        self.work.records.add_all(new.records)
        self.work.images.add_all(new.images)
        self.work.templates.add_all(new.templates)

    def _digest(self, what: Literal["subject", "record", "content"], *parts: str) -> str:
        return reference_digest(self.work, self.collection.id, what, *parts)

    def _content(self, row: ReferenceRow, received: ReceivedFile) -> str:
        return self._digest("content", row.subject, row.custody_record, received.sha256)

    def _record_digest(self, row: ReferenceRow) -> str:
        return self._digest("record", row.subject, row.custody_record)

    def _holds(self, content: str) -> bool:
        image = self._images.get(content)
        return image is not None and image.id in self._described

    def _subject(self, row: ReferenceRow) -> SubjectId:
        digest = self._digest("subject", row.subject)
        if digest not in self._subjects:
            subject = Subject(
                id=SubjectId(new_id()),
                collection=self.collection.id,
                key=self._keys.pop(),
                external_id=row.subject,
                external_digest=digest,
            )
            self._new.subjects.append(subject)
            self._subjects[digest] = subject.id
        return self._subjects[digest]

    def _record(self, turn: Turn, row: ReferenceRow) -> CustodyRecord:
        digest = self._record_digest(row)
        if digest in self._records:
            return self._records[digest]
        numbers = register_numbers(turn)
        taken = row.image_date or turn.today
        record = CustodyRecord(
            id=RecordId(new_id()),
            collection=self.collection.id,
            subject=self._subject(row),
            key=self._keys.pop(),
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
        self._new.records.append(record)
        self._records[digest] = record
        return record

    def write(self, turn: Turn, item: Described) -> FileResult:
        """Write one described picture under its custody record's key."""
        content = self._content(item.row, item.received)
        if self._holds(content):  # the same file twice in one batch, or another process was quicker
            return self.update(turn, item.row)
        outcome = FileOutcome.ALREADY if content in self._images else FileOutcome.ENROLLED
        record = self._refreshed(turn, item.row)
        image = self._image(record, content, item)
        lawful = may_have_template(record.status, record.review_due, turn.today)
        if not lawful.allowed:
            return ended(item.row, outcome, f"kept without a template: {lawful.reason}", "no_template")
        self.remake(image)
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
        self._new.templates.append(template)
        self._described.add(image.id)
        if template.searchable:
            self.changes.append((template.id, "shown"))
        return ended(item.row, FileOutcome.ENROLLED)

    def remake(self, image: ReferenceImage) -> None:
        """Remove what another extractor made of this image: templates are made again, and not kept (REF-17)."""
        if image.id not in self._older:
            return
        self._older.remove(image.id)
        # Read again: what this very row said of the record may have shown or hidden them meanwhile.
        for older in self.work.templates.where(image=image.id):
            self.work.templates.remove(older.id)
            if older.searchable:
                self.changes.append((older.id, "hidden"))

    def _image(self, record: CustodyRecord, content: str, item: Described) -> ReferenceImage:
        """Give the image, kept once: another extractor makes another template of it, in place of the first."""
        if content in self._images:
            return self._images[content]
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
        self._new.images.append(image)
        self._images[content] = image
        return image

    def update(self, turn: Turn, row: ReferenceRow) -> FileResult:
        """Take a row whose file is there already: its status or dates may have changed."""
        before = self._record(turn, row)
        if row.status_checked_at < before.status_checked_at:
            return ended(
                row, FileOutcome.ALREADY, "the status that is held was checked later and stays", "status_newer"
            )
        after = self._refreshed(turn, row)
        return ended(row, FileOutcome.ALREADY if basis(after) == basis(before) else FileOutcome.UPDATED)

    def _refreshed(self, turn: Turn, row: ReferenceRow) -> CustodyRecord:
        """Bring status and dates up to the row, hide or show the record's templates, and record what changed.

        A row whose status was checked earlier than the one that is held changes nothing: an old manifest shows nobody
        whom a newer one has hidden.
        """
        before = self._record(turn, row)
        if row.status_checked_at < before.status_checked_at:
            return before
        taken = row.image_date or before.added_at.date()
        due = review_by(row.review_due, before.date_of_birth, taken, register_numbers(turn))
        said = (row.status, row.status_checked_at, due)
        if before.added_at == turn.now and said == (before.status, before.status_checked_at, before.review_due):
            return before  # made in this turn, by a row that says the same
        self.flush()  # what is changed must be there
        after, changes = change_status(
            turn, before, status=row.status, checked_at=row.status_checked_at, review_due=due
        )
        self._records[before.external_digest] = after
        self.changes += changes
        return after
