"""Locate the faces of an exhibit: boxes, landmarks, quality. No template is made of any of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countersign.faces.detection import Detection
from countersign.faces.drawing import annotate, side_by_side
from countersign.faces.quality import measure
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeKind
from countersign.ledger.event import EventKind
from countersign.media.exhibit import Exhibit, LocatedFace
from countersign.operations.edited_pictures import edit_of, faces_in, open_still, replayed
from countersign.operations.turn import Turn, operation
from countersign.primitives.arrays import RgbImage
from countersign.primitives.ids import EditId, ExhibitId, FaceId, new_id


def watermark_of(kind: ProgrammeKind) -> str:
    """Give the word that marks what a programme gives out; empty in production (practice P-18)."""
    return "" if kind is ProgrammeKind.PRODUCTION else kind.value.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateFaces:
    """In which exhibit, and in which of its edited pictures; without one in the original."""

    exhibit: ExhibitId
    edit: EditId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedFaces:
    """What was found.

    Attributes:
        picture: The exhibit with numbered boxes and landmarks, PNG; an edited one beside its original.
    """

    exhibit: ExhibitId
    edit: EditId | None
    faces: tuple[LocatedFace, ...]
    picture: bytes


@operation(Permission.EXHIBIT_LOCATE)
def locate_faces(turn: Turn, arguments: LocateFaces) -> LocatedFaces:
    """Locate faces; located again, an exhibit keeps the faces it has, so that a marked one never changes."""
    turn.check_in_use()
    exhibit = turn.work.exhibits.get(arguments.exhibit)
    original = open_still(turn.work, exhibit)
    edit = None if arguments.edit is None else edit_of(turn.work, exhibit, arguments.edit)
    rgb = original if edit is None else replayed(turn.work, edit, original)
    # In the original too: whoever stands there is masked in every view of the probe, whatever an edit cuts away.
    faces = faces_in(turn.work, exhibit.id, None) or _located(turn, exhibit, None, original)
    if edit is not None:
        faces = faces_in(turn.work, exhibit.id, edit.id) or _located(turn, exhibit, edit.id, rgb)
    turn.record(EventKind.EXHIBIT_LOCATED, {"faces": len(faces)}, case=exhibit.case, key=exhibit.key)
    labels = [str(face.number) for face in faces]
    mark = watermark_of(turn.programme.kind)
    picture = annotate(rgb, [detection_of(face) for face in faces], labels, watermark=mark)
    if edit is not None:
        picture = side_by_side([annotate(original, [], [], watermark=mark), picture])
    return LocatedFaces(exhibit=exhibit.id, edit=arguments.edit, faces=tuple(faces), picture=picture)


def _located(turn: Turn, exhibit: Exhibit, edit: EditId | None, rgb: RgbImage) -> list[LocatedFace]:
    located = turn.desk.engine.locate(rgb, thorough=True)
    faces = [located_face(exhibit, edit, number, rgb, located) for number in range(1, len(located) + 1)]
    turn.work.faces.add_all(faces)
    return faces


def detection_of(face: LocatedFace) -> Detection:
    """Give the located face as a detection of the engine."""
    return Detection(
        box_xyxy_px=np.array(face.box_px, dtype=np.float32),
        landmarks_px=np.array(face.landmarks_px, dtype=np.float32).reshape(5, 2),
        score=face.unified,
    )


def located_face(
    exhibit: Exhibit, edit: EditId | None, number: int, rgb: RgbImage, located: Sequence[Detection]
) -> LocatedFace:
    """Give a located face with its quality, by its number from 1 among those of its picture."""
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
        edit=edit,
    )
