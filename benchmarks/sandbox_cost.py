"""What decoding in a locked-in child costs over plain decoding in this process: a 1080p JPEG, a file by itself.

``ratio`` is the plain time as a share of ours, so below 1; what the sandbox adds stands in ``detail`` as ``extra_ms``.
Usage: sandbox_cost.py [ROUNDS].
"""

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from benchmarks.parts.report import report
from PIL import Image

from countersign.media import decoding
from countersign.media.sandbox.decoder import POOL, decode_image, decode_images

ROUNDS = 60
SIZE_PX = (1920, 1080)
SMALL_PX = (250, 250)
ALLOWED_MS = 25
"""What a 1080p JPEG may cost over plain decoding."""


def main() -> None:
    rounds = int(dict(enumerate(sys.argv)).get(1, ROUNDS))
    large, small = photograph(SIZE_PX), photograph(SMALL_PX)
    mine, plain = paired(lambda: decode_image(large), lambda: decoding.decode_image(large), rounds)
    plain_small = [decoding.decode_image] * 64
    few = paired(
        lambda: list(decode_images([small] * 64)), lambda: [decode(small) for decode in plain_small], rounds // 6
    )
    alone = paired(lambda: decode_image(small), lambda: decoding.decode_image(small), rounds)
    extra = [ours - theirs for ours, theirs in zip(mine, plain, strict=True)]
    report(
        Path(__file__).stem,
        {
            "ours": round(statistics.median(mine), 1),
            "peer": round(statistics.median(plain), 1),
            "unit": "ms",
            "ratio": round(statistics.median(theirs / ours for ours, theirs in zip(mine, plain, strict=True)), 2),
            "detail": {
                "ours": "decode_image: a child forked from the warm process, locked in, pixels through a pipe",
                "peer": "the same decoder in this process (Pillow)",
                "picture": f"JPEG, {SIZE_PX[0]} x {SIZE_PX[1]} px, {len(large)} bytes",
                "extra_ms": round(statistics.median(extra), 1),
                "extra_ms_least": round(min(mine) - min(plain), 1),
                "allowed_ms": ALLOWED_MS,
                "extra_ms_250_px_alone": _extra(alone),
                "extra_ms_250_px_in_a_batch_of_64": round(_extra(few) / 64, 2),
                "rounds": rounds,
                "load_1_min": round(os.getloadavg()[0], 1),
            },
        },
    )


def photograph(size_px: tuple[int, int]) -> bytes:
    """Give a JPEG with the detail of a photograph: smooth shades, edges and a little noise; the same each time."""
    width, height = size_px
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (height // 24 + 1, width // 24 + 1, 3), dtype=np.uint8)
    shades = np.asarray(Image.fromarray(coarse).resize(size_px, Image.Resampling.BICUBIC), dtype=np.int16)
    noisy = np.clip(shades + rng.normal(0, 4, shades.shape), 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noisy).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def paired(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> tuple[list[float], list[float]]:
    """Time both in turn; give milliseconds of each round. A first round of each is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for place in range(-1, rounds):
        for side, run in zip(times, (ours, peer), strict=True):
            start = time.perf_counter()
            run()
            took = 1000 * (time.perf_counter() - start)
            if place >= 0:
                side.append(took)
    return times


def _extra(times: tuple[list[float], list[float]]) -> float:
    return round(statistics.median(ours - theirs for ours, theirs in zip(*times, strict=True)), 1)


if __name__ == "__main__":
    decoding.open_decoders()
    try:
        main()
    finally:
        POOL.close()
