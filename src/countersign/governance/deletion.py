"""A person asks that their images be deleted, where nobody convicted them: granted unless refused in time (DSR-06).

The presumption is for deletion. Silence grants it: on the day after the last one to decide, the records are erased.
Only a signed refusal with an exceptional reason stops that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from countersign.governance.register import LegalStatus
from countersign.governance.register_rules import CONVICTED
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.ids import CollectionId, KeyId, PersonId, SubjectId


class DeletionState(StrEnum):
    """What became of a request."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionRequest:
    """One request. Its own key seals the reason, so that it outlives what it asked to erase.

    Attributes:
        due: Last day on which it can be refused.
    """

    id: str
    collection: CollectionId
    subject: SubjectId
    key: KeyId
    received_on: date
    due: date
    state: DeletionState
    registered_by: PersonId
    decided_by: PersonId | None
    decided_at: datetime | None
    reason: str


def deletion_owed(statuses: Iterable[LegalStatus]) -> Verdict:
    """Refuse a request about a person all of whose records rest on a conviction or caution: no presumption there."""
    return require(
        not set(statuses) <= CONVICTED,
        "convicted_record",
        "expected a record without conviction or caution, got convicted ones alone: rectification or review is the way",
    )


def received_in_past(received_on: date, today: date) -> Verdict:
    """Refuse a request said to be received later than today: its clock would start late."""
    return require(received_on <= today, "received_in_future", f"expected a day up to {today}, got {received_on}")


def may_refuse(request: DeletionRequest, person: PersonId, reason: str, today: date, minimum_chars: int) -> Verdict:
    """Refuse a refusal that is late, without an exceptional reason, or by the person who took the request in."""
    return first_refusal(
        undecided(request),
        require(
            today <= request.due,
            "deletion_granted",
            f"expected a refusal by {request.due}, got one on {today}",
        ),
        require(
            person != request.registered_by,
            "own_request",
            "expected another person than the one who registered it, got the same",
        ),
        require(
            len(reason.strip()) >= minimum_chars,
            "reasons_too_short",
            f"expected an exceptional reason in at least {minimum_chars} characters, got fewer",
        ),
    )


def undecided(request: DeletionRequest) -> Verdict:
    """Refuse to decide a request twice."""
    return require(
        request.state is DeletionState.OPEN,
        "deletion_decided",
        f"expected an open request, got one that is {request.state}",
    )


def granted_by_silence(request: DeletionRequest, today: date) -> bool:
    """Say whether nobody refused in time."""
    return request.state is DeletionState.OPEN and today > request.due
