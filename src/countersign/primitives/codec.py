"""Turns frozen dataclasses into plain JSON values and back, strictly: what does not fit the type is refused.

Plain values are str, int, bool, None, list and dict; a float, where a record holds one, is written as its shortest
decimal text so that canonical JSON never sees a float. Bytes are hexadecimal text, moments RFC 3339, dates ISO 8601.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Hashable, Mapping
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


def _number(plain: object) -> float:
    if isinstance(plain, bool):
        raise TypeError(plain)
    return float(cast("str", plain))


_SCALARS: dict[type, tuple[str, Callable[[object], object]]] = {
    str: ("text", _exactly(str)),
    int: ("a whole number", _exactly(int)),
    bool: ("true or false", _exactly(bool)),
    float: ("a decimal number", _number),
    bytes: ("hexadecimal text", _text(bytes.fromhex)),
    datetime: ("a time with a zone such as 2026-01-31T12:00:00Z", _text(parse_rfc3339)),
    date: ("a date such as 2026-01-31", _text(date.fromisoformat)),
}


Reader = Callable[[object, str], object]
"""Reads a plain value at a dotted place; made once for a kind, since everything that is stored passes through one."""


def _bare(kind: Any) -> Any:
    """Look through NewType to what it stands for."""
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    return kind


@cache
def _fields(record: type) -> tuple[Mapping[str, Reader], frozenset[str]]:
    """Give a reader a field, and the fields that must be there."""
    hints = typing.get_type_hints(record)
    fields = dataclasses.fields(record)
    required = frozenset(
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
    return {field.name: _reader(hints[field.name]) for field in fields}, required


def _record(kind: type) -> Reader:
    # Fields are asked for when the first value comes: a record may hold others of its own kind.
    def read(plain: object, where: str) -> object:
        if not isinstance(plain, dict):
            raise MalformedRecordError(where, f"an object with the fields of {kind.__name__}", plain)
        readers, required = _fields(kind)
        if not plain.keys() <= readers.keys():
            unknown = sorted(plain.keys() - readers.keys())
            raise MalformedRecordError(where, f"only the fields {sorted(readers)}", unknown)
        under = f"{where}." if where else ""
        given = {name: readers[name](item, under + name) for name, item in plain.items()}
        if not required <= given.keys():
            missing = next(name for name in readers if name in required and name not in given)
            raise MalformedRecordError(where, f"a field {missing!r}", sorted(plain))
        return kind(**given)

    return read


def _sequence(kind: Any) -> Reader:
    args = typing.get_args(kind)
    alike = len(args) == 2 and args[1] is Ellipsis  # noqa: PLR2004  tuple[T, ...]
    readers = [_reader(arg) for arg in args[:1] if alike] or [_reader(arg) for arg in args]

    def read(plain: object, where: str) -> object:
        if not isinstance(plain, list):
            raise MalformedRecordError(where, "a list", plain)
        if alike:
            return tuple(readers[0](item, f"{where}[{at}]") for at, item in enumerate(plain))
        if len(readers) != len(plain):
            raise MalformedRecordError(where, f"{len(readers)} items", plain)
        return tuple(one(item, f"{where}[{at}]") for at, (one, item) in enumerate(zip(readers, plain, strict=True)))

    return read


def _mapping(kind: Any) -> Reader:
    key_reader, reader = map(_reader, typing.get_args(kind))

    def read(plain: object, where: str) -> object:
        if not isinstance(plain, dict):
            raise MalformedRecordError(where, "an object", plain)
        return {key_reader(key, f"{where} key"): reader(item, f"{where}.{key}") for key, item in plain.items()}

    return read


def _optional(kind: Any) -> Reader:
    reader = _reader(next(arg for arg in typing.get_args(kind) if arg is not types.NoneType))
    return lambda plain, where: None if plain is None else reader(plain, where)


def _scalar(kind: Any) -> Reader:
    expected, convert = _SCALARS.get(kind) or (f"one of {[str(item.value) for item in kind]}", kind)

    def read(plain: object, where: str) -> object:
        try:
            return convert(plain)
        except (ValueError, TypeError) as reason:
            raise MalformedRecordError(where, expected, plain) from reason

    return read


@cache
def _reader(kind: Any) -> Reader:
    kind = _bare(kind)
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _sequence(kind)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(kind)
    return _record(cast("type", kind)) if dataclasses.is_dataclass(kind) else _scalar(kind)


def from_plain(kind: type[T] | Any, plain: object, where: str = "") -> T:
    """Read a plain value as ``kind``.

    Args:
        kind: A dataclass, an enumeration, a scalar, ``tuple[...]``, ``Mapping[...]`` or a union with None.
        plain: What JSON or TOML gave.
        where: Dotted place of the value, for the message.

    Raises:
        MalformedRecordError: The value does not fit; the message names the place, what was expected and what came.
    """
    return cast("T", _reader(cast("Hashable", kind))(plain, where))


def canonical_text(value: object) -> str:
    """Write a record as JSON with one spelling: sorted keys, no spaces, no floats (RFC 8785 for the values we hold).

    Example:
        >>> canonical_text({"b": 0.5, "a": (1, None)})
        '{"a":[1,null],"b":"0.5"}'
    """
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
