"""What every verb of the command line shares: places, the person's key, how something is shown, how an error ends."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from countersign.errors import Conflict, CountersignError, Invalid, NotFound
from countersign.governance.permission import Permission

if TYPE_CHECKING:
    from rich.console import RenderableType

    from countersign.governance.signature import PrivateKey
    from countersign.operations.command import Command
    from countersign.operations.desk import Desk, Progress
    from countersign.settings import Settings

A = TypeVar("A")
R = TypeVar("R")


class PrivateKeyError(Invalid):
    """The file is not a person's private key."""

    code = "private_key"


class PublicKeyError(Invalid):
    """The file is not a person's public key."""

    code = "public_key"


class FileTextError(Invalid):
    """A file named on the command line cannot be read as JSON or TOML."""

    code = "file_text"


class NamedFileError(NotFound):
    """A file named on the command line is not there, or may not be read."""

    code = "named_file"


class OutputTakenError(Conflict):
    """Something lies where a verb is to write; evidence is never overwritten."""

    code = "output_taken"


class SettingError(Invalid):
    """An environment variable of ours does not hold what it should."""

    code = "setting"


class MachineError(CountersignError):
    """The machine did not let us read or write: disk full, folder gone, permission missing."""

    code = "machine"


class InterruptedVerbError(CountersignError):
    """A person pressed Ctrl-C. What was committed stays; nothing else was done."""

    code = "interrupted"
    exit_code = 130


@dataclass(slots=True)
class Places:
    """Where things lie, as the command line says; what is left out comes from the environment."""

    given: dict[str, Path] = field(default_factory=dict)


PLACES = Places()

KeyOption = Annotated[Path, typer.Option("--key", help="Your private key file; the command is signed with it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def settings() -> "Settings":
    """Give the settings: the environment, and over it what the command line says."""
    from pydantic import ValidationError

    from countersign.settings import Settings

    try:
        return Settings().model_copy(update=dict(PLACES.given))
    except ValidationError as cause:
        wrong = "; ".join(f"COUNTERSIGN_{str(item['loc'][0]).upper()}: {item['msg']}" for item in cause.errors())
        raise SettingError(f"expected settings as in the reference, got {wrong}") from cause


def read_bytes(path: Path) -> bytes:
    """Read a file that the person named."""
    try:
        return path.read_bytes()
    except OSError as cause:
        raise NamedFileError(f"expected a readable file {path}, got: {cause.strerror}") from cause


def read_public_key(path: Path) -> str:
    """Read a public key file as `person keygen` writes it; what is in it is checked by the operation."""
    try:
        return read_bytes(path).decode("ascii").strip()
    except UnicodeDecodeError as cause:
        raise PublicKeyError(f"expected 64 hexadecimal digits in {path}, got something else") from cause


def private_key(path: Path) -> "PrivateKey":
    """Read a person's private key (PEM)."""
    from countersign.governance.signature import MalformedKeyError, load_private_key

    try:
        return load_private_key(read_bytes(path))
    except (MalformedKeyError, ValueError) as cause:
        raise PrivateKeyError(f"expected an Ed25519 private key in {path}, got something else") from cause


def read_table(path: Path) -> Mapping[str, object]:
    """Read a JSON or TOML file into a table."""
    import tomllib

    data = read_bytes(path)
    try:
        text = data.decode()
        table = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except ValueError as cause:
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
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text(title, style="bold"))
    console.print(_cell(shown))


def _cell(item: object) -> "RenderableType":
    """Lay an item out: a record as a table, names whole and long values folded; a list item by item."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    match item:
        case dict() if item:
            table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 1))
            table.add_column(no_wrap=True)
            table.add_column(overflow="fold")
            for name, part in item.items():
                table.add_row(Text(name), _cell(part))
            return table
        case list() if any(isinstance(part, dict | list) for part in item):
            return Group(*map(_cell, item))
        case list() if item:
            return Text(", ".join(map(str, item)))
        case bool():
            return Text("yes" if item else "no")
        case str() | int() if item != "":
            return Text(str(item))
        case _:
            return Text("-")


def must_be_new(*paths: Path) -> None:
    """Refuse to begin where the verb would have to write over something: an act whose outcome is lost stays done."""
    for path in paths:
        if path.exists() or path.is_symlink():
            raise OutputTakenError(f"expected {path} to be new, got something that lies there: evidence is kept")


def write_new(path: Path, data: bytes, *, mode: int = 0o666) -> Path:
    """Write a file that must not exist; evidence is never overwritten."""
    must_be_new(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The mode is given at birth: a private key is at no moment open to other eyes.
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
            stream.write(data)
    except OSError as cause:
        raise MachineError(f"expected to write a new file {path}, got: {cause.strerror}") from cause
    return path


def make_folder(path: Path, *, without: str = "") -> None:
    """Make the folder that a verb writes to before the verb acts; refuse where files of a pattern lie in it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise MachineError(f"expected a folder {path} to write to, got: {cause.strerror}") from cause
    if without:
        must_be_new(*path.glob(without))


def fail(error: CountersignError, *, as_json: bool) -> int:
    """Show an error and give its family's exit code."""
    family = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "countersign.errors")
    if as_json:
        body = {"error": family, "code": error.code, "message": str(error), "exit": error.exit_code}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
    else:
        from rich.console import Console
        from rich.text import Text

        said = Text.assemble((family, "bold red"), f" ({error.code}): {error}")
        Console(stderr=True, highlight=False, soft_wrap=True).print(said)
    return error.exit_code
