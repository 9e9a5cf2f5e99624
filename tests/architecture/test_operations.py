"""Every operation is tested where it must say no."""

import ast
from pathlib import Path

from tests.architecture.tree import SRC, TESTS, called_name, functions, local, modules, parsed

DECORATORS = {"operation", "operation_in_turns"}


def operations(path: Path) -> list[str]:
    return [
        function.name
        for function in parsed(path).body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and any(isinstance(by, ast.Call) and called_name(by) in DECORATORS for by in function.decorator_list)
    ]


def operation_modules() -> list[Path]:
    return [path for path in modules(SRC / "operations") if operations(path)]


def test_every_operation_has_a_refusal_test():
    missing = []
    for path in operation_modules():
        tests = TESTS / "operations" / f"test_{path.name}"
        if not tests.exists() or not any("refus" in function.name for function in functions(parsed(tests))):
            missing.append(local(tests))

    assert operation_modules()
    assert not missing, f"expected a test whose name contains 'refus' in {missing}"


def test_a_module_holds_one_operation():
    assert {local(path): names for path in operation_modules() if len(names := operations(path)) > 1} == {}
