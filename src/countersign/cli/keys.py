"""`countersign keys`: what two persons do together to the keys of the installation."""

from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, private_key, settings
from countersign.governance.permission import Permission

app = typer.Typer(name="keys", help="The installation's own keys.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Look after the installation's own keys."""


@app.command()
def sweep(as_json: JsonOption = False) -> None:
    """Remove what crashes left behind: files that no row names, and epoch keys that wrap nothing."""
    from countersign.bootstrap import open_installation

    installation = open_installation(settings())
    try:
        removed = installation.archive.sweep()
    finally:
        installation.close()
    emit({"removed_files": removed}, as_json=as_json, title="Swept")


@app.command()
def rotate(
    key: KeyOption,
    second_key: Annotated[Path, typer.Option(help="Private key file of a second administrator, who is present.")],
    as_json: JsonOption = False,
) -> None:
    """Rotate the epoch key: what was erased before is then recoverable from no copy of the database."""
    from countersign.operations.rotate_keys import RotateKeys, consent, rotate_keys
    from countersign.primitives.clock import SystemClock

    arguments = RotateKeys(second=consent(private_key(second_key), SystemClock().now()))
    done = act(key, Permission.KEY_ROTATE, rotate_keys, arguments)
    emit(done, as_json=as_json, title="Rotated; destroy old copies of the keys folder")
