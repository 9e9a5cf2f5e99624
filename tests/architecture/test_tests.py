"""Tests about tests: every one asserts, and none measures time."""

import ast
from pathlib import Path

from tests.architecture.tree import TESTS, called_name, functions, imported_names, local, modules, parsed

CLOCKS = {"time", "time.time", "time.perf_counter", "time.monotonic", "time.process_time", "timeit", "time.time_ns"}


def asserts(function: ast.AST) -> bool:
    """Say whether code holds an assertion: the statement, pytest's, or a call to a function named for it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = called_name(node)
            if name in {"raises", "warns", "fail"} or name.startswith(("check_", "assert_")):
                return True
    return False


def files_of_tests() -> list[Path]:
    return [path for path in modules(TESTS) if path.name.startswith("test_")]


def written_tests(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [function for function in functions(parsed(path)) if function.name.startswith("test_")]


def test_every_test_asserts():
    silent = [
        f"{local(path)}::{function.name}"
        for path in files_of_tests()
        for function in written_tests(path)
        if not asserts(function)
    ]

    assert not silent, f"expected an assertion in every test, got none in {silent}"


def test_a_function_named_for_checking_really_asserts():
    silent = [
        f"{local(path)}::{function.name}"
        for path in modules(TESTS)
        for function in functions(parsed(path))
        if function.name.startswith(("check_", "assert_")) and not asserts(function)
    ]

    assert not silent, f"expected an assertion in every check, got none in {silent}"


def test_every_test_file_holds_a_test_or_a_state_machine():
    empty = [
        local(path)
        for path in files_of_tests()
        if not written_tests(path) and not any(name.startswith("Test") for name in _top_level_names(path))
    ]

    assert not empty


def test_an_assertion_without_its_keyword_is_noticed():
    forgotten = ast.parse("def test_sum():\n    1 + 1 == approx(2)\n")
    written = ast.parse("def test_sum():\n    assert 1 + 1 == 2\n")

    assert not asserts(forgotten)
    assert asserts(written)


def test_no_test_measures_time():
    timed = [local(path) for path in modules(TESTS) if CLOCKS & imported_names(parsed(path))]

    assert not timed, f"expected timing in benchmarks/ only, got {timed}"


def _top_level_names(path: Path) -> list[str]:
    body = parsed(path).body
    assigned = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    classes = [node.name for node in body if isinstance(node, ast.ClassDef)]
    return [*classes, *(target.id for target in assigned if isinstance(target, ast.Name))]
