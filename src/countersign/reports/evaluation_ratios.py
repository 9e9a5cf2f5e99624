"""Lays out likelihood ratios: how well they are calibrated, how far they may go, for whom they hold."""

from typing import TYPE_CHECKING

from countersign.evaluation.ratios import RatioBand
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_ratios import Ratios
from countersign.reports.evaluation_document import (
    FOOTER,
    Chapter,
    EvaluationDocument,
    Key,
    Plot,
    Sheet,
    failures,
    measured_with,
)
from countersign.reports.evaluation_plots import BLUE, ORANGE, QUIET, draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEADINGS = (
    "quality",
    "people",
    "mated",
    "strangers",
    "lowest",
    "highest",
    "Cllr",
    "95% interval",
    "Cllr min",
    "Cllr cal",
)


def ratios_page(done: Ratios, given: EvaluationConditions) -> EvaluationDocument:
    """Lay out likelihood ratios."""
    return EvaluationDocument(
        title="What a comparison score says, as a likelihood ratio",
        subtitle=f"Ratios by band of quality, measured on {given.data}, {given.measured_at:%d %B %Y}",
        keys=tuple(_key(one) for one in done.bands),
        findings=(_population(done), *(_finding(one) for one in done.bands)),
        limits=_limits(done),
        chapters=(_summary(done), *(_chapter(one) for one in done.bands), failures([one.code for one in done.failures]),
                  measured_with(given)),
        footer=FOOTER,
    )  # fmt: skip


def band_name(one: RatioBand) -> str:
    """Name a band of quality.

    Returns:
        Words such as ``quality 0.50 to 1``.
    """
    return f"quality {one.quality_from:.2f} to {min(one.quality_to, 1):.2f}"


def _key(one: RatioBand) -> Key:
    return Key(
        figure=f"{one.cllr:.2f}",
        says=f"bits of cost (Cllr) at {band_name(one)}; 1 says nothing",
        rests_on=f"likely between {one.cllr_low:.2f} and {one.cllr_high:.2f}; {one.people:,} people",
    )


def _population(done: Ratios) -> str:
    stills = f"{done.stills_from} to {done.stills_to} stills" if done.stills_to > 1 else "one still"
    views = f"{done.views_from} to {done.views_to} views" if done.views_to > 1 else "one view"
    return (
        f"A ratio compares with somebody else of this population: {done.population}. It was measured for probes of "
        f"{stills} against references of {views}, and holds for nothing else."
    )


def _finding(one: RatioBand) -> str:
    nothing = (
        " The interval reaches 1 bit: in this band a ratio may say nothing at all, and none is accepted."
        if one.cllr_high >= 1
        else ""
    )
    return (
        f"At {band_name(one)} so many comparisons bear ratios from 1 in {10**-one.log10_low:,.1f} to "
        f"{10**one.log10_high:,.1f}; what a score asks beyond is not stated.{nothing}"
    )


def _limits(done: Ratios) -> tuple[str, ...]:
    people = min(one.people for one in done.bands)
    return (
        f"A band rests on as few as {people:,} people. Its bounds are as narrow as so few comparisons make them.",
        "Strangers are one picture each of the stated population. Relatives and look-alikes are not among them.",
        (
            "A ratio does not say how likely it is that two pictures show one person. A candidate who was picked as "
            "the best of many has a high score also by chance; whoever weighs the ratio has to weigh that beside it."
        ),
    )


def _summary(done: Ratios) -> Chapter:
    rows = tuple(
        (
            f"{one.quality_from:.2f} to {min(one.quality_to, 1):.2f}",
            f"{one.people:,}",
            f"{one.mated:,}",
            f"{one.strangers:,}",
            f"{one.log10_low:+.2f}",
            f"{one.log10_high:+.2f}",
            f"{one.cllr:.3f}",
            f"{one.cllr_low:.3f} to {one.cllr_high:.3f}",
            f"{one.cllr_min:.3f}",
            f"{one.cllr_cal:.3f}",
        )
        for one in done.bands
    )
    told = (
        "Lowest and highest are log10 of the ratio, by the empirical bounds (ELUB). Cllr is the cost of the ratios of "
        "people who were left out of the fit; Cllr min is what no calibration could mend, Cllr cal the rest."
    )
    return Chapter(heading="Bands of quality", text=(told,), sheets=(Sheet(headings=_HEADINGS, rows=rows),))


def _chapter(one: RatioBand) -> Chapter:
    right = next((point.second for point in one.tippett if point.x >= 0), 0.0)
    low = next((point.first for point in one.tippett if point.x >= 0), 1.0)
    return Chapter(
        heading=band_name(one).capitalize(),
        plots=(
            Plot(
                caption="Tippett: share of comparisons with a ratio at least so high.",
                alt=f"At a ratio of 1: {low:.2f} of mated comparisons, {right:.2f} of others.",
                png=draw(lambda axes: _tippett(axes, one), height_in=2.8),
            ),
            Plot(
                caption="Calibration: a ratio against what it should have been. On the line it is right.",
                alt=f"Cost that better calibration could mend: {one.cllr_cal:.3f} bits.",
                png=draw(lambda axes: _calibration(axes, one), height_in=2.8),
            ),
            Plot(
                caption="Empirical cross-entropy by prior odds: below the dashed line ratios help.",
                alt=f"At even odds {one.cllr:.3f} bits, 1 bit without ratios.",
                png=draw(lambda axes: _entropy(axes, one), height_in=2.8),
            ),
        ),
    )


def _tippett(axes: "Axes", one: RatioBand) -> None:
    x = [point.x for point in one.tippett]
    axes.plot(x, [point.first for point in one.tippett], color=BLUE, linewidth=1.8, label="one person")
    axes.plot(x, [point.second for point in one.tippett], color=ORANGE, linewidth=1.8, label="two people")
    axes.axvline(0, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.set(ylim=(0, 1.02), xlabel="log10 of the likelihood ratio", ylabel="share at least so high")
    axes.legend(loc="best")


def _calibration(axes: "Axes", one: RatioBand) -> None:
    shown = [point for point in one.calibration if abs(point.first) < 9]  # noqa: PLR2004  beyond it has no end
    axes.plot([one.log10_low, one.log10_high], [one.log10_low, one.log10_high], color=QUIET, linewidth=0.9)
    axes.plot([point.x for point in shown], [point.first for point in shown], color=BLUE, linewidth=1.8)
    axes.set(xlabel="log10 of the ratio as stated", ylabel="as best calibrated")


def _entropy(axes: "Axes", one: RatioBand) -> None:
    x = [point.x for point in one.ece]
    axes.plot(x, [point.first for point in one.ece], color=BLUE, linewidth=1.8, label="ratios")
    axes.plot(x, [point.second for point in one.ece], color=ORANGE, linewidth=1.8, label="best calibrated")
    axes.plot(x, [point.third for point in one.ece], color=QUIET, linewidth=1.0, linestyle="--", label="without")
    axes.set(ylim=(0, None), xlabel="log10 of the prior odds", ylabel="bits")
    axes.legend(loc="best")
