"""What tested error rates come to in a gallery of another size (practice P-02).

A stranger is listed when the comparison score reaches the threshold, and each of N strangers has its own chance of it.
With independent strangers, FPIR at N is 1 - (1 - FPIR at N₀)^(N / N₀). The threshold misses a mate as often whatever N
is; but a list has places, and a mate at the threshold is pushed off it by as many strangers: their number is about
Poisson. Real galleries hold relatives and look-alikes, so that true rates at a larger N tend to be worse than these.
"""

import math

from countersign.errors import Invalid


class GallerySizeError(Invalid):
    """A gallery of nobody has no rates."""

    code = "gallery_size"


def fpir_at(fpir: float, tested: int, size: int) -> float:
    """Give the false-positive identification rate in a gallery of ``size``, in [0, 1]; low is good.

    Args:
        fpir: Rate in the tested gallery, in [0, 1].
        tested: Its number of data subjects.
        size: Number of data subjects of the other one.

    Raises:
        GallerySizeError: One of the galleries is empty.
        ValueError: ``fpir`` is no rate.

    Example:
        >>> round(fpir_at(0.01, 1000, 2000), 4)
        0.0199
    """
    _check(fpir, tested, size)
    return 1.0 if fpir >= 1 else -math.expm1(size / tested * math.log1p(-fpir))


def fnir_at(fnir: float, fpir: float, tested: int, size: int, *, places: int) -> float:
    """Give the false-negative identification rate in a gallery of ``size``, in [0, 1]; low is good.

    Args:
        fnir: Rate in the tested gallery; so often the threshold or the list missed the mate.
        fpir: False-positive rate there.
        tested: Number of data subjects there.
        size: Number of data subjects of the other gallery.
        places: Length of the list.

    Raises:
        GallerySizeError: One of the galleries is empty.
        ValueError: A rate is none.

    Example:
        >>> fnir_at(0.05, 0.0, 1000, 500_000, places=10)
        0.05
    """
    _check(fnir, tested, size)
    before, after = (_pushed_off(fpir, tested, one, places) for one in (tested, size))
    return min(1.0, fnir + max(0.0, after - before) * (1 - fnir))


def _pushed_off(fpir: float, tested: int, size: int, places: int) -> float:
    """Give the chance that strangers take every place of the list."""
    if fpir >= 1:
        return 1.0
    expected = -math.log1p(-fpir) * size / tested
    if not expected:
        return 0.0
    some = (math.exp(n * math.log(expected) - expected - math.lgamma(n + 1)) for n in range(places))
    return max(0.0, 1 - math.fsum(some))


def _check(rate: float, tested: int, size: int) -> None:
    if min(tested, size) < 1:
        raise GallerySizeError(f"expected galleries of at least one subject, got {tested} and {size}")
    if not 0 <= rate <= 1:
        raise ValueError(rate)
