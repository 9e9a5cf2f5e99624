"""Turns frozen dataclasses into plain JSON values and back, strictly: what does not fit the type is refused.

Plain values are str, int, bool, None, list and dict; a float, where a record holds one, is written as its shortest
decimal text so that canonical JSON never sees a float. Bytes are hexadecimal text, moments RFC 3339, dates ISO 8601.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from countersign.errors import Invalid
from countersign.primitives.clock import parse_rfc3339, rfc3339

T = TypeVar("T")
Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


class MalformedRecordError(Invalid):
    """A value does not fit the type it is read as."""

    code = "malformed_record"

    def __init__(self, where: str, expected: str, got: object) -> None:
        super().__init__(f"{where or 'value'}: expected {expected}, got {got!r}")


def to_plain(value: object) -> Plain:  # noqa: PLR0911  one line a kind of value
    """Give the plain JSON form of a record or a part of one."""
    match value:
        case Enum():
            return cast("Plain", value.value)
        case None | bool() | int() | str():
            return value
        case float():
            return repr(value)
        case bytes():
            return value.hex()
        case datetime():
            return rfc3339(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return [to_plain(item) for item in value]
        case Mapping():
            return {str(key): to_plain(item) for key, item in value.items()}
        case _ if dataclasses.is_dataclass(value):
            return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            raise MalformedRecordError("", "a record", value)


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)


def _bare(kind: Any) -> Any:
    """Look through NewType to what it stands for."""
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    return kind


def _record(kind: type, plain: object, where: str) -> object:
    if not isinstance(plain, dict):
        raise MalformedRecordError(where, f"an object with the fields of {kind.__name__}", plain)
    hints = _hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = sorted(plain.keys() - fields.keys())
    if unknown:
        raise MalformedRecordError(where, f"only the fields {sorted(fields)}", unknown)
    given = {name: from_plain(hints[name], item, f"{where}.{name}".lstrip(".")) for name, item in plain.items()}
    for name, field in fields.items():
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if required and name not in given:
            raise MalformedRecordError(where, f"a field {name!r}", sorted(plain))
    return kind(**given)


def _sequence(kind: Any, plain: object, where: str) -> object:
    if not isinstance(plain, list):
        raise MalformedRecordError(where, "a list", plain)
    args = typing.get_args(kind)
    if len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004  tuple[T, ...]
        args = (args[0],) * len(plain)
    if len(args) != len(plain):
        raise MalformedRecordError(where, f"{len(args)} items", plain)
    return tuple(
        from_plain(arg, item, f"{where}[{at}]") for at, (arg, item) in enumerate(zip(args, plain, strict=True))
    )


def _mapping(kind: Any, plain: object, where: str) -> object:
    if not isinstance(plain, dict):
        raise MalformedRecordError(where, "an object", plain)
    key_kind, value_kind = typing.get_args(kind)
    return {
        from_plain(key_kind, key, f"{where} key"): from_plain(value_kind, item, f"{where}.{key}")
        for key, item in plain.items()
    }


def _exactly(expected: type) -> Callable[[object], object]:
    def read(plain: object) -> object:
        if type(plain) is not expected:
            raise TypeError(plain)
        return plain

    return read


def _text(parse: Callable[[str], object]) -> Callable[[object], object]:
    def read(plain: object) -> object:
        if not isinstance(plain, str):
            raise TypeError(plain)
        return parse(plain)

    return read


_SCALARS: dict[type, tuple[str, Callable[[object], object]]] = {
    str: ("text", _exactly(str)),
    int: ("a whole number", _exactly(int)),
    bool: ("true or false", _exactly(bool)),
    float: ("a decimal number", lambda plain: float(cast("str", plain)) if not isinstance(plain, bool) else plain),
    bytes: ("hexadecimal text", _text(bytes.fromhex)),
    datetime: ("a time with a zone such as 2026-01-31T12:00:00Z", _text(parse_rfc3339)),
    date: ("a date such as 2026-01-31", _text(date.fromisoformat)),
}


def from_plain(kind: type[T] | Any, plain: object, where: str = "") -> T:
    """Read a plain value as ``kind``.

    Args:
        kind: A dataclass, an enumeration, a scalar, ``tuple[...]``, ``Mapping[...]`` or a union with None.
        plain: What JSON or TOML gave.
        where: Dotted place of the value, for the message.

    Raises:
        MalformedRecordError: The value does not fit; the message names the place, what was expected and what came.
    """
    kind = _bare(kind)
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if plain is None:
            return cast("T", None)
        return cast(
            "T", from_plain(next(arg for arg in typing.get_args(kind) if arg is not types.NoneType), plain, where)
        )
    if origin is tuple:
        return cast("T", _sequence(kind, plain, where))
    if origin is not None and issubclass(origin, Mapping):
        return cast("T", _mapping(kind, plain, where))
    if dataclasses.is_dataclass(kind):
        return cast("T", _record(cast("type", kind), plain, where))
    expected, read = _SCALARS.get(kind) or (f"one of {[str(item.value) for item in kind]}", kind)
    try:
        return cast("T", read(plain))
    except (ValueError, TypeError) as reason:
        raise MalformedRecordError(where, expected, plain) from reason


def canonical_text(value: object) -> str:
    """Write a record as JSON with one spelling: sorted keys, no spaces, no floats (RFC 8785 for the values we hold).

    Example:
        >>> canonical_text({"b": 0.5, "a": (1, None)})
        '{"a":[1,null],"b":"0.5"}'
    """
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
