"""Locate the faces of an exhibit: boxes, landmarks, quality. No template is made of any of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countersign.faces.detection import Detection
from countersign.faces.drawing import annotate
from countersign.faces.quality import measure
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeKind
from countersign.ledger.event import EventKind
from countersign.media.exhibit import Exhibit, LocatedFace
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.primitives.arrays import RgbImage
from countersign.primitives.ids import ExhibitId, FaceId, new_id


def watermark_of(kind: ProgrammeKind) -> str:
    """Give the word that marks what a programme gives out; empty in production (practice P-18)."""
    return "" if kind is ProgrammeKind.PRODUCTION else kind.value.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateFaces:
    """In which exhibit."""

    exhibit: ExhibitId


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedFaces:
    """What was found.

    Attributes:
        picture: The exhibit with numbered boxes and landmarks, PNG.
    """

    exhibit: ExhibitId
    faces: tuple[LocatedFace, ...]
    picture: bytes


@operation(Permission.EXHIBIT_LOCATE)
def locate_faces(turn: Turn, arguments: LocateFaces) -> LocatedFaces:
    """Locate faces; located again, an exhibit keeps the faces it has, so that a marked one never changes."""
    turn.check_in_use()
    exhibit = turn.work.exhibits.get(arguments.exhibit)
    rgb = open_still(turn.work, exhibit)
    faces = turn.work.faces.where(exhibit=exhibit.id)
    if not faces:
        located = turn.desk.engine.locate(rgb, thorough=True)
        faces = [_face(exhibit, number, rgb, located) for number in range(1, len(located) + 1)]
        turn.work.faces.add_all(faces)
    turn.record(EventKind.EXHIBIT_LOCATED, {"faces": len(faces)}, case=exhibit.case, key=exhibit.key)
    detections = [detection_of(face) for face in faces]
    labels = [str(face.number) for face in faces]
    picture = annotate(rgb, detections, labels, watermark=watermark_of(turn.programme.kind))
    return LocatedFaces(exhibit=exhibit.id, faces=tuple(faces), picture=picture)


def open_still(work: Work, exhibit: Exhibit) -> RgbImage:
    """Give the upright pixels of a sealed exhibit."""
    return decode_image(work.blobs.get(exhibit.blob, key=exhibit.key)).rgb_upright


def detection_of(face: LocatedFace) -> Detection:
    """Give the located face as a detection of the engine."""
    return Detection(
        box_xyxy_px=np.array(face.box_px, dtype=np.float32),
        landmarks_px=np.array(face.landmarks_px, dtype=np.float32).reshape(5, 2),
        score=face.unified,
    )


def _face(exhibit: Exhibit, number: int, rgb: RgbImage, located: Sequence[Detection]) -> LocatedFace:
    found = located[number - 1]
    quality = measure(rgb, found, [other for other in located if other is not found])
    return LocatedFace(
        id=FaceId(new_id()),
        exhibit=exhibit.id,
        case=exhibit.case,
        key=exhibit.key,
        number=number,
        box_px=tuple(map(float, found.box_xyxy_px)),
        landmarks_px=tuple(map(float, found.landmarks_px.ravel())),
        measures=quality.measures,
        unified=quality.unified,
    )
