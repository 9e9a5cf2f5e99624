"""Correct the landmarks of a located face by hand, as a logged edit; what was located stays beside it.

Eyes, nose and corners of the mouth decide how a face is aligned, so a person who sees them better than the network may
say where they are (PRB-04). The corrected face gets a number of its own in the picture: whoever marks that number is
searched with its landmarks, whoever marks the old one is not. Nothing is overwritten.
"""

from dataclasses import dataclass, replace

import numpy as np

from countersign.errors import Invalid
from countersign.faces.detection import Detection
from countersign.faces.drawing import annotate
from countersign.faces.quality import measure
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.media.exhibit import LandmarkCorrection, LocatedFace
from countersign.operations.edited_pictures import edit_of, faces_in, open_still, replayed
from countersign.operations.locate_faces import detection_of, watermark_of
from countersign.operations.turn import Turn, operation
from countersign.primitives.arrays import RgbImage
from countersign.primitives.ids import EditId, ExhibitId, FaceId, new_id

POINTS = ("right eye", "left eye", "nose tip", "right corner of the mouth", "left corner of the mouth")
"""As the person in the picture has them: the right eye stands left in an upright picture."""
MARGIN = 0.5
"""Landmarks lie in the box of the face, grown by this share of its sides."""


class LandmarksError(Invalid):
    """Landmarks that are none of this face."""

    code = "landmarks"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectLandmarks:
    """Which face, where its landmarks are, and why.

    Attributes:
        number: Of the face in the annotated picture.
        landmarks_px: x, y of each of `POINTS`, ten numbers, in px of the upright picture.
        edit: The edited picture in which the face is numbered.
    """

    exhibit: ExhibitId
    number: int
    landmarks_px: tuple[float, ...]
    reason: str
    edit: EditId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedFace:
    """The face under its new number, and the picture with both (PNG)."""

    face: LocatedFace
    picture: bytes


@operation(Permission.EXHIBIT_EDIT)
def correct_landmarks(turn: Turn, arguments: CorrectLandmarks) -> CorrectedFace:
    """Add the face with its corrected landmarks under a number of its own.

    Raises:
        LandmarksError: There is no such face, or the points are no landmarks of it.
        GuardError: No reason.
    """
    turn.check_in_use()
    reason = arguments.reason.strip()
    turn.check(require(bool(reason), "edit_reason_missing", "expected why landmarks are corrected, got nothing"))
    exhibit = turn.work.exhibits.get(arguments.exhibit)
    located = faces_in(turn.work, exhibit.id, arguments.edit)
    found = next((one for one in located if one.number == arguments.number), None)
    if found is None:
        raise LandmarksError(f"expected the number of one of {len(located)} located faces, got {arguments.number}")
    original = open_still(turn.work, exhibit)
    edit = None if arguments.edit is None else edit_of(turn.work, exhibit, arguments.edit)
    rgb = original if edit is None else replayed(turn.work, edit, original)
    placed = check_landmarks(arguments.landmarks_px, detection_of(found), rgb)
    # The detector's own certainty stays: a person says where a face's parts are, not how good the picture is.
    quality = measure(rgb, placed, [detection_of(one) for one in located if not _alike(one, found)])
    corrected = replace(
        found,
        id=FaceId(new_id()),
        number=max(one.number for one in located) + 1,
        landmarks_px=arguments.landmarks_px,
        measures=quality.measures,
        corrected=LandmarkCorrection(
            face=source_of(found), by=turn.actor.id, at=turn.now, reason=reason, moved_px=_moved_px(found, arguments)
        ),
    )
    turn.work.faces.add(corrected)
    turn.record(
        EventKind.EXHIBIT_LANDMARKS,
        {"number": corrected.number, "corrected": found.number},
        committed={"edit": corrected},
        case=exhibit.case,
        key=exhibit.key,
    )
    shown = [found, corrected]
    mark = watermark_of(turn.programme.kind)
    labels = [str(one.number) for one in shown]
    return CorrectedFace(
        face=corrected, picture=annotate(rgb, [detection_of(one) for one in shown], labels, watermark=mark)
    )


def source_of(face: LocatedFace) -> FaceId:
    """Give the face as it was located, whatever was corrected since."""
    return face.id if face.corrected is None else face.corrected.face


def _alike(one: LocatedFace, other: LocatedFace) -> bool:
    return source_of(one) == source_of(other)


def check_landmarks(landmarks_px: tuple[float, ...], face: Detection, rgb: RgbImage) -> Detection:
    """Give the face with these landmarks.

    Raises:
        LandmarksError: Not five points, points outside the picture or far from the face, or in an order that no face
            seen by a camera has.
    """
    if len(landmarks_px) != 2 * len(POINTS) or not all(np.isfinite(landmarks_px)):
        raise LandmarksError(f"expected x and y of {', '.join(POINTS)}, got {len(landmarks_px)} numbers")
    points = np.array(landmarks_px, dtype=np.float32).reshape(-1, 2)
    left, top, right, bottom = (float(edge) for edge in face.box_xyxy_px)
    wide, high = MARGIN * (right - left), MARGIN * (bottom - top)
    low = np.maximum([left - wide, top - high], 0)
    end = np.minimum([right + wide, bottom + high], [rgb.shape[1] - 1, rgb.shape[0] - 1])
    for name, point in zip(POINTS, points, strict=True):
        if not (np.all(point >= low) and np.all(point <= end)):
            raise LandmarksError(
                f"expected the {name} from {low.round().tolist()} to {end.round().tolist()}, got {point.tolist()}"
            )
    if len(np.unique(points, axis=0)) < len(points):
        raise LandmarksError("expected five different points, got some twice")
    eyes, mouth = points[1] - points[0], points[4] - points[3]
    if float(eyes @ mouth) <= 0:
        raise LandmarksError("expected right and left of eyes and mouth in one order, got them crossed")
    return replace(face, landmarks_px=points)


def _moved_px(found: LocatedFace, arguments: CorrectLandmarks) -> float:
    """Give how far the landmark that moved most was moved."""
    moved = np.array(arguments.landmarks_px) - np.array(found.landmarks_px)
    return float(np.hypot(*moved.reshape(-1, 2).T).max())
