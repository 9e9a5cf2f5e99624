"""Rooms: what a room's front door may hold, how long a module may be, and names that say nothing."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SRC, TESTS, local, modules, parsed

MAX_LINES = 300
LONGER: dict[str, str] = {
    "src/countersign/ledger/event.py": "one table, a row a kind of event, read as a whole by whoever verifies a log",
}
"""Module to the reason why it is longer than 300 lines."""

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "managers", "models"}


def rooms() -> list[Path]:
    return [path for path in SRC.rglob("__init__.py") if path.parent != SRC]


def test_every_room_begins_with_one_docstring_and_re_exports_nothing():
    wrong = [local(path) for path in rooms() if len(parsed(path).body) != 1 or ast.get_docstring(parsed(path)) is None]

    assert rooms()
    assert not wrong, f"expected one docstring and nothing else in {wrong}"


def test_every_module_begins_with_a_docstring():
    assert not [local(path) for path in modules(SRC) if not ast.get_docstring(parsed(path))]


def test_no_module_is_longer_than_a_reader_can_hold():
    lengths = {
        local(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(SRC)
        if "versions" not in path.parts  # a migration is written once and never changed
    }
    too_long = {name: lines for name, lines in lengths.items() if lines > MAX_LINES and name not in LONGER}

    assert not too_long, f"expected at most {MAX_LINES} lines or a reason in LONGER, got {too_long}"
    assert not [name for name in LONGER if lengths.get(name, 0) <= MAX_LINES], "a reason is no longer needed"


@pytest.mark.parametrize("folder", [SRC, TESTS], ids=["src", "tests"])
def test_no_module_or_folder_has_a_name_that_says_nothing(folder: Path):
    wrong = [local(path) for path in modules(folder) if SAYS_NOTHING & {*path.relative_to(folder).parts, path.stem}]

    assert not wrong


def test_no_class_has_a_name_that_says_nothing():
    wrong = [
        f"{local(path)}: {node.name}"
        for path in modules(SRC)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
        and SAYS_NOTHING & {part.lower() for part in re.findall(r"[A-Z]+[a-z0-9]*", node.name)}
    ]

    assert not wrong


def test_test_folders_are_no_packages_so_that_equal_names_are_allowed():
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_every_error_is_named_as_one_and_carries_a_stable_code():
    families = {"CountersignError", "Refused", "NotFound", "Invalid", "Conflict", "IntegrityBroken"}
    wrong = []
    for path in modules(SRC):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and families & {ast.unparse(parent) for parent in node.bases}:
                own = {ast.unparse(part.targets[0]) for part in node.body if isinstance(part, ast.Assign)}
                if not (node.name in families or (node.name.endswith("Error") and "code" in own)):
                    wrong.append(f"{local(path)}: {node.name}")

    assert not wrong, f"expected a name that ends in Error and an attribute `code`, got {wrong}"
