"""`countersign exhibit`: seal a file, see its faces, mark the one that is sought."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, must_be_new, read_table, write_new
from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.media.exhibit import CaptureBasis, Depiction, DerivedFrom, RecorderClock, SourceType
from countersign.primitives.clock import parse_rfc3339
from countersign.primitives.ids import EditId, ExhibitId
from countersign.primitives.privacy import Privacy

if TYPE_CHECKING:
    from countersign.operations.mark_probe import MarkedFace

app = typer.Typer(name="exhibit", help="Exhibits: sealed files and the faces in them.", no_args_is_help=True)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_rfc3339(text)
    except ValueError as cause:
        raise Invalid(f"expected a time with a zone such as 2026-01-31T12:00:00Z, got {text!r}", code="time") from cause


def _recorder(shown: datetime | None, true: datetime | None) -> RecorderClock | None:
    if shown is None and true is None:
        return None
    if shown is None or true is None:
        raise Invalid("expected what the recorder's clock showed and the true time, got one of them", code="recorder")
    return RecorderClock(shown=shown, true=true)


@app.command()
def add(
    file: Annotated[
        str, typer.Argument(help="A closed file; streams, devices, pipes and addresses do not exist here.")
    ],
    case: Annotated[str, typer.Option(help="The force's own case reference.")],
    number: Annotated[str, typer.Option(help="Exhibit number.")],
    source_type: Annotated[SourceType, typer.Option(help="What took the picture.")],
    depicts: Annotated[Depiction, typer.Option(help="What you declare it to be; only a photograph is taken.")],
    privacy: Annotated[Privacy, typer.Option(help="How much privacy people could expect where it was taken.")],
    basis: Annotated[CaptureBasis, typer.Option(help="What the capture time rests on.")],
    lawful_origin: Annotated[str, typer.Option(help="How it was lawfully obtained.")],
    supplied_by: Annotated[str, typer.Option(help="Who supplied it.")],
    key: KeyOption,
    captured_earliest: Annotated[str | None, typer.Option(help="Earliest capture time, with a zone.")] = None,
    captured_latest: Annotated[str | None, typer.Option(help="Latest capture time; the worst case counts.")] = None,
    uncertainty: Annotated[int, typer.Option(help="How far both may be off, in seconds.")] = 0,
    posted: Annotated[str | None, typer.Option(help="When it was first posted.")] = None,
    first_seen: Annotated[str | None, typer.Option(help="When somebody first saw it.")] = None,
    seized: Annotated[str | None, typer.Option(help="When its carrier was seized.")] = None,
    received: Annotated[str | None, typer.Option(help="When it was received.")] = None,
    recorder_shows: Annotated[str | None, typer.Option(help="What the recorder's clock showed …")] = None,
    recorder_true: Annotated[str | None, typer.Option(help="… at this true time; capture times are then its.")] = None,
    device: Annotated[str, typer.Option(help="The camera, recorder or account that it comes from.")] = "",
    derived_from: Annotated[
        Path | None, typer.Option(help="The master, where that stays elsewhere: TOML or JSON (docs: reference, forms).")
    ] = None,
    member: Annotated[
        int | None, typer.Option(help="FILE is a zip archive; take the picture with this number.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Seal a file as an exhibit: hashed, encrypted, never altered."""
    from countersign.operations.seal_exhibit import SealExhibit, seal_exhibit
    from countersign.primitives.codec import from_plain

    arguments = SealExhibit(
        case_reference=case,
        number=number,
        file=file,
        source_type=source_type,
        depiction=depicts,
        privacy=privacy,
        captured_earliest=_moment(captured_earliest),
        captured_latest=_moment(captured_latest),
        uncertainty_s=uncertainty,
        posted_at=_moment(posted),
        first_seen_at=_moment(first_seen),
        seized_at=_moment(seized),
        received_at=_moment(received),
        recorder=_recorder(_moment(recorder_shows), _moment(recorder_true)),
        basis=basis,
        lawful_origin=lawful_origin,
        supplied_by=supplied_by,
        device=device,
        derived_from=from_plain(DerivedFrom, dict(read_table(derived_from)), "master") if derived_from else None,
        member=member,
    )
    exhibit = act(key, Permission.EXHIBIT_ADD, seal_exhibit, arguments)
    emit(exhibit, as_json=as_json, title=f"Sealed: {exhibit.id}", hide=("key", "blob"))


@app.command()
def members(
    file: Annotated[str, typer.Argument(help="A zip archive, such as an extraction report.")],
    as_json: JsonOption = False,
) -> None:
    """List the files of a zip archive with the numbers by which one is picked; nothing is unpacked or kept."""
    from countersign.operations.list_members import list_members

    listed = list_members(file)
    emit({"members": listed}, as_json=as_json, title=f"{len(listed)} files")


@app.command()
def edit(
    exhibit: Annotated[str, typer.Argument(help="Exhibit id.")],
    step: Annotated[list[str], typer.Option(help="A step such as 'rotate cdeg=-150'; in order, once for each.")],
    reason: Annotated[str, typer.Option(help="Why the picture is edited.")],
    out: Annotated[Path, typer.Option(help="Original and edited picture side by side (PNG) to write.")],
    key: KeyOption,
    average: Annotated[list[str] | None, typer.Option(help="Further exhibits to average with; first step.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Edit an exhibit's picture by steps of a closed list; the original stays, and is shown beside it."""
    from countersign.media.edits import read_step
    from countersign.operations.edit_exhibit import EditExhibit, edit_exhibit

    must_be_new(out)
    arguments = EditExhibit(
        exhibit=ExhibitId(exhibit),
        steps=tuple(map(read_step, step)),
        reason=reason,
        others=tuple(map(ExhibitId, average or ())),
    )
    made = act(key, Permission.EXHIBIT_EDIT, edit_exhibit, arguments)
    write_new(out, made.picture)
    rows = {
        "edit": made.edit.id,
        "exhibit": exhibit,
        "steps": list(map(str, made.edit.steps)),
        "sha256": made.edit.sha256,
        "width_px": made.edit.width_px,
        "height_px": made.edit.height_px,
        "picture": str(out),
    }
    emit(rows, as_json=as_json, title=f"Edit {made.edit.number} of the exhibit: {made.edit.id}")


@app.command()
def faces(
    exhibit: Annotated[str, typer.Argument(help="Exhibit id.")],
    out: Annotated[Path, typer.Option(help="Annotated picture (PNG) to write.")],
    key: KeyOption,
    edit: Annotated[str | None, typer.Option(help="Id of an edited picture of the exhibit.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Locate faces: boxes, landmarks, quality, and a picture with numbers. No template is made."""
    from countersign.operations.locate_faces import LocateFaces, locate_faces

    must_be_new(out)
    located = act(
        key,
        Permission.EXHIBIT_LOCATE,
        locate_faces,
        LocateFaces(exhibit=ExhibitId(exhibit), edit=EditId(edit) if edit else None),
    )
    write_new(out, located.picture)
    rows = {
        "exhibit": exhibit,
        "edit": edit,
        "picture": str(out),
        "faces": [
            {
                "number": face.number,
                "box_px": face.box_px,
                "landmarks_px": face.landmarks_px,
                "quality": face.unified,
                "measures": [asdict(measure) for measure in face.measures],
            }
            for face in located.faces
        ],
    }
    emit(rows, as_json=as_json, title=f"{len(located.faces)} faces, numbered in {out}")


@app.command()
def landmarks(
    face: Annotated[str, typer.Argument(help="EXHIBIT[/EDIT]:NUMBER of a located face.")],
    point: Annotated[
        list[str], typer.Option(help="x,y in px: right eye, left eye, nose tip, right and left corner of the mouth.")
    ],
    reason: Annotated[str, typer.Option(help="Why they are corrected.")],
    out: Annotated[Path, typer.Option(help="Picture with the face before and after (PNG) to write.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Correct the landmarks of a face by hand: it gets a number of its own; who marks that is aligned by them."""
    from countersign.operations.correct_landmarks import CorrectLandmarks, correct_landmarks
    from countersign.operations.mark_probe import MarkedFace

    must_be_new(out)
    meant = marked_face(MarkedFace, face, "")
    arguments = CorrectLandmarks(
        exhibit=meant.exhibit,
        number=meant.number,
        edit=meant.edit,
        landmarks_px=tuple(place for text in point for place in _place(text)),
        reason=reason,
    )
    made = act(key, Permission.EXHIBIT_EDIT, correct_landmarks, arguments)
    write_new(out, made.picture)
    rows = {"exhibit": meant.exhibit, "number": made.face.number, "landmarks_px": made.face.landmarks_px}
    emit({**rows, "picture": str(out)}, as_json=as_json, title=f"Face {made.face.number}: mark this number")


def _place(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as cause:
        raise Invalid(f"expected x,y such as 120.5,88, got {text!r}", code="landmarks") from cause
    return x, y


@app.command()
def select(
    faces: Annotated[
        list[str], typer.Argument(help="EXHIBIT[/EDIT]:NUMBER[:why it shows the same person] of each still.")
    ],
    reason: Annotated[str, typer.Option(help="Why this person.")],
    key: KeyOption,
    quality_note: Annotated[str, typer.Option(help="Why stills below a soft floor of quality are used.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Mark one person's face in one or more stills; together they are the probe."""
    from countersign.operations.mark_probe import MarkedFace, MarkProbe, mark_probe

    marked = tuple(marked_face(MarkedFace, text, quality_note) for text in faces)
    probe = act(key, Permission.EXHIBIT_MARK, mark_probe, MarkProbe(reason=reason, faces=marked))
    emit(probe, as_json=as_json, title=f"Probe: {probe.id}", hide=("key",))


def marked_face(kind: "type[MarkedFace]", text: str, note: str) -> "MarkedFace":
    """Read a marked face as it is written on the command line."""
    place, _, rest = text.partition(":")
    exhibit, _, edit = place.partition("/")
    number, _, basis = rest.partition(":")
    if not number.isdecimal():
        raise Invalid(f"expected EXHIBIT[/EDIT]:NUMBER[:basis], got {text!r}", code="marked_face")
    return kind(
        exhibit=ExhibitId(exhibit),
        edit=EditId(edit) if edit else None,
        number=int(number),
        same_person_basis=basis,
        quality_note=note,
    )
