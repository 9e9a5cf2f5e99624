"""Trials whose answer is known: seeded lists and proficiency tests, by which an examiner's error rates are known."""

from dataclasses import dataclass
from datetime import date, datetime

from countersign.primitives.ids import KeyId, PersonId, RequestId, SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTrial:
    """One list that somebody reviewed without knowing that its answer is known (REV-03, REV-10).

    Attributes:
        id: The organiser's own number of the trial, so that a result is taken in once.
        mated: Whether the person of the probe was on the list.
        supported: Whether the examiner supported a candidate who is not that person, or that person, as a lead.
    """

    id: str
    examiner: PersonId
    mated: bool
    supported: bool
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededSearch:
    """A search whose answer is known to its organiser alone, reviewed like any other and never released (REV-03).

    Attributes:
        id: The request's.
        key: The request's; ``mate`` is sealed under it.
        mate: The subject whom the probe shows; None where the collection does not hold that person.
    """

    id: RequestId
    key: KeyId
    mate: SubjectId | None
    seeded_by: PersonId
    seeded_at: datetime
