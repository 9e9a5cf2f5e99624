"""Doing the same to many things with a few threads, in order and without piling up."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")


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
