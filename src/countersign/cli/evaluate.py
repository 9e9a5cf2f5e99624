"""`countersign evaluate`: error rates on labelled data; aggregates only."""

from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, emit, settings
from countersign.cli.progress import file_progress

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
