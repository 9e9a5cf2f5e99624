"""Exhaustive search over int8 codes against the same search over float32: 200,000 × 128, one probe, two threads."""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np

REFERENCES, DIMENSION, LISTED = 200_000, 128, 50
THREADS, ROUNDS, REPEATS = 2, 5, 5


def main() -> None:
    rng = np.random.default_rng(20261122)
    codes = rng.normal(0.0, 33.7, size=(REFERENCES + 1, DIMENSION)).round().clip(-127, 127).astype(np.float32)
    references, probe = codes[:-1], codes[-1:]
    faiss.omp_set_num_threads(THREADS)
    ours = faiss.IndexScalarQuantizer(
        DIMENSION, faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
    )
    peer = faiss.IndexFlatIP(DIMENSION)
    for engine in (ours, peer):
        engine.train(references)
        engine.add(references)

    found_ours, found_peer = ours.search(probe, LISTED), peer.search(probe, LISTED)
    if not np.array_equal(found_ours[0], found_peer[0]):
        message = "expected equal comparison scores from both engines, got different ones"
        raise SystemExit(message)

    ours_ms, peer_ms = medians_ms(lambda: ours.search(probe, LISTED), lambda: peer.search(probe, LISTED))
    report(
        {
            "bench": Path(__file__).stem,
            "ours": round(ours_ms, 3),
            "peer": round(peer_ms, 3),
            "unit": "ms",
            "ratio": round(peer_ms / ours_ms, 2),
            "detail": {
                "ours": "faiss.IndexScalarQuantizer QT_8bit_direct_signed, inner product",
                "peer": "faiss.IndexFlatIP float32",
                "faiss": faiss.__version__,
                "references": REFERENCES,
                "dimension": DIMENSION,
                "probes": 1,
                "listed": LISTED,
                "threads": THREADS,
                "rounds": ROUNDS,
                "scores_equal": True,
            },
        }
    )


def medians_ms(*runs: Callable[[], object]) -> list[float]:
    """Time runs in turn, so that a busy moment of the machine meets all of them; give each one's median."""
    for run in runs:
        run()
    rounds = [[_round_ms(run) for run in runs] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def _round_ms(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(REPEATS):
        run()
    return 1000 * (time.perf_counter() - start) / REPEATS


def report(result: dict[str, object]) -> None:
    """Print the result and keep it beside the benchmarks."""
    text = json.dumps(result, indent=2)
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{result['bench']}.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
