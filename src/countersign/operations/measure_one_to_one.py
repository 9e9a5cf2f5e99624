"""Measure one-to-one comparison on pairs of pictures. Opens nothing of a programme and gives aggregates only."""

from collections.abc import Iterable
from pathlib import Path

from countersign.evaluation.manifest import Picture
from countersign.evaluation.one_to_one import OneToOne, compare_all, one_to_one
from countersign.evaluation.pairs import Pair, read_pairs
from countersign.evaluation.searches import read_templates
from countersign.operations.desk import Engine, Progress
from countersign.operations.read_pictures import PictureReader

__all__ = ["OneToOne", "measure_one_to_one", "pictures_of"]


def pictures_of(pairs: Iterable[Pair]) -> list[Picture]:
    """Give every picture of the pairs once."""
    named = {path: who for pair in pairs for path, who in zip((pair.first, pair.second), pair.subjects, strict=True)}
    return [Picture(subject=who, kind="", view=None, path=path) for path, who in named.items()]


def measure_one_to_one(
    engine: Engine, pairs_file: Path, folder: Path, progress: Progress, *, threads: int = 1, seed: int = 0
) -> OneToOne:
    """Measure: FMR and FNMR, their trade-off, discards, and every failure counted.

    Both pictures of a pair are described as references: neither is known to be the harder one.

    Args:
        engine: The networks to measure.
        pairs_file: LFW's ``pairs.txt`` or a CSV (`evaluation.pairs.read_pairs`).
        folder: Where the pictures lie.
        progress: Told (pictures done, pictures in all).
        threads: Pictures that are read at a time.
        seed: Of the draws of people.
    """
    pairs = read_pairs(pairs_file, folder)
    pictures = pictures_of(pairs)
    read = PictureReader(engine, progress, is_probe=lambda _: False, expected=len(pictures))
    templates = read_templates(read, pictures, threads=threads)
    return one_to_one(compare_all(pairs, templates), templates.failures, seed=seed)
