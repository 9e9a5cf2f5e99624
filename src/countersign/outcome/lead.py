"""The lead: the one candidate that independent examiners supported, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from countersign.primitives.ids import CaseId, KeyId, LeadId, PersonId, RequestId, RunId, SubjectId


class OutcomeCode(StrEnum):
    """What the lead came to (REP-04). ADVERSE ones need independent evidence first (REP-03)."""

    ARREST = "arrest"
    CHARGE = "charge"
    ELIMINATED = "eliminated"
    NO_FURTHER_ACTION = "no_further_action"
    VICTIM_FOUND = "victim_found"
    MISSING_FOUND = "missing_found"
    STILL_OPEN = "still_open"


ADVERSE = frozenset({OutcomeCode.ARREST, OutcomeCode.CHARGE})


class EvidenceType(StrEnum):
    """Evidence that does not rest on the lead."""

    FORENSIC = "forensic"
    WITNESS = "witness"
    DEVICE = "device"
    FINANCIAL = "financial"
    LOCATION = "location"
    ADMISSION = "admission"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One item of independent evidence."""

    type: EvidenceType
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the requester recorded: own comparison first, reasons against, evidence, then the outcome.

    Attributes:
        line_up: Whether an eyewitness line-up was held since the lead.
    """

    code: OutcomeCode
    own_comparison: str
    reasons_against: str
    evidence: tuple[Evidence, ...]
    recorded_at: datetime
    line_up: bool = False


class Cause(StrEnum):
    """Why a lead was wrong; a closed set (REP-12)."""

    SIMILAR_PERSON = "similar_person"
    POOR_IMAGERY = "poor_imagery"
    WRONG_REFERENCE = "wrong_reference"
    REVIEW_ERROR = "review_error"
    ENGINE_ERROR = "engine_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disproof:
    """That a lead was wrong: who found it, why, what is done about it, and when its recipient was told."""

    by: PersonId
    at: datetime
    cause: Cause
    correction: str
    recalled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A possible lead. Never an identification.

    Attributes:
        reconfirmed_by: Officer who found the search still necessary just before release (AUT-20); None until then.
        recipient: The requester, once released.
        handed_at: When it was last given to another requester after its release; None where it never was.
    """

    id: LeadId
    run: RunId
    request: RequestId
    case: CaseId
    key: KeyId
    subject: SubjectId
    supported_at: datetime
    reconfirmed_by: PersonId | None
    reasons_against: str
    released_by: PersonId | None
    released_at: datetime | None
    recipient: PersonId | None
    outcome: Outcome | None
    disproved: Disproof | None = None
    handed_at: datetime | None = None
