"""Lays out what a measurement found, for a reader who has five minutes and must decide."""

from collections.abc import Sequence

from countersign.evaluation.one_to_many import OneToMany, PointResult, Stratum
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.reports import evaluation_plots as plots
from countersign.reports.evaluation_document import (
    ESTIMATE_HEADINGS,
    FOOTER,
    SMALL_CLAIM,
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
from countersign.reports.evaluation_groups import groups, intersections

_WORDS = (
    (
        "FNIR",
        (
            "share of searches for somebody who is in the collection that do not list that person. Low is good. "
            "A picture without a usable face counts as such a failure."
        ),
    ),
    (
        "FPIR",
        "share of searches for somebody who is not in the collection that list somebody all the same. Low is good.",
    ),
    ("rank 1", "the right person stands first when everybody is ranked and nothing is cut off."),
    (
        "95% interval",
        (
            "where the true rate lies, as far as so few people can say. Whole people are drawn again, since searches "
            "of one person resemble each other."
        ),
    ),
)


def one_to_many_page(done: OneToMany, given: EvaluationConditions) -> EvaluationDocument:
    """Lay out one-to-many search."""
    return EvaluationDocument(
        title="How often face search is right, and how often wrong",
        subtitle=f"One-to-many search, measured on {given.data}, {given.measured_at:%d %B %Y}",
        keys=_keys(done),
        findings=_findings(done),
        limits=_limits(done),
        chapters=(
            _rates(done),
            _curves(done),
            _quality(done),
            groups(done),
            intersections(done),
            _strata(done.strata, done.stratified_at),
            failures([one.code for one in done.failures]),
            measured_with(given),
        ),
        footer=FOOTER,
    )


def _keys(done: OneToMany) -> tuple[Key, ...]:
    first, point, counts = done.ranked["1"], done.points[0], done.counts
    keys = [
        Key(
            figure=share(first.value),
            says=f"of searches put the right person first among {counts.gallery_subjects:,}",
            rests_on=f"{between(first)}; {first.searches:,} searches for {first.subjects:,} people",
        ),
        Key(
            figure=share(point.fnir.value),
            says=f"of searches miss the right person at “{point.name}”",
            rests_on=f"{between(point.fnir)}; {point.fnir.searches:,} searches",
        ),
        Key(
            figure=share(point.fpir.value),
            says=f"of searches for somebody who is not there list a wrong person at “{point.name}”",
            rests_on=f"{between(point.fpir)}; {point.fpir.searches:,} searches",
        ),
    ]
    return tuple(keys)


def _findings(done: OneToMany) -> tuple[str, ...]:
    counts, ten = done.counts, done.ranked["10"]
    failed = done.failures_to_acquire
    told = [
        (
            f"{counts.mated:,} searches were made with pictures of {counts.people_searched_for:,} people whose "
            f"photograph is in a collection of {counts.gallery_subjects:,}. In {counts.searches:,} searches the person "
            "was not in it, or was taken out, to see who is listed wrongly."
        ),
        f"The right person stood among the first ten in {share(ten.value)} of searches ({between(ten)}).",
        (
            f"No usable face was found in {failed.count:,} of {failed.trials:,} searches; where the person is in the "
            "collection, each of them counts as a miss."
        ),
    ]
    told += [_point_in_words(point) for point in done.points]
    told.append(_groups_in_words(done))
    return tuple(told)


def _point_in_words(point: PointResult) -> str:
    shown = f", a list of at most {point.list_length}" if point.list_length else ""
    return (
        f"At “{point.name}”{shown}: {share(point.fnir.value)} of searches miss the right person "
        f"({between(point.fnir)}), and {share(point.fpir.value)} list somebody wrongly ({between(point.fpir)})."
    )


def _groups_in_words(done: OneToMany) -> str:
    single = [table for table in done.groups if "×" not in table.attribute and table.point == done.stratified_at]
    sizes = [one.fpir.too_small(SMALL_CLAIM) for table in single for one in table.groups]
    if not sizes:
        return "Differences between groups of people: the data say of nobody which group they belong to."
    if all(sizes):
        return (
            "Differences between groups of people: too few people to say. No group is large enough to show a wrong "
            f"list in {percent(SMALL_CLAIM)} of searches or fewer; this is no sign that groups are treated alike."
        )
    return (
        f"Differences between groups of people: {sizes.count(False)} of {len(sizes)} groups are large enough to say "
        f"something at {percent(SMALL_CLAIM)}; see the tables."
    )


def _limits(done: OneToMany) -> tuple[str, ...]:
    people = done.counts.people_searched_for
    supported = done.points[0].supported
    told = [
        (
            f"The figures rest on {people:,} people who were searched for. With other people, cameras and light they "
            "will differ, by about as much as the intervals say and sometimes by more."
        ),
        (
            f"They hold for a collection of about {done.counts.gallery_subjects:,} people. In a larger one more "
            "strangers resemble the person sought: expect more misses and more wrong candidates."
        ),
        (
            f"So few people can show a rate of wrong lists of {percent(supported)} at best; a lower one is not shown "
            "even where none was counted."
        ),
    ]
    if all(one.name.startswith("FPIR") for one in done.points):
        told.append("Thresholds were set on these very searches, which flatters them: certify on other people.")
    return tuple(told)


def _rates(done: OneToMany) -> Chapter:
    ranked = tuple(estimate_row(f"right person among the first {places}", one) for places, one in done.ranked.items())
    points = tuple(
        (
            one.name,
            rate_of(one.fnir),
            interval_of(one.fnir),
            rate_of(one.fpir),
            interval_of(one.fpir),
            f"{one.supported:.3f}",
        )
        for one in done.points
    )
    headings = ("operating point", "FNIR", "95% interval", "FPIR", "95% interval", "lowest FPIR that can be shown")
    thresholds = tuple((one.name, one.threshold) for one in done.points)
    enrolled, acquired = done.failures_to_enrol, done.failures_to_acquire
    failed = (
        ("failure to enrol", f"{enrolled.count} of {enrolled.trials}", rate_of(enrolled), interval_of(enrolled)),
        ("failure to acquire", f"{acquired.count} of {acquired.trials}", rate_of(acquired), interval_of(acquired)),
    )
    return Chapter(
        heading="Rates",
        sheets=(
            Sheet(headings=ESTIMATE_HEADINGS, rows=ranked, caption="Without a threshold"),
            Sheet(headings=headings, rows=points, caption="With a threshold"),
            Sheet(headings=("operating point", "threshold"), rows=thresholds),
            Sheet(headings=("failure", "pictures", "rate", "95% interval"), rows=failed, caption="Failures"),
            Sheet(headings=("word", "what it means"), rows=_WORDS, caption="Words"),
        ),
    )


def _curves(done: OneToMany) -> Chapter:
    first, last = done.cmc[0].y, done.cmc[-1].y
    return Chapter(
        heading="Longer lists and other thresholds",
        plots=(
            Plot(
                caption="A longer list holds the right person more often, and more strangers. Band: 95% interval.",
                alt=f"Share with the right person rises from {rate_of(first)} at rank 1 to {rate_of(last)} at rank 50.",
                png=plots.cmc(done.cmc),
            ),
            Plot(
                caption="A stricter threshold lists fewer wrong people (left) and misses more right ones (up).",
                alt=trade_off_in_words(done.det, "FPIR", "FNIR"),
                png=plots.trade_off(done.det, "FPIR: somebody listed wrongly", "FNIR: right person missed"),
            ),
        ),
    )


def _quality(done: OneToMany) -> Chapter:
    rows = tuple(
        (
            percent(miss.x) if miss.x else "none",
            rate_of(first.y),
            rate_of(miss.y),
            interval_of(miss.y),
            str(miss.y.searches),
        )
        for miss, first in zip(done.discard, done.discard_first, strict=True)
    )
    headings = ("left out", "right person first", f"FNIR at {done.stratified_at}", "95% interval", "searches left")
    return Chapter(
        heading="What picture quality does",
        text=("When the pictures of worst quality are not searched with, what is left goes better, or should.",),
        plots=(
            Plot(
                caption="Misses fall and first places rise as the worst pictures are left out.",
                alt="; ".join(f"{row[0]} left out: FNIR {row[2]}, first {row[1]}" for row in rows)
                or "No mated search.",
                png=plots.discards(
                    (
                        (f"right person missed at {done.stratified_at}", done.discard),
                        ("right person first", done.discard_first),
                    )
                ),
            ),
        ),
        sheets=(Sheet(headings=headings, rows=rows),),
    )


def _strata(strata: Sequence[Stratum], point: str) -> Chapter:
    rows = tuple(
        (
            f"{one.attribute}: {one.value}",
            str(one.mated),
            rate_of(one.first),
            rate_of(one.fnir),
            interval_of(one.fnir),
            rate_of(one.fpir),
            f"{one.failures_to_acquire.count} of {one.failures_to_acquire.trials}",
        )
        for one in strata
    )
    headings = ("pictures", "mated", "right person first", "FNIR", "95% interval", "FPIR", "no face")
    return Chapter(
        heading="Kinds of picture",
        text=(f"At “{point}”. Eye distance and turn of the head are measured on the picture searched with.",),
        sheets=(Sheet(headings=headings, rows=rows),),
    )
