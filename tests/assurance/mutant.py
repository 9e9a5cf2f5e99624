"""Disables one enforcement before any test runs: ``pytest -p tests.assurance.mutant`` with COUNTERSIGN_MUTANT=name.

A function keeps its identity and loses its body, so that whoever imported it by name calls the disabled one too. What
it gives instead follows from what it says it returns: a verdict becomes ALLOWED, nothing stays nothing. Where neither
fits, the row says what: ``module:function = false``. A table loses the row in brackets: ``module:TABLE[key]``.
"""

import gc
import inspect
import os
import re
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import CodeType, FunctionType, MappingProxyType

NAME = re.compile(r"(?P<module>[\w.]+):(?P<path>[\w.]+)(?:\[(?P<key>[^]]+)\])?(?: = (?P<gives>\w+))?")


def gives_allowed(*_: object, **__: object) -> object:
    from countersign.governance.verdict import ALLOWED

    return ALLOWED


def gives_allowed_ones(*_: object, **__: object) -> object:
    from countersign.governance.verdict import ALLOWED

    return (ALLOWED,)


def gives_none(*_: object, **__: object) -> None:
    return None


def gives_true(*_: object, **__: object) -> bool:
    return True


def gives_false(*_: object, **__: object) -> bool:
    return False


def gives_empty(*_: object, **__: object) -> tuple[()]:
    return ()


def gives_zero(*_: object, **__: object) -> int:
    return 0


def gives_empty_text(*_: object, **__: object) -> str:
    return ""


def gives_empty_bytes(*_: object, **__: object) -> bytes:
    return b""


def gives_first_argument(first: object, *_: object, **__: object) -> object:
    return first


GIVES: dict[str, Callable[..., object]] = {
    "allowed": gives_allowed,
    "alloweds": gives_allowed_ones,
    "none": gives_none,
    "true": gives_true,
    "false": gives_false,
    "empty": gives_empty,
    "zero": gives_zero,
    "text": gives_empty_text,
    "bytes": gives_empty_bytes,
    "first": gives_first_argument,
}
BY_ANNOTATION = {"Verdict": "allowed", "None": "none", "NoneType": "none"}


class MutantError(Exception):
    """A name that leads to nothing that can be disabled."""


def disable(name: str) -> None:
    """Disable what the name leads to, in place.

    Raises:
        MutantError: The name is no function and no row of a table, or nothing says what a function should give instead.
    """
    parts = NAME.fullmatch(name)
    if parts is None:
        raise MutantError(f"expected module:function, module:function = what or module:TABLE[key], got {name}")
    found: object = import_module(parts["module"])
    for step in parts["path"].split("."):
        found = inspect.getattr_static(found, step)
    if parts["key"] is not None:
        _remove(found, parts["key"], name)
    else:
        _empty(found, parts["gives"], name)


def _remove(table: object, key: str, name: str) -> None:
    if isinstance(table, MappingProxyType):
        table = next(one for one in gc.get_referents(table) if isinstance(one, dict))
    if not isinstance(table, dict):
        raise MutantError(f"expected a mapping, got {type(table).__name__} in {name}")
    found = [one for one in table if str(one) == key]
    if not found:
        raise MutantError(f"expected a row of the table, got {name}")
    for one in found:
        del table[one]


def _empty(found: object, gives: str | None, name: str) -> None:
    if isinstance(found, staticmethod | classmethod):
        found = found.__func__
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, partial):
        found = found.func
    function = inspect.unwrap(found) if callable(found) else found
    if not isinstance(function, FunctionType):
        raise MutantError(f"expected a function, got {type(found).__name__} in {name}")
    if gives is None:
        annotation = function.__annotations__.get("return", "")
        said = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
        gives = BY_ANNOTATION.get(said)
    if gives not in GIVES:
        raise MutantError(f"expected to know what {name} gives when disabled, got {gives}")
    stand_in = GIVES[gives].__code__
    function.__defaults__ = function.__kwdefaults__ = None
    function.__code__ = _with_cells(stand_in, function)


def _with_cells(code: CodeType, function: FunctionType) -> CodeType:
    """Give the code with as many free variables as the function has cells: Python insists on equal numbers."""
    return code.replace(co_freevars=function.__code__.co_freevars)


def pytest_configure() -> None:
    """Disable before a test module is imported."""
    disable(os.environ["COUNTERSIGN_MUTANT"])
