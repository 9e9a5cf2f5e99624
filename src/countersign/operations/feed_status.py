"""Take in the feed of legal statuses: changes since last time, or the whole of what the source holds (practice P-14).

The same feed twice changes nothing: a row that was checked no later than what is held is left. A whole feed is
reconciled: what the source no longer names is hidden, and what we do not hold is counted, so that somebody looks.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.governance.register import Collection, CustodyRecord, LegalStatus
from countersign.governance.register_rules import checked_in_past, feed_plausible, review_by
from countersign.ledger.event import EventKind
from countersign.operations.erase_record import ErasureRule, erase_records
from countersign.operations.record_status import change_status, register_numbers
from countersign.operations.reference_batch import ManifestError
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn, operation
from countersign.primitives.codec import from_plain
from countersign.primitives.ids import CollectionId, RecordId


class FeedChange(StrEnum):
    """What a row of the feed says of a record."""

    STATUS = "status"
    DELETED = "deleted"


class FeedOutcome(StrEnum):
    """How a row ended; every row ends as one of these."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    NOT_HELD = "not_held"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One record as its source has it now."""

    subject: str
    custody_record: str
    change: FeedChange
    status: LegalStatus
    status_checked_at: datetime
    review_due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """Which feed for which collection.

    Attributes:
        complete: It names every record that the source holds, so that the others can be hidden.
    """

    collection: CollectionId
    source: str
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What a feed did, in numbers; ``refused`` are rows that could not be read."""

    changed: int
    unchanged: int
    deleted: int
    not_held: int
    refused: int
    missing: int


@operation(Permission.COLLECTION_FEED)
def feed_status(turn: Turn, arguments: FeedStatus) -> Fed:
    """Take in a feed.

    Raises:
        ManifestError: The file as a whole cannot be read.
        GuardError: It says to be complete and lacks more than one record in ten: a broken feed, and nothing is changed.
    """
    collection = turn.work.collections.get(arguments.collection)
    count: Counter[FeedOutcome] = Counter()
    named: set[RecordId] = set()
    for row in read_feed(Path(arguments.source)):
        outcome, record = (FeedOutcome.REFUSED, None) if row is None else _take(turn, collection, row)
        count[outcome] += 1
        named |= {record} if record else set()
    missing = _hide_missing(turn, collection, named) if arguments.complete else 0
    turn.work.collections.replace(replace(collection, fed_at=turn.now))
    facts = {
        "changed": count[FeedOutcome.CHANGED],
        "unchanged": count[FeedOutcome.UNCHANGED],
        "deleted": count[FeedOutcome.DELETED],
        "not_held": count[FeedOutcome.NOT_HELD],
        "refused": count[FeedOutcome.REFUSED],
        "missing": missing,
    }
    turn.record(EventKind.COLLECTION_FED, {"collection": collection.id, **facts}, unopened={"arguments"})
    return Fed(**facts)


def read_feed(path: Path) -> Iterator[FeedRow | None]:
    """Read a feed; None for a row that does not fit.

    Raises:
        ManifestError: The file is not a CSV with the columns of `FeedRow`.
    """
    known = {field.name for field in fields(FeedRow)}
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream, strict=True)
            if set(reader.fieldnames or ()) != known:
                raise ManifestError(f"expected the columns {sorted(known)}, got {sorted(reader.fieldnames or ())}")
            for row in reader:
                yield _row(row)
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise ManifestError(f"expected a readable CSV feed at {path.name}, got: {cause}") from cause


def _row(plain: dict[str | None, str | None]) -> FeedRow | None:
    try:
        read: FeedRow = from_plain(FeedRow, {name or "beyond the last column": value for name, value in plain.items()})
    except Invalid:
        return None
    return read


def _take(turn: Turn, collection: Collection, row: FeedRow) -> tuple[FeedOutcome, RecordId | None]:
    found = turn.work.records.where(
        external_digest=reference_digest(turn.work, collection.id, "record", row.subject, row.custody_record)
    )
    if not found:
        return FeedOutcome.NOT_HELD, None
    before = found[0]
    if row.change is FeedChange.DELETED:
        erase_records(turn, [before], ErasureRule.SOURCE_DELETED)
        return FeedOutcome.DELETED, None
    if not checked_in_past(row.status_checked_at, turn.now).allowed:
        return FeedOutcome.REFUSED, before.id
    if row.status_checked_at <= before.status_checked_at:
        return FeedOutcome.UNCHANGED, before.id
    due = review_by(row.review_due, before.date_of_birth, before.added_at.date(), register_numbers(turn))
    return _changed(turn, before, row, due), before.id


def _changed(turn: Turn, before: CustodyRecord, row: FeedRow, review_due: date) -> FeedOutcome:
    after, changes = change_status(
        turn, before, status=row.status, checked_at=row.status_checked_at, review_due=review_due
    )
    turn.work.gallery.changed(before.collection, changes)
    same = (after.status, after.review_due) == (before.status, before.review_due)
    return FeedOutcome.UNCHANGED if same else FeedOutcome.CHANGED


def _hide_missing(turn: Turn, collection: Collection, named: set[RecordId]) -> int:
    held = turn.work.records.where(collection=collection.id)
    missing = [record for record in held if record.id not in named]
    turn.check(feed_plausible(len(missing), len(held)))
    for record in missing:
        _, changes = change_status(
            turn,
            record,
            status=LegalStatus.UNKNOWN,
            checked_at=record.status_checked_at,
            review_due=record.review_due,
        )
        turn.work.gallery.changed(collection.id, changes)
    return len(missing)
