"""Small counts in a published table: left out, and with them whatever would give them away (STA-02).

A count of one to four is left out; every other one is rounded to a multiple of five; nought is nought. Then, as long as
total and other counts still give a left-out one away, the smallest published one is left out too, and the total last.

Source:
    MPS 01.FOI.24.036192: low single figures risk naming people. The method is our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SMALL = range(1, 5)
BASE = 5
HALF = BASE // 2
UNBOUNDED = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A published breakdown; None is left out.

    Attributes:
        total: Rounded.
        cells: Category to rounded count.
    """

    total: int | None
    cells: Mapping[str, int | None]


def rounded(count: int) -> int:
    """Give the nearest multiple of five; never nought for a count that is not.

    Example:
        >>> rounded(7), rounded(8)
        (5, 10)
    """
    return BASE * ((count + HALF) // BASE)


def bounds(published: int | None) -> tuple[int, int]:
    """Give what a reader knows of the true count from what is published, both ends included."""
    if published is None:
        return 0, UNBOUNDED
    return (0, 0) if published == 0 else (max(BASE, published - HALF), published + HALF)


def given_away(table: Table, small: frozenset[str]) -> bool:
    """Say whether total and other cells leave a left-out small count a single value."""
    known = {name: (SMALL[0], SMALL[-1]) if name in small else bounds(cell) for name, cell in table.cells.items()}
    low, high = bounds(table.total)
    for name in small:
        others = [span for other, span in known.items() if other != name]
        least = max(SMALL[0], low - sum(span[1] for span in others))
        most = min(SMALL[-1], high - sum(span[0] for span in others))
        if least >= most:
            return True
    return False


def suppressed(counts: Mapping[str, int]) -> Table:
    """Give the table as it may be published."""
    total = sum(counts.values())
    small = frozenset(name for name, count in counts.items() if count in SMALL)
    cells = {name: None if name in small else rounded(count) for name, count in counts.items()}
    table = Table(total=None if total in SMALL else rounded(total), cells=cells)
    for name in sorted((name for name in counts if counts[name] not in {0, *SMALL}), key=lambda name: counts[name]):
        # One left out alone is always given company; more only as long as somebody could work one out.
        alone = sum(cell is None for cell in cells.values()) == 1
        if not small or not (alone or given_away(table, small)):
            break
        cells[name] = None
        table = Table(total=table.total, cells=cells)
    return Table(total=None, cells=cells) if small and given_away(table, small) else table
