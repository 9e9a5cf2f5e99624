"""Measure one-to-many search on labelled folders. Opens nothing of a programme and gives aggregates only."""

from dataclasses import dataclass
from pathlib import Path

from countersign.evaluation.identification import measure_identification
from countersign.evaluation.measurement import Measurement
from countersign.evaluation.protocol import PerProbe, SampleTemplate, read_folder
from countersign.faces.quality import measure as measure_quality
from countersign.media.decoding import decode_image
from countersign.media.intake import read_file
from countersign.operations.desk import Engine, Progress
from countersign.operations.enrol_references import LIMIT_BYTES, NoFaceError, portrayed


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
    everything = [read_folder(references), read_folder(probes)] + (
        [read_folder(others, first_only=True)] if others else []
    )
    number, done = sum(map(len, everything)), 0

    def read(picture: Path) -> SampleTemplate:
        nonlocal done
        done += 1
        progress(done, number)
        rgb = decode_image(read_file(str(picture), limit_bytes=LIMIT_BYTES).data).rgb_upright
        faces = engine.locate(rgb)
        if not faces:
            raise NoFaceError("no face was located")
        # A reference portrays one person; of a still the person would mark the face, here the clearest stands for it.
        face = faces[0] if picture.is_relative_to(probes) else portrayed(faces, rgb)
        codes = engine.describe([(rgb, face)])[0]
        return SampleTemplate(codes=codes, unified=measure_quality(rgb, face).unified)

    per_probe = PerProbe.SET if arguments.sets else PerProbe.STILL
    return measure_identification(read, references, probes, others=others, per_probe=per_probe)
