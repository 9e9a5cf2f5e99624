"""Measure one-to-many search on labelled folders. Opens nothing of a programme and gives aggregates only."""

from dataclasses import dataclass
from pathlib import Path

from countersign.evaluation.identification import measure_identification
from countersign.evaluation.measurement import Measurement
from countersign.evaluation.protocol import PerProbe, read_folder
from countersign.operations.desk import Engine, Progress
from countersign.operations.read_pictures import PictureReader


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureIdentification:
    """Which data.

    Attributes:
        others: People of whom the first image joins the gallery only.
        sets: All stills of a subject make one probe; otherwise each still is one.
    """

    references: str
    probes: str
    others: str | None = None
    sets: bool = False


def measure(engine: Engine, arguments: MeasureIdentification, progress: Progress) -> Measurement:
    """Measure without a threshold: rank, and every failure counted.

    Args:
        engine: The networks to measure.
        arguments: Folders.
        progress: Told (pictures done, pictures in all).
    """
    references, probes = Path(arguments.references), Path(arguments.probes)
    others = Path(arguments.others) if arguments.others else None
    number = len(read_folder(references)) + len(read_folder(probes))
    number += len(read_folder(others, first_only=True)) if others else 0
    read = PictureReader(engine, progress, is_probe=lambda picture: picture.is_relative_to(probes), expected=number)
    per_probe = PerProbe.SET if arguments.sets else PerProbe.STILL
    return measure_identification(read, references, probes, others=others, per_probe=per_probe)
