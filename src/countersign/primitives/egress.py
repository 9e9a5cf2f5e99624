"""What this process may speak to: itself, and hosts that whoever runs it named. Nobody else (GOV-22, SEC-07).

No part of the program asks another one's service for a face; this is the second lock. Once `deny_outbound` was called,
Python tells `_look` of every connection and every name that is looked up, whichever library wants it, and what is not
allowed never happens. It cannot be undone while the process lives.
"""

import socket
import sys
import threading
from ipaddress import ip_address

from countersign.errors import Refused

_ALLOWED: set[str] = set()
_STATE = threading.local()
_ARMED = threading.Event()
ADDRESS_AT = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0}
"""Which argument of an audit event says whom it is about (Python, "Audit events table")."""


class EgressError(Refused):
    """Something wanted to speak to another machine."""

    code = "egress"


def host_of(address: object) -> str:
    """Give the host of an address, empty for what stays on this machine: a path, nothing, or no address at all."""
    first = address[0] if isinstance(address, tuple) and address else address
    found = first.decode(errors="replace") if isinstance(first, bytes) else first
    in_family = isinstance(address, tuple) or (isinstance(found, str) and "/" not in found and "\0" not in found)
    return found.casefold() if isinstance(found, str) and in_family else ""


def may_reach(host: str, allowed: set[str]) -> bool:
    """Say whether a host is this machine, or was named.

    Example:
        >>> may_reach("127.0.0.1", set()), may_reach("203.0.113.7", set()), may_reach("idp.example", {"idp.example"})
        (True, False, True)
    """
    if host in {"", "localhost"} or host in allowed:
        return True
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


def allow(host: str) -> None:
    """Name a host that may be reached: the identity provider, or the address that the site listens on."""
    _ALLOWED.add(host.casefold())


def deny_outbound() -> None:
    """Refuse every other host from now on, for as long as this process lives."""
    if not _ARMED.is_set():
        _ARMED.set()
        sys.addaudithook(_look)


def _look(event: str, arguments: tuple[object, ...]) -> None:
    place = ADDRESS_AT.get(event)
    if place is None or getattr(_STATE, "looking_up", False):
        return
    host = host_of(arguments[place])
    if not may_reach(host, _ALLOWED):
        raise EgressError(f"expected to stay on this machine, got a connection to {host}")
    if event == "socket.getaddrinfo" and host in _ALLOWED:
        _remember(host)


def _remember(name: str) -> None:
    """Learn the addresses of a named host, which is what will be connected to."""
    _STATE.looking_up = True
    try:
        _ALLOWED.update(str(found[4][0]).casefold() for found in socket.getaddrinfo(name, None))
    except OSError:
        return  # whoever asked meets the same failure
    finally:
        _STATE.looking_up = False
