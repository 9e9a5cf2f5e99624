"""The register of reference collections and custody records: their lawful basis, not their images."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from countersign.primitives.ids import CollectionId, KeyId, RecordId, SubjectId


class CollectionClass(StrEnum):
    """What kind of people a collection holds; a closed set."""

    CUSTODY = "custody"
    MISSING = "missing"
    DECEASED_UNIDENTIFIED = "deceased_unidentified"
    NON_CUSTODY = "non_custody"


class ImageOrigin(StrEnum):
    """Where reference images came from. What is not in this list cannot be registered (REF-08)."""

    CUSTODY_SUITE = "custody_suite"
    LICENSED_TEST_DATA = "licensed_test_data"
    SYNTHETIC = "synthetic"


class LegalStatus(StrEnum):
    """Legal status of a custody record (REF-02)."""

    CONVICTED = "convicted"
    CAUTION = "caution"
    CHARGED = "charged"
    UNDER_INVESTIGATION = "under_investigation"
    NFA = "nfa"
    ACQUITTED = "acquitted"
    REVIEW_OVERDUE = "review_overdue"
    RESTRICTED = "restricted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterNumbers:
    """The pack's numbers for reference collections; floors and ceilings stand in `policy_lint`.

    Attributes:
        status_stale_days: A status that was not checked for longer hides its record.
        feed_warn_days: How many days before that the silence of a feed is told.
        addition_delay_h: How long an added record waits before it can be listed.
        unconvicted_erase_days: When a record is erased after no further action or acquittal.
        exception_days: How long a signed exception to that may last.
        child_review_years: Longest time to the next review of an image that shows a child.
        audit_days: At most so long between two audits for erasure (REF-07).
        deletion_days: When a request for deletion that nobody decided is granted.
    """

    status_stale_days: int
    feed_warn_days: int
    addition_delay_h: int
    unconvicted_erase_days: int
    exception_days: int
    child_review_years: int
    deletion_days: int
    audit_days: int = 183


STRICTEST = RegisterNumbers(
    status_stale_days=30,
    feed_warn_days=7,
    addition_delay_h=24,
    unconvicted_erase_days=30,
    exception_days=365,
    child_review_years=3,
    deletion_days=28,
)
"""What holds while no policy pack is in force, and what no production pack may loosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A registered reference collection (REF-01): nothing outside a registered collection can be searched.

    Attributes:
        audited_at: When it was last audited for erasure; None before the first time.
        fed_at: When its feed of legal statuses was last taken in; None before the first time.
    """

    id: CollectionId
    name: str
    collection_class: CollectionClass
    origin: ImageOrigin
    controller: str
    legal_power: str
    purpose: str
    retention_rule: str
    provenance: str
    registered_at: datetime
    fed_at: datetime | None = None
    audited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A data subject of one collection. ``external_id`` is the force's own reference and is sealed."""

    id: SubjectId
    collection: CollectionId
    key: KeyId
    external_id: str
    external_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyRecord:
    """One lawful occasion on which images were taken: its own status, dates, owner and key.

    Attributes:
        external_digest: Keyed digest of (subject, custody_record), to find a record again without storing its number.
        searchable: Whether it is in the gallery now; changed by an entry only, never silently by the clock.
        listed_from: When it may first be listed: an addition waits, so that no list is made for an occasion (REF-13).
        date_of_birth: Sealed; shortens the time to the next review of a child's image (REF-06).
        erase_due: When it is erased for want of a conviction; None while there is no such end (REF-04).
        kept_until: Last day of a signed exception to that.
    """

    id: RecordId
    collection: CollectionId
    subject: SubjectId
    key: KeyId
    external_id: str
    external_digest: str
    status: LegalStatus
    status_checked_at: datetime
    review_due: date
    owner: str
    added_at: datetime
    searchable: bool
    listed_from: datetime
    date_of_birth: date | None
    erase_due: date | None
    kept_until: date | None
