import subprocess
import sys

import pytest

from countersign.primitives.egress import EgressError, allow, host_of, may_reach
from countersign.primitives.egress import _look as look

UNREACHABLE = "203.0.113.7"
"""Of a block that is for documentation (RFC 5737): nobody answers there."""


@pytest.mark.row("GOV-22", "SEC-07")
@pytest.mark.parametrize(
    ("address", "host"),
    [
        (("203.0.113.7", 443), "203.0.113.7"),
        (("2001:db8::7", 443, 0, 0), "2001:db8::7"),
        ("Faces.Example", "faces.example"),
        (b"faces.example", "faces.example"),
        ("/run/thing.sock", ""),
        (b"\0abstract", ""),
        (None, ""),
        ((), ""),
        (7, ""),
    ],
)
def test_the_host_of_an_address_is_found_in_every_form(address: object, host: str):
    assert host_of(address) == host


@pytest.mark.row("GOV-22", "SEC-07")
@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("", True),
        ("localhost", True),
        ("127.0.0.53", True),
        ("::1", True),
        ("fe80::1%eth0", False),
        ("0.0.0.0", True),  # noqa: S104  an address to look at, not to listen on
        ("idp.example", True),
        ("pimeyes.com", False),
        ("10.0.0.1", False),
        (UNREACHABLE, False),
    ],
)
def test_only_this_machine_and_named_hosts_are_reached(host: str, *, reached: bool):
    assert may_reach(host, {"idp.example"}) is reached


TRY = """
import http.client, socket, sys, urllib.request
from countersign.primitives.egress import EgressError, allow, deny_outbound
deny_outbound(); deny_outbound(); allow("Localhost.Example")
said = []
listening = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listening.getsockname()).close()
socket.socketpair()[0].close()
for attempt in (
    lambda: socket.create_connection(("203.0.113.7", 443), timeout=1),
    lambda: socket.getaddrinfo("faces.example", 443),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"face", ("203.0.113.7", 53)),
    lambda: http.client.HTTPSConnection("faces.example", timeout=1).request("GET", "/"),
    lambda: urllib.request.urlopen("https://faces.example/search", timeout=1),
):
    try:
        attempt()
    except EgressError as refused:
        said.append(refused.code)
    except Exception as other:
        said.append(repr(other))
try:
    socket.getaddrinfo("localhost.example", 443)
except OSError:
    said.append("looked up")
print(said)
"""


@pytest.mark.row("GOV-22", "SEC-07")
def test_no_library_of_a_process_of_ours_reaches_another_machine():
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == str(["egress"] * 5 + ["looked up"])


@pytest.mark.row("GOV-22", "SEC-07")
def test_the_command_line_stays_on_this_machine():
    code = (
        "import socket, sys\n"
        "from countersign.cli import app\n"
        "try: app.main(['--version'])\n"
        "except SystemExit: pass\n"
        "try: socket.getaddrinfo('faces.example', 443)\n"
        "except Exception as refused: print(type(refused).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.splitlines()[-1] == "EgressError"


def test_a_named_host_is_reached_however_it_is_written(monkeypatch: pytest.MonkeyPatch):
    allowed: set[str] = set()
    monkeypatch.setattr("countersign.primitives.egress._ALLOWED", allowed)
    allow("IDP.Example")

    assert allowed == {"idp.example"}


@pytest.mark.enable_socket
@pytest.mark.row("GOV-22", "SEC-07")
def test_each_event_of_the_network_is_looked_at_and_no_other(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("countersign.primitives.egress._ALLOWED", {"localhost"})
    stranger = (UNREACHABLE, 443)
    for event, arguments in (
        ("socket.connect", (None, stranger)),
        ("socket.sendto", (None, stranger)),
        ("socket.sendmsg", (None, stranger)),
        ("socket.getaddrinfo", (UNREACHABLE, 443)),
    ):
        with pytest.raises(EgressError, match="expected to stay on this machine, got a connection to"):
            look(event, arguments)

    look("open", (UNREACHABLE,))
    look("socket.getaddrinfo", ("localhost", 443))
    look("socket.connect", (None, ("::1", 443, 0, 0)))
