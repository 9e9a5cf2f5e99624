"""The request's state machine: one search, from draft to erasure (requirements §4.2, T1 to T27).

The rules of the machine:

- What is not a row of `TRANSITIONS` raises `TransitionError`; the operation records it as ``denied``. An event has one
  name and, in one state, one outcome; who does it matters as much as what is done.
- A search is two transactions (decisions). The first locks the probe (T9) together with ``search.started``; the second
  executes (T11) together with ``search.sealed``. A run that was cut off between them is run again, or aborted, which
  returns the request to where its authorisation stood. Nothing else leads out of PROBE_LOCKED: whoever withdraws or
  stops a search that is running does so once it has been sealed or aborted.
- The first opinion always leads to BLIND_VERIFY, supported or not: two independent opinions are needed to conclude, and
  being asked for a second one must tell the examiner nothing (REV-05). PROPOSED_LEAD is therefore never entered.
- T24 to T26 (suspension, restriction, disclosure hold) lie over a state and are no states; they are no rows here.
- Dates, texts and counts are guards (`request_rules`); who may call an operation at all is policy (`gate`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from countersign.errors import Refused
from countersign.governance.actor import Role
from countersign.governance.request import RequestState


class Event(StrEnum):
    """What happens to a request."""

    DRAFT = "draft"
    SUBMIT = "submit"
    RETURN = "return"
    REFUSE = "refuse"
    AUTHORISE = "authorise"
    AUTHORISE_URGENTLY = "authorise_urgently"
    REFER_EXTERNALLY = "refer_externally"
    GRANT_EXTERNALLY = "grant_externally"
    STOP = "stop"
    LOCK_PROBE = "lock_probe"
    FIND_UNSUITABLE = "find_unsuitable"
    EXECUTE = "execute"
    ABORT = "abort"
    ABORT_URGENT = "abort_urgent"
    FIND_NO_CANDIDATE = "find_no_candidate"
    OPEN_REVIEW = "open_review"
    OPINE_FIRST = "opine_first"
    SUPPORT_LEAD = "support_lead"
    SUPPORT_NONE = "support_none"
    DISAGREE = "disagree"
    RELEASE = "release"
    CORROBORATE = "corroborate"
    RECORD_OUTCOME = "record_outcome"
    CLOSE = "close"
    REVIEW_RETENTION = "review_retention"
    ERASE = "erase"
    EXPIRE = "expire"
    VOID = "void"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    DISPROVE = "disprove"


class Mechanism(StrEnum):
    """Doers that are no person of the programme."""

    ENGINE = "engine"
    CLOCK = "clock"
    EXTERNAL_AUTHORITY = "external_authority"


class TransitionError(Refused):
    """The machine has no such step, or not for this doer."""

    code = "transition"

    def __init__(self, state: RequestState | None, event: Event, roles: Collection[Role | Mechanism]) -> None:
        listed = sorted(doer for row in TRANSITIONS if (row.source, row.event) == (state, event) for doer in row.doers)
        expected = f"{event} by {' or '.join(listed)}" if listed else f"an event that {state or 'nothing'} allows"
        super().__init__(f"expected {expected}, got {event} in {state} by {', '.join(sorted(roles)) or 'nobody'}")
        self.state = state
        self.event = event


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row: ``clause`` is its number in requirements §4.2; ``source`` None is a request that does not exist yet."""

    clause: str
    source: RequestState | None
    to: RequestState
    event: Event
    doers: frozenset[Role | Mechanism]


S, E, R, M = RequestState, Event, Role, Mechanism
_OFFICER, _ENGINE, _CLOCK, _AUTHORITY = R.AUTHORISING_OFFICER, M.ENGINE, M.CLOCK, M.EXTERNAL_AUTHORITY
_RETAINERS = (M.ENGINE, R.ASSET_OWNER)
_UNDER_REVIEW = (S.EXECUTED, S.SCREENING, S.BLIND_VERIFY, S.CONFLICT, S.LEAD_SUPPORTED)
_ASKED = (S.SUBMITTED, S.RETURNED, S.EXT_PENDING, S.AUTHORISED, S.URGENT_AUTHORISED)
_RELEASED = (S.RELEASED, S.CORROBORATION, S.OUTCOME_RECORDED)
_AFTER_ASKING = (S.EXT_PENDING, S.AUTHORISED, S.URGENT_AUTHORISED, *_UNDER_REVIEW, *_RELEASED)
_ENDED = (
    *(S.OUTCOME_RECORDED, S.NO_LEAD, S.NO_CANDIDATE, S.REFUSED, S.PROBE_UNSUITABLE, S.VOIDED),
    *(S.EXPIRED, S.STOPPED, S.WITHDRAWN, S.LAPSED, S.DISPROVED),
)


def _row(
    clause: str, source: RequestState | None, event: Event, to: RequestState, *doers: Role | Mechanism
) -> Transition:
    return Transition(clause=clause, source=source, to=to, event=event, doers=frozenset(doers))


TRANSITIONS: tuple[Transition, ...] = (
    _row("T1", None, E.DRAFT, S.DRAFT, R.REQUESTER),
    _row("T2", S.DRAFT, E.SUBMIT, S.SUBMITTED, R.REQUESTER),
    _row("T2", S.RETURNED, E.SUBMIT, S.SUBMITTED, R.REQUESTER),
    _row("T3", S.SUBMITTED, E.RETURN, S.RETURNED, _OFFICER, _CLOCK),
    _row("T3", S.SUBMITTED, E.REFUSE, S.REFUSED, _OFFICER),
    _row("T4", S.SUBMITTED, E.AUTHORISE, S.AUTHORISED, _OFFICER),
    _row("T5", S.SUBMITTED, E.AUTHORISE_URGENTLY, S.URGENT_AUTHORISED, _OFFICER),
    _row("T6", S.SUBMITTED, E.REFER_EXTERNALLY, S.EXT_PENDING, _OFFICER),
    _row("T7", S.EXT_PENDING, E.GRANT_EXTERNALLY, S.AUTHORISED, _AUTHORITY),
    *(_row("T8", state, E.STOP, S.STOPPED, _AUTHORITY, _CLOCK) for state in _AFTER_ASKING),
    *(_row("T9", state, E.LOCK_PROBE, S.PROBE_LOCKED, R.OPERATOR) for state in (S.AUTHORISED, S.URGENT_AUTHORISED)),
    *(
        _row("T10", state, E.FIND_UNSUITABLE, S.PROBE_UNSUITABLE, R.OPERATOR, _ENGINE)
        for state in (S.SUBMITTED, S.AUTHORISED, S.URGENT_AUTHORISED)
    ),
    _row("T11", S.PROBE_LOCKED, E.EXECUTE, S.EXECUTED, R.OPERATOR, _ENGINE),
    _row("T11", S.PROBE_LOCKED, E.ABORT, S.AUTHORISED, R.OPERATOR, _ENGINE),
    _row("T11", S.PROBE_LOCKED, E.ABORT_URGENT, S.URGENT_AUTHORISED, R.OPERATOR, _ENGINE),
    _row("T12", S.EXECUTED, E.FIND_NO_CANDIDATE, S.NO_CANDIDATE, _ENGINE),
    _row("T13", S.EXECUTED, E.OPEN_REVIEW, S.SCREENING, R.OPERATOR),
    _row("T14", S.SCREENING, E.OPINE_FIRST, S.BLIND_VERIFY, R.OPERATOR),
    _row("T16", S.BLIND_VERIFY, E.SUPPORT_LEAD, S.LEAD_SUPPORTED, R.EXAMINER),
    _row("T16", S.BLIND_VERIFY, E.SUPPORT_NONE, S.NO_LEAD, R.EXAMINER),
    _row("T16", S.BLIND_VERIFY, E.DISAGREE, S.CONFLICT, R.EXAMINER),
    _row("T17", S.CONFLICT, E.SUPPORT_LEAD, S.LEAD_SUPPORTED, R.EXAMINER),
    _row("T17", S.CONFLICT, E.SUPPORT_NONE, S.NO_LEAD, R.EXAMINER),
    _row("T18", S.LEAD_SUPPORTED, E.RELEASE, S.RELEASED, R.OPERATOR),
    _row("T19", S.RELEASED, E.CORROBORATE, S.CORROBORATION, R.REQUESTER),
    _row("T20", S.CORROBORATION, E.RECORD_OUTCOME, S.OUTCOME_RECORDED, R.REQUESTER),
    *(_row("T21", state, E.CLOSE, S.CLOSED, _ENGINE) for state in _ENDED),
    _row("T22", S.CLOSED, E.REVIEW_RETENTION, S.RETENTION_REVIEW, *_RETAINERS),
    _row("T22", S.RETENTION_REVIEW, E.ERASE, S.ERASED, *_RETAINERS),
    *(_row("T23", state, E.EXPIRE, S.EXPIRED, _CLOCK) for state in (S.AUTHORISED, S.URGENT_AUTHORISED, S.EXECUTED)),
    *(_row("T23", state, E.VOID, S.VOIDED, _CLOCK) for state in (S.URGENT_AUTHORISED, *_UNDER_REVIEW)),
    *(
        _row("T23", state, E.WITHDRAW, S.WITHDRAWN, R.REQUESTER, _OFFICER)
        for state in (S.DRAFT, *_ASKED, *_UNDER_REVIEW)
    ),
    *(_row("T23", state, E.LAPSE, S.LAPSED, _CLOCK) for state in (S.LEAD_SUPPORTED, S.RELEASED)),
    *(_row("T27", state, E.DISPROVE, S.DISPROVED, R.REQUESTER, R.EXAMINER, R.DPO) for state in (*_RELEASED, S.CLOSED)),
)
_TABLE: Mapping[tuple[RequestState | None, Event], Transition] = MappingProxyType(
    {(row.source, row.event): row for row in TRANSITIONS}
)


def doers(state: RequestState | None, event: Event) -> frozenset[Role | Mechanism]:
    """Give whose step it is; nobody's where there is no such row."""
    row = _TABLE.get((state, event))
    return row.doers if row else frozenset()


def apply(state: RequestState | None, event: Event, roles: Collection[Role | Mechanism]) -> RequestState:
    """Give the state after the event.

    Args:
        state: Where the request stands; None where there is none yet.
        event: What happens to it.
        roles: What the doer is; one of them must be listed in the row.

    Raises:
        TransitionError: There is no such row, or it is not this doer's.
    """
    row = _TABLE.get((state, event))
    if row is None or row.doers.isdisjoint(roles):
        raise TransitionError(state, event, roles)
    return row.to
