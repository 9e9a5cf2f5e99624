"""Originals and edited pictures as they are opened: an edited one is made again from its original each time."""

from countersign.errors import IntegrityBroken, Invalid
from countersign.media.edits import EditedPicture
from countersign.media.exhibit import Exhibit, LocatedFace, Medium
from countersign.media.replay import apply, picture_digest
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.work import Work
from countersign.primitives.arrays import RgbImage
from countersign.primitives.ids import EditId, ExhibitId
from countersign.search.probe import ProbeStill


class ReplayError(IntegrityBroken):
    """The steps on record, replayed from the original, give another picture than they gave when they were recorded."""

    code = "edit_replay"


class OtherExhibitError(Invalid):
    """An edit of another exhibit."""

    code = "edit_of_other_exhibit"


class NotAStillError(Invalid):
    """A recording, where one picture is needed."""

    code = "not_a_still"


def open_still(work: Work, exhibit: Exhibit) -> RgbImage:
    """Give the upright pixels of a sealed exhibit.

    Raises:
        NotAStillError: It is a recording.
    """
    if exhibit.medium is Medium.VIDEO:
        raise NotAStillError("expected a picture, got a recording: `exhibit scan` finds the faces in it")
    return decode_image(work.blobs.get(exhibit.blob, key=exhibit.key)).rgb_upright


def edit_of(work: Work, exhibit: Exhibit, edit: EditId) -> EditedPicture:
    """Give an edit of this very exhibit.

    Raises:
        OtherExhibitError: It is of another.
    """
    edited = work.edits.get(edit)
    if edited.exhibit != exhibit.id:
        raise OtherExhibitError("expected an edit of this exhibit, got one of another")
    return edited


def replayed(work: Work, edited: EditedPicture, original: RgbImage) -> RgbImage:
    """Replay an edit from its original, and check that it gives what it gave (PRB-04).

    Raises:
        ReplayError: It does not.
    """
    others = [open_still(work, work.exhibits.get(exhibit)) for exhibit in edited.others]
    rgb = apply(edited.steps, [original, *others])
    if (got := picture_digest(rgb)) != edited.sha256:
        raise ReplayError(f"expected the edited picture with SHA-256 {edited.sha256}, got {got} from the same steps")
    return rgb


def open_marked(work: Work, still: ProbeStill) -> RgbImage:
    """Give the picture in which the face of a still was marked: the original, or the edited one that was chosen."""
    original = open_still(work, work.exhibits.get(still.exhibit))
    edit = work.faces.get(still.face).edit
    return original if edit is None else replayed(work, work.edits.get(edit), original)


def faces_in(work: Work, exhibit: ExhibitId, edit: EditId | None) -> list[LocatedFace]:
    """Give the faces that were located in an exhibit's original, or in one of its edited pictures."""
    return [face for face in work.faces.where(exhibit=exhibit) if face.edit == edit]


def edit_history(work: Work, still: ProbeStill) -> tuple[str, ...]:
    """Give what was done by hand to the picture in which a still's face is marked, in words; nothing to an original."""
    face = work.faces.get(still.face)
    steps = () if face.edit is None else tuple(map(str, work.edits.get(face.edit).steps))
    if face.corrected is None:
        return steps
    return (*steps, f"landmarks corrected by hand: {face.corrected.reason}")
