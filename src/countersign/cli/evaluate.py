"""`countersign evaluate`: error rates on labelled data; aggregates only."""

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, emit, must_be_new, plain, read_table, settings, write_new
from countersign.cli.progress import file_progress

if TYPE_CHECKING:
    from rich.table import Table

    from countersign.governance.policy_pack import OperatingPoint, PolicyPack
    from countersign.operations.certify import Claims
    from countersign.operations.evaluation_conditions import EvaluationConditions
    from countersign.operations.measure_headline import Headline
    from countersign.operations.measure_one_to_many import OneToMany
    from countersign.operations.measure_one_to_one import OneToOne


class Views(StrEnum):
    """Which references enter, where the manifest names how far the head is turned."""

    FRONTAL = "frontal"
    SEVEN = "seven"
    ALL = "all"


_PATTERN = "kind, dataset:kind or dataset:kind:view, * for anything; may be repeated"
DataOption = Annotated[Path, typer.Option(help="Folder with a manifest.csv: dataset, subject, file, kind, view …")]
OutOption = Annotated[Path | None, typer.Option(help="New folder for the report: HTML, PDF and JSON.")]

app = typer.Typer(name="evaluate", help="Error rates on labelled data: aggregates only.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure the engine on data whose answers are known."""


@app.command()
def identification(
    data: DataOption,
    references: Annotated[
        list[str] | None, typer.Option(help=f"References: {_PATTERN}; custody photographs if left out.")
    ] = None,
    probes: Annotated[
        list[str] | None, typer.Option(help=f"Probes: {_PATTERN}; stills of cameras if left out.")
    ] = None,
    others: Annotated[
        list[str] | None,
        typer.Option(help=f"The first of each fills the gallery: {_PATTERN}; news pictures if left out."),
    ] = None,
    views: Annotated[Views, typer.Option(help="Which turned references enter.")] = Views.SEVEN,
    sets: Annotated[bool, typer.Option("--sets", help="All probes of a subject make one search.")] = False,
    pack: Annotated[Path | None, typer.Option(help="Policy pack (TOML) whose operating points are measured.")] = None,
    claim: Annotated[
        list[str] | None,
        typer.Option(help="Promise for a point of the pack, strict=FPIR,FNIR: writes the validation to be signed."),
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
    usual = MeasureOneToMany(data=data, views=views, sets=sets, pack=_pack(pack))
    arguments = replace(
        usual,
        references=tuple(references or usual.references),
        probes=tuple(probes or usual.probes),
        others=tuple(others or usual.others),
    )
    _ready(out)
    with file_progress("reading pictures", quiet=as_json) as progress:
        done = measure_one_to_many(open_engine(settings()), arguments, progress, threads=settings().threads)
    given = _conditions(data / "manifest.csv", pack)
    _give(done, "identification", given, out, as_json=as_json)
    if claims and arguments.pack and out:
        _write_validation(done, given, arguments.pack, claims, out)


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
    _give(done, "verification", _conditions(pairs, None), out, as_json=as_json)


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


def _pack(file: Path | None) -> "PolicyPack | None":
    from countersign.governance.policy_pack import read_pack

    return read_pack(read_table(file)) if file else None


def _ready(out: Path | None) -> None:
    """Refuse a folder that holds something before minutes of work are done for it."""
    if out:
        must_be_new(out)


def _give(
    done: "OneToMany | OneToOne", name: str, given: "EvaluationConditions", out: Path | None, *, as_json: bool
) -> None:
    """Write the report where one is asked for, and show the figures."""
    from rich.console import Console

    text = json.dumps({"conditions": plain(given), "measured": asdict(done)}, indent=1, ensure_ascii=False)
    if out:
        _write_report(done, given, out / name, text)
    if as_json:
        typer.echo(text)
        return
    console = Console(highlight=False)
    for table in _summary(done):
        console.print(table)
    if out:
        console.print(f"Report in {out}", soft_wrap=True)


def _conditions(listing: Path, pack: Path | None) -> "EvaluationConditions":
    from countersign import __version__
    from countersign.bootstrap import open_engine
    from countersign.operations.evaluation_conditions import conditions, pack_digest
    from countersign.primitives.clock import SystemClock

    digest = pack_digest(read_table(pack)) if pack else ""
    words = {"command": shlex.join(_named_only(word) for word in sys.argv[1:])}
    return conditions(
        open_engine(settings()), listing, SystemClock(), code=__version__, asked=words, pack_sha256=digest
    )


def _named_only(word: str) -> str:
    """Leave the folders out of a path: a report goes to people who need not know where things lie."""
    return Path(word).name if "/" in word else word


def _write_report(done: "OneToMany | OneToOne", given: "EvaluationConditions", to: Path, text: str) -> None:
    from countersign.operations.measure_one_to_one import OneToOne
    from countersign.reports.evaluation import to_html, to_pdf
    from countersign.reports.evaluation_layout import one_to_many_page
    from countersign.reports.evaluation_pairs import one_to_one_page

    page = one_to_one_page(done, given) if isinstance(done, OneToOne) else one_to_many_page(done, given)
    write_new(to.with_suffix(".json"), text.encode())
    write_new(to.with_suffix(".html"), to_html(page).encode())
    write_new(to.with_suffix(".pdf"), to_pdf(page, given.measured_at))


def _write_validation(
    done: "OneToMany",
    given: "EvaluationConditions",
    pack: "PolicyPack",
    claims: "Mapping[OperatingPoint, Claims]",
    out: Path,
) -> None:
    """Write the content of a validation beside the report, for `programme sign`; its acceptance counts again."""
    from countersign.operations.certify import certify
    from countersign.primitives.digest import sha256

    report = sha256((out / "identification.json").read_bytes())
    content = plain(certify(done, given, pack, claims, report=report))
    write_new(out / "validation.json", json.dumps(content, indent=1, ensure_ascii=False).encode())


def _summary(done: "OneToMany | OneToOne") -> "list[Table | str]":
    """Give the figures that fit a screen: what was counted, then each rate with its interval."""
    from rich.table import Table

    from countersign.operations.measure_one_to_one import OneToOne

    rates = Table("rate", "value", "95 % interval", "searches", "people")
    if isinstance(done, OneToOne):
        shown = [(f"FNMR at FMR {one.fmr_asked:g}", one.fnmr) for one in done.points]
        first = f"{done.mated} mated and {done.non_mated} non-mated pairs of {done.people} people; best {done.best:.4f}"
        failed = f"not compared: {done.failures_to_acquire.count} of {done.failures_to_acquire.trials} pairs"
    else:
        counts = done.counts
        shown = [(f"mate among the first {places}", one) for places, one in done.ranked.items()]
        shown += [(f"FNIR at {one.name}", one.fnir) for one in done.points]
        shown += [(f"FPIR at {one.name}", one.fpir) for one in done.points]
        first = f"{counts.mated} mated and {counts.searches} non-mated searches among N = {counts.gallery_subjects}"
        failed = (
            f"no template: {done.failures_to_acquire.count} of {done.failures_to_acquire.trials} searches, "
            f"{done.failures_to_enrol.count} of {done.failures_to_enrol.trials} references and others"
        )
    for name, one in shown:
        value, low, high = ("undefined" if part is None else f"{part:.3f}" for part in (one.value, one.low, one.high))
        rates.add_row(name, value, f"{low} to {high}", str(one.searches), str(one.subjects))
    return [first, failed, rates]
