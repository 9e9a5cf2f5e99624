"""The monthly return: when it is due, and that a missed one stops searching (STA-01)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from countersign.governance.verdict import Verdict, require
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import PersonId

DUE_DAYS = 28
"""Days after the end of a month by which its return must be published."""
GRACE = timedelta(hours=72)
"""How long a late return, being a matter of administration, lets searches through where life is at risk (P-11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """That a return was published.

    Attributes:
        id: The month, as 2026-01.
        sha256: Digest of the published figures.
        log_size: Length of the log that they were counted from.
    """

    id: str
    sha256: Sha256
    log_size: int
    published_by: PersonId
    published_at: datetime


def month_of(moment: date | datetime) -> str:
    """Give the month of a day, as 2026-01."""
    return f"{moment.year:04}-{moment.month:02}"


def next_month(month: str) -> str:
    """Give the month after.

    Example:
        >>> next_month("2026-12")
        '2027-01'
    """
    year, number = (int(part) for part in month.split("-"))
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def due_at(month: str) -> date:
    """Give the last day on which the return of a month is in time."""
    return date.fromisoformat(f"{next_month(month)}-01") + timedelta(days=DUE_DAYS - 1)


def overdue_months(since: date, published: frozenset[str], today: date) -> tuple[str, ...]:
    """Give the months from the first day of use on whose return is past its day and was not published."""
    month, late = month_of(since), []
    while due_at(month) < today:
        if month not in published:
            late.append(month)
        month = next_month(month)
    return tuple(late)


def returns_published(since: date, published: frozenset[str], now: datetime, *, life_at_risk: bool) -> Verdict:
    """Refuse a search while a return is late; for 72 hours a search to save a life goes on all the same (P-11)."""
    late = overdue_months(since, published, now.date())
    grace = life_at_risk and not overdue_months(since, published, (now - GRACE).date())
    return require(
        not late or grace,
        "return_overdue",
        f"expected the return of each month by day {DUE_DAYS} of the next, got none for {', '.join(late)}",
    )
