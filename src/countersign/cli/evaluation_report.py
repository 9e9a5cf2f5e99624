"""How a measurement leaves the command line: figures on the screen, a folder with a report, a validation's content."""

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from countersign.cli.door import plain, read_table, settings, write_new

if TYPE_CHECKING:
    from rich.table import Table

    from countersign.governance.certificate import SizeRate
    from countersign.governance.policy_pack import OperatingPoint, PolicyPack
    from countersign.operations.certify import Claims
    from countersign.operations.desk import Engine
    from countersign.operations.evaluation_conditions import EvaluationConditions
    from countersign.operations.measure_one_to_many import OneToMany
    from countersign.operations.measure_one_to_one import OneToOne


def give(
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


def conditions_of(listing: Path, pack: Path | None, engine: "Engine | None" = None) -> "EvaluationConditions":
    """Give what a measurement was made with and on; of the networks in use where no others are named."""
    from countersign import __version__
    from countersign.bootstrap import open_engine
    from countersign.operations.evaluation_conditions import conditions, pack_digest
    from countersign.primitives.clock import SystemClock

    digest = pack_digest(read_table(pack)) if pack else ""
    words = {"command": shlex.join(_named_only(word) for word in sys.argv[1:])}
    used = engine or open_engine(settings())
    return conditions(used, listing, SystemClock(), code=__version__, asked=words, pack_sha256=digest)


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


def write_validation(
    done: "OneToMany",
    given: "EvaluationConditions",
    pack: "PolicyPack",
    claims: "Mapping[OperatingPoint, Claims]",
    out: Path,
    name: str,
    *,
    sizes: "tuple[SizeRate, ...]" = (),
    methods: Sequence[Path] = (),
) -> None:
    """Write the content of a validation beside the report, for `programme sign`; its acceptance counts again."""
    from countersign.governance.likelihood import LikelihoodMethod
    from countersign.operations.certify import certify
    from countersign.primitives.codec import from_plain
    from countersign.primitives.digest import sha256

    likelihood: tuple[LikelihoodMethod, ...] = tuple(
        from_plain(LikelihoodMethod, dict(read_table(one)), "method") for one in methods
    )
    report = sha256((out / name).with_suffix(".json").read_bytes())
    content = plain(certify(done, given, pack, claims, report=report, sizes=sizes, likelihood=likelihood))
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
