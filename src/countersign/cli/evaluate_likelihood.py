"""`countersign evaluate likelihood`: likelihood ratios by band of quality, for the disclosure pack alone."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, must_be_new, plain, settings, write_new
from countersign.cli.evaluate import OutOption, pack_of
from countersign.cli.evaluate_compare import PATTERN, DataOption, Views
from countersign.cli.evaluation_report import conditions_of
from countersign.cli.progress import file_progress

if TYPE_CHECKING:
    from countersign.operations.measure_ratios import Ratios


def likelihood(
    data: DataOption,
    population: Annotated[str, typer.Option(help="From whom the others were drawn, in words a court can read.")],
    references: Annotated[list[str] | None, typer.Option(help=f"References: {PATTERN}.")] = None,
    probes: Annotated[list[str] | None, typer.Option(help=f"Probes: {PATTERN}.")] = None,
    others: Annotated[list[str] | None, typer.Option(help=f"The relevant population: {PATTERN}.")] = None,
    views: Annotated[Views, typer.Option(help="Which turned references enter.")] = Views.FRONTAL,
    sets: Annotated[bool, typer.Option("--sets", help="All probes of a subject make one search.")] = False,
    quality: Annotated[
        list[float] | None, typer.Option(min=0.01, max=0.99, help="Quality at which a band begins; may be repeated.")
    ] = None,
    pack: Annotated[Path | None, typer.Option(help="Policy pack (TOML) whose way of fusing stills is used.")] = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit and judge likelihood ratios: Cllr, bounds, Tippett, entropy; the method goes into a validation."""
    from rich.console import Console
    from rich.table import Table

    from countersign.bootstrap import open_engine
    from countersign.operations.measure_ratios import MeasureRatios, measure_ratios

    if out:
        must_be_new(out)
    read = pack_of(pack)
    usual = MeasureRatios(data=data, population=population, views=views, sets=sets, ends=tuple(sorted(quality or ())))
    arguments = replace(
        usual,
        references=tuple(references or usual.references),
        probes=tuple(probes or usual.probes),
        others=tuple(others or usual.others),
        power=read.fusion_power if read else usual.power,
    )
    with file_progress("reading pictures", quiet=as_json) as progress:
        done = measure_ratios(open_engine(settings()), arguments, progress, threads=settings().threads)
    given = conditions_of(data / "manifest.csv", pack)
    text = json.dumps({"conditions": plain(given), "measured": asdict(done)}, indent=1, ensure_ascii=False)
    if out:
        from countersign.operations.measure_ratios import method_of
        from countersign.reports.evaluation import to_html, to_pdf
        from countersign.reports.evaluation_ratios import ratios_page

        page = ratios_page(done, given)
        write_new(out / "likelihood.json", text.encode())
        write_new(out / "likelihood.html", to_html(page).encode())
        write_new(out / "likelihood.pdf", to_pdf(page, given.measured_at))
        method = json.dumps(plain(method_of(done, given)), indent=1, ensure_ascii=False)
        write_new(out / "method.json", method.encode())
    if as_json:
        typer.echo(text)
        return
    table = Table("quality", "people", "mated", "strangers", "log10 from", "to", "Cllr (95 % interval)", "Cllr min")
    for row in _rows(done):
        table.add_row(*row)
    Console(highlight=False).print(table)
    if out:
        Console(highlight=False).print(f"Report in {out}", soft_wrap=True)


def _rows(done: "Ratios") -> list[tuple[str, ...]]:
    return [
        (
            f"{one.quality_from:.2f}-{min(one.quality_to, 1):.2f}",
            str(one.people),
            str(one.mated),
            str(one.strangers),
            f"{one.log10_low:.2f}",
            f"{one.log10_high:.2f}",
            f"{one.cllr:.3f} ({one.cllr_low:.3f}-{one.cllr_high:.3f})",
            f"{one.cllr_min:.3f}",
        )
        for one in done.bands
    ]
