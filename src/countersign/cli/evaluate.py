"""`countersign evaluate`: error rates on labelled data; aggregates only."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, emit, settings
from countersign.cli.progress import file_progress

if TYPE_CHECKING:
    from countersign.operations.measure_headline import Headline

app = typer.Typer(name="evaluate", help="Error rates on labelled data: aggregates only.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure the engine on data whose answers are known."""


@app.command()
def identification(
    references: Annotated[Path, typer.Option(help="Folder <subject>/* of references.")],
    probes: Annotated[Path, typer.Option(help="Folder <subject>/* of probes, named as the references.")],
    others: Annotated[
        Path | None, typer.Option(help="Folder <subject>/*: the first image of each joins the gallery only.")
    ] = None,
    sets: Annotated[bool, typer.Option("--sets", help="All stills of a subject make one probe.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure one-to-many search: rank, FNIR and FPIR, failures to acquire, with intervals."""
    from countersign.bootstrap import open_engine
    from countersign.operations.measure_identification import MeasureIdentification, measure

    arguments = MeasureIdentification(
        references=str(references), probes=str(probes), others=str(others) if others else None, sets=sets
    )
    with file_progress("measuring", quiet=as_json) as progress:
        done = measure(open_engine(settings()), arguments, progress)
    emit(done, as_json=as_json, title="Identification")


@app.command()
def headline(
    data: Annotated[Path, typer.Option(help="Folder with a manifest.csv: dataset, subject, file, kind, view.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file, as JSON numbers; - prints them.")
    ] = None,
) -> None:
    """Measure the headline protocol: CCTV stills against custody photographs among strangers."""
    from countersign.bootstrap import open_engine
    from countersign.operations.measure_headline import measure_headline

    on_screen = json_file is None
    with file_progress("measuring", quiet=not on_screen) as progress:
        done = measure_headline(open_engine(settings()), data, progress)
    text = json.dumps(asdict(done), indent=1)
    if json_file is None:
        _table(done)
    elif str(json_file) == "-":
        typer.echo(text)
    else:
        json_file.write_text(text + "\n", encoding="utf-8")


def _table(done: "Headline") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("protocol", "N", "searches", "no face", "FNIR at rank 1", "10", "50", "FNIR at FPIR 0.1", "0.01")
    for row in done.protocols:
        rates = [f"{rate:.3f}" for rate in (*row.fnir_rank.values(), *row.fnir_at_fpir.values())]
        table.add_row(row.name, str(row.gallery_subjects), str(row.mated), str(row.failure_to_acquire), *rates)
    Console().print(table)
