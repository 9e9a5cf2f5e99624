"""Lays out what a measurement says of groups of people, and what it cannot say."""

from countersign.evaluation.differentials import Difference, GroupRate, GroupTable
from countersign.evaluation.one_to_many import OneToMany
from countersign.reports import evaluation_plots as plots
from countersign.reports.evaluation_document import (
    SMALL_CLAIM,
    UNDEFINED,
    Chapter,
    Plot,
    Sheet,
    interval_of,
    percent,
    rate_of,
)

_GROUP_HEADINGS = ("group", "FNIR", "mated", "FPIR", "searches", "people", "can it say?")
_FEWEST_SHOWN = 10


def _group_rows(table: GroupTable) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            one.name,
            f"{rate_of(one.fnir)}\n{interval_of(one.fnir)}",
            str(one.fnir.trials),
            f"{rate_of(one.fpir)}\n{interval_of(one.fpir)}",
            str(one.fpir.trials),
            str(one.fpir.subjects),
            _can_say(one.fpir),
        )
        for one in table.groups
    )


def _can_say(one: GroupRate) -> str:
    return "too small" if one.too_small(SMALL_CLAIM) else "yes"


def _difference_row(table: GroupTable, one: Difference) -> tuple[str, ...]:
    def shown(value: float | None) -> str:
        return UNDEFINED if value is None else f"{value:.2f}"

    return (
        table.attribute,
        one.rate,
        shown(one.inequity),
        shown(one.max_by_mean),
        shown(one.gini),
        shown(table.garbe),
        one.undefined or "-",
    )


_DIFFERENCES = ("attribute", "rate", "largest / smallest (IR)", "largest / mean", "Gini", "GARBE", "why undefined")


def _at_point(done: OneToMany, *, single: bool) -> list[GroupTable]:
    return [
        table
        for table in done.groups
        if table.point == done.stratified_at and single == ("×" not in table.attribute) and table.groups
    ]


def groups(done: OneToMany) -> Chapter:
    """Lay out every attribute by itself, with figures."""
    tables = _at_point(done, single=True)
    text = (
        (
            f"At “{done.stratified_at}”. A group is too small to say when even without one error its bound, by the "
            f"rule of three over its people, would lie above {percent(SMALL_CLAIM)}. A ratio without a denominator is "
            "undefined, never fair."
        ),
    )
    if not tables:
        return Chapter(heading="Groups of people", text=("The data carry no labels of groups.",))
    sheets = [Sheet(headings=_GROUP_HEADINGS, rows=_group_rows(one), caption=_named(one)) for one in tables]
    rows = tuple(_difference_row(table, one) for table in tables for one in table.differences)
    return Chapter(
        heading="Groups of people",
        text=text,
        plots=tuple(
            Plot(
                caption=f"{rate} by group with its exact 95% interval: wide bars say little.",
                alt=f"{rate} of each group, as in the tables below.",
                png=plots.groups(tables, rate),
            )
            for rate in ("FNIR", "FPIR")
        ),
        sheets=(*sheets, Sheet(headings=_DIFFERENCES, rows=rows, caption="How far groups differ (1 is equal)")),
    )


def _named(table: GroupTable) -> str:
    return f"By {table.attribute}; {table.unlabelled:,} searches without this label"


def intersections(done: OneToMany) -> Chapter:
    """Lay out products of attributes (EQV-08)."""
    tables = _at_point(done, single=False)
    if not tables:
        return Chapter(heading="Groups by more than one attribute", text=("The data carry no labels of groups.",))
    groups = [(row, one) for table in tables for row, one in zip(_group_rows(table), table.groups, strict=True)]
    small = sum(one.fpir.too_small(SMALL_CLAIM) for _, one in groups)
    shown = tuple(row for row, one in groups if one.fpir.subjects >= _FEWEST_SHOWN)
    differences = tuple(_difference_row(table, one) for table in tables for one in table.differences)
    return Chapter(
        heading="Groups by more than one attribute",
        text=(
            (
                f"{small} of {len(groups)} of these groups are too small to say anything at {percent(SMALL_CLAIM)}. "
                f"Groups of fewer than {_FEWEST_SHOWN} people are listed in the JSON file only."
            ),
        ),
        sheets=(
            Sheet(headings=_DIFFERENCES, rows=differences),
            *((Sheet(headings=_GROUP_HEADINGS, rows=shown),) if shown else ()),
        ),
    )
