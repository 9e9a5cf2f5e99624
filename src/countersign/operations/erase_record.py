"""Erase a data subject's custody records, or one of them, by destroying their keys; a tombstone entry stays (RET-03).

The key's row is deleted with the entry, in one transaction: from then on nothing here can be decrypted, and the subject
is gone from the gallery. It becomes unrecoverable, from old copies of the database too, once the epoch key is rotated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.register import CustodyRecord
from countersign.governance.register_rules import not_restricted
from countersign.ledger.event import EventKind
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId


class ErasureRule(StrEnum):
    """Why it is erased; goes into the log."""

    NOT_CONVICTED = "not_convicted"
    REVIEW_OVERDUE = "review_overdue"
    REQUEST_GRANTED = "request_granted"
    SOURCE_DELETED = "source_deleted"
    UNLAWFUL = "unlawful"
    RETENTION = "retention"


class UnknownSubjectError(NotFound):
    """Nothing of this data subject is held, or no longer."""

    code = "unknown_subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseRecord:
    """Whose records, by the force's own references.

    Attributes:
        custody_record: One record; all of the subject's without it.
    """

    collection: CollectionId
    subject: str
    custody_record: str = ""
    rule: ErasureRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was destroyed."""

    records: int
    images: int
    templates: int
    openings: int


@operation(Permission.RECORD_ERASE)
def erase_record(turn: Turn, arguments: EraseRecord) -> Erased:
    """Erase records.

    Raises:
        UnknownSubjectError: Nothing of this subject or record is held.
        GuardError: A record is restricted: it is kept unseen and not erased.
    """
    work = turn.work
    subject_digest = reference_digest(work, arguments.collection, "subject", arguments.subject)
    subjects = work.subjects.where(external_digest=subject_digest)
    records = [record for subject in subjects for record in work.records.where(subject=subject.id)]
    if arguments.custody_record:
        wanted = reference_digest(work, arguments.collection, "record", arguments.subject, arguments.custody_record)
        records = [record for record in records if record.external_digest == wanted]
    if not records:
        raise UnknownSubjectError("expected a subject and record that are held, got none of that name")
    turn.check(*(not_restricted(record.status) for record in records))
    return erase_records(turn, records, arguments.rule)


def erase_records(turn: Turn, records: Sequence[CustodyRecord], rule: ErasureRule) -> Erased:
    """Erase some records of one data subject with one tombstone; the subject goes with the last of them."""
    work, subject = turn.work, records[0].subject
    erased = [_erase(turn, record) for record in records]
    total = Erased(
        records=len(records),
        images=sum(one.images for one in erased),
        templates=sum(one.templates for one in erased),
        openings=sum(one.openings for one in erased),
    )
    if not work.records.where(subject=subject):
        key = work.subjects.get(subject).key
        work.subjects.remove(subject)
        if key != records[0].key:  # a synthetic data subject shares its one record's key
            work.keys.destroy(key)
    for record in records:
        work.keys.destroy(record.key)
    facts: dict[str, str | int] = {
        "records": total.records,
        "images": total.images,
        "templates": total.templates,
        "openings": total.openings,
        "rule": rule,
    }
    # The arguments name the data subject by the force's own reference; a tombstone must not be able to.
    turn.record(EventKind.RECORD_ERASED, facts, unopened={"arguments"})
    return total


def _erase(turn: Turn, record: CustodyRecord) -> Erased:
    """Take one record out of the gallery, delete its rows and files; its key is the caller's to destroy."""
    work = turn.work
    templates, images = work.templates.where(record=record.id), work.images.where(record=record.id)
    work.gallery.changed(record.collection, [(template.id, "hidden") for template in templates if template.searchable])
    for template in templates:
        work.templates.remove(template.id)
    for image in images:
        if image.blob is not None:
            work.blobs.remove(image.blob)
        work.images.remove(image.id)
    openings = work.openings.count(record.key)
    work.records.remove(record.id)
    return Erased(records=1, images=len(images), templates=len(templates), openings=openings)
