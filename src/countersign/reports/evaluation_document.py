"""An evaluation as a document: findings in plain words first, then what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass

from countersign.evaluation.differentials import GroupRate
from countersign.evaluation.measurement import Rate
from countersign.evaluation.outcomes import CurvePoint
from countersign.evaluation.resampling import Estimate
from countersign.operations.evaluation_conditions import EvaluationConditions

UNDEFINED = "undefined"
FOOTER = "Figures about a system, not about any person."
SMALL_CLAIM = 0.01
"""FPIR against which a group is called too small to say, where no operating point claims a lower one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table; ``wide`` columns take what room is left."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure: a PNG, and in words what it shows."""

    caption: str
    alt: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One heading with what belongs under it, in the order of text, plots, tables."""

    heading: str
    text: tuple[str, ...] = ()
    plots: tuple[Plot, ...] = ()
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A figure in large type: how often, of how many, and between which ends it lies."""

    figure: str
    says: str
    rests_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationDocument:
    """A whole report.

    Attributes:
        findings: The answer in plain words, sentence by sentence.
        limits: What the measurement cannot show; printed in a frame of its own.
    """

    title: str
    subtitle: str
    keys: tuple[Key, ...]
    findings: tuple[str, ...]
    limits: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    footer: str


def percent(share: float) -> str:
    """Write a share so that a small one is not rounded to nothing.

    Example:
        >>> [percent(share) for share in (0.5, 0.617, 0.0042, 0.0, 1.0)]
        ['50%', '62%', '0.42%', '0%', '100%']
    """
    if share in {0, 1} or 0.1 <= share <= 0.995:  # noqa: PLR2004  two figures are enough between these
        return f"{share * 100:.0f}%"
    return f"{share * 100:.2g}%" if share < 0.1 else f"{share * 100:.1f}%"  # noqa: PLR2004


def rate_of(one: Estimate | Rate | GroupRate | None) -> str:
    """Write the value of a rate; undefined is never written as 0."""
    return UNDEFINED if one is None or one.value is None else f"{one.value:.3f}"


def interval_of(one: Estimate | Rate | GroupRate | None) -> str:
    """Write the 95 % interval of a rate."""
    if one is None or one.low is None or one.high is None:
        return "-"
    return f"{one.low:.3f} to {one.high:.3f}"


def between(one: Estimate | Rate) -> str:
    """Write an interval as a reader would say it.

    Example:
        >>> between(Estimate(value=0.5, low=0.4, high=0.6, searches=9, subjects=3))
        'likely between 40% and 60%'
    """
    if one.low is None or one.high is None:
        return "no interval"
    return f"likely between {percent(one.low)} and {percent(one.high)}"


def estimate_row(name: str, one: Estimate) -> tuple[str, ...]:
    """Give the row of a table of rates."""
    return name, rate_of(one), interval_of(one), f"{one.searches:,}", f"{one.subjects:,}"


ESTIMATE_HEADINGS = ("rate", "value", "95% interval", "searches", "people")


def measured_with(given: EvaluationConditions) -> Chapter:
    """Say what was measured with what, so that it can be repeated."""
    rows = [
        ("measured", given.measured_at.strftime("%d %B %Y, %H:%M UTC")),
        ("data", given.data),
        ("digest of its list of pictures", given.data_sha256),
        ("extractor", given.extractor),
        ("networks together", given.network),
        ("policy pack", given.pack_sha256 or "none: thresholds were set on these searches"),
        ("version", given.code),
        *given.asked.items(),
    ]
    return Chapter(heading="What was measured, and with what", sheets=(Sheet(headings=("", ""), rows=tuple(rows)),))


def failures(codes: Sequence[str]) -> Chapter:
    """Count failures by reason; each also counts against the system in the rates."""
    reasons = sorted({(code, codes.count(code)) for code in codes}, key=lambda pair: (-pair[1], pair[0]))
    text = "Pictures of which no template could be made, by reason. None is left out of the rates."
    if not reasons:
        return Chapter(heading="Pictures that failed", text=("A template was made of every picture.",))
    rows = tuple((code.replace("_", " "), str(number)) for code, number in reasons)
    return Chapter(
        heading="Pictures that failed", text=(text,), sheets=(Sheet(headings=("reason", "pictures"), rows=rows),)
    )


def share(value: float | None) -> str:
    """Write a share; undefined is never written as 0."""
    return UNDEFINED if value is None else percent(value)


def trade_off_in_words(points: Sequence[CurvePoint], x: str, y: str) -> str:
    """Say a trade-off in words, for who cannot see the curve."""
    if not points:
        return f"No curve: no search gave a score, so {y} by {x} is undefined."
    least = min(points, key=lambda one: one.x)
    most = max(points, key=lambda one: one.x)
    return f"{y} is {rate_of(least.y)} at {x} {least.x:.3f} and {rate_of(most.y)} at {x} {most.x:.3f}."
