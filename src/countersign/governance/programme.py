"""The programme's records. Its state machine stands in `programme_transitions`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from countersign.primitives.digest import Sha256
from countersign.primitives.ids import ArtefactId, PersonId


class ProgrammeKind(StrEnum):
    """Fixed at init and part of the log's origin (practice P-18)."""

    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"
    TEST = "test"


class Jurisdiction(StrEnum):
    """Whose law the programme runs under (practice P-17)."""

    UK_EW = "uk-ew"
    EU = "eu"


class ProgrammeState(StrEnum):
    """Requirements §4.1."""

    PROPOSED = "proposed"
    DPIA_APPROVED = "dpia_approved"
    ICO_CONSULTATION = "ico_consultation"
    ETHICS_REVIEWED = "ethics_reviewed"
    VALIDATED = "validated"
    POLICY_IN_FORCE = "policy_in_force"
    PILOT = "pilot"
    OPERATIONAL = "operational"
    SUSPENDED = "suspended"
    DECOMMISSIONED = "decommissioned"


class ArtefactType(StrEnum):
    """Signed documents that move the programme."""

    DPIA = "dpia"
    CONSULTATION_ADVICE = "consultation_advice"
    ETHICS_OPINION = "ethics_opinion"
    VALIDATION = "validation"
    APPROPRIATE_POLICY_DOCUMENT = "appropriate_policy_document"
    POLICY_PACK = "policy_pack"
    PILOT_PLAN = "pilot_plan"
    PILOT_EVALUATION = "pilot_evaluation"
    EQUALITY_DECISION = "equality_decision"
    PUBLISHED_POLICY = "published_policy"
    PROCESSING_RECORD = "processing_record"
    APPOINTMENTS = "appointments"
    COMPLAINT_ROUTE = "complaint_route"
    CAMERA_CODE = "camera_code"
    CONTRACT = "contract"
    RIGHTS_ASSESSMENT = "rights_assessment"
    EU_REGISTRATION = "eu_registration"
    LIFT_DECISION = "lift_decision"
    CESSATION_DECISION = "cessation_decision"


NOT_WARNED = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A signed, dated document about the programme; never about a case, so its content is not sealed.

    Attributes:
        sha256: Digest of ``content`` as canonical JSON text.
        signature: Ed25519 over the statement (`governance.artefact`), 128 hexadecimal digits.
        review_by: Last day on which it is in force.
        warned_days: So many days before its end its signers were last warned; the job's memory.
        current: False once a later version of the same type was accepted.
    """

    id: ArtefactId
    type: ArtefactType
    version: str
    sha256: Sha256
    content: str
    signer: PersonId
    signature: str
    signed_at: datetime
    review_by: date
    public_address: str
    current: bool
    warned_days: int = NOT_WARNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The one row that says what this installation is and what it may do now.

    Attributes:
        pilot_since: When searching first began; a pilot is counted from here, whatever suspends it meanwhile.
    """

    id: str
    kind: ProgrammeKind
    jurisdiction: Jurisdiction
    origin: str
    state: ProgrammeState
    since: datetime
    pilot_since: datetime | None = None
