"""What every verb of the command line shares: places, the person's key, how something is shown, how an error ends."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from countersign.errors import CountersignError, Invalid
from countersign.governance.permission import Permission

if TYPE_CHECKING:
    from countersign.governance.signature import PrivateKey
    from countersign.operations.command import Command
    from countersign.operations.desk import Desk, Progress
    from countersign.settings import Settings

A = TypeVar("A")
R = TypeVar("R")


class PrivateKeyError(Invalid):
    """The file is not a person's private key."""

    code = "private_key"


class FileTextError(Invalid):
    """A file named on the command line cannot be read as JSON or TOML."""

    code = "file_text"


@dataclass(slots=True)
class Places:
    """Where things lie, as the command line says; what is left out comes from the environment."""

    given: dict[str, Path] = field(default_factory=dict)


PLACES = Places()

KeyOption = Annotated[Path, typer.Option("--key", help="Your private key file; the command is signed with it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def settings() -> "Settings":
    """Give the settings: the environment, and over it what the command line says."""
    from countersign.settings import Settings

    return Settings().model_copy(update=dict(PLACES.given))


def private_key(path: Path) -> "PrivateKey":
    """Read a person's private key (PEM)."""
    from countersign.governance.signature import load_private_key

    try:
        return load_private_key(path.read_bytes())
    except (OSError, ValueError) as cause:
        raise PrivateKeyError(f"expected an Ed25519 private key in {path}, got: {cause}") from cause


def read_table(path: Path) -> Mapping[str, object]:
    """Read a JSON or TOML file into a table."""
    import tomllib

    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError) as cause:
        raise FileTextError(f"expected JSON or TOML in {path.name}, got: {cause}") from cause
    if not isinstance(table, dict):
        raise FileTextError(f"expected a table in {path.name}, got {type(table).__name__}")
    return table


@contextmanager
def desk() -> Iterator["Desk"]:
    """Open the installation for one command."""
    from countersign.bootstrap import open_engine, open_installation

    installation = open_installation(settings())
    try:
        yield installation.desk(open_engine(settings()))
    finally:
        installation.close()


def act(
    key: Path,
    permission: Permission,
    run: Callable[["Desk", "Command[A]"], R],
    arguments: A,
    progress: "Progress | None" = None,
) -> R:
    """Sign a command with the person's key and carry it out."""
    from countersign.operations.command import sign_command

    signer = private_key(key)
    with desk() as place:
        told = replace(place, progress=progress) if progress else place
        return run(told, sign_command(permission, arguments, signer, place.clock))


def plain(value: object) -> object:
    """Give a result's JSON form; pictures are files, never part of it."""
    from countersign.primitives.codec import to_plain

    return to_plain(value)


def emit(value: object, *, as_json: bool, title: str, hide: tuple[str, ...] = ()) -> None:
    """Show what an operation gave: one JSON object, or a table of names and values."""
    shown = plain(value)
    if isinstance(shown, dict):
        shown = {name: item for name, item in shown.items() if name not in hide}
    if as_json:
        sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"[bold]{title}[/bold]")
    if isinstance(shown, dict):
        table = Table(show_header=False, box=None, pad_edge=False)
        for name, item in shown.items():
            table.add_row(f"  {name}", _text(item))
        console.print(table)
    elif isinstance(shown, list):
        for item in shown:
            console.print(f"  {_text(item)}", markup=False)
    else:
        console.print(f"  {shown}", markup=False)


def _text(item: object) -> str:
    from rich.markup import escape

    return escape(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False))


def write_new(path: Path, data: bytes) -> Path:
    """Write a file that must not exist; evidence is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as stream:
            stream.write(data)
    except OSError as cause:
        raise Invalid(f"expected to write a new file {path}, got: {cause}", code="output_file") from cause
    return path


def fail(error: CountersignError, *, as_json: bool) -> int:
    """Show an error and give its family's exit code."""
    family = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "countersign.errors")
    if as_json:
        body = {"error": family, "code": error.code, "message": str(error), "exit": error.exit_code}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
    else:
        from rich.console import Console

        Console(stderr=True).print(f"[bold red]{family}[/bold red] ({error.code}): ", end="")
        Console(stderr=True).print(str(error), markup=False)
    return error.exit_code
