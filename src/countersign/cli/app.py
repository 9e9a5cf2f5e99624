"""The command `countersign`: its verbs, and how an error ends it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from countersign import __version__
from countersign.cli import (
    account,
    anomaly,
    assurance,
    case,
    clock,
    collection,
    comparison,
    deletion,
    demo,
    erase,
    evaluate,
    evaluate_likelihood,
    evaluate_size,
    keys,
    lead,
    ledger,
    network,
    person,
    policy,
    programme,
    recording,
    report,
    request,
    review,
    search,
    serve,
    start,
    team,
)
from countersign.cli.door import PLACES, InterruptedVerbError, MachineError, fail
from countersign.errors import CountersignError
from countersign.primitives.egress import deny_outbound

app = typer.Typer(
    name="countersign",
    help="Retrospective face search that has to account for itself.",
    epilog="In order: init · person · programme · collection · exhibit · request · search · review · lead · report",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
GROUPS = (
    *(
        account,
        person,
        programme,
        policy,
        collection,
        deletion,
        recording,  # all verbs of `exhibit`
        request,
        search,
        comparison,
        review,
        lead,
        report,
        ledger,
        keys,
    ),
    *(case, clock, anomaly, team),
    *(evaluate, network),
)
for group in GROUPS:
    app.add_typer(group.app)
evaluate.app.command(name="size")(evaluate_size.size)
evaluate.app.command(name="likelihood")(evaluate_likelihood.likelihood)
app.command(name="init")(start.init)
app.command(name="erase")(erase.erase)
app.command(name="serve")(serve.serve)
app.command(name="demo")(demo.demo)
app.command(name="assurance")(assurance.assurance)


def _version(show: bool) -> None:
    if show:
        typer.echo(f"countersign {__version__}")
        raise typer.Exit


@app.callback()
def places(
    data: Annotated[Path | None, typer.Option(help="Folder of database and blobs [COUNTERSIGN_DATA].")] = None,
    keys: Annotated[Path | None, typer.Option(help="Folder of the wrapped keys [COUNTERSIGN_KEYS].")] = None,
    witness: Annotated[Path | None, typer.Option(help="Folder of the file witness [COUNTERSIGN_WITNESS].")] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="File that opens the root key [COUNTERSIGN_PASSPHRASE_FILE].")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Retrospective face search that has to account for itself."""
    del version
    given = {"data": data, "keys": keys, "witness": witness, "passphrase_file": passphrase_file}
    PLACES.given = {name: place for name, place in given.items() if place is not None}


def main(arguments: list[str] | None = None) -> None:
    """Run the command; an error of ours ends with its family's exit code (see `countersign.errors`)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    deny_outbound()
    try:
        app(args=arguments)
    except CountersignError as error:
        sys.exit(fail(error, as_json="--json" in arguments))
    except OSError as cause:
        place = cause.filename or "a file"
        machine = MachineError(f"expected to read or write {place}, got: {cause.strerror or cause}")
        sys.exit(fail(machine, as_json="--json" in arguments))
    except SystemExit as end:
        if end.code != InterruptedVerbError.exit_code:
            raise
        interrupted = InterruptedVerbError("what was committed stays, nothing else was done; the same command goes on")
        sys.exit(fail(interrupted, as_json="--json" in arguments))
