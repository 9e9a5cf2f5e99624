"""The request for one search, and the authorisation that answers it; their machine is in `request_transitions`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from countersign.primitives.digest import Sha256
from countersign.primitives.ids import (
    AuthorisationId,
    CaseId,
    CollectionId,
    ImageId,
    KeyId,
    PersonId,
    ProbeId,
    RequestId,
)
from countersign.primitives.privacy import Privacy


class RequestState(StrEnum):
    """Requirements §4.2."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REFUSED = "refused"
    AUTHORISED = "authorised"
    URGENT_AUTHORISED = "urgent_authorised"
    EXT_PENDING = "ext_pending"
    PROBE_LOCKED = "probe_locked"
    PROBE_UNSUITABLE = "probe_unsuitable"
    EXECUTED = "executed"
    NO_CANDIDATE = "no_candidate"
    SCREENING = "screening"
    PROPOSED_LEAD = "proposed_lead"
    BLIND_VERIFY = "blind_verify"
    CONFLICT = "conflict"
    LEAD_SUPPORTED = "lead_supported"
    NO_LEAD = "no_lead"
    RELEASED = "released"
    CORROBORATION = "corroboration"
    OUTCOME_RECORDED = "outcome_recorded"
    DISPROVED = "disproved"
    STOPPED = "stopped"
    EXPIRED = "expired"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"
    RETENTION_REVIEW = "retention_review"
    ERASED = "erased"


class SubjectCategory(StrEnum):
    """Who the person sought is in the investigation (AUT-06)."""

    PRESUMED_OFFENDER = "presumed_offender"
    CONVICTED = "convicted"
    VICTIM = "victim"
    WITNESS = "witness"
    MISSING = "missing"
    DECEASED = "deceased"


class UseClass(StrEnum):
    """What the search is for (AUT-21)."""

    INTELLIGENCE = "intelligence"
    EVIDENCE = "evidence"
    SAFEGUARDING = "safeguarding"


class Setting(StrEnum):
    """Where the imagery was taken (AUT-14)."""

    ORDINARY = "ordinary"
    PROTEST = "protest"
    WORSHIP = "worship"
    HEALTH = "health"
    PRESS = "press"
    LEGAL = "legal"


class AgeBand(StrEnum):
    """Apparent or known age of the person sought."""

    UNDER_18 = "under_18"
    ADULT = "adult"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    """Why a search cannot wait; there is no other reason (AUT-08)."""

    NONE = "none"
    THREAT_TO_LIFE = "threat_to_life"
    SERIOUS_HARM = "serious_harm"


class SafeguardingGround(StrEnum):
    """Why somebody is to be protected or named; it stands where another form states an offence (practice P-10)."""

    NONE = "none"
    RISK = "risk"
    CORONER = "coroner"


class FurtherGround(StrEnum):
    """Why the same person is searched for again in the same case (practice P-03)."""

    NONE = "none"
    NEW_MATERIAL = "new_material"
    EARLIER_LEAD_DISPROVED = "earlier_lead_disproved"
    GALLERY_OR_NETWORK_CHANGED = "gallery_or_network_changed"


class SearchKind(StrEnum):
    """Whether somebody unknown is to be named, or somebody named is to be found; computed, never chosen (AUT-09).

    ONE_TO_ONE is no search at all: one named person's image is compared with the probe (practice P-05).
    """

    INITIAL = "initial"
    TARGETED = "targeted"
    ONE_TO_ONE = "one_to_one"


class Tier(StrEnum):
    """How high the authorising officer must stand; computed, never chosen (AUT-05)."""

    T1 = "t1"
    T2 = "t2"
    T3 = "t3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An investigation. ``reference`` is the force's own and is sealed under the case key.

    Attributes:
        closed_at: When it was disposed of; its disclosure period runs from here. None while it is live.
    """

    id: CaseId
    key: KeyId
    reference: str
    reference_digest: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """Why this search (requirements §8.2). Every text is the requester's own.

    Attributes:
        objective_facts: What links this person to the offence; a safeguarding form leaves it out (practice P-10).
        expected_benefit: What a lead makes possible; a safeguarding form leaves it out.
        safeguarding_ground: In place of an offence, where somebody is to be protected or named.
        named_person: Who it is, where that is known already; this alone makes the search a targeted one.
        best_interests: For a child: why the search serves the child.
        specific_offence: For a protected setting: what this very person did.
        earlier_requests: Requests of this case for this exhibit that were refused; each must be named (AUT-12).
    """

    offence_code: str
    purpose: str
    subject_category: SubjectCategory
    use_class: UseClass
    schedule_8_condition: str
    aim: str
    why_this_face: str
    alternatives_tried: str
    collateral_intrusion: str
    setting: Setting
    age_band: AgeBand
    place: str
    privacy: Privacy
    declaration: bool
    objective_facts: str = ""
    expected_benefit: str = ""
    safeguarding_ground: SafeguardingGround = SafeguardingGround.NONE
    urgency: Urgency = Urgency.NONE
    named_person: str = ""
    best_interests: str = ""
    specific_offence: str = ""
    earlier_requests: tuple[RequestId, ...] = ()
    further_ground: FurtherGround = FurtherGround.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One request for one search for one person.

    Attributes:
        key: The request's own. What a stopped or voided search brought forth is destroyed with it; the case's exhibits
            are under the case's key and stay.
        urgent: Kept beside the sealed form, for the clock.
        considered_by: Officers who opened quality, error rates, earlier refusals and caveat since it was submitted.
        extended: Whether the clock of its present state was once set back.
        binding: Digest of what an authorisation binds: case, probe, sealed exhibits, marked faces (practice P-03).
        bundle: What its requests have in common whose case was written down once; empty where it stands alone.
        ended_at: When it first came to an end, by whatever way; what it led to is kept from here on (RET-02).
        compared_with: The one reference image of a one-to-one comparison (P-05); None where a collection is searched.
    """

    id: RequestId
    case: CaseId
    key: KeyId
    requester: PersonId
    state: RequestState
    form: RequestForm
    tier: Tier
    kind: SearchKind
    urgent: bool
    collection: CollectionId
    probe: ProbeId
    binding: Sha256
    drafted_at: datetime
    state_since: datetime
    considered_by: tuple[PersonId, ...] = ()
    extended: bool = False
    bundle: str = ""
    ended_at: datetime | None = None
    compared_with: ImageId | None = None


class AuthorisationState(StrEnum):
    """An authorisation buys one search."""

    PENDING = "pending"
    LIVE = "live"
    SPENT = "spent"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """An officer's decision: binds one probe, lapses at ``expires_at``, is spent by one search.

    Attributes:
        confirm_by: Until when an urgent decision must be confirmed in writing (AUT-08); None where it was not urgent.
    """

    id: AuthorisationId
    request: RequestId
    case: CaseId
    key: KeyId
    officer: PersonId
    tier: Tier
    necessity: str
    proportionality: str
    binding: Sha256
    granted_at: datetime
    expires_at: datetime
    state: AuthorisationState
    confirm_by: datetime | None = None
    confirmed_at: datetime | None = None
