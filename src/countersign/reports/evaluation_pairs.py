"""Lays out one-to-one comparison."""

from countersign.evaluation.one_to_one import FMRS, OneToOne
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.reports import evaluation_plots as plots
from countersign.reports.evaluation_document import (
    ESTIMATE_HEADINGS,
    FOOTER,
    Chapter,
    EvaluationDocument,
    Key,
    Plot,
    Sheet,
    between,
    estimate_row,
    failures,
    interval_of,
    measured_with,
    percent,
    rate_of,
    share,
    trade_off_in_words,
)


def one_to_one_page(done: OneToOne, given: EvaluationConditions) -> EvaluationDocument:
    """Lay out one-to-one comparison."""
    headings = ("FMR asked", "threshold", "FMR", "95% interval", "FNMR", "95% interval", "lowest FMR that can be shown")
    rows = tuple(
        (
            f"{one.fmr_asked:g}",
            f"{one.threshold:.0f}",
            rate_of(one.fmr),
            interval_of(one.fmr),
            rate_of(one.fnmr),
            interval_of(one.fnmr),
            f"{one.supported:.4f}",
        )
        for one in done.points
    )
    strict = next((one for one in reversed(done.points) if one.supported <= one.fmr_asked), done.points[0])
    discarded = tuple((percent(one.x) if one.x else "none", *estimate_row("", one.y)[1:]) for one in done.discard)
    return EvaluationDocument(
        title="How often one-to-one comparison is right, and how often wrong",
        subtitle=f"Pairs of {given.data}, {given.measured_at:%d %B %Y}",
        keys=(
            Key(
                figure=share(strict.fnmr.value),
                says=f"of pairs of one person are rejected, where at most {percent(strict.fmr_asked)} of pairs of two "
                "people are accepted",
                rests_on=f"{between(strict.fnmr)}; {done.mated:,} pairs of one person, {done.non_mated:,} of two",
            ),
        ),
        findings=(
            f"{done.failures_to_acquire.count} of {done.failures_to_acquire.trials:,} pairs could not be compared.",
            (
                f"At the best single threshold {percent(done.best)} of pairs are decided rightly; it was chosen on "
                "these pairs, which flatters it."
            ),
        ),
        limits=(
            f"{done.people:,} people. Thresholds were set on these very pairs, which flatters them.",
            "Comparison one to one says nothing of search in a collection: there every stranger is a chance of error.",
        ),
        chapters=(
            Chapter(heading="Rates", sheets=(Sheet(headings=headings, rows=rows),)),
            Chapter(
                heading="The trade-off",
                plots=(
                    Plot(
                        caption="FNMR by FMR over all thresholds. Band: 95% interval.",
                        alt=trade_off_in_words(done.det, "FMR", "FNMR"),
                        png=plots.trade_off(done.det, "FMR: two people accepted as one", "FNMR: one person rejected"),
                    ),
                ),
            ),
            Chapter(
                heading="What picture quality does",
                text=(
                    (
                        f"FNMR where at most {percent(FMRS[1])} of pairs of two people are accepted, when the pairs "
                        "with the worst picture are left out."
                    ),
                ),
                sheets=(Sheet(headings=("left out", "FNMR", *ESTIMATE_HEADINGS[2:]), rows=discarded),),
            ),
            failures([one.code for one in done.failures]),
            measured_with(given),
        ),
        footer=FOOTER,
    )
