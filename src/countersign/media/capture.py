"""When imagery was taken: the interval that follows from what is stated, and where the file itself disagrees (P-13).

Whatever is known to have happened after the capture bounds it: the picture cannot be younger than its posting, its
being seen, seized, received, or sealed. The smallest of these is the latest moment, and the latest moment is what every
rule of age counts with. A camera's own clock bounds nothing; where it disagrees, people are shown that it does.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from countersign.errors import Refused
from countersign.media.exhibit import (
    CaptureBasis,
    CaptureInterval,
    CaptureStatement,
    Contradiction,
    ContradictionKind,
)

CLOCK_TOLERANCE = timedelta(minutes=1)
"""A recorder that is off by more than this is pointed out, corrected or not."""
_ZONES = (timedelta(hours=-12), timedelta(hours=14))
"""A time without a zone may be that of any place on earth."""


class CaptureTimeUnknownError(Refused):
    """Nothing says when the imagery was taken, and it has not lain sealed either (PRB-02)."""

    code = "capture_time_unknown"


def capture_interval(stated: CaptureStatement, sealed_at: datetime) -> CaptureInterval:
    """Give the capture interval at its worst case; its end is never later than the sealing (PRB-02, LFR-02).

    Args:
        stated: What is known. With basis ``sealed`` nothing may be stated of the latest moment.
        sealed_at: The moment of sealing.

    Raises:
        CaptureTimeUnknownError: Nothing bounds the latest moment though the basis says that something does, or a moment
            lies after the sealing.
        CaptureIntervalError: It would end before it begins.

    Example:
        >>> from datetime import UTC, datetime
        >>> noon, one = datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(2026, 1, 31, 13, tzinfo=UTC)
        >>> stated = CaptureStatement(basis=CaptureBasis.EXHIBIT_STATEMENT, latest=noon, uncertainty_s=600)
        >>> interval = capture_interval(stated, one)
        >>> f"{interval.earliest:%H:%M} {interval.latest:%H:%M}"
        '11:50 12:10'
    """
    if stated.uncertainty_s < 0:
        raise CaptureTimeUnknownError(f"expected an uncertainty of 0 s or more, got {stated.uncertainty_s} s")
    _check_basis(stated)
    earliest, latest = _true(stated, stated.earliest), _true(stated, stated.latest)
    told = {"captured": latest, "earliest": earliest, **bounds(stated)}
    late = sorted(name for name, moment in told.items() if moment is not None and moment > sealed_at)
    if late:
        raise CaptureTimeUnknownError(
            f"expected moments before the sealing at {sealed_at}, got a later one ({', '.join(late)})",
            code="capture_in_future",
        )
    margin = timedelta(seconds=stated.uncertainty_s)
    ends = [*bounds(stated).values(), *([latest + margin] if latest else []), sealed_at]
    end = min(ends)
    begin = earliest or latest
    return CaptureInterval(earliest=end if begin is None else begin - margin, latest=end, basis=stated.basis)


def bounds(stated: CaptureStatement) -> Mapping[str, datetime]:
    """Give the moments by which the imagery existed, by name."""
    known = {
        "posted": stated.posted_at,
        "first seen": stated.first_seen_at,
        "seized": stated.seized_at,
        "received": stated.received_at,
    }
    return {name: moment for name, moment in known.items() if moment is not None}


def contradictions(
    stated: CaptureStatement, interval: CaptureInterval, camera_time: str | None, sealed_at: datetime
) -> tuple[Contradiction, ...]:
    """Say where the file's own time, or the recorder's clock, disagrees with what is stated.

    Args:
        stated: What was stated.
        interval: What follows from it.
        camera_time: ISO 8601, with an offset or without; without one, any zone on earth is given the benefit.
        sealed_at: The moment of sealing.
    """
    return (*_by_the_camera(interval, camera_time, sealed_at), *_by_the_clock(stated), *_by_the_bounds(stated))


def _check_basis(stated: CaptureStatement) -> None:
    if stated.basis is CaptureBasis.SEALED:
        if stated.latest is not None:
            raise CaptureTimeUnknownError(
                "expected no capture time with basis 'sealed': that basis says that nothing else is known, got one"
            )
    elif stated.latest is None and not bounds(stated):
        raise CaptureTimeUnknownError(
            "expected when the imagery was taken, at the latest, and on what basis, got none; imagery of unknown age"
            " can be sealed with basis 'sealed' and qualifies once it has lain sealed for the minimum age"
        )


def _true(stated: CaptureStatement, moment: datetime | None) -> datetime | None:
    return moment - stated.recorder.offset if moment is not None and stated.recorder is not None else moment


def _by_the_camera(interval: CaptureInterval, camera_time: str | None, sealed_at: datetime) -> Iterator[Contradiction]:
    try:
        moment = datetime.fromisoformat(camera_time) if camera_time else None
    except ValueError:  # the thirty-first of February: a camera may say anything
        moment = None
    if camera_time is None or moment is None:
        return
    west, east = _ZONES if moment.tzinfo is None else (timedelta(0), timedelta(0))
    local = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    try:
        first, last = local - east, local - west
    except OverflowError:  # the first or the last day that there is
        first = last = local
    if first > sealed_at:
        kind, said = ContradictionKind.CAMERA_TIME_AFTER_SEALING, f"sealed at {sealed_at.isoformat()}"
    elif last < interval.earliest or first > interval.latest:
        kind = ContradictionKind.CAMERA_TIME_OUTSIDE
        said = f"taken from {interval.earliest.isoformat()} to {interval.latest.isoformat()}"
    else:
        return
    yield Contradiction(kind=kind, stated=said, found=f"the file says {camera_time}")


def _by_the_clock(stated: CaptureStatement) -> Iterator[Contradiction]:
    if stated.recorder is not None and abs(stated.recorder.offset) > CLOCK_TOLERANCE:
        ahead = round(stated.recorder.offset.total_seconds())
        yield Contradiction(
            kind=ContradictionKind.RECORDER_CLOCK_OFF,
            stated=f"the recorder showed {stated.recorder.shown.isoformat()} at {stated.recorder.true.isoformat()}",
            found=f"its clock is {abs(ahead)} s {'ahead' if ahead > 0 else 'behind'}",
        )


def _by_the_bounds(stated: CaptureStatement) -> Iterator[Contradiction]:
    latest = _true(stated, stated.latest)
    for name, moment in bounds(stated).items():
        if latest is not None and latest > moment:
            yield Contradiction(
                kind=ContradictionKind.STATED_AFTER_BOUND,
                stated=f"taken by {latest.isoformat()}",
                found=f"{name} at {moment.isoformat()} already",
            )
