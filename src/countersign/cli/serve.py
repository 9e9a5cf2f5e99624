"""`countersign serve`: the web application."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import private_key, settings

if TYPE_CHECKING:
    from countersign.governance.signature import PrivateKey


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    origin: Annotated[
        str, typer.Option(help="The site's address as browsers see it, such as https://search.force.example.")
    ] = "",
    certificate: Annotated[
        Path | None, typer.Option(help="TLS certificate chain (PEM); or let a proxy do TLS.")
    ] = None,
    certificate_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    proxy: Annotated[list[str] | None, typer.Option(help="Address of a proxy whose forwarded headers count.")] = None,
    people: Annotated[
        Path | None, typer.Option(help="Folder of the demonstration's keys: its people sign in with one click.")
    ] = None,
) -> None:
    """Serve the web application until interrupted."""
    from rich.console import Console

    from countersign.web.serving import Serving
    from countersign.web.serving import serve as run

    serving = Serving(
        host=host,
        port=port,
        origin=origin,
        certificate=certificate,
        certificate_key=certificate_key,
        proxies=tuple(proxy or ()),
    )
    Console(highlight=False).print(f"Open {serving.site.origin}/ — end with Ctrl-C")
    run(settings(), serving, keys_in(people) if people else {})


def keys_in(folder: Path) -> "dict[str, PrivateKey]":
    """Read the keys of a demonstration's people, by the name of their part."""
    return {file.stem.replace("-", " "): private_key(file) for file in sorted(folder.glob("*.key"))}
