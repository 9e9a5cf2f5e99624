"""Which tests carry which row's id, read from the files without running them."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def marked_tests() -> dict[str, list[str]]:
    """Give ``file::test`` of every test that is marked ``@pytest.mark.row("AUT-02")``, by row."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.row(" not in text:
            continue
        local = path.relative_to(TESTS.parent).as_posix()
        for name, rows in _marked(ast.parse(text)):
            for row in rows:
                found.setdefault(row, []).append(f"{local}::{name}")
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name, decorator_list=decorators) if rows := _rows(decorators):
                yield name, rows
            case ast.ClassDef(name=name, decorator_list=decorators, body=body):
                if rows := _rows(decorators):
                    yield name, rows
                for inner in body:
                    if isinstance(inner, ast.FunctionDef) and (rows := _rows(inner.decorator_list)):
                        yield f"{name}::{inner.name}", rows

            case _:
                pass


def _rows(decorators: list[ast.expr]) -> list[str]:
    return [
        argument.value
        for decorator in decorators
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.row"
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
