"""Templates of people who do not exist, drawn so that their scores are spread like those of real people.

Each is a real reference's features moved by as much random direction as `BLEND` says, in the directions in which real
people differ, and brought to the length of real ones. Whether their scores agree with real scores is measured wherever
there are both, and said with every figure that rests on them (`agreement`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from countersign.evaluation.protocol import NoSamplesError
from countersign.evaluation.tail import Scores
from countersign.primitives.arrays import Codes

BLEND = 0.8
"""Share of a synthetic template's spread that is random; the rest is of one real reference."""
SHRINK = 0.1
"""Weight of equal spread in every direction when the real spread is estimated from few people."""
CHUNK = 20_000
FEWEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well synthetic strangers stand for real ones; each figure is a mean over searches.

    Attributes:
        ks: Largest difference between the two shares of strangers below a score (Kolmogorov-Smirnov).
        ks_alike: What two samples of one and the same distribution would give at these sizes.
        best_difference: Best synthetic stranger's score less the best real one's, in spreads of real scores, among as
            many synthetic strangers as there are real ones; 0 is good.
    """

    real: int
    synthetic: int
    ks: float
    ks_alike: float
    best_difference: float


def synthetic_templates(real: Codes, number: int, rng: np.random.Generator) -> Iterator[Codes]:
    """Draw templates, `CHUNK` at a time.

    Args:
        real: Templates of as many people, one each, shape (m, d).
        number: How many to draw.
        rng: Source of chance; the same seed gives the same templates.

    Raises:
        NoSamplesError: There are too few real ones to draw after.
    """
    if len(real) < FEWEST:
        raise NoSamplesError(
            f"expected at least {FEWEST} real references to draw synthetic ones after, got {len(real)}"
        )
    codes = real.astype(np.float64)
    centre, lengths = codes.mean(axis=0), np.linalg.norm(codes, axis=1)
    spread = np.cov(codes, rowvar=False)
    even = np.trace(spread) / len(spread) * np.eye(len(spread))
    root = np.linalg.cholesky((1 - SHRINK) * spread + SHRINK * even).T
    for start in range(0, number, CHUNK):
        size = min(CHUNK, number - start)
        chosen = rng.integers(0, len(codes), size)
        random = rng.standard_normal((size, codes.shape[1])) @ root
        moved = centre + np.sqrt(1 - BLEND) * (codes[chosen] - centre) + np.sqrt(BLEND) * random
        moved *= (lengths[rng.integers(0, len(codes), size)] / np.linalg.norm(moved, axis=1))[:, None]
        yield np.clip(np.rint(moved), -127, 127).astype(np.int8)


def agreement(real: Scores, synthetic: Scores) -> Agreement:
    """Compare the scores of real and synthetic strangers, search by search.

    Args:
        real: Shape (n, m).
        synthetic: Shape (n, s); s at least m.
    """
    m, s = real.shape[1], synthetic.shape[1]
    rows = [_ks(one, other) for one, other in zip(real, synthetic, strict=True)]
    best = synthetic[:, : s // m * m].reshape(len(real), -1, m).max(axis=2).mean(axis=1)
    spread = np.maximum(real.std(axis=1), 1e-9)
    return Agreement(
        real=m,
        synthetic=s,
        ks=float(np.mean(rows)),
        ks_alike=float(_MEAN_KOLMOGOROV * np.sqrt(1 / m + 1 / s)),
        best_difference=float(np.mean((best - real.max(axis=1)) / spread)),
    )


_MEAN_KOLMOGOROV = 0.8687
"""Mean of Kolmogorov's distribution, √(π/2)·ln 2."""


def _ks(one: Scores, other: Scores) -> float:
    both: NDArray[np.float64] = np.sort(np.concatenate([one, other]))
    shares = (np.searchsorted(np.sort(part), both, side="right") / len(part) for part in (one, other))
    first, second = shares
    return float(np.abs(first - second).max())


def scores_of(probe: Sequence[Codes], weights: Sequence[int], templates: Codes) -> Scores:
    """Give fused scores S / Σw of one probe with templates of people with one view each, shape (s,)."""
    products = np.stack(list(probe)).astype(np.float32) @ templates.astype(np.float32).T
    # Whole numbers below 2^24 (see `decisions`), so float32 loses nothing.
    return np.asarray(weights, dtype=np.float64) @ products.astype(np.float64) / sum(weights)
