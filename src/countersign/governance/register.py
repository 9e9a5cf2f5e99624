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
class Collection:
    """A registered reference collection (REF-01): nothing outside a registered collection can be searched."""

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
