"""`countersign evaluate compare`: what one network brings beyond another, on the same pictures."""

import json
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, plain, settings, write_new
from countersign.cli.evaluation_report import conditions_of
from countersign.cli.progress import file_progress

if TYPE_CHECKING:
    from countersign.operations.compare_networks import Comparison
    from countersign.settings import Settings


class Views(StrEnum):
    """Which references enter, where the manifest names how far the head is turned."""

    FRONTAL = "frontal"
    SEVEN = "seven"
    ALL = "all"


PATTERN = "kind, dataset:kind or dataset:kind:view, * for anything; may be repeated"
DataOption = Annotated[Path, typer.Option(help="Folder with a manifest.csv: dataset, subject, file, kind, view …")]


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A registered network.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one that does the same.")],
    data: DataOption,
    references: Annotated[list[str] | None, typer.Option(help=f"References: {PATTERN}.")] = None,
    probes: Annotated[list[str] | None, typer.Option(help=f"Probes: {PATTERN}.")] = None,
    others: Annotated[list[str] | None, typer.Option(help=f"The first of each fills the gallery: {PATTERN}.")] = None,
    views: Annotated[
        list[Views] | None, typer.Option(help="A gallery of these references; may be repeated.", show_default=False)
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help="Pairs as well: LFW's pairs.txt, or a CSV with first, second, mated.")
    ] = None,
    pairs_data: Annotated[
        Path | None, typer.Option(help="Folder of the pairs' pictures; where the file lies if left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="New JSON file with every figure and what it was measured on.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two networks on the same pictures: what B brings beyond A, with paired intervals over people."""
    from countersign.bootstrap import open_engine
    from countersign.operations.compare_networks import CompareNetworks, compare_networks
    from countersign.operations.measure_one_to_many import MeasureOneToMany

    usual = MeasureOneToMany(data=data)
    asked = replace(
        usual,
        references=tuple(references or usual.references),
        probes=tuple(probes or usual.probes),
        others=tuple(others or usual.others),
    )
    places, same_detector = _settings_of(first, second)
    arguments = CompareNetworks(
        searches=asked,
        views=tuple(views or (Views.FRONTAL, Views.SEVEN)),
        pairs=(pairs, pairs_data or pairs.parent) if pairs else None,
        same_detector=same_detector,
    )
    engines = [open_engine(place) for place in places]
    with file_progress("reading pictures", quiet=as_json) as progress:
        done = compare_networks(engines[0], engines[1], arguments, progress, threads=settings().threads)
    conditions = [conditions_of(data / "manifest.csv", None, engine) for engine in engines]
    text = json.dumps(
        {"first": plain(conditions[0]), "second": plain(conditions[1]), "compared": [asdict(one) for one in done]},
        indent=1,
        ensure_ascii=False,
    )
    if out:
        write_new(out, text.encode())
    if as_json:
        typer.echo(text)
    else:
        _show(done, first, second)


def _settings_of(first: str, second: str) -> "tuple[list[Settings], bool]":
    """Give the settings of each run, and whether both use one detector."""
    from countersign.bootstrap import read_registry
    from countersign.operations.compare_networks import role_of_both

    role = role_of_both(read_registry(settings()), first, second)
    return [settings().model_copy(update={role: name}) for name in (first, second)], role == "extractor"


def _show(done: "tuple[Comparison, ...]", first: str, second: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"A is {first}, B is {second}; people are drawn together for both")
    for one in done:
        size = f", N = {one.gallery_subjects}" if one.gallery_subjects else ""
        console.print(f"\n{one.protocol}: {one.mated} mated of {one.trials}, {one.people} people{size}")
        table = Table("rate", "A", "B", "B - A", "95 % interval", "B is")
        for row in one.rates:
            apart = row.difference
            figures = (row.first, row.second, apart.value, apart.low, apart.high)
            before, after, value, low, high = ("undefined" if part is None else f"{part:.3f}" for part in figures)
            table.add_row(row.rate, before, after, value, f"{low} to {high}", row.verdict)
        console.print(table)
