"""The documents with which a controller adopts a programme: what each must say, and when it says too little.

They come into force together with the policy pack; two of them are asked for by the law of the Union alone.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from countersign.governance.actor import Role
from countersign.governance.artefact_content import ContentError
from countersign.governance.verdict import Verdict, require

ACKNOWLEDGED_WITHIN_DAYS = 30
"""DPA 2018 s.164A: a complaint is acknowledged within 30 days; nobody may take longer (DSR-10)."""
OUTSIDE_COMMAND = frozenset({Role.DPO, Role.OVERSIGHT})
"""Who takes no instructions from those whom a report may be about (GOV-21)."""
CODE_PRINCIPLES = 12
"""PoFA 2012 s.33: the Surveillance Camera Code has twelve guiding principles (GOV-23)."""
APPOINTED = (
    *(Role.CONTROLLER, Role.DPO, Role.OVERSIGHT, Role.ASSET_OWNER, Role.AUTHORISING_OFFICER, Role.OPERATOR),
    *(Role.EXAMINER, Role.DISCLOSURE_OFFICER, Role.RIGHTS_HANDLER, Role.ADMINISTRATOR),
)
"""Posts without which no search can be asked for, decided, examined, disclosed or contested."""


class EvidenceKind(StrEnum):
    """Who vouches for a piece of equality evidence."""

    INDEPENDENT_TEST = "independent_test"
    OWN_TEST = "own_test"
    CONSULTATION = "consultation"
    RESEARCH = "research"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualityEvidence:
    """One piece of evidence that was considered."""

    kind: EvidenceKind
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualityDecision:
    """The public sector equality duty, decided in person (Equality Act 2010 s.149, GOV-12).

    Attributes:
        validation_sha256: Digest of the validation whose error rates by group were before the decision maker.
        children: What was asked and answered about children's rights.
        published_reason: Why these thresholds and no others; public (EQV-03).
    """

    decision_maker: str
    validation_sha256: str
    evidence: tuple[EqualityEvidence, ...]
    children: str
    published_reason: str
    decision: str

    def __post_init__(self) -> None:
        # Bridges [2020] EWCA Civ 1058 at 199: a manufacturer's word, or words of many, is no evidence of one's own.
        if all(one.kind is not EvidenceKind.INDEPENDENT_TEST for one in self.evidence):
            kinds = ", ".join(sorted({one.kind for one in self.evidence})) or "none"
            raise ContentError(f"evidence: expected a test by somebody independent, got {kinds}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPolicy:
    """What the public reads: why, for whom, in which collections and by whom a search may be made (GOV-08)."""

    plain_summary: str
    purposes: str
    subjects: str
    collections: str
    decided_by: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingRecord:
    """What the record of processing needs and no configuration says (s.61(2), s.42(4)); the rest is generated."""

    controller: str
    controller_contact: str
    joint_controllers: str
    dpo_contact: str
    recipients: str
    profiling: str
    transfers: str
    security_measures: str
    lawfulness: str
    retention_kept: str


def transfer_recorded(organisation: str, own: Container[str], record: ProcessingRecord | None) -> Verdict:
    """Refuse to send anything to another organisation that the record of processing does not name (REP-11).

    Nothing leaves the controller's own organisation by default, least of all the country (ss.73 to 78): whoever is to
    receive something stands by name under recipients or transfers of the signed record.
    """
    named = record is not None and organisation.casefold() in f"{record.recipients}\n{record.transfers}".casefold()
    return require(
        organisation in own or (bool(organisation.strip()) and named),
        "transfer_not_recorded",
        "expected a recipient of the controller's organisation, or of one in the record of processing, got another",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointments:
    """Who holds each post, by role; a post with nobody in it is no post."""

    holders: Mapping[Role, str]

    def __post_init__(self) -> None:
        missing = [role for role in APPOINTED if not self.holders.get(role, "").strip()]
        if missing:
            raise ContentError(f"holders: expected somebody for each post, got nobody for {', '.join(missing)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRoute:
    """Where anybody complains, how soon they hear, and that the Commissioner is there too (s.164A, s.51).

    Attributes:
        confidential: Where anybody reports an infringement without their superiors learning of it (s.81, GOV-21); its
            post is read by ``confidential_reader`` alone and never enters this system, so no log shows its use.
    """

    address: str
    acknowledged_within_days: int
    commissioner: str
    accessible_formats: str
    confidential: str
    confidential_reader: Role

    def __post_init__(self) -> None:
        check_confidential(self)
        if not 1 <= self.acknowledged_within_days <= ACKNOWLEDGED_WITHIN_DAYS:
            got = self.acknowledged_within_days
            raise ContentError(f"acknowledged_within_days: expected 1 to {ACKNOWLEDGED_WITHIN_DAYS}, got {got}")


def check_confidential(route: ComplaintRoute) -> None:
    """Refuse a confidential route that leads to whom it is to be kept from.

    Raises:
        ContentError: It is the ordinary address, or neither the data protection officer nor oversight reads it.
    """
    if route.confidential.strip().casefold() == route.address.strip().casefold():
        raise ContentError("confidential: expected another address than the one for complaints, got the same")
    if route.confidential_reader not in OUTSIDE_COMMAND:
        raise ContentError(f"confidential_reader: expected dpo or oversight, got {route.confidential_reader}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """How one guiding principle is kept, and what shows it."""

    number: int
    compliance: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraCode:
    """The self-assessment against the twelve principles of the Surveillance Camera Code (GOV-23)."""

    principles: tuple[Principle, ...]

    def __post_init__(self) -> None:
        numbers = [one.number for one in self.principles]
        if numbers != list(range(1, CODE_PRINCIPLES + 1)):
            raise ContentError(f"principles: expected 1 to {CODE_PRINCIPLES}, each once and in order, got {numbers}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Terms with who supplies or supports the system, even where that is a department of the force (s.59, GOV-19)."""

    processor: str
    audit: str
    deletion: str
    sub_processors: str
    ends: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsAssessment:
    """The fundamental rights impact assessment (AI Act Art 27(1)(a)-(f)), notified to the authority (Art 27(3))."""

    processes: str
    period_and_frequency: str
    affected: str
    risks: str
    human_oversight: str
    measures: str
    notified_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EuRegistration:
    """Registration in the secure non-public section of the database of the Union (AI Act Art 49(4))."""

    number: str
    registered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftDecision:
    """Why a suspension may end: the data protection officer's side of it, beside oversight's step (T24)."""

    cause: str
    mended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CessationDecision:
    """That use ends for good, and what is kept of it (s.42(3), (5))."""

    reason: str
    kept: str
