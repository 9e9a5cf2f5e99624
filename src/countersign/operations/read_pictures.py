"""Make the template of a picture's one person, as evaluation asks for it: the product's own pipeline, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from countersign.evaluation.protocol import SampleTemplate
from countersign.faces.quality import measure as measure_quality
from countersign.media.intake import read_file
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.describe_pictures import NoFaceError, portrayed
from countersign.operations.desk import Engine, Progress
from countersign.operations.reference_source import LIMIT_BYTES


@dataclass(slots=True)
class PictureReader:
    """Reads pictures one by one and tells how many it has read.

    Attributes:
        is_probe: Says of a picture whether it is searched with; of a probe the clearest face stands for the one that a
            person would mark, of a reference the one that the picture portrays.
        expected: How many pictures there are in all, for the progress.
    """

    engine: Engine
    progress: Progress
    is_probe: Callable[[Path], bool]
    expected: int
    done: int = 0

    def __call__(self, picture: Path, /) -> SampleTemplate:
        """Give the template of a picture.

        Raises:
            NoFaceError: No face was located.
        """
        self.done += 1
        self.progress(self.done, self.expected)
        rgb = decode_image(read_file(str(picture), limit_bytes=LIMIT_BYTES).data).rgb_upright
        is_probe = self.is_probe(picture)
        faces = self.engine.locate(rgb, thorough=is_probe)
        if not faces:
            raise NoFaceError("expected a face, got a picture in which none was located")
        face = faces[0] if is_probe else portrayed(faces, rgb)
        describe = self.engine.describe_probe if is_probe else self.engine.describe_reference
        quality = measure_quality(rgb, face)
        return SampleTemplate(
            codes=describe([(rgb, face)])[0],
            unified=quality.unified,
            measures={one.component: one.raw for one in quality.measures},
        )
