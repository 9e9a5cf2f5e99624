"""`countersign serve`: the web application."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import private_key, read_bytes, settings

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
    issuer: Annotated[str, typer.Option(help="Identity provider (OpenID Connect) to sign in with: its issuer.")] = "",
    client: Annotated[str, typer.Option(help="Our client id at the identity provider.")] = "",
    client_secret: Annotated[Path | None, typer.Option(help="File with our secret at the identity provider.")] = None,
    people: Annotated[
        Path | None, typer.Option(help="Folder of the demonstration's keys: its people sign in with one click.")
    ] = None,
) -> None:
    """Serve the web application until interrupted."""
    from dataclasses import replace
    from urllib.parse import urlsplit

    from rich.console import Console

    from countersign.primitives.egress import allow
    from countersign.web.provider import Provider
    from countersign.web.serving import Serving
    from countersign.web.serving import serve as run

    provider = Provider(name=urlsplit(issuer).hostname or issuer, issuer=issuer, client=client) if issuer else None
    if provider and client_secret:
        provider = replace(provider, client_secret=read_bytes(client_secret).decode().strip())
    serving = Serving(
        host=host,
        port=port,
        origin=origin,
        certificate=certificate,
        certificate_key=certificate_key,
        proxies=tuple(proxy or ()),
        provider=provider,
    )
    for named in (host, urlsplit(issuer).hostname or ""):
        allow(named)
    Console(highlight=False).print(f"Open {serving.site.origin}/ — end with Ctrl-C")
    run(settings(), serving, keys_in(people) if people else {})


def keys_in(folder: Path) -> "dict[str, PrivateKey]":
    """Read the keys of a demonstration's people, by the name of their part."""
    return {file.stem.replace("-", " "): private_key(file) for file in sorted(folder.glob("*.key"))}
