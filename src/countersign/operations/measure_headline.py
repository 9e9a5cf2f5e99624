"""Measure the headline protocol on labelled face data. Opens nothing of a programme and gives aggregates only."""

from pathlib import Path

from countersign.evaluation.headline import CCTV, CUSTODY, OTHERS, Headline, headline
from countersign.evaluation.manifest import read_manifest
from countersign.operations.desk import Engine, Progress
from countersign.operations.read_pictures import PictureReader

__all__ = ["Headline", "measure_headline"]

POWER = 8
"""Exponent of the still weight in the shipped packs; a headline is measured with what is shipped."""


def measure_headline(engine: Engine, folder: Path, progress: Progress) -> Headline:
    """Measure every row of the headline.

    Args:
        engine: The networks to measure.
        folder: Data with a ``manifest.csv`` (`evaluation.manifest.read_manifest`).
        progress: Told (pictures done, pictures in all).
    """
    pictures = read_manifest(folder)
    probes = {one.path for one in pictures if one.kind == CCTV}
    expected = sum(one.kind in {CCTV, CUSTODY} for one in pictures)
    expected += len({one.subject for one in pictures if one.kind == OTHERS})
    read = PictureReader(engine, progress, is_probe=probes.__contains__, expected=expected)
    return headline(read, pictures, power=POWER)
