from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NewType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countersign.primitives.codec import MalformedRecordError, canonical_text, from_plain, to_plain

Number = NewType("Number", str)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A record that may hold others of its own kind."""

    number: Number
    when: datetime
    day: date | None = None
    parts: "tuple[Leaf, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One of each kind of field."""

    leaf: Leaf
    pair: tuple[int, str]
    table: Mapping[Colour, float]
    raw: bytes
    yes: bool
    notes: tuple[str, ...] = field(default_factory=tuple)


MOMENT = st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  the strategy adds it
LEAF = st.recursive(
    st.builds(Leaf, number=st.text().map(Number), when=MOMENT, day=st.none() | st.dates()),
    lambda parts: st.builds(
        Leaf,
        number=st.text().map(Number),
        when=MOMENT,
        parts=st.lists(parts, max_size=2).map(tuple),
    ),
    max_leaves=4,
)
WHOLE = st.builds(
    Whole,
    leaf=LEAF,
    pair=st.tuples(st.integers(), st.text()),
    table=st.dictionaries(st.sampled_from(Colour), st.floats(allow_nan=False)),
    raw=st.binary(),
    yes=st.booleans(),
)
PLAIN = {
    "leaf": {"number": "1", "when": "2026-01-10T09:00:00Z"},
    "pair": [1, "x"],
    "table": {"red": "0.5"},
    "raw": "00ff",
    "yes": True,
}


@settings(max_examples=40)
@given(WHOLE)
def test_what_is_written_is_read_again(whole: Whole):
    read: Whole = from_plain(Whole, to_plain(whole))

    assert canonical_text(read) == canonical_text(whole)
    assert (read.pair, read.raw, read.leaf.number) == (whole.pair, whole.raw, whole.leaf.number)


def test_a_record_is_read_with_its_defaults():
    read: Whole = from_plain(Whole, PLAIN)

    assert (read.notes, read.leaf.day, read.table) == ((), None, {Colour.RED: 0.5})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"yes": 1}, "form.yes: expected true or false, got 1"),
        ({"pair": [1]}, "form.pair: expected 2 items"),
        ({"pair": [True, "x"]}, "form.pair[0]: expected a whole number, got True"),
        ({"pair": "x"}, "form.pair: expected a list"),
        ({"table": {"green": "1"}}, "form.table key: expected one of ['red', 'blue'], got 'green'"),
        ({"table": []}, "form.table: expected an object"),
        ({"table": {"red": True}}, "form.table.red: expected a decimal number"),
        ({"raw": "xy"}, "form.raw: expected hexadecimal text"),
        ({"leaf": {"number": "1"}}, "form.leaf: expected a field 'when'"),
        ({"leaf": 3}, "form.leaf: expected an object with the fields of Leaf"),
        ({"leaf": {**PLAIN["leaf"], "day": "never"}}, "form.leaf.day: expected a date"),  # type: ignore[dict-item]
        ({"extra": 1}, "form: expected only the fields"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(changed: dict[str, object], said: str):
    with pytest.raises(MalformedRecordError) as refused:
        from_plain(Whole, PLAIN | changed, "form")

    assert said in str(refused.value)


def test_what_is_no_record_cannot_be_written():
    with pytest.raises(MalformedRecordError, match="expected a record"):
        to_plain(object())
