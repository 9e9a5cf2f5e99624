"""`countersign network`: what may run, what is registered about it, and what was measured with it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, emit, settings, write_new

app = typer.Typer(name="network", help="Networks: files with digest, licence and card.", no_args_is_help=True)


class NetworkRole(StrEnum):
    """What a network does."""

    DETECTOR = "detector"
    EXTRACTOR = "extractor"


class NetworkColour(StrEnum):
    """Order of the channels it takes."""

    RGB = "rgb"
    BGR = "bgr"


class NetworkPrecision(StrEnum):
    """Number format in which it runs."""

    F32 = "f32"
    BF16 = "bf16"


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="The network, an ONNX file.")],
    name: Annotated[str, typer.Option(help="What settings and evidence call it.")],
    role: Annotated[NetworkRole, typer.Option(help="What it does.")],
    sha256: Annotated[str, typer.Option(help="SHA-256 as its makers publish it.")],
    source: Annotated[str, typer.Option(help="Where its makers publish it.")],
    training_data: Annotated[str, typer.Option(help="What it learned from, as far as published.")],
    licence: Annotated[str, typer.Option(help="SPDX identifier, or LicenseRef-… for a contract of your own.")] = "",
    dimension: Annotated[int, typer.Option(help="Features of one template; 0 for a detector.")] = 0,
    colour: Annotated[NetworkColour, typer.Option(help="Order of the channels it takes.")] = NetworkColour.RGB,
    mean: Annotated[float, typer.Option(help="Subtracted from values 0 to 255.")] = 0.0,
    deviation: Annotated[float, typer.Option(help="What the difference is divided by.")] = 1.0,
    precision: Annotated[NetworkPrecision, typer.Option(help="Number format.")] = NetworkPrecision.F32,
    as_json: JsonOption = False,
) -> None:
    """Register a network of your own in the programme's folder: licence, digest and shape are checked before."""
    from countersign.bootstrap import own_networks, read_registry
    from countersign.operations.add_network import NewNetwork, add_network

    said = NewNetwork(
        name=name,
        role=role.value,
        sha256=sha256,
        licence=licence,
        source=source,
        training_data=training_data,
        precision=precision.value,
        dimension=dimension,
        colour=colour,
        mean=mean,
        deviation=deviation,
    )
    added = add_network(own_networks(settings()), read_registry(settings()), said, file)
    emit(added, as_json=as_json, title=f"Registered. To use it: COUNTERSIGN_{role.value.upper()}={name}")


@app.command(name="list")
def show(as_json: JsonOption = False) -> None:
    """List every registered network."""
    from countersign.bootstrap import read_registry
    from countersign.operations.network_card import lines

    emit({"networks": lines(read_registry(settings()))}, as_json=as_json, title="Networks")


@app.command()
def card(
    name: Annotated[str, typer.Argument(help="The network's name.")],
    measured: Annotated[list[Path] | None, typer.Option(help="JSON file of an evaluation; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(help="New Markdown file; without it the card is printed.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a network's card: what it is, who allows its use, and the figures of the evaluations that are given."""
    from countersign.bootstrap import read_registry
    from countersign.operations.network_card import network_card, read_measured

    text = network_card(read_registry(settings()), name, [read_measured(one) for one in measured or []])
    if out:
        write_new(out, text.encode())
    if as_json:
        emit({"card": text}, as_json=True, title="Card")
    elif not out:
        typer.echo(text, nl=False)
