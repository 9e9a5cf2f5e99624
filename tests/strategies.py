"""Hypothesis strategies that follow the types of the product's own records."""

import dataclasses
import types
import typing
from datetime import UTC, date, datetime
from enum import Enum
from typing import TypeVar, cast

from hypothesis import strategies as st

from countersign.media.edits import PARAMETERS, EditStep, Op
from countersign.media.exhibit import CaptureBasis, CaptureInterval, DerivedFrom
from countersign.primitives.digest import Sha256

T = TypeVar("T")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(  # noqa: DTZ001  the zone comes next
    # The product keeps milliseconds (`countersign.primitives.clock.rfc3339`).
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
)
intervals = st.tuples(moments, moments, st.sampled_from(CaptureBasis)).map(
    lambda drawn: CaptureInterval(earliest=min(drawn[:2]), latest=max(drawn[:2]), basis=drawn[2])
)

said = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
masters = st.builds(
    DerivedFrom,
    sha256=st.binary(min_size=32, max_size=32).map(bytes.hex).map(Sha256),
    reference=said,
    holder=said,
    tool=said,
    operator=said,
    face_only=st.booleans(),
)

steps = st.sampled_from(Op).flatmap(
    lambda op: st.tuples(*(st.integers(*bounds) for bounds in PARAMETERS[op].values())).map(
        lambda numbers: EditStep(op=op, parameters=numbers)
    )
)

_SCALARS: dict[object, st.SearchStrategy[object]] = {
    str: texts,
    bool: st.booleans(),
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    float: st.floats(allow_nan=False),
    bytes: st.binary(max_size=40),
    datetime: moments,
    date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    CaptureInterval: intervals,
    DerivedFrom: masters,
    EditStep: steps,
}


def records(kind: type[T]) -> st.SearchStrategy[T]:
    """Give records of a dataclass whose fields may hold anything that their types allow."""
    return cast("st.SearchStrategy[T]", _values(kind))


def _values(kind: object) -> st.SearchStrategy[object]:
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    if kind in _SCALARS:
        return _SCALARS[kind]
    args = typing.get_args(kind)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return st.none() | _values(next(arg for arg in args if arg is not types.NoneType))
    if typing.get_origin(kind) is tuple:
        if args[-1] is Ellipsis:
            return st.lists(_values(args[0]), max_size=3).map(tuple)
        return st.tuples(*map(_values, args))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert isinstance(kind, type)
    assert dataclasses.is_dataclass(kind)
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{field.name: _values(hints[field.name]) for field in dataclasses.fields(kind)})
