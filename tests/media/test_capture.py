"""The latest moment at which a picture can have been taken, and who disagrees."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from countersign.errors import Invalid
from countersign.media.capture import CaptureTimeUnknownError, bounds, capture_interval, contradictions
from countersign.media.exhibit import CaptureBasis, CaptureStatement, ContradictionKind, RecorderClock
from tests.strategies import moments

SEALED = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
STATED = CaptureBasis.EXHIBIT_STATEMENT


def said(**told: object) -> CaptureStatement:
    return CaptureStatement(**{"basis": STATED, **told})  # type: ignore[arg-type]


def before(hours: float) -> datetime:
    return SEALED - HOUR * hours


earlier = st.none() | moments.filter(lambda moment: moment <= SEALED)


@given(latest=earlier, uncertainty=st.integers(0, 10**6), others=st.tuples(earlier, earlier, earlier, earlier))
@pytest.mark.row("PRB-02")
@pytest.mark.row("LFR-02")
def test_the_latest_moment_is_the_smallest_of_all_that_bound_it(
    latest: datetime | None, uncertainty: int, others: tuple[datetime | None, ...]
):
    assume(latest is not None or any(others))
    names = ("posted_at", "first_seen_at", "seized_at", "received_at")
    stated = said(
        earliest=datetime(1980, 1, 1, tzinfo=UTC),
        latest=latest,
        uncertainty_s=uncertainty,
        **dict(zip(names, others, strict=True)),
    )
    interval = capture_interval(stated, SEALED)

    known = [moment for moment in others if moment is not None]
    worst = [latest + timedelta(seconds=uncertainty)] if latest else []
    assert interval.latest == min([*worst, *known, SEALED])


@pytest.mark.row("PRB-02")
def test_uncertainty_moves_both_ends_outwards_and_never_beyond_the_sealing():
    interval = capture_interval(said(earliest=before(30), latest=before(26), uncertainty_s=7200), SEALED)
    assert (interval.earliest, interval.latest) == (before(32), before(24))

    assert capture_interval(said(latest=before(1), uncertainty_s=86400), SEALED).latest == SEALED


def test_a_recorder_that_is_ahead_took_the_picture_earlier_than_it_says():
    clock = RecorderClock(shown=before(10) + 3 * HOUR, true=before(10))
    interval = capture_interval(said(earliest=before(50), latest=before(40), recorder=clock), SEALED)

    assert (interval.earliest, interval.latest) == (before(53), before(43))
    # Two hours after the sealing by its own clock, an hour before it in truth.
    assert capture_interval(said(latest=before(-2), recorder=clock), SEALED).latest == before(1)


def test_a_picture_that_was_posted_needs_no_other_time():
    interval = capture_interval(said(basis=CaptureBasis.POST_DATE, posted_at=before(48)), SEALED)

    assert (interval.earliest, interval.latest) == (before(48), before(48))


@pytest.mark.parametrize(
    "stated",
    [
        said(),
        said(basis=CaptureBasis.SEALED, latest=before(1)),
        said(latest=before(-1)),
        said(latest=before(2), posted_at=before(-1)),
        said(basis=CaptureBasis.SEALED, earliest=before(-1)),
        said(latest=before(2), uncertainty_s=-1),
    ],
    ids=["nothing", "sealed and more", "in the future", "posted later", "begins later", "less than no uncertainty"],
)
@pytest.mark.row("PRB-02")
def test_what_bounds_nothing_or_cannot_be_is_refused(stated: CaptureStatement):
    with pytest.raises(CaptureTimeUnknownError, match="expected"):
        capture_interval(stated, SEALED)


def test_an_interval_that_a_bound_turns_round_is_refused():
    with pytest.raises(Invalid, match="earliest <= latest"):
        capture_interval(said(earliest=before(2), latest=before(1), seized_at=before(3)), SEALED)


def found(camera_time: str | None, **told: object) -> list[ContradictionKind]:
    stated = said(**{"earliest": before(30), "latest": before(26), **told})
    return [one.kind for one in contradictions(stated, capture_interval(stated, SEALED), camera_time, SEALED)]


@pytest.mark.parametrize(
    ("camera_time", "kinds"),
    [
        (None, []),
        ("2026-03-09T08:00:00+00:00", []),  # 28 hours before
        ("2026-03-09T22:00:00+14:00", []),  # the same moment
        ("2026-03-09T10:00:01+00:00", [ContradictionKind.CAMERA_TIME_OUTSIDE]),
        ("2026-03-09T05:59:59+00:00", [ContradictionKind.CAMERA_TIME_OUTSIDE]),
        ("2026-03-10T00:00:00", []),  # fourteen hours east it is the last moment of the interval
        ("2026-03-10T00:00:01", [ContradictionKind.CAMERA_TIME_OUTSIDE]),
        ("2026-03-11T02:00:01", [ContradictionKind.CAMERA_TIME_AFTER_SEALING]),
        ("2026-02-31T00:00:00", []),
        ("0001-01-01T00:00:00", [ContradictionKind.CAMERA_TIME_OUTSIDE]),
        ("9999-12-31T23:59:59", [ContradictionKind.CAMERA_TIME_AFTER_SEALING]),
    ],
)
def test_a_camera_that_disagrees_is_named(camera_time: str | None, kinds: list[ContradictionKind]):
    assert found(camera_time) == kinds


def test_a_recorder_that_is_off_and_a_bound_before_the_stated_time_are_named():
    slow = RecorderClock(shown=before(5) - 2 * HOUR, true=before(5))

    assert found(None, recorder=slow) == [ContradictionKind.RECORDER_CLOCK_OFF]
    assert found(None, recorder=RecorderClock(shown=before(5), true=before(5))) == []
    assert found(None, posted_at=before(27)) == [ContradictionKind.STATED_AFTER_BOUND]
    stated = said(latest=before(26), recorder=slow)
    (one,) = contradictions(stated, capture_interval(stated, SEALED), None, SEALED)
    assert one.found == "its clock is 7200 s behind"


def test_bounds_are_named():
    assert bounds(said(received_at=before(1))) == {"received": before(1)}
