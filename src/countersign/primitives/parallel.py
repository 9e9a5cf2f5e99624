"""Doing the same to many things with a few threads, in order and without piling up."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar, cast

A = TypeVar("A")
R = TypeVar("R")
_END = object()


def each(
    do: Callable[[A], R], items: Iterable[A], *, threads: int, waiting: int | None = None
) -> Generator[R, None, None]:
    """Give ``do(item)`` of each item, in the order of the items.

    Items are taken one by one as threads become free, so that a long iterable never lies in memory; an exception
    ends it at the place of its item, and items that nobody has begun are left.

    Args:
        do: Done in a thread; in the caller's own where there is one.
        items: What it is done to.
        threads: How many work at once.
        waiting: Items that are taken beyond those, so that no thread waits for one; as many as threads if left out.

    Example:
        >>> list(each(lambda number: number * number, range(4), threads=2))
        [0, 1, 4, 9]
    """
    if threads == 1:
        yield from map(do, items)
        return
    left = iter(items)
    in_hand = threads + (threads if waiting is None else waiting)
    with ThreadPoolExecutor(threads) as pool:
        begun: deque[Future[R]] = deque(pool.submit(do, item) for item in islice(left, in_hand))
        try:
            while begun:
                done = begun.popleft().result()
                begun.extend(pool.submit(do, item) for item in islice(left, 1))
                yield done
        finally:
            for one in begun:
                one.cancel()


def ahead(items: Iterator[A], *, number: int) -> Generator[A, None, None]:
    """Give items in their order while the next ones are made in a thread of their own.

    An exception of the maker comes at its place. Whoever stops taking stops the maker at its next item.

    Args:
        items: What is given; it is used in that thread alone.
        number: So many are made before they are asked for.

    Example:
        >>> list(ahead(iter("abc"), number=2))
        ['a', 'b', 'c']
    """
    with ThreadPoolExecutor(1) as maker:
        begun: deque[Future[A | object]] = deque(maker.submit(next, items, _END) for _ in range(number))
        try:
            while (item := begun.popleft().result()) is not _END:
                begun.append(maker.submit(next, items, _END))
                yield cast("A", item)
        finally:
            for one in begun:
                one.cancel()
