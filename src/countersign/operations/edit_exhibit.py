"""Edit an exhibit's picture: steps of the closed list, recorded with the digest of what they give."""

from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.faces.drawing import annotate, side_by_side
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.media.edits import EditedPicture, EditStep
from countersign.media.replay import apply, picture_digest
from countersign.operations.edited_pictures import open_still
from countersign.operations.locate_faces import watermark_of
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import EditId, ExhibitId, new_id


class OtherCaseError(Invalid):
    """Pictures of two cases cannot be averaged."""

    code = "edit_across_cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditExhibit:
    """Which exhibit, which steps, and why.

    Attributes:
        others: Further exhibits of the case that are averaged with it; then the first step is ``average``.
    """

    exhibit: ExhibitId
    steps: tuple[EditStep, ...]
    reason: str
    others: tuple[ExhibitId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeEdit:
    """The edit on record.

    Attributes:
        picture: Original and edited picture side by side, PNG; the one is never shown without the other.
    """

    edit: EditedPicture
    picture: bytes


@operation(Permission.EXHIBIT_EDIT)
def edit_exhibit(turn: Turn, arguments: EditExhibit) -> MadeEdit:
    """Edit a picture by steps of the list.

    Raises:
        EditError: A step does not fit.
        OtherCaseError: A picture to average is of another case.
        GuardError: No reason.
    """
    turn.check_in_use()
    turn.check(require(bool(arguments.reason.strip()), "edit_reason_missing", "expected why it is edited, got nothing"))
    exhibit = turn.work.exhibits.get(arguments.exhibit)
    others = [turn.work.exhibits.get(other) for other in arguments.others]
    if any(other.case != exhibit.case for other in others):
        raise OtherCaseError("expected exhibits of one case, got several: pictures are never joined across cases")
    original = open_still(turn.work, exhibit)
    rgb = apply(arguments.steps, [original, *(open_still(turn.work, other) for other in others)])
    edited = EditedPicture(
        id=EditId(new_id()),
        exhibit=exhibit.id,
        case=exhibit.case,
        key=exhibit.key,
        number=len(turn.work.edits.where(exhibit=exhibit.id)) + 1,
        others=arguments.others,
        steps=arguments.steps,
        sha256=picture_digest(rgb),
        width_px=rgb.shape[1],
        height_px=rgb.shape[0],
        reason=arguments.reason,
        made_by=turn.actor.id,
        made_at=turn.now,
    )
    turn.work.edits.add(edited)
    facts = {"steps": len(edited.steps), "averaged": 1 + len(others)}
    turn.record(EventKind.EXHIBIT_EDITED, facts, committed={"edit": edited}, case=exhibit.case, key=exhibit.key)
    mark = watermark_of(turn.programme.kind)
    return MadeEdit(
        edit=edited, picture=side_by_side([annotate(picture, [], [], watermark=mark) for picture in (original, rgb)])
    )
