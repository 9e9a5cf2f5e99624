"""Doing the same to many things with a few threads, in order and without piling up."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")

_WAITING_PER_THREAD = 2


def each(do: Callable[[A], R], items: Iterable[A], *, threads: int) -> Generator[R, None, None]:
    """Give ``do(item)`` of each item, in the order of the items.

    Items are taken one by one as threads become free, so that a long iterable never lies in memory; an exception
    ends it at the place of its item, and items that nobody has begun are left.

    Example:
        >>> list(each(lambda number: number * number, range(4), threads=2))
        [0, 1, 4, 9]
    """
    if threads == 1:
        yield from map(do, items)
        return
    left = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[R]] = deque(pool.submit(do, item) for item in islice(left, threads * _WAITING_PER_THREAD))
        try:
            while waiting:
                done = waiting.popleft().result()
                waiting.extend(pool.submit(do, item) for item in islice(left, 1))
                yield done
        finally:
            for one in waiting:
                one.cancel()
