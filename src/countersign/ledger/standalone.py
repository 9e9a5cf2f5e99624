"""Makes `countersign-verify`: one file that a court or an oversight body can read in an afternoon and run with Python.

It is the sources of the verifier one after the other, with the imports between them taken out; nothing is written
twice, so it cannot differ from what the tests test. The same sources give the same bytes.
"""

import ast
from pathlib import Path

from countersign.errors import Invalid

PACKAGE = Path(__file__).parent.parent
MODULES = (
    "errors",
    "primitives/clock",
    "ledger/canonical",
    "ledger/fact",
    "ledger/statute",
    "ledger/event",
    "ledger/entry",
    "ledger/commitment",
    "ledger/merkle",
    "ledger/ed25519",
    "ledger/note",
    "ledger/checkpoint",
    "ledger/policy",
    "ledger/disclosed",
    "ledger/finding",
    "ledger/openings",
    "ledger/rules",
    "ledger/verify",
    "ledger/command",
)
"""In the order in which they build on each other."""

_HEAD = '''#!/usr/bin/env python3
"""countersign-verify: verifies an export of a Countersign log. Needs Python 3.11 and nothing else.

    python3 -I countersign-verify EXPORT [--policy FILE] [--checkpoint FILE] [--json]

Made from the sources of Countersign (Apache-2.0), module by module; do not edit.
"""
'''
_TAIL = """
if __name__ == "__main__":
    sys.exit(main())
"""


class NotStandaloneError(Invalid):
    """The sources cannot be put into one file: a name stands in two of them, or one imports what is not there."""

    code = "not_standalone"


def build() -> str:
    """Give the program as text.

    Raises:
        NotStandaloneError: Two modules define one name, or a module needs one that is not in the list.
    """
    owners: dict[str, str] = {}
    parts = [_HEAD]
    for module in MODULES:
        source = (PACKAGE / f"{module}.py").read_text("utf-8")
        for name in _defined(source):
            if owners.setdefault(name, module) != module:
                raise NotStandaloneError(f"expected {name} in one module, got it in {owners[name]} and {module}")
        parts.append(f"\n# ---- countersign/{module}.py\n{_without_own_imports(source, module)}")
    return "".join([*parts, _TAIL])


def write(file: Path) -> None:
    """Write the program and make it executable."""
    file.write_text(build(), "utf-8")
    file.chmod(0o755)


def _defined(source: str) -> set[str]:
    """Give the names that a module defines at its top."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def _without_own_imports(source: str, module: str) -> str:
    """Take out imports of our own modules, which stand further up in the one file already."""
    lines = source.splitlines(keepends=True)
    known = {f"countersign.{name.replace('/', '.')}" for name in MODULES[: MODULES.index(module)]}
    for node in ast.parse(source).body:
        if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("countersign"):
            continue
        if node.module not in known or any(alias.asname for alias in node.names):
            raise NotStandaloneError(f"expected {module} to import earlier modules by their names, got {node.module}")
        for number in range(node.lineno - 1, node.end_lineno or node.lineno):
            lines[number] = ""
    return "".join(lines)
