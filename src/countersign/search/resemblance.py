"""Every template of a collection compared with every other: who may be there twice, whose picture may be another's.

It says who resembles whom and decides nothing. Memory grows with the number of templates, never with that of pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid
from countersign.primitives.arrays import Codes
from countersign.primitives.ids import SubjectId

__all__ = ["Doubt", "DoubtKind", "UngroupedRowsError", "doubts"]

_MOST_ROWS = 1024
_MOST_SCORES = 2**24  # of one block: 64 MB, however many templates there are
_NOBODY = -(2**24)
"""Below every comparison score."""


class UngroupedRowsError(Invalid):
    """The rows of a subject do not lie together, or there is not one subject a row."""

    code = "ungrouped_rows"


class DoubtKind(StrEnum):
    """Why a person should look."""

    SWAPPED = "swapped"
    """A picture that resembles another subject, and none of its own subject's pictures."""
    DUPLICATE = "duplicate"
    """Two subjects who resemble each other."""
    UNLIKE_OWN = "unlike_own"
    """A picture that resembles none of its own subject's pictures, and nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing to look at.

    Attributes:
        row: The template in doubt.
        other: The template of another subject that it resembles most; None for ``UNLIKE_OWN``.
        score: Comparison score of the two; for ``UNLIKE_OWN`` with the nearest of its own.
    """

    kind: DoubtKind
    row: int
    other: int | None
    score: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Nearest:
    """Of each row: its best score within its subject, the best outside, and the row that has that one."""

    own: NDArray[np.int32]
    score: NDArray[np.int32]
    other: NDArray[np.intp]


def doubts(codes: Codes, subjects: Sequence[SubjectId], *, alike: int, unlike: int) -> tuple[Doubt, ...]:
    """Find what does not fit together.

    Args:
        codes: One template a row, shape (n, d), within ±127.
        subjects: Whose each row is, n of them; the rows of one subject lie together.
        alike: Two subjects resemble each other from this comparison score on; at equality they do.
        unlike: A picture resembles its own subject from this score on; at equality it does.

    Returns:
        Each pair of subjects at most once, by the pair of theirs that is most alike; each picture at most once. Swapped
        ones first, then duplicates, then those unlike their own; within each what is furthest from right first.

    Raises:
        UngroupedRowsError: The rows of a subject do not lie together, or there is not one subject a row.

    Example:
        >>> rows = np.array([[9, 0, 0], [9, 1, 0], [0, 9, 0], [0, 0, 9], [1, 9, 0]], dtype=np.int8)
        >>> found = doubts(rows, ["a", "a", "b", "c", "c"], alike=80, unlike=40)
        >>> [(one.kind.value, one.row, one.other) for one in found]
        [('swapped', 4, 2), ('unlike_own', 3, None)]
    """
    first, last = _groups(codes, subjects)
    near = _nearest(codes, first, last)
    astray = (near.own < unlike) & (last - first > 1)
    swapped = astray & (near.score >= alike)
    resembling = (near.score >= alike) & ~astray
    found = [
        *(_doubt(DoubtKind.SWAPPED, row, near) for row in np.flatnonzero(swapped)),
        *_pairs(np.flatnonzero(resembling), first, near, left_out=swapped),
        *(
            Doubt(kind=DoubtKind.UNLIKE_OWN, row=int(row), other=None, score=int(near.own[row]))
            for row in np.flatnonzero(astray & ~swapped)
        ),
    ]
    order = list(DoubtKind)
    worst = {DoubtKind.SWAPPED: -1, DoubtKind.DUPLICATE: -1, DoubtKind.UNLIKE_OWN: 1}
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), worst[one.kind] * one.score, one.row)))


def _groups(codes: Codes, subjects: Sequence[SubjectId]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give of each row the first row of its subject, and the one after the last."""
    starts = [row for row in range(len(subjects)) if row == 0 or subjects[row] != subjects[row - 1]]
    if len(codes) != len(subjects) or len(starts) != len(set(subjects)):
        raise UngroupedRowsError(f"expected {len(codes)} rows with each subject's together, got {len(subjects)} apart")
    lengths = np.diff([*starts, len(subjects)])
    first = np.repeat(np.array(starts, dtype=np.intp), lengths)
    return first, first + np.repeat(lengths, lengths)


def _nearest(codes: Codes, first: NDArray[np.intp], last: NDArray[np.intp]) -> _Nearest:
    # Whole numbers below 2²⁴: float32 holds each of them exactly, and multiplies much faster.
    features = codes.astype(np.float32)
    number = len(codes)
    own, score = (np.full(number, _NOBODY, dtype=np.int32) for _ in range(2))
    other = np.zeros(number, dtype=np.intp)
    block = max(1, min(_MOST_ROWS, _MOST_SCORES // max(1, number)))
    for start in range(0, number, block):
        rows = np.arange(start, min(start + block, number))
        scores = features[rows] @ features.T
        for place, row in enumerate(rows):
            within = scores[place, first[row] : last[row]]
            within[row - first[row]] = _NOBODY
            own[row] = within.max()
            within[:] = _NOBODY
        other[rows] = scores.argmax(axis=1)
        score[rows] = scores[np.arange(len(rows)), other[rows]]
    return _Nearest(own=own, score=score, other=other)


def _doubt(kind: DoubtKind, row: np.intp, near: _Nearest) -> Doubt:
    return Doubt(kind=kind, row=int(row), other=int(near.other[row]), score=int(near.score[row]))


def _pairs(
    rows: NDArray[np.intp], first: NDArray[np.intp], near: _Nearest, *, left_out: NDArray[np.bool_]
) -> list[Doubt]:
    """Give each pair of subjects once, by its best pair of rows; what a swapped picture resembles is told already."""
    best: dict[tuple[int, int], Doubt] = {}
    for row in rows:
        doubt = _doubt(DoubtKind.DUPLICATE, row, near)
        if left_out[near.other[row]]:
            continue
        one, other = sorted((int(first[row]), int(first[near.other[row]])))
        if (one, other) not in best or doubt.score > best[one, other].score:
            best[one, other] = doubt
    return list(best.values())
