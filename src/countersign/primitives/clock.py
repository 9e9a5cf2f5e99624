"""Time is passed in, never read: every rule with a clock can then be tested by moving it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Gives the present moment. Must never go back between two calls."""

    def now(self) -> datetime:
        """Give the present moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the machine's time in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved. Only programmes of kind ``demonstration`` and ``test`` accept it."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Give the simulated time in UTC."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move the clock forward by ``step``; a negative step would break the promise of `Clock`."""
        if step < timedelta(0):
            raise ValueError(step)
        self._now += step


def rfc3339(moment: datetime) -> str:
    """Write a moment as ``2026-01-31T12:00:00.000Z``: UTC, milliseconds, one spelling.

    Example:
        >>> rfc3339(datetime(2026, 1, 31, 12, 0, 0, 1500, tzinfo=UTC))
        '2026-01-31T12:00:00.001Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def parse_rfc3339(text: str) -> datetime:
    """Read what a person or `rfc3339` wrote; a moment without a zone is refused with ``ValueError``."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = f"expected a time with a zone such as 2026-01-31T12:00:00Z, got {text!r}"
        raise ValueError(msg)
    return moment.astimezone(UTC)
