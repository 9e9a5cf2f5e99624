"""`countersign evaluate`: error rates on labelled data; aggregates only."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, emit, must_be_new, read_bytes, read_table, settings
from countersign.cli.evaluate_compare import PATTERN, DataOption, Views, compare
from countersign.cli.evaluation_report import conditions_of, give, write_validation
from countersign.cli.progress import file_progress

if TYPE_CHECKING:
    from countersign.governance.policy_pack import PolicyPack
    from countersign.operations.measure_headline import Headline

OutOption = Annotated[Path | None, typer.Option(help="New folder for the report: HTML, PDF and JSON.")]

app = typer.Typer(name="evaluate", help="Error rates on labelled data: aggregates only.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure the engine on data whose answers are known."""


app.command()(compare)


@app.command()
def identification(
    data: DataOption,
    references: Annotated[
        list[str] | None, typer.Option(help=f"References: {PATTERN}; custody photographs if left out.")
    ] = None,
    probes: Annotated[list[str] | None, typer.Option(help=f"Probes: {PATTERN}; stills of cameras if left out.")] = None,
    others: Annotated[
        list[str] | None,
        typer.Option(help=f"The first of each fills the gallery: {PATTERN}; news pictures if left out."),
    ] = None,
    views: Annotated[Views, typer.Option(help="Which turned references enter.")] = Views.SEVEN,
    sets: Annotated[bool, typer.Option("--sets", help="All probes of a subject make one search.")] = False,
    pack: Annotated[Path | None, typer.Option(help="Policy pack (TOML) whose operating points are measured.")] = None,
    claim: Annotated[
        list[str] | None,
        typer.Option(help="Promise for a point of the pack, strict=FPIR,FNIR: writes the validation to be signed."),
    ] = None,
    sizes: Annotated[
        Path | None, typer.Option(help="size.json of `evaluate size`, so that the validation reaches further.")
    ] = None,
    method: Annotated[
        list[Path] | None, typer.Option(help="method.json of `evaluate likelihood`, for the validation; repeatable.")
    ] = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure one-to-many search: ranks, FNIR and FPIR, curves, strata and groups, every failure counted."""
    from countersign.bootstrap import open_engine
    from countersign.operations.certify import ClaimError, read_claims
    from countersign.operations.measure_one_to_many import MeasureOneToMany, measure_one_to_many

    claims = read_claims(claim or [])
    if claims and not (pack and out):
        raise ClaimError("expected a pack and a folder for the validation with a claim, got one without")
    usual = MeasureOneToMany(data=data, views=views, sets=sets, pack=pack_of(pack))
    arguments = replace(
        usual,
        references=tuple(references or usual.references),
        probes=tuple(probes or usual.probes),
        others=tuple(others or usual.others),
    )
    _ready(out)
    with file_progress("reading pictures", quiet=as_json) as progress:
        done = measure_one_to_many(open_engine(settings()), arguments, progress, threads=settings().threads)
    given = conditions_of(data / "manifest.csv", pack)
    give(done, "identification", given, out, as_json=as_json)
    if claims and arguments.pack and out:
        from countersign.operations.measure_at_size import read_sizes, size_rates

        points = tuple(arguments.pack.operating_points)
        rates = size_rates(read_sizes(read_bytes(sizes), given).measured, points, views, sets=sets) if sizes else ()
        write_validation(done, given, arguments.pack, claims, out, "identification", sizes=rates, methods=method or ())


@app.command()
def verification(
    pairs: Annotated[Path, typer.Option(help="Pairs: LFW's pairs.txt, or a CSV with first, second, mated.")],
    data: Annotated[Path, typer.Option(help="Folder of the pictures that the pairs name.")],
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure one-to-one comparison: FMR and FNMR, their trade-off, error versus discard, every failure counted."""
    from countersign.bootstrap import open_engine
    from countersign.operations.measure_one_to_one import measure_one_to_one

    _ready(out)
    with file_progress("reading pictures", quiet=as_json) as progress:
        done = measure_one_to_one(open_engine(settings()), pairs, data, progress, threads=settings().threads)
    give(done, "verification", conditions_of(pairs, None), out, as_json=as_json)


@app.command()
def folders(
    references: Annotated[Path, typer.Option(help="Folder <subject>/* of references.")],
    probes: Annotated[Path, typer.Option(help="Folder <subject>/* of probes, named as the references.")],
    others: Annotated[
        Path | None, typer.Option(help="Folder <subject>/*: the first image of each joins the gallery only.")
    ] = None,
    sets: Annotated[bool, typer.Option("--sets", help="All stills of a subject make one probe.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure one-to-many search on two plain folders: ranks and failures to acquire, with intervals."""
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


def pack_of(file: Path | None) -> "PolicyPack | None":
    """Read the pack that is to be measured, if one was named."""
    from countersign.governance.policy_pack import read_pack

    return read_pack(read_table(file)) if file else None


def _ready(out: Path | None) -> None:
    """Refuse a folder that holds something before minutes of work are done for it."""
    if out:
        must_be_new(out)
