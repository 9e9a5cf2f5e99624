"""What quality a probe's still must have (PRB-05, PRB-06), and a reference where the pack gives floors for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from countersign.governance.verdict import ALLOWED, Verdict, require

# A floor of our own [H], in px: no pack goes lower, whatever it certifies.
CODE_FLOORS: Mapping[str, float] = MappingProxyType({"inter_eye_distance": 8})


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFloors:
    """Least scores in [0, 100] by component of quality.

    Attributes:
        hard: Below it a still is refused, whatever anybody writes.
        soft: Below it a still needs a written note why it is used all the same.
    """

    hard: Mapping[str, float] = field(default_factory=dict)
    soft: Mapping[str, float] = field(default_factory=dict)


def good_enough(scores: Mapping[str, float], floors: QualityFloors) -> Verdict:
    """Refuse a still below a hard floor, naming the component; one that was never measured is refused too."""
    return above_floors(scores, {**CODE_FLOORS, **floors.hard}, "a still")


def above_floors(scores: Mapping[str, float], floors: Mapping[str, float], what: str) -> Verdict:
    """Refuse a picture below a floor, naming the component; one that was never measured is refused too."""
    refusals = (_above(scores, component, floor, what) for component, floor in floors.items())
    return next((verdict for verdict in refusals if not verdict.allowed), ALLOWED)


def note_given(scores: Mapping[str, float], floors: QualityFloors, note: str, minimum_chars: int) -> Verdict:
    """Refuse a still below a soft floor that comes without a note on it."""
    short = [component for component, floor in floors.soft.items() if scores.get(component, 0) < floor]
    return require(
        not short or len(note.strip()) >= minimum_chars,
        "quality_note",
        f"expected a note of at least {minimum_chars} characters on a still with low {', '.join(short)}, "
        f"got {len(note.strip())}",
    )


def _above(scores: Mapping[str, float], component: str, floor: float, what: str) -> Verdict:
    score = scores.get(component)
    got = "no measure" if score is None else f"{score:.1f}"
    return require(
        score is not None and score >= floor,
        "quality_floor",
        f"expected {what} with {component} of at least {floor:g} of 100, got {got}",
    )
