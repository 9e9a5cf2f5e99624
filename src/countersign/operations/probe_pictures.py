"""The probe as people see it: each still with the marked face, every other face masked (PRB-03).

A still whose face was marked in an edited picture is shown twice, original and edited picture side by side (PRB-04).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from countersign.faces.detection import Detection
from countersign.faces.drawing import annotate, plain, side_by_side
from countersign.faces.masking import mask_others
from countersign.media.edits import EditedPicture
from countersign.media.exhibit import LocatedFace, SourceType
from countersign.media.replay import to_original
from countersign.operations.desk import PROGRAMME_ID
from countersign.operations.edited_pictures import edit_history, faces_in, open_still, replayed
from countersign.operations.locate_faces import detection_of, watermark_of
from countersign.operations.work import Work
from countersign.primitives.arrays import RgbImage
from countersign.search.probe import Probe, ProbeStill


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStill:
    """A still to be compared: its pixels with nothing drawn on the face, and what an examiner may know of it (P-21).

    Attributes:
        data: PNG in the still's own size; every other face is masked.
        eyes_px: Where the eyes lie, x and y in turn, so that two pictures can be laid over each other.
        taken: Earliest and latest day on which it was taken.
        source_type: What kind of thing took it.
        same_person_basis: Why it is said to show the same person as the first still.
        unified: Quality of the face in [0, 1], high is good.
        edits: The steps that made it of the original; none where it is the original.
        original: The original of an edited still, PNG, masked likewise; it is shown beside it.
    """

    data: bytes
    eyes_px: tuple[float, ...]
    taken: tuple[date, date]
    source_type: SourceType
    same_person_basis: str
    unified: float
    edits: tuple[str, ...]
    original: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Masked:
    """A picture in which only the marked face can be seen."""

    rgb: RgbImage
    marked: Detection
    label: str


def probe_pictures(work: Work, probe: Probe) -> tuple[bytes, ...]:
    """Draw each still of the probe with the marked face in a box, PNG."""
    return tuple(_drawn(_masked(work, still), _watermark(work)) for still in probe.stills)


def shown_stills(work: Work, probe: Probe) -> tuple[ShownStill, ...]:
    """Give each still of the probe as it is compared."""
    watermark = _watermark(work)
    return tuple(_shown(work, still, watermark) for still in probe.stills)


def _drawn(pictures: list[_Masked], watermark: str) -> bytes:
    drawn = [annotate(one.rgb, [one.marked], labels=[one.label], watermark=watermark) for one in pictures]
    return drawn[0] if len(drawn) == 1 else side_by_side(drawn)


def _shown(work: Work, still: ProbeStill, watermark: str) -> ShownStill:
    *originals, compared = _masked(work, still)
    exhibit = work.exhibits.get(still.exhibit)
    return ShownStill(
        data=plain(compared.rgb, watermark=watermark),
        eyes_px=tuple(map(float, compared.marked.landmarks_px[:2].ravel())),
        taken=(exhibit.capture.earliest.date(), exhibit.capture.latest.date()),
        source_type=exhibit.source_type,
        same_person_basis=still.same_person_basis,
        unified=work.faces.get(still.face).unified,
        edits=edit_history(work, still),
        original=plain(originals[0].rgb, watermark=watermark) if originals else None,
    )


def _watermark(work: Work) -> str:
    return watermark_of(work.programmes.get(PROGRAMME_ID).kind)


def _masked(work: Work, still: ProbeStill) -> list[_Masked]:
    """Give the picture in which the face was marked; an edited one after its original."""
    original = open_still(work, work.exhibits.get(still.exhibit))
    face = work.faces.get(still.face)
    marked, others = detection_of(face), _others(work, face)
    if face.edit is None:
        return [_Masked(rgb=mask_others(original, others, marked=marked), marked=marked, label="probe")]
    edit = work.edits.get(face.edit)
    # Whoever is found in either picture is masked in the original: a face may be too dark there to be found.
    there, *found = [led_back(one, edit, original) for one in (marked, *others)]
    seen = [detection_of(one) for one in faces_in(work, still.exhibit, None)]
    edited = replayed(work, edit, original)
    return [
        _Masked(rgb=mask_others(original, [*found, *seen], marked=there), marked=there, label="original"),
        _Masked(rgb=mask_others(edited, others, marked=marked), marked=marked, label="edited"),
    ]


def _others(work: Work, marked: LocatedFace) -> list[Detection]:
    faces = faces_in(work, marked.exhibit, marked.edit)
    return [detection_of(face) for face in faces if face.id != marked.id]


def led_back(face: Detection, edit: EditedPicture, original: RgbImage) -> Detection:
    """Give where a face of the edited picture lies in the original."""
    height, width = original.shape[:2]
    left, top, right, bottom = (float(edge) for edge in face.box_xyxy_px)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    places = to_original(edit.steps, np.concatenate([corners, face.landmarks_px]), width=width, height=height)
    box = np.concatenate([places[:4].min(axis=0), places[:4].max(axis=0)]).astype(np.float32)
    return Detection(box_xyxy_px=box, landmarks_px=places[4:].astype(np.float32), score=face.score)
