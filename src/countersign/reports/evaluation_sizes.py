"""Lays out error rates by the size of the collection."""

from collections.abc import Iterable

from countersign.evaluation.at_size import AtSize, Basis, SizeCurve, SizePoint
from countersign.evaluation.outcomes import CurvePoint
from countersign.evaluation.resampling import Estimate
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_at_size import AtSizes
from countersign.reports import evaluation_plots as plots
from countersign.reports.evaluation_document import (
    FOOTER,
    Chapter,
    EvaluationDocument,
    Key,
    Plot,
    Sheet,
    between,
    failures,
    interval_of,
    measured_with,
    percent,
    rate_of,
    share,
)

_STRICT = "FPIR 0.01"
_HEADINGS = ("listed by", "people", "basis", "FNIR", "95% interval", "FPIR", "95% interval")


def at_size_page(done: AtSizes, given: EvaluationConditions) -> EvaluationDocument:
    """Lay out rates by size."""
    return EvaluationDocument(
        title="What becomes of the error rates in a larger collection",
        subtitle=f"One-to-many search by size, measured on {given.data}, {given.measured_at:%d %B %Y}",
        keys=tuple(_keys(done.measured[0])),
        findings=tuple(sentence for one in done.measured for sentence in _findings(one)),
        limits=_limits(done.measured[0]),
        chapters=(
            *(_chapter(one) for one in done.measured),
            _agreement(done.measured),
            failures([one.code for one in done.failures]),
            measured_with(given),
        ),
        footer=FOOTER,
    )


def searched(one: AtSize) -> str:
    """Name a kind of search.

    Returns:
        Words such as ``one picture against a frontal photograph``.
    """
    with_what = "all pictures of a person" if one.sets else "one picture"
    against = {"frontal": "a frontal photograph", "seven": "up to seven views", "all": "all views"}
    return f"{with_what} against {against.get(one.views, one.views)}"


def at(curve: SizeCurve, n: int) -> SizePoint:
    """Give the extrapolated rates at a size."""
    return next(one for one in curve.points if one.n == n and one.basis is Basis.EXTRAPOLATED)


def far_sizes(one: AtSize) -> list[int]:
    """Give the sizes that were extrapolated to, beyond the evaluated one."""
    evaluated = one.searched_for + one.others
    return [point.n for point in one.curves[0].points if point.basis is Basis.EXTRAPOLATED and point.n > evaluated]


def _curve(one: AtSize, rule: str) -> SizeCurve:
    return next(curve for curve in one.curves if curve.rule == rule)


def _keys(one: AtSize) -> Iterable[Key]:
    n = far_sizes(one)[1]
    for rule, says in (
        (_STRICT, f"of searches among {n:,} miss the right person when a wrong list is allowed in one of a hundred"),
        ("rank 10", f"of searches among {n:,} do not have the right person among the first ten"),
        ("rank 1", f"of searches among {n:,} do not have the right person first"),
    ):
        found = at(_curve(one, rule), n).fnir
        yield Key(figure=share(found.value), says=says, rests_on=f"extrapolated; {between(found)}; {searched(one)}")


def _findings(one: AtSize) -> Iterable[str]:
    strict, ten = _curve(one, _STRICT), _curve(one, "rank 10")
    evaluated = one.searched_for + one.others
    now = max((point for point in strict.points if point.basis is Basis.MEASURED), key=lambda point: point.n)
    then = max((point for point in ten.points if point.basis is Basis.MEASURED), key=lambda point: point.n)
    told = [f"{evaluated:,} (measured): {share(now.fnir.value)} and {share(then.fnir.value)}"]
    told += [
        f"{n:,}: {share(at(strict, n).fnir.value)} ({between(at(strict, n).fnir)}) and "
        f"{share(at(ten, n).fnir.value)} ({between(at(ten, n).fnir)})"
        for n in far_sizes(one)
    ]
    yield (
        f"Searching with {searched(one)}: the right person is missed at FPIR 0.01, and is not among the first ten, by "
        f"number of people: {'; '.join(told)}."
    )


def _limits(one: AtSize) -> tuple[str, ...]:
    return (
        (
            f"The figures rest on {one.people:,} people who were searched with and {one.others:,} others. What lies "
            "beyond that number was never searched: it is extrapolated, and its interval says only what so few people "
            "leave open if the tail holds."
        ),
        (
            "Real collections hold relatives, look-alikes and pictures of poor quality. With them rates in a large "
            "collection are worse than here, by how much cannot be said from these data."
        ),
        (
            "Others have one picture each. Where a collection has several views of everybody, strangers score higher: "
            "more wrong lists at the same threshold."
        ),
        "A threshold kept as it is lists somebody in every search once the collection is large enough.",
    )


def _chapter(one: AtSize) -> Chapter:
    evaluated = one.searched_for + one.others
    shown = [curve for curve in one.curves if curve.rule.startswith(("FPIR", "rank"))][:4]
    fixed = [curve for curve in one.curves if any(point.fpir for point in curve.points)]
    figures = [
        Plot(
            caption=f"Right person missed, {searched(one)}. Band: 95% interval.",
            alt="; ".join(_in_words(curve, one) for curve in shown),
            png=plots.by_size([(curve.rule, _line(curve, "fnir")) for curve in shown], "FNIR", evaluated),
        )
    ]
    if fixed:
        figures.append(
            Plot(
                caption="Wrong lists where the pack's thresholds stay as they are.",
                alt="; ".join(f"{curve.rule}: FPIR by size" for curve in fixed),
                png=plots.by_size([(curve.rule, _line(curve, "fpir")) for curve in fixed], "FPIR", evaluated),
            )
        )
    head = (
        f"{one.mated:,} mated and {one.searches:,} non-mated searches with pictures of {one.people:,} people; "
        f"{one.failed:,} of them had no template and miss. {one.searched_for:,} people are enrolled in every "
        f"collection, it grows by others."
    )
    rows = tuple(row for curve in one.curves for row in _rows(curve, evaluated))
    return Chapter(
        heading=searched(one).capitalize(),
        text=(head,),
        plots=tuple(figures),
        sheets=(Sheet(headings=_HEADINGS, rows=rows),),
    )


def _in_words(curve: SizeCurve, one: AtSize) -> str:
    n = far_sizes(one)[-1]
    return f"{curve.rule}: FNIR {rate_of(at(curve, n).fnir)} among {n:,}"


def _line(curve: SizeCurve, rate: str) -> list[CurvePoint]:
    """Give the measured part, then the extrapolated one."""
    measured = [one for one in curve.points if one.basis is Basis.MEASURED]
    end = max(one.n for one in measured)
    beyond = [one for one in curve.points if one.basis is Basis.EXTRAPOLATED and one.n > end]
    points = sorted((*measured, *beyond), key=lambda one: one.n)
    told: list[tuple[int, Estimate | None]] = [(one.n, one.fnir if rate == "fnir" else one.fpir) for one in points]
    return [CurvePoint(x=n, y=found) for n, found in told if found is not None]


def _rows(curve: SizeCurve, evaluated: int) -> Iterable[tuple[str, ...]]:
    length = f", at most {curve.list_length}" if curve.list_length and not curve.rule.startswith("rank") else ""
    for one in curve.points:
        # Of the measured sizes the whole one tells enough; the plot and the JSON file have all of them.
        if one.basis is Basis.MEASURED and one.n < evaluated:
            continue
        false = (rate_of(one.fpir), interval_of(one.fpir)) if one.fpir else ("-", "-")
        yield (f"{curve.rule}{length}", f"{one.n:,}", one.basis, rate_of(one.fnir), interval_of(one.fnir), *false)


def _agreement(measured: Iterable[AtSize]) -> Chapter:
    rows, tails = [], []
    for one in measured:
        if one.agreement is not None:
            found = one.agreement
            rows.append(
                (
                    searched(one),
                    f"{found.real:,} and {found.synthetic:,}",
                    f"{found.ks:.3f}",
                    f"{found.ks_alike:.3f}",
                    f"{found.best_difference:+.2f}",
                )
            )
        ends = f"{one.tail_power_low:.2f} to {one.tail_power_high:.2f}"
        tails.append((searched(one), f"{one.tail_power:.2f}", ends, *_tail_against_measured(one)))
    told = (
        (
            "Synthetic strangers are drawn after one half of the real ones and held against the other half: the mean "
            "distance of the two distributions of scores (Kolmogorov-Smirnov), the distance that two samples of one "
            "distribution would have, and how far the best synthetic score lies from the best real one among as many, "
            "in standard deviations of a search's scores."
        ),
        (
            "Beyond them, the highest 2% of strangers' scores are fitted by a tail without an end: at a power of 1 it "
            "is exponential, at 2 normal. At the evaluated size it must give what was measured."
        ),
    )
    headings = ("searching with", "real and synthetic", "distance", "if alike", "best score")
    tail_headings = ("searching with", "power of the tail", "95% interval", "rank 1 by the tail", "rank 1 measured")
    sheets = (
        Sheet(headings=headings, rows=tuple(rows), caption="Synthetic strangers"),
        Sheet(headings=tail_headings, rows=tuple(tails), caption="The tail"),
    )
    return Chapter(heading="Do synthetic and extrapolated strangers agree with real ones?", text=told, sheets=sheets)


def _tail_against_measured(one: AtSize) -> tuple[str, str]:
    evaluated = one.searched_for + one.others
    first = [point for point in _curve(one, "rank 1").points if point.n == evaluated]
    by_basis = {point.basis: point.fnir.value for point in first}
    return tuple(
        "-" if (value := by_basis.get(basis)) is None else percent(value)
        for basis in (Basis.EXTRAPOLATED, Basis.MEASURED)
    )  # type: ignore[return-value]  # two of them
