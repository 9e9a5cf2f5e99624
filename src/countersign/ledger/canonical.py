"""Canonical JSON (RFC 8785): one value, one spelling, so that a digest of the bytes is a digest of the value."""

import json
import math
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import NoReturn, TypeAlias

from countersign.errors import Invalid

Json: TypeAlias = str | int | float | bool | Sequence["Json"] | Mapping[str, "Json"] | None

MAX_INTEGER = 2**53 - 1
"""Largest whole number that every JSON reader holds exactly (RFC 8785 section 3.2.2.3, RFC 7493)."""


class CanonicalFormError(Invalid):
    """A value has no canonical spelling, or bytes are not it."""

    code = "not_canonical"


def encode(value: Json) -> bytes:
    r"""Write a value in its only canonical spelling.

    Args:
        value: Text, numbers, booleans, ``None``, sequences and mappings with text keys.

    Returns:
        UTF-8 bytes without white space, keys sorted by UTF-16 code units.

    Raises:
        CanonicalFormError: NaN, infinity, a whole number beyond 2**53 - 1, a lone surrogate, a key that is not text.

    Source:
        RFC 8785.

    Example:
        >>> encode({"b": 1e21, "a": "\u00e9\n", "A": 0.1 + 0.2})
        b'{"A":0.30000000000000004,"a":"\xc3\xa9\\n","b":1e+21}'
    """
    try:
        return _written(value).encode()
    except UnicodeEncodeError as error:
        raise CanonicalFormError(f"expected text in Unicode, got a lone surrogate: {error.reason}") from error


def _written(value: Json) -> str:
    match value:
        case str():
            return encode_basestring(value)
        case bool() | None:
            return json.dumps(value)
        case int():
            if abs(value) > MAX_INTEGER:
                raise CanonicalFormError(f"expected a whole number within 2**53 - 1, got {value:#x}")
            return str(value)
        case float():
            return _es6(value)
        case Mapping():
            keys = sorted(value, key=_utf16)
            return "{" + ",".join([f"{encode_basestring(key)}:{_written(value[key])}" for key in keys]) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_written, value)) + "]"
        case _:
            raise CanonicalFormError(f"expected a JSON value, got {type(value).__name__}")


def _utf16(key: object) -> bytes:
    # RFC 8785 section 3.2.3 sorts by UTF-16 code units: a pair beyond the basic plane comes before U+FB33.
    if not isinstance(key, str):
        raise CanonicalFormError(f"expected a key of text, got {type(key).__name__}")
    return key.encode("utf-16-be")


def _es6(value: float) -> str:
    """Write a float as ECMAScript does. Python and ECMAScript agree on the shortest digits, not on their layout."""
    if not math.isfinite(value):
        raise CanonicalFormError(f"expected a finite number, got {value}")
    if value == 0:
        return "0"  # also for -0
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    digits = (whole + fraction).lstrip("0")
    point = int(exponent or "0") - len(fraction) + len(digits)  # value = 0.digits * 10**point
    digits = digits.rstrip("0")
    return sign + _laid_out(digits, point)


def _laid_out(digits: str, point: int) -> str:
    """Place the decimal point: ECMA-262, Number::toString, with k = len(digits) and n = point."""
    if len(digits) <= point <= 21:  # noqa: PLR2004 - the standard's own number
        return digits.ljust(point, "0")
    if 0 < point <= 21:  # noqa: PLR2004 - as above
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:  # noqa: PLR2004 - as above
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"


def parse(data: bytes) -> Json:
    """Read canonical JSON and nothing else.

    Bytes that would be written differently are refused, so whatever passes has exactly one spelling. Python's own
    reader keeps the last of two equal keys in silence; two readers could then disagree about what was signed.

    Raises:
        CanonicalFormError: Not JSON, a key twice, or not the canonical spelling.

    Example:
        >>> parse(b'{"a":1}')
        {'a': 1}
        >>> parse(b'{"a":1.0}')
        Traceback (most recent call last):
        countersign.ledger.canonical.CanonicalFormError: expected canonical JSON, got another spelling of it
    """
    try:
        value: Json = _READER.decode(data.decode())
    except (ValueError, RecursionError) as error:
        raise CanonicalFormError(f"expected canonical JSON, got {type(error).__name__}") from error
    if encode(value) != data:
        raise CanonicalFormError("expected canonical JSON, got another spelling of it")
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalFormError("expected each key once, got a key twice")
    return found


def _constant(name: str) -> NoReturn:
    raise CanonicalFormError(f"expected a finite number, got {name}")


_READER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
