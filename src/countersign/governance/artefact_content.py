"""The content of each type of artefact, as records: what is not in the record cannot be said, what is must be said."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import TypeVar

from countersign.errors import Invalid
from countersign.governance.certificate import Certificate
from countersign.governance.likelihood import LikelihoodMethod
from countersign.governance.policy_pack import OperatingPoint
from countersign.primitives.codec import from_plain

C = TypeVar("C")


class Risk(StrEnum):
    """Risk that is left after the measures; ``high`` leads to the Commissioner (s.65)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class AdviceKind(StrEnum):
    """What the Commissioner answered: advice, or that the period is extended by a month."""

    ADVICE = "advice"
    EXTENSION = "extension"


class ContentError(Invalid):
    """The content of an artefact is not what its type asks for."""

    code = "artefact_content"


_PEOPLE = re.compile(
    r"\b(human|person|people|examin|review|operator|officer|staff|somebody|manual|trained|expert|double.?check)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;,\n]|\band\b")


def only_people(measures: str) -> bool:
    """Say whether human involvement is the only measure that a text names (EU-11, EDPB Guidelines 05/2022).

    Example:
        >>> only_people("A trained examiner checks each result, and an officer decides.")
        True
        >>> only_people("A trained examiner checks each result; nothing is listed below a threshold.")
        False
    """
    clauses = [clause for clause in _CLAUSE.split(measures) if clause.strip()]
    return bool(clauses) and all(_PEOPLE.search(clause) for clause in clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dpia:
    """The four parts of s.64(3), the DPO's advice (s.71(1)) and the reasons for departing from it.

    Attributes:
        plain_summary: What anybody may read of it, in plain English (GOV-16).
    """

    plain_summary: str
    description: str
    risk_assessment: str
    measures: str
    safeguards: str
    dpo_advice: str
    advice_followed: bool
    residual_risk: Risk
    departure_reason: str | None = None

    def __post_init__(self) -> None:
        if not self.advice_followed and not self.departure_reason:
            raise ContentError("departure_reason: expected why the DPO's advice was not followed, got nothing")
        if only_people(self.measures):
            raise ContentError("measures: expected more than that people look at the result, got nothing else")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationAdvice:
    """The Commissioner's answer (s.65)."""

    kind: AdviceKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The panel's finding on each of the five conditions of the London Policing Ethics Panel (2019)."""

    benefit: str
    bias: str
    necessity: str
    training: str
    guidelines: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A recommendation and the force's written response; an unanswered one blocks (GOV-06)."""

    text: str
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EthicsOpinion:
    """The independent panel's opinion."""

    conditions: Conditions
    recommendations: tuple[Recommendation, ...]
    conclusion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A measured rate with its interval, each in [0, 1]."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.value <= self.high <= 1:
            raise ContentError(f"expected 0 <= low <= value <= high <= 1, got {self.low}, {self.value}, {self.high}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What was measured, on what, with what, at the deployed thresholds and gallery size.

    Attributes:
        certificate: Claims and counts; a programme with real data needs one (`certificate_rules`).
        likelihood: Methods by which a disclosure pack may state likelihood ratios; without one it states none.
    """

    extractor: str
    dataset: str
    thresholds: Mapping[OperatingPoint, Mapping[str, int]]
    gallery_size: int
    searches: int
    list_length: int
    fnir: Rate
    fpir: Rate
    certificate: Certificate | None = None
    likelihood: tuple[LikelihoodMethod, ...] = ()

    def __post_init__(self) -> None:
        if min(self.gallery_size, self.searches, self.list_length) < 1 or not self.thresholds:
            raise ContentError("expected thresholds, and at least one search in a gallery of at least one, got none")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppropriatePolicyDocument:
    """How the principles are kept and how long data is kept (s.42(2))."""

    procedures: str
    retention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotPlan:
    """Benefit measures fixed before the pilot, its cap of searches and its last day (GOV-18)."""

    measures: tuple[str, ...]
    search_cap: int
    ends: date

    def __post_init__(self) -> None:
        if not self.measures or self.search_cap < 1:
            raise ContentError("expected at least one measure and a cap of at least one search, got none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What became of one measure of the plan."""

    measure: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTrial:
    """Lists whose answer was known, reviewed by examiners who did not know it: engine and people as one (EQV-10).

    Attributes:
        mated: Lists for which the person was in the collection, and of these how many ended with support for them.
        non_mated: Lists for which the person was not, and of these how many ended with support for somebody.
    """

    mated: int
    found: int
    non_mated: int
    false_leads: int

    def __post_init__(self) -> None:
        if not (0 <= self.found <= self.mated and 0 <= self.false_leads <= self.non_mated):
            raise ContentError("joint_trial: expected no more leads than lists, got more")


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotEvaluation:
    """What the pilot showed of each measure fixed before it, and where that was published (GOV-18).

    Attributes:
        joint_trial: Counted again from the recorded trials before use goes on (`known_trial`).
    """

    findings: str
    measured: tuple[Measured, ...]
    benefit: str
    more_than_marginal: bool
    published_at: str
    joint_trial: JointTrial


def read_as(kind: type[C], content: str) -> C:
    """Read the content of an artefact as one kind of record.

    Raises:
        ContentError: It is not JSON, or says something that cannot be.
        MalformedRecordError: A field is missing, unknown or of another type.
    """
    try:
        plain = json.loads(content)
    except json.JSONDecodeError as reason:
        raise ContentError(f"expected the content of an artefact as JSON, got: {reason}") from reason
    return from_plain(kind, plain)


def empty_texts(value: object, place: str = "") -> Iterator[str]:
    """Name the places of texts that say nothing."""
    if isinstance(value, Enum):
        return
    if isinstance(value, str) and not value.strip():
        yield place
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from empty_texts(item, f"{place}[{at}]")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from empty_texts(getattr(value, field.name), f"{place}.{field.name}".lstrip("."))
