"""`countersign demo`: the main job, walked through by a scripted force on public photographs or on own images."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, emit, plain


def demo(
    faces: Annotated[
        Path | None, typer.Option(help="Own images: references/<subject>/* and probes/<name>/*, of people who agreed.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write; only an earlier demonstration is replaced.")] = Path(
        "demo-output"
    ),
    erase: Annotated[bool, typer.Option("--erase", help="Erase the demonstration in OUT and end.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Walk through the main job with scripted people, marked as a demonstration throughout; asks nothing."""
    from datetime import UTC, datetime

    from rich.console import Console

    from countersign.cli.demonstration import folder

    if erase:
        said = folder.erase(out, datetime.now(UTC))
        emit({"erased": str(out)}, as_json=as_json, title=said)
        return
    from countersign.cli.demonstration.narrator import Narrator
    from countersign.cli.demonstration.story import Play, play

    console = Console(quiet=as_json, highlight=False)
    chronicle = play(Play(out=out, faces=faces, quiet=as_json), Narrator(console))
    if as_json:
        sys.stdout.write(json.dumps(plain(chronicle), ensure_ascii=False) + "\n")
