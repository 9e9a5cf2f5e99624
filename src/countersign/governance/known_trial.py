"""Trials whose answer is known: seeded lists and proficiency tests, by which an examiner's error rates are known."""

from dataclasses import dataclass
from datetime import date

from countersign.primitives.ids import PersonId


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
