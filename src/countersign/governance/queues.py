"""Which queue a request stands in: for whom it waits, as a supervisor sees it (practice P-15).

A second and a third examination share one queue: that a third is wanted would tell whoever gives it that two disagreed.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from countersign.governance.request import RequestState


class Queue(StrEnum):
    """What a request waits for, in the order in which a request comes through them."""

    AMENDMENT = "amendment"
    DECISION = "decision"
    EXTERNAL_DECISION = "external_decision"
    SEARCH = "search"
    SCREENING = "screening"
    EXAMINATION = "examination"
    RELEASE = "release"
    OUTCOME = "outcome"
    CLOSING = "closing"


S = RequestState
QUEUE_OF: Mapping[RequestState, Queue] = MappingProxyType(
    {
        S.DRAFT: Queue.AMENDMENT,
        S.RETURNED: Queue.AMENDMENT,
        S.SUBMITTED: Queue.DECISION,
        S.EXT_PENDING: Queue.EXTERNAL_DECISION,
        S.AUTHORISED: Queue.SEARCH,
        S.URGENT_AUTHORISED: Queue.SEARCH,
        S.PROBE_LOCKED: Queue.SEARCH,
        S.EXECUTED: Queue.SCREENING,
        S.SCREENING: Queue.SCREENING,
        S.BLIND_VERIFY: Queue.EXAMINATION,
        S.CONFLICT: Queue.EXAMINATION,
        S.LEAD_SUPPORTED: Queue.RELEASE,
        S.RELEASED: Queue.OUTCOME,
        S.CORROBORATION: Queue.OUTCOME,
        S.OUTCOME_RECORDED: Queue.CLOSING,
        S.NO_LEAD: Queue.CLOSING,
        S.NO_CANDIDATE: Queue.CLOSING,
    }
)
"""States that wait for a person; what is over, or over for good, waits in none."""
