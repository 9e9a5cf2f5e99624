import math
import struct

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from countersign.ledger.canonical import MAX_INTEGER, CanonicalFormError, Json, encode, parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | FLOATS | TEXT
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)


@given(VALUES)
def test_encoding_agrees_with_an_implementation_that_we_did_not_write(value: Json) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(st.integers(0, 2**64 - 1))
def test_every_finite_double_is_written_as_ecmascript_writes_it(bits: int) -> None:
    (value,) = struct.unpack(">d", bits.to_bytes(8))
    if math.isfinite(value):
        assert encode(value) == rfc8785.dumps(value)
        assert float(encode(value)) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, b"0"),
        (-0.0, b"0"),
        (1e21, b"1e+21"),
        (999999999999999900000.0, b"999999999999999900000"),
        (1e-6, b"0.000001"),
        (1e-7, b"1e-7"),
        (-1.5e300, b"-1.5e+300"),
        (123.456, b"123.456"),
        (5e-324, b"5e-324"),
    ],
)
def test_a_number_is_laid_out_as_worked_by_hand(value: float, written: bytes) -> None:
    assert encode(value) == written


def test_keys_are_sorted_by_utf_16_code_units() -> None:
    assert encode({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()


@given(
    st.recursive(
        st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT, lambda inner: st.dictionaries(TEXT, inner), max_leaves=8
    )
)
def test_what_was_written_is_read_back(value: Json) -> None:
    assert parse(encode(value)) == value


@given(st.binary(max_size=60))
def test_what_is_read_has_one_spelling(data: bytes) -> None:
    try:
        value = parse(data)
    except CanonicalFormError:
        value = None
    assert value is None or encode(value) == data


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'"\\u0061"',
        b'"\\/"',
        b"1.0",
        b"1e0",
        b"-0",
        b"9007199254740992",
        b"1" * 5000,
        b"NaN",
        b"Infinity",
        b"[1] ",
        b"",
        b"\xff",
        b"\xef\xbb\xbf1",
        b'"\\ud800"',
        b"[" * 60_000,
    ],
)
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalFormError, match="expected"):
        parse(data)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, 2**53, -(2**53), "\ud800", {"\udfff": 1}, {1: 2}, b"bytes"]
)
def test_a_value_without_a_canonical_spelling_is_refused(value: Json) -> None:
    with pytest.raises(CanonicalFormError, match="expected"):
        encode(value)
