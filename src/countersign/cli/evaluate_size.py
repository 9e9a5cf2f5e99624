"""`countersign evaluate size`: error rates by the size of the collection."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, must_be_new, plain, settings, write_new
from countersign.cli.evaluate import OutOption, pack_of
from countersign.cli.evaluate_compare import DataOption, Views
from countersign.cli.evaluation_report import conditions_of
from countersign.cli.progress import file_progress

if TYPE_CHECKING:
    from rich.table import Table

    from countersign.operations.measure_at_size import AtSizes

_PATTERN = "as for `evaluate identification`"


def size(
    data: DataOption,
    references: Annotated[list[str] | None, typer.Option(help=f"References, {_PATTERN}.")] = None,
    probes: Annotated[list[str] | None, typer.Option(help=f"Probes, {_PATTERN}.")] = None,
    others: Annotated[list[str] | None, typer.Option(help=f"By these the collection grows, {_PATTERN}.")] = None,
    views: Annotated[
        list[Views] | None, typer.Option(help="Which turned references enter; frontal, then seven, if left out.")
    ] = None,
    pack: Annotated[Path | None, typer.Option(help="Policy pack (TOML) whose operating points are measured.")] = None,
    synthetic: Annotated[int, typer.Option(min=0, help="Synthetic strangers to draw; 0 for none.")] = 100_000,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure FNIR and FPIR by number of people, and extrapolate them to 100,000, 500,000 and 20 million."""
    from countersign.bootstrap import open_engine
    from countersign.operations.measure_at_size import MeasureAtSize, measure_at_size

    usual = MeasureAtSize(data=data, pack=pack_of(pack), synthetic=synthetic)
    arguments = replace(
        usual,
        references=tuple(references or usual.references),
        probes=tuple(probes or usual.probes),
        others=tuple(others or usual.others),
        views=tuple(map(str, views or usual.views)),
    )
    if out:
        must_be_new(out)
    with file_progress("reading pictures", quiet=as_json) as progress:
        done = measure_at_size(open_engine(settings()), arguments, progress, threads=settings().threads)
    given = conditions_of(data / "manifest.csv", pack)
    text = json.dumps({"conditions": plain(given), "measured": asdict(done)}, indent=1, ensure_ascii=False)
    if out:
        from countersign.reports.evaluation import to_html, to_pdf
        from countersign.reports.evaluation_sizes import at_size_page

        page = at_size_page(done, given)
        write_new(out / "size.json", text.encode())
        write_new(out / "size.html", to_html(page).encode())
        write_new(out / "size.pdf", to_pdf(page, given.measured_at))
    if as_json:
        typer.echo(text)
        return
    _show(done, out)


def _show(done: "AtSizes", out: Path | None) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for table in _tables(done):
        console.print(table)
    if out:
        console.print(f"Report in {out}", soft_wrap=True)


def _tables(done: "AtSizes") -> "list[Table]":
    """Give a table for each kind of search: FNIR with its interval, at the evaluated size and beyond."""
    from rich.table import Table

    tables = []
    for one in done.measured:
        evaluated = one.searched_for + one.others
        with_what = "all pictures of a person" if one.sets else "one picture"
        title = f"{with_what}, {one.views} views: FNIR (95 % interval) by number of people"
        far = [point.n for point in one.curves[0].points if point.basis == "extrapolated" and point.n > evaluated]
        table = Table(
            "listed by", f"{evaluated:,} measured", *(f"{n:,}" for n in far), title=title, title_justify="left"
        )
        for curve in one.curves:
            by_size = {(point.n, str(point.basis)): point.fnir for point in curve.points}
            wanted = [(evaluated, "measured"), *((n, "extrapolated") for n in far)]
            shown = [by_size[key] for key in wanted]
            table.add_row(
                curve.rule,
                *(
                    "undefined" if part.value is None else f"{part.value:.2f} ({part.low:.2f}-{part.high:.2f})"
                    for part in shown
                ),
            )
        tables.append(table)
    return tables
