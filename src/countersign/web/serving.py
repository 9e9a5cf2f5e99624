"""Serves the web application: one process, loopback unless told otherwise; TLS by files or by a proxy in front."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI

from countersign.bootstrap import Installation, open_engine, open_installation
from countersign.errors import Refused
from countersign.faces.detection import Detection
from countersign.governance.passkey import Site
from countersign.governance.programme import ProgrammeKind
from countersign.governance.signature import PrivateKey, public_hex
from countersign.operations.desk import Desk, Engine
from countersign.operations.read_status import read_status
from countersign.primitives.arrays import Codes, RgbImage
from countersign.primitives.ids import PersonId
from countersign.settings import Settings
from countersign.web.app import create_app
from countersign.web.office import Office, ScriptedPerson
from countersign.web.provider import Provider

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class OpenlyServedError(Refused):
    """Beyond this machine the site must be reached by TLS."""

    code = "openly_served"


class ScriptedPeopleError(Refused):
    """Keys of people lie on the server only in a demonstration."""

    code = "scripted_people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where and how.

    Attributes:
        origin: The site's address as browsers see it; empty: ``http://localhost:<port>``.
        certificate: PEM file with the chain; empty when a proxy in front does TLS.
        provider: The identity provider that people sign in with; local accounts without one.
        proxies: Addresses of proxies whose ``X-Forwarded-For`` and ``-Proto`` are believed.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    origin: str = ""
    certificate: Path | None = None
    certificate_key: Path | None = None
    proxies: tuple[str, ...] = ()
    provider: Provider | None = None

    @property
    def site(self) -> Site:
        """The site's address, and the domain that passkeys belong to."""
        origin = self.origin.rstrip("/") or f"http{'s' if self.certificate else ''}://localhost:{self.port}"
        return Site(rp_id=urlsplit(origin).hostname or "localhost", origin=origin)


class OneAtATime:
    """The engine for many threads: its networks keep state between calls, so one person's picture at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self.extractor = engine.extractor
        self.network = engine.network

    def locate(self, rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        """Locate faces, best first."""
        with self._lock:
            return self._engine.locate(rgb, thorough=thorough)

    def glimpse(self, rgb: RgbImage) -> tuple[Detection, ...]:
        """Find faces at the picture's own size."""
        with self._lock:
            return self._engine.glimpse(rgb)

    def describe_probe(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        """Make one template a face to search with."""
        with self._lock:
            return self._engine.describe_probe(faces)

    def describe_reference(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        """Make one template a face to enrol."""
        with self._lock:
            return self._engine.describe_reference(faces)


def check_serving(serving: Serving) -> None:
    """Refuse to be reached from other machines without TLS.

    Raises:
        OpenlyServedError: The address is not ``https:`` and not this machine's own.
    """
    parts = urlsplit(serving.site.origin)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise OpenlyServedError(f"expected an https address beyond this machine, got {serving.site.origin}")
    if serving.host not in LOOPBACK and parts.scheme != "https":
        raise OpenlyServedError(f"expected TLS when listening on {serving.host}, got an address without")


def scripted_people(desk: Desk, keys: Mapping[str, PrivateKey]) -> dict[PersonId, ScriptedPerson]:
    """Find the people of a demonstration whose keys lie here.

    Raises:
        ScriptedPeopleError: It is no demonstration.
    """
    kind = read_status(desk).kind
    if keys and kind is not ProgrammeKind.DEMONSTRATION:
        raise ScriptedPeopleError(f"expected a demonstration for one-click people, got a programme of kind {kind}")
    found = {}
    with desk.archive.read() as work:
        for part, key in keys.items():
            for person in work.people.where(public_key=public_hex(key)):
                found[person.id] = ScriptedPerson(name=person.name, part=part, key=key)
    return found


def wired(installation: Installation, engine: Engine, serving: Serving, keys: Mapping[str, PrivateKey]) -> FastAPI:
    """Wire the application to an opened installation."""
    desk = installation.desk(engine)
    installation.sendings.sweep()  # of a process that died; nobody can read it
    safe = replace(desk, engine=OneAtATime(engine))
    return create_app(
        Office(desk=safe, site=serving.site, people=scripted_people(desk, keys), provider=serving.provider)
    )


def serve(settings: Settings, serving: Serving, keys: Mapping[str, PrivateKey]) -> None:
    """Serve until interrupted."""
    check_serving(serving)
    installation = open_installation(settings)
    try:
        uvicorn.run(
            wired(installation, open_engine(settings), serving, keys),
            host=serving.host,
            port=serving.port,
            ssl_certfile=serving.certificate,
            ssl_keyfile=serving.certificate_key,
            proxy_headers=bool(serving.proxies),
            forwarded_allow_ips=list(serving.proxies),
            server_header=False,
            access_log=False,  # who looked at what stands in the ledger, under a pseudonym
            log_level="warning",
        )
    finally:
        installation.close()
