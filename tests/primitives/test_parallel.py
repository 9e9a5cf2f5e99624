"""Doing things side by side changes nothing but the time it takes."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from countersign.primitives.parallel import ahead, each


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_what_comes_back_is_in_the_order_of_what_went_in(threads: int):
    assert list(each(str, range(40), threads=threads)) == [str(number) for number in range(40)]


def test_an_endless_iterable_is_taken_only_as_fast_as_it_is_used():
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in count():
            taken.append(number)
            yield number

    results = each(lambda number: -number, items(), threads=2)

    assert [next(results) for _ in range(10)] == [-number for number in range(10)]
    assert len(taken) <= 10 + 2 * 2 + 1
    results.close()


@pytest.mark.parametrize("waiting", [0, 1, 3])
def test_no_more_wait_beside_those_at_work_than_may(waiting: int):
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in count():
            taken.append(number)
            yield number

    results = each(str, items(), threads=2, waiting=waiting)

    assert [next(results) for _ in range(3)] == ["0", "1", "2"]
    assert len(taken) <= 3 + 2 + waiting
    results.close()


@pytest.mark.parametrize("threads", [1, 3])
def test_a_failure_comes_at_the_place_of_its_item(threads: int):
    def inverse(number: int) -> float:
        return 1 / number

    results = each(inverse, [2, 1, 0, 4], threads=threads)

    assert [next(results), next(results)] == [0.5, 1.0]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_two_threads_are_at_work_at_once():
    together = threading.Barrier(2, timeout=30)

    assert len(set(each(lambda _number: together.wait(), range(2), threads=2))) == 2


def test_what_is_made_ahead_comes_in_order_and_no_further_ahead_than_asked():
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(9):
            made.append(number)
            yield number

    given = ahead(items(), number=2)
    first = next(given)
    given.close()

    assert first == 0
    assert len(made) <= 3
    assert list(ahead(iter(range(9)), number=2)) == list(range(9))


def test_a_fault_of_the_maker_comes_at_its_place():
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    given = ahead(items(), number=3)

    assert next(given) == 1
    with pytest.raises(ValueError, match="broken"):
        next(given)
