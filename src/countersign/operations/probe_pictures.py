"""The probe as people see it: each still with the marked face, every other face masked (PRB-03)."""

from dataclasses import dataclass
from datetime import date

from countersign.faces.detection import Detection
from countersign.faces.drawing import annotate, plain
from countersign.faces.masking import mask_others
from countersign.media.exhibit import SourceType
from countersign.operations.desk import PROGRAMME_ID
from countersign.operations.locate_faces import detection_of, open_still, watermark_of
from countersign.operations.work import Work
from countersign.primitives.arrays import RgbImage
from countersign.search.probe import Probe, ProbeStill


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStill:
    """A still to be compared: its pixels with nothing drawn on the face, and what an examiner may know of it (P-21).

    Attributes:
        data: PNG in the still's own size; every other face is masked.
        box_px: Left, top, right and bottom of the marked face, in px.
        taken: Earliest and latest day on which it was taken.
        source_type: What kind of thing took it.
        same_person_basis: Why it is said to show the same person as the first still.
        unified: Quality of the face in [0, 1], high is good.
    """

    data: bytes
    box_px: tuple[int, int, int, int]
    taken: tuple[date, date]
    source_type: SourceType
    same_person_basis: str
    unified: float


def probe_pictures(work: Work, probe: Probe) -> tuple[bytes, ...]:
    """Draw each still of the probe with the marked face in a box, PNG."""
    watermark = _watermark(work)
    return tuple(
        annotate(rgb, [marked], labels=["probe"], watermark=watermark)
        for rgb, marked in (_masked(work, still) for still in probe.stills)
    )


def shown_stills(work: Work, probe: Probe) -> tuple[ShownStill, ...]:
    """Give each still of the probe as it is compared."""
    watermark = _watermark(work)
    return tuple(_shown(work, still, watermark) for still in probe.stills)


def _shown(work: Work, still: ProbeStill, watermark: str) -> ShownStill:
    rgb, marked = _masked(work, still)
    exhibit = work.exhibits.get(still.exhibit)
    left, top, right, bottom = (round(float(edge)) for edge in marked.box_xyxy_px)
    return ShownStill(
        data=plain(rgb, watermark=watermark),
        box_px=(left, top, right, bottom),
        taken=(exhibit.capture.earliest.date(), exhibit.capture.latest.date()),
        source_type=exhibit.source_type,
        same_person_basis=still.same_person_basis,
        unified=work.faces.get(still.face).unified,
    )


def _watermark(work: Work) -> str:
    return watermark_of(work.programmes.get(PROGRAMME_ID).kind)


def _masked(work: Work, still: ProbeStill) -> tuple[RgbImage, Detection]:
    rgb = open_still(work, work.exhibits.get(still.exhibit))
    marked = detection_of(work.faces.get(still.face))
    others = [detection_of(face) for face in work.faces.where(exhibit=still.exhibit) if face.id != still.face]
    return mask_others(rgb, others, marked=marked), marked
