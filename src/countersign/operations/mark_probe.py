"""Mark the probe: a person picks one face in each still of one person. Nothing else is ever made into a template."""

from collections.abc import Sequence
from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.governance.quality_rules import good_enough, note_given
from countersign.governance.verdict import Verdict
from countersign.ledger.event import EventKind
from countersign.media.exhibit import LocatedFace
from countersign.operations.edited_pictures import faces_in
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import EditId, ExhibitId, ProbeId, new_id
from countersign.search.fusion import still_weight
from countersign.search.probe import Probe, ProbeStill


class ProbeStillsError(Invalid):
    """The stills do not make one probe."""

    code = "probe_stills"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedFace:
    """One face, by its number in the annotated picture.

    Attributes:
        edit: The edited picture in which it is numbered; without one it is the original.
        same_person_basis: Why this still shows the same person as the first; empty for the first.
        quality_note: Why a still below a soft floor of the policy pack is used all the same.
    """

    exhibit: ExhibitId
    number: int
    edit: EditId | None = None
    same_person_basis: str = ""
    quality_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkProbe:
    """The faces of one person, and the stated reason for picking them (PRB-03)."""

    reason: str
    faces: tuple[MarkedFace, ...]


@operation(Permission.EXHIBIT_MARK)
def mark_probe(turn: Turn, arguments: MarkProbe) -> Probe:
    """Make one probe of one person's stills.

    Raises:
        ProbeStillsError: No face, two of one exhibit, exhibits of two cases, no reason, no basis for a further still.
        GuardError: A still is below a floor of quality; the refusal names the component.
    """
    turn.check_in_use()
    check_one_person(arguments)
    return make_probe(turn, arguments.reason, [(marked, marked_face(turn, marked)) for marked in arguments.faces])


def make_probe(turn: Turn, reason: str, located: Sequence[tuple[MarkedFace, LocatedFace]]) -> Probe:
    """Make one probe of faces that a person says are one person's, and record it; errors as `mark_probe`."""
    power = turn.pack.fusion_power
    if len({face.case for _, face in located}) != 1:
        raise ProbeStillsError("expected exhibits of one case, got several: faces are never joined across cases")
    for marked, face in located:
        turn.check(*quality_of(turn, face, marked.quality_note))
    first = located[0][1]
    probe = Probe(
        id=ProbeId(new_id()),
        case=first.case,
        key=first.key,
        reason=reason,
        stills=tuple(
            ProbeStill(
                exhibit=face.exhibit,
                exhibit_sha256=turn.work.exhibits.get(face.exhibit).sha256,
                face=face.id,
                same_person_basis=marked.same_person_basis,
                quality_note=marked.quality_note,
                weight=still_weight(face.unified, power),
                edited_sha256=None if face.edit is None else turn.work.edits.get(face.edit).sha256,
            )
            for marked, face in located
        ),
        marked_by=turn.actor.id,
        marked_at=turn.now,
    )
    turn.work.probes.add(probe)
    facts = {"stills": len(probe.stills)}
    turn.record(EventKind.PROBE_MARKED, facts, committed={"probe": probe}, case=probe.case, key=probe.key)
    return probe


def quality_of(turn: Turn, face: LocatedFace, note: str) -> tuple[Verdict, Verdict]:
    """Say whether a still is good enough by the pack's hard floors, and by its soft ones with the note."""
    scores = {measure.component: measure.score for measure in face.measures}
    floors = turn.pack.quality_floors
    return good_enough(scores, floors), note_given(scores, floors, note, turn.pack.minimum_chars.review)


def check_one_person(arguments: MarkProbe) -> None:
    """Refuse what is not said to be one person: no face, no reason, two faces of a picture, a still without a basis.

    Nobody searches with everybody in a recording (LFR-04).
    """
    if not arguments.faces or not arguments.reason.strip():
        raise ProbeStillsError("expected at least one marked face and a reason for it, got none")
    check_one_face_each(arguments.faces)
    if not all(face.same_person_basis.strip() for face in arguments.faces[1:]):
        raise ProbeStillsError(
            "expected for each further still why it shows the same person (track, clothing …), got none"
        )


def check_one_face_each(faces: Sequence[MarkedFace]) -> None:
    """Refuse two faces of one picture: they are two people."""
    if len({face.exhibit for face in faces}) != len(faces):
        raise ProbeStillsError("expected at most one face of an exhibit: a probe is one person, got two of one exhibit")


def marked_face(turn: Turn, marked: MarkedFace) -> LocatedFace:
    """Give the located face that a person marked.

    Raises:
        ProbeStillsError: No located face of the picture has the number.
    """
    located = faces_in(turn.work, marked.exhibit, marked.edit)
    face = next((one for one in located if one.number == marked.number), None)
    if face is None:
        raise ProbeStillsError(f"expected the number of one of {len(located)} located faces, got {marked.number}")
    return face
