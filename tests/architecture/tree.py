"""What the architecture tests read: the files that are or would be committed, and the parsed modules."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "countersign"
TESTS = ROOT / "tests"


@functools.cache
def committed_files() -> tuple[Path, ...]:
    """Give every file that git holds or would add, so that a new file is checked before it is committed."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return tuple(path for name in listing.split("\0") if name and (path := ROOT / name).is_file())


def modules(folder: Path) -> tuple[Path, ...]:
    """Give the Python files under a folder, sorted."""
    return tuple(sorted(folder.rglob("*.py")))


@functools.cache
def parsed(path: Path) -> ast.Module:
    """Give a module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def local(path: Path) -> str:
    """Give a path as it is written in the repository."""
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function and method of a tree."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imported_names(tree: ast.AST) -> set[str]:
    """Give the dotted names that a module imports, with `from a import b` as ``a`` and ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def called_name(call: ast.Call) -> str:
    """Give the last part of what is called: ``c`` of ``a.b.c()``."""
    called = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
