"""What time does to a request: a table of limits, each with the states it runs in and the event that it brings.

The clock of a state starts when the request enters it. A limit has run out once its last moment has passed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from countersign.governance.request import Authorisation, RequestState, SearchRequest
from countersign.governance.request_clocks import RequestClocks
from countersign.governance.request_transitions import Event

S = RequestState
SATURDAY = 5
HELD_IN_REVIEW = (S.EXECUTED, S.SCREENING, S.BLIND_VERIFY, S.CONFLICT, S.LEAD_SUPPORTED)

Deadline = Callable[[SearchRequest, Authorisation | None, RequestClocks], datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """One limit.

    Attributes:
        event: What happens when it has run out; None deletes the request, which was never asked.
        deadline: Its last moment; None where it does not apply.
    """

    states: tuple[RequestState, ...]
    event: Event | None
    deadline: Deadline


def working_days_after(since: datetime, days: int) -> datetime:
    """Give the moment so many working days later; Saturdays and Sundays do not count.

    Example:
        >>> working_days_after(datetime(2026, 1, 9, 17), 1)  # a Friday
        datetime.datetime(2026, 1, 12, 17, 0)
    """
    moment = since
    for _ in range(days):
        moment += timedelta(days=1)
        while moment.weekday() >= SATURDAY:
            moment += timedelta(days=1)
    return moment


def _after(hours: Callable[[RequestClocks], int]) -> Deadline:
    return lambda request, _, clocks: request.state_since + timedelta(hours=hours(clocks))


def _unconfirmed(_: SearchRequest, authorisation: Authorisation | None, __: RequestClocks) -> datetime | None:
    if authorisation is None or authorisation.confirmed_at is not None:
        return None
    return authorisation.confirm_by


def _expiry(_: SearchRequest, authorisation: Authorisation | None, __: RequestClocks) -> datetime | None:
    # An authorisation is not good any more at its very last moment.
    return authorisation.expires_at - timedelta(milliseconds=1) if authorisation else None


LIMITS: Mapping[str, TimeLimit] = MappingProxyType(
    {
        # An urgent decision that nobody confirmed is void wherever its search stands, and is looked at first (AUT-08).
        "unconfirmed": TimeLimit(
            states=(S.URGENT_AUTHORISED, *HELD_IN_REVIEW), event=Event.VOID, deadline=_unconfirmed
        ),
        "undecided": TimeLimit(
            states=(S.SUBMITTED,),
            event=Event.RETURN,
            deadline=lambda request, _, clocks: working_days_after(request.state_since, clocks.decision_working_days),
        ),
        "undecided_externally": TimeLimit(
            states=(S.EXT_PENDING,), event=Event.STOP, deadline=_after(lambda clocks: clocks.external_decision_h)
        ),
        "unused": TimeLimit(states=(S.AUTHORISED, S.URGENT_AUTHORISED), event=Event.EXPIRE, deadline=_expiry),
        "unopened_list": TimeLimit(
            states=(S.EXECUTED,), event=Event.EXPIRE, deadline=_after(lambda clocks: clocks.list_unopened_h)
        ),
        "unreleased_or_unread_lead": TimeLimit(
            states=(S.LEAD_SUPPORTED, S.RELEASED), event=Event.LAPSE, deadline=_after(lambda clocks: clocks.lead_h)
        ),
        "forgotten_draft": TimeLimit(
            states=(S.DRAFT, S.RETURNED), event=None, deadline=_after(lambda clocks: clocks.draft_h)
        ),
    }
)


def run_out(
    request: SearchRequest, authorisation: Authorisation | None, clocks: RequestClocks, now: datetime
) -> tuple[str, TimeLimit] | None:
    """Give the first limit that has run out, with its name; None while all run."""
    for name, limit in LIMITS.items():
        if request.state in limit.states:
            deadline = limit.deadline(request, authorisation, clocks)
            if deadline is not None and now > deadline:
                return name, limit
    return None
