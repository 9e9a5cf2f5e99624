"""The probe as people see it: each still with the marked face, every other face masked (PRB-03)."""

from countersign.faces.drawing import annotate
from countersign.faces.masking import mask_others
from countersign.operations.desk import PROGRAMME_ID
from countersign.operations.locate_faces import detection_of, open_still, watermark_of
from countersign.operations.work import Work
from countersign.search.probe import Probe, ProbeStill


def probe_pictures(work: Work, probe: Probe) -> tuple[bytes, ...]:
    """Draw each still of the probe, PNG."""
    return tuple(_picture(work, still) for still in probe.stills)


def _picture(work: Work, still: ProbeStill) -> bytes:
    rgb = open_still(work, work.exhibits.get(still.exhibit))
    marked = detection_of(work.faces.get(still.face))
    others = [detection_of(face) for face in work.faces.where(exhibit=still.exhibit) if face.id != still.face]
    kind = work.programmes.get(PROGRAMME_ID).kind
    return annotate(mask_others(rgb, others, marked=marked), [marked], labels=["probe"], watermark=watermark_of(kind))
