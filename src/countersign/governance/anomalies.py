"""Rules A1 to A9: what would make a retrospective search like a live one, as data (requirements §6, LFR-06, LFR-09).

A rule looks at traces. A trace says of a search when it ran, who ran it, and keyed ids of source, place, file bytes and
listed records; it holds no template, no picture and no name (REF-09), and is forgotten after ninety days.

- A1 at once in `request_rules.imagery_old_enough`, and as a share by the clock.
- A2, A3, A5, A6 at once, before a search starts: the search that trips one is refused and a block stays.
- A4 and A7 when a request is submitted (`repeat_rules`): a further ground, or the external authority.
- A8 before a list is sealed (`too_new`): a record that came in for the occasion is dropped.
- A9 by the clock: flagged, and hidden only where examiners excluded it each time (practice P-12).
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import fmean, median, pstdev
from types import MappingProxyType

from countersign.governance.anomaly_numbers import AnomalyNumbers
from countersign.primitives.ids import CaseId, PersonId

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YOUNG_H = 48
IN_A_ROW = 10
UNIT_DAYS = 90
UNIT_DEVIATIONS = 4
UNIT_LEAST = 10
"""Searches of one unit in a day below which rule A5 does not speak of a unit: a median of nothing bounds nothing."""


class Anomaly(StrEnum):
    """The rule that tripped."""

    A1_AGE = "a1"
    A2_CAMERA = "a2"
    A3_EVENT = "a3"
    A4_REPEAT = "a4"
    A5_VOLUME = "a5"
    A6_RHYTHM = "a6"
    A7_TRACK = "a7"
    A8_COLLECTION = "a8"
    A9_RECURRENCE = "a9"


class Effect(StrEnum):
    """What follows from a rule that tripped, until the DPO or oversight lifts it."""

    ALERT = "alert"
    SUSPEND_SOURCE = "suspend_source"
    SUSPEND_PLACE = "suspend_place"
    BLOCK_PERSON = "block_person"
    BLOCK_UNIT = "block_unit"
    HIDE_RECORD = "hide_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTrace:
    """What is remembered of one search across cases. Every id but the person's is keyed and says nothing by itself.

    Attributes:
        id: The run's.
        unit: Organisation and team of the operator.
        captured: Latest capture bound of each source, in the order of ``sources``.
        files: Digests of the exact bytes of the probe's exhibits.
        listed: Subjects on the sealed list; empty until it is sealed.
        excluded: Those of them that no examiner supported, once the review is concluded.
    """

    id: str
    case: CaseId
    person: PersonId
    unit: str
    started_at: datetime
    age_hours: int
    sources: tuple[str, ...]
    captured: tuple[datetime, ...]
    site: str
    files: tuple[str, ...]
    forget_on: date
    listed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """That a rule tripped and what it stopped.

    Attributes:
        scope: Keyed id of the source, place, unit or record, or the person's id; empty where the whole programme is
            meant.
        lifted_by: Who lifted it; None while it stands.
    """

    id: str
    rule: Anomaly
    effect: Effect
    scope: str
    placed_at: datetime
    lifted_at: datetime | None = None
    lifted_by: PersonId | None = None


Trips = Callable[[Sequence[SearchTrace], SearchTrace, AnomalyNumbers], tuple[str, ...]]
"""Given earlier traces and the search that is about to start, the scopes that would be one too many; empty is good."""


def _crowd(moments: Iterable[datetime], new: datetime, window: timedelta) -> int:
    """Count the most moments, the new one among them, that any window of this length holds; both ends belong to it."""
    near = sorted([*(one for one in moments if abs(one - new) <= window), new])
    return max(sum(start <= one <= start + window for one in near) for start in near if start <= new <= start + window)


def same_camera(earlier: Sequence[SearchTrace], new: SearchTrace, numbers: AnomalyNumbers) -> tuple[str, ...]:
    """A2: too many probes of one source that were captured within a day: a camera is being watched."""
    window = numbers.source_window_h * HOUR
    return tuple(
        source
        for source, at in zip(new.sources, new.captured, strict=True)
        if _crowd((_captured(one, source) for one in earlier if source in one.sources), at, window)
        >= numbers.source_probes
    )


def _captured(trace: SearchTrace, source: str) -> datetime:
    return trace.captured[trace.sources.index(source)]


def same_event(earlier: Sequence[SearchTrace], new: SearchTrace, numbers: AnomalyNumbers) -> tuple[str, ...]:
    """A3: too many probes of one place within hours: a crowd is being named."""
    there = [max(one.captured) for one in earlier if one.site == new.site]
    many = _crowd(there, max(new.captured), numbers.place_window_h * HOUR) >= numbers.place_probes
    return (new.site,) if many else ()


def too_many_by_person(earlier: Sequence[SearchTrace], new: SearchTrace, numbers: AnomalyNumbers) -> tuple[str, ...]:
    """A5: more searches by one person in an hour or a day than anybody has reasons for."""
    ages = [new.started_at - one.started_at for one in earlier if one.person == new.person]
    hour, day = (1 + sum(age < span for age in ages) for span in (HOUR, DAY))
    return (new.person,) if hour > numbers.person_hour or day > numbers.person_day else ()


def too_many_by_unit(earlier: Sequence[SearchTrace], new: SearchTrace, _: AnomalyNumbers) -> tuple[str, ...]:
    """A5: a unit searches far more today than on its days of the last ninety: median + 4 MAD."""
    daily = [0] * (UNIT_DAYS + 1)
    for one in earlier:
        ago = (new.started_at - one.started_at) // DAY
        if one.unit == new.unit and 0 <= ago <= UNIT_DAYS:
            daily[ago] += 1
    today, usual = daily[0] + 1, daily[1:]
    middle = median(usual)
    bound = middle + UNIT_DEVIATIONS * median(abs(one - middle) for one in usual)
    return (new.unit,) if today > max(bound, UNIT_LEAST) else ()


def machine_rhythm(earlier: Sequence[SearchTrace], new: SearchTrace, numbers: AnomalyNumbers) -> tuple[str, ...]:
    """A6: ten searches of one person at intervals so even that no person keeps them."""
    mine = sorted(one.started_at for one in earlier if one.person == new.person)
    last = [*mine, new.started_at][-IN_A_ROW:]
    gaps = [(after - before).total_seconds() for before, after in itertools.pairwise(last)]
    if len(last) < IN_A_ROW or not fmean(gaps):
        return ()
    return (new.person,) if pstdev(gaps) / fmean(gaps) < numbers.rhythm_permille / 1000 else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule that speaks before a search starts."""

    anomaly: Anomaly
    effect: Effect
    trips: Trips


AT_ONCE: Mapping[str, Rule] = MappingProxyType(
    {
        "camera": Rule(anomaly=Anomaly.A2_CAMERA, effect=Effect.SUSPEND_SOURCE, trips=same_camera),
        "event": Rule(anomaly=Anomaly.A3_EVENT, effect=Effect.SUSPEND_PLACE, trips=same_event),
        "person": Rule(anomaly=Anomaly.A5_VOLUME, effect=Effect.BLOCK_PERSON, trips=too_many_by_person),
        "unit": Rule(anomaly=Anomaly.A5_VOLUME, effect=Effect.BLOCK_UNIT, trips=too_many_by_unit),
        "rhythm": Rule(anomaly=Anomaly.A6_RHYTHM, effect=Effect.BLOCK_PERSON, trips=machine_rhythm),
    }
)


def scopes_of(trace: SearchTrace) -> frozenset[str]:
    """Give everything about a search that a block can stand on."""
    return frozenset({*trace.sources, trace.site, trace.person, trace.unit})


def standing(blocks: Iterable[Block], trace: SearchTrace) -> tuple[Block, ...]:
    """Give the blocks that nobody lifted and that this search would run into."""
    scopes = scopes_of(trace)
    return tuple(one for one in blocks if one.lifted_at is None and one.scope in scopes)


def many_young(traces: Sequence[SearchTrace], now: datetime, numbers: AnomalyNumbers) -> bool:
    """A1: say whether, of the last thirty days' searches, too large a share had imagery under 48 hours old."""
    recent = [one for one in traces if now - one.started_at <= 30 * DAY]
    young = sum(one.age_hours < YOUNG_H for one in recent)
    return young * 1000 > numbers.young_permille * len(recent)


def recurring(traces: Sequence[SearchTrace], now: datetime, numbers: AnomalyNumbers) -> Mapping[str, bool]:
    """A9: give the records that were listed in too many cases, and whether examiners excluded them in as many."""
    recent = [one for one in traces if now - one.started_at <= numbers.record_window_days * DAY]

    def cases(record: str, *, excluded: bool) -> int:
        return len({one.case for one in recent if record in (one.excluded if excluded else one.listed)})

    listed = sorted({record for one in recent for record in one.listed})
    often = [record for record in listed if cases(record, excluded=False) >= numbers.record_cases]
    return {record: cases(record, excluded=True) >= numbers.record_cases for record in often}


def too_new(added_at: Iterable[datetime], started_at: datetime, delay_h: int) -> bool:
    """A8: say whether every record of a candidate came in within the delay before the search."""
    return all(started_at - one < delay_h * HOUR for one in added_at)


def moves_about(earlier: Sequence[SearchTrace], new: SearchTrace, numbers: AnomalyNumbers) -> bool:
    """A7: say whether a case's searches, with the new one, follow somebody from place to place.

    ``earlier`` are the traces of the same case since a lead was released. Captures that go forward in time, each at
    another place than the one before, are a track: where somebody is, not who it is.
    """
    series = [*sorted(earlier, key=lambda one: one.started_at), new][-numbers.track_length :]
    steps = list(itertools.pairwise(series))
    forward = all(max(one.captured) < max(other.captured) and one.site != other.site for one, other in steps)
    return len(series) == numbers.track_length and forward
