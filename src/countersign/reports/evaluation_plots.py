"""Figures of an evaluation: few inks, direct labels, bands for what is uncertain."""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from countersign.evaluation.differentials import GroupTable
from countersign.evaluation.outcomes import CurvePoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, QUIET, LINE, BLUE, ORANGE = "#0b0c0c", "#484d50", "#d5d8da", "#1d70b8", "#b8500f"
_STYLE: tuple[tuple[str, dict[str, str | float | bool]], ...] = (
    ("font", {"family": "DejaVu Sans", "size": 9.5}),
    ("axes", {"edgecolor": QUIET, "labelcolor": INK, "grid": True}),
    ("axes.spines", {"top": False, "right": False}),
    ("grid", {"color": LINE, "linewidth": 0.6}),
    ("xtick", {"color": QUIET}),
    ("ytick", {"color": QUIET}),
    ("legend", {"frameon": False}),
)

_LOWEST_TOP = 0.05  # a rate of nearly nothing is not blown up to fill the figure


def draw(paint: "Callable[[Axes], None]", *, width_in: float = 6.6, height_in: float = 2.5) -> bytes:
    """Draw one figure as PNG; the same figure gives the same bytes."""
    import matplotlib as mpl  # noqa: PLC0415  part of an extra, and slow to load
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context():
        for name, value in _STYLE:
            mpl.rc(name, **value)  # type: ignore[arg-type]  # its names are typed one by one
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        paint(figure.subplots())
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=170, metadata={"Software": None})
        return file.getvalue()


def band(axes: "Axes", points: Sequence[CurvePoint], label: str, colour: str, *, steps: bool = False) -> None:
    """Draw a curve and the band of its intervals; points without a value are left out."""
    told = [(one.x, one.y.value, one.y.low, one.y.high) for one in points if one.y.value is not None]
    if not told:
        return
    x, value, low, high = (list(part) for part in zip(*told, strict=True))
    style = "steps-post" if steps else "default"
    axes.plot(x, value, color=colour, linewidth=1.8, label=label, drawstyle=style)
    ends = [one if one is not None else here for one, here in zip(low, value, strict=True)]
    tops = [one if one is not None else here for one, here in zip(high, value, strict=True)]
    axes.fill_between(x, ends, tops, color=colour, alpha=0.16, linewidth=0, step="post" if steps else None)


def cmc(points: Sequence[CurvePoint]) -> bytes:
    """Draw how often the mate is among the first R."""

    def paint(axes: "Axes") -> None:
        band(axes, points, "", BLUE, steps=True)
        axes.set(xscale="log", xlim=(1, max((one.x for one in points), default=2)), ylim=(0, 1.02))
        axes.set_xticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
        axes.minorticks_off()
        axes.set(xlabel="places on the list", ylabel="right person among them")

    return draw(paint)


def trade_off(points: Sequence[CurvePoint], x_label: str, y_label: str) -> bytes:
    """Draw one error rate by the other over all thresholds: the first by its root, the second as high as it gets."""

    def paint(axes: "Axes") -> None:
        # Down first where several thresholds give one rate: what is missed falls, and then false lists begin.
        shown = sorted(points, key=lambda one: (one.x, -1.0 if one.y.value is None else -one.y.value))
        band(axes, shown, "", BLUE, steps=True)
        axes.set_xscale("function", functions=(lambda share: abs(share) ** 0.5, lambda root: root**2))
        axes.set_xticks([0, 0.01, 0.05, 0.1, 0.25, 0.5, 1], ["0", "0.01", "0.05", "0.1", "0.25", "0.5", "1"])
        reached = [one.y.high or 0.0 for one in points if one.x > 0]
        top = min(1.02, max(_LOWEST_TOP, 1.2 * max(reached, default=1.0)))
        axes.set(xlim=(0, 1), ylim=(0, top), xlabel=x_label, ylabel=y_label)

    return draw(paint)


def discards(curves: Sequence[tuple[str, Sequence[CurvePoint]]]) -> bytes:
    """Draw error rates by the share of the worst pictures that is not searched with."""

    def paint(axes: "Axes") -> None:
        for (name, points), colour in zip(curves, (ORANGE, BLUE), strict=False):
            band(axes, points, name, colour)
            for one in points:
                if one.y.value is not None:
                    axes.plot(one.x, one.y.value, "o", color=colour, markersize=4)
        axes.set(ylim=(0, 1.02), xlabel="share of the worst pictures left out", ylabel="share of searches")
        axes.set_xticks([0, 0.2, 0.4, 0.6], ["none", "20%", "40%", "60%"])
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2)

    return draw(paint, height_in=2.5)


def groups(tables: Sequence[GroupTable], rate: str) -> bytes:
    """Draw one rate of every group with its interval, groups of one attribute together."""
    rows = [
        (f"{one.name}  ({told.trials})", told)
        for table in tables
        for one in table.groups
        if (told := one.fnir if rate == "FNIR" else one.fpir).trials
    ]

    def paint(axes: "Axes") -> None:
        for place, (_, told) in enumerate(reversed(rows)):
            if told.value is not None and told.low is not None and told.high is not None:
                axes.plot([told.low, told.high], [place, place], color=BLUE, linewidth=2.2, alpha=0.45)
                axes.plot(told.value, place, "o", color=BLUE, markersize=5)
        axes.set_yticks(range(len(rows)), [name for name, _ in reversed(rows)])
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.7, max(len(rows), 1) - 0.3), xlabel=f"{rate} (searches in brackets)")
        axes.grid(visible=False, axis="y")

    return draw(paint, height_in=1.0 + 0.24 * max(len(rows), 1))


def by_size(curves: Sequence[tuple[str, Sequence[CurvePoint]]], y_label: str, measured_to: float) -> bytes:
    """Draw a rate by the size of the gallery; right of ``measured_to`` it is extrapolated."""

    def paint(axes: "Axes") -> None:
        for (name, points), colour in zip(curves, (BLUE, ORANGE, "#4c2c92", "#00703c"), strict=False):
            band(axes, points, name, colour)
        axes.axvline(measured_to, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.text(measured_to, 1.03, " extrapolated →", color=QUIET, fontsize=8.5, ha="left")
        axes.text(measured_to, 1.03, "← measured ", color=QUIET, fontsize=8.5, ha="right")
        axes.set(xscale="log", ylim=(0, 1.02), xlabel="people in the collection", ylabel=y_label)
        axes.legend(loc="best")

    return draw(paint)
