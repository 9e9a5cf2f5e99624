"""The pack's numbers for the rules that keep this system from being used like a live one (requirements §6).

A pack may lower a count or widen a window and never the other way round: what it says beyond these is not listened to.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalyNumbers:
    """Counts at which a rule trips, and windows in which it counts; requirements §6, each of them a house number.

    Attributes:
        young_permille: A1: share of searches with imagery under 48 h above which the DPO is told.
        source_probes: A2: probes from one camera or source whose capture lies within ``source_window_h``.
        place_probes: A3: probes from one place whose capture lies within ``place_window_h``.
        person_hour: A5: searches by one person in an hour.
        person_day: A5: in a day.
        rhythm_permille: A6: coefficient of variation of ten searches' intervals below which a machine is at work.
        track_length: A7: searches of one case that, in the order of their capture, go from place to place.
        record_cases: A9: unrelated cases in which one reference record is listed in ``record_window_days``.
        kept_days: For how long a search's trace is counted at all.
    """

    young_permille: int = 100
    source_probes: int = 5
    source_window_h: int = 24
    place_probes: int = 10
    place_window_h: int = 6
    person_hour: int = 6
    person_day: int = 20
    rhythm_permille: int = 200
    track_length: int = 3
    record_cases: int = 5
    record_window_days: int = 90
    kept_days: int = 90


LOOSEST = AnomalyNumbers()
# A wider window and a higher bound for a machine's rhythm catch more; every other number is the stricter the lower.
_STRICTER_UP = frozenset({"source_window_h", "place_window_h", "rhythm_permille", "record_window_days"})
# Traces are never kept for longer than the catalogue says, nor for less than the longest window needs.
_FIXED = frozenset({"kept_days"})


def tightened(numbers: AnomalyNumbers) -> AnomalyNumbers:
    """Give the pack's numbers, none of them looser than the catalogue's."""

    def one(name: str) -> int:
        ours, theirs = getattr(LOOSEST, name), getattr(numbers, name)
        if name in _FIXED:
            return int(ours)
        return int(max(ours, theirs) if name in _STRICTER_UP else max(1, min(ours, theirs)))

    return AnomalyNumbers(**{field.name: one(field.name) for field in fields(AnomalyNumbers)})
