"""The networks that a force registered itself: one folder each, with what was said of the network and its file.

A folder comes into being by one rename once everything in it is written, so a network is there whole or not at all, and
two people who add at once do not write over each other. What a crash leaves has a name that is never read.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from tempfile import mkdtemp

from countersign.errors import Conflict
from countersign.inference.registry import Network, Registry, RegistryUnreadableError, parse_registry

__all__ = ["FILE", "NetworkNameTakenError", "keep_network", "read_own"]

FILE = "network.onnx"
_SAID = "network.toml"
_UNFINISHED = ".unfinished-"


class NetworkNameTakenError(Conflict):
    """A network of this name is registered; it is not written over, since evidence names it."""

    code = "network_name_taken"


def read_own(folder: Path) -> Registry:
    """Read every network of a folder; a missing folder holds none.

    Raises:
        RegistryUnreadableError: What was said of one cannot be read.
        UndeclaredLicenceError: One declares no licence.
        LicenceBarsUseError: A licence does not allow its use.
    """
    found = Registry(networks={})
    for one in sorted(folder.glob(f"*/{_SAID}")):
        if not one.parent.name.startswith(_UNFINISHED):
            found = found.joined(_read(one))
    return found


def _read(said: Path) -> Registry:
    try:
        return parse_registry(said.read_text(encoding="utf-8"), said.parent)
    except (OSError, UnicodeDecodeError) as cause:
        raise RegistryUnreadableError(f"expected a readable {said.parent.name}/{_SAID}, got: {cause}") from cause


def keep_network(folder: Path, network: Network, data: bytes) -> None:
    """Keep an admitted network; it is on the disk when this returns.

    Raises:
        NetworkNameTakenError: One of this name lies there.
    """
    with _unfinished(folder) as made:
        _write(made / FILE, data)
        _write(made / _SAID, _toml(network).encode())
        try:
            made.rename(folder / network.name)
        except OSError as cause:
            raise NetworkNameTakenError(f"expected {network.name} to be new, got a network of that name") from cause
        _sync(folder)


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(prefix=_UNFINISHED, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _toml(network: Network) -> str:
    rows = [
        f"{one.name} = {json.dumps(value, ensure_ascii=False)}"
        for one in fields(network)
        if (value := getattr(network, one.name)) is not None
    ]
    return "[[network]]\n" + "\n".join(rows) + "\n"


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
