"""Pick the person sought in a recording: one track, or a box drawn by hand in one of its pictures (PRB-03, LFR-04).

The picked stills become exhibits of their own, made from the recording, and one probe is made of them. Of nobody else
is anything made: no exhibit, no probe, no template. That several tracks, of one recording or of several, show one
person is said by whoever picks them, with the basis for it (P-22); nothing here compares one face with another. Faces
of sealed pictures may join them, each with a basis of its own: a picture keeps its provenance, a still its recording's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from countersign.faces.detection import Detection, intersection_over_union
from countersign.faces.drawing import png
from countersign.governance.permission import Permission
from countersign.media.exhibit import DerivedFrom, Exhibit, LocatedFace, Medium
from countersign.media.sandbox.viewer import picture_at
from countersign.media.scan import Track
from countersign.operations.locate_faces import located_face
from countersign.operations.mark_probe import (
    MarkedFace,
    ProbeStillsError,
    check_one_face_each,
    make_probe,
    marked_face,
    quality_of,
)
from countersign.operations.recordings import recording_of
from countersign.operations.seal_exhibit import record_sealed
from countersign.operations.shown_tracks import face_of, pixels_of
from countersign.operations.turn import Turn, operation
from countersign.primitives.arrays import BoxXyxyPx, RgbImage
from countersign.primitives.digest import sha256
from countersign.primitives.ids import ExhibitId, new_id
from countersign.search.probe import Probe

_AROUND = 0.75
_SAME_FACE = 0.3
_IN_THE_BOX = 0.15
_SECOND_MS, _MINUTE_S, _HOUR_MIN = 1000, 60, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedTrack:
    """A track, by its number on the contact sheet.

    Attributes:
        stills: Places of the stills to take, from 1; without any all of them.
        same_person_basis: Why it shows the same person as what was picked first; empty for the first.
    """

    exhibit: ExhibitId
    number: int
    stills: tuple[int, ...] = ()
    same_person_basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedBox:
    """A face that a person marked by hand.

    Attributes:
        time_ms: The picture is the first at or after this moment.
        box_px: Left, top, right, bottom in the whole upright picture.
        same_person_basis: As with `PickedTrack`.
    """

    exhibit: ExhibitId
    time_ms: int
    box_px: tuple[int, int, int, int]
    same_person_basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PickTrack:
    """One person's tracks and boxes, and the stated reason for picking them.

    Attributes:
        faces: Faces of sealed pictures that show the same person, each with its basis and its own note on quality.
        quality_note: Why stills below a soft floor of the policy pack are used; without one they are left out.
    """

    reason: str
    tracks: tuple[PickedTrack, ...] = ()
    boxes: tuple[MarkedBox, ...] = ()
    faces: tuple[MarkedFace, ...] = ()
    quality_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Still:
    """A still that may become part of the probe, before anything of it is kept."""

    recording: Exhibit
    name: str
    rgb: RgbImage
    faces: tuple[Detection, ...]
    place: int
    basis: str


@operation(Permission.EXHIBIT_MARK)
def pick_track(turn: Turn, arguments: PickTrack) -> Probe:
    """Make one probe of what shows one person.

    Raises:
        ProbeStillsError: Nothing picked, no reason, no basis for a further track, two tracks that are in sight at the
            same time, no such track, still or face, no face in a box, two faces of one picture, several cases.
        NotARecordingError: An exhibit is a single picture.
        GuardError: No still of the recordings reaches the floors of quality, or a picture does not; the refusal names
            the component.
    """
    turn.check_in_use()
    check_one_person(arguments)
    tracks = [(picked, _track(turn, picked)) for picked in arguments.tracks]
    check_apart([track for _, track in tracks])
    stills = [still for picked, track in tracks for still in _stills_of(turn, picked, track)]
    stills += [_still_in(turn, box) for box in arguments.boxes]
    pictures = [(face, marked_face(turn, face)) for face in arguments.faces]
    for face, located in pictures:  # before anything is sealed
        turn.check(*quality_of(turn, located, face.quality_note))
    good = _good(turn, _kept(turn, stills), arguments.quality_note)
    probe = make_probe(turn, arguments.reason, [*good, *pictures])
    for _, track in tracks:
        turn.work.tracks.replace(replace(track, probe=probe.id))
    return probe


def check_one_person(arguments: PickTrack) -> None:
    """Refuse what is not said to be one person.

    Nobody searches with everybody in a recording (LFR-04): what is picked beyond the first needs a basis of its own.
    """
    picked: tuple[PickedTrack | MarkedBox, ...] = (*arguments.tracks, *arguments.boxes)
    if not picked or not arguments.reason.strip():
        raise ProbeStillsError("expected one picked track or marked box and a reason for it, got none")
    if not all(one.same_person_basis.strip() for one in (*picked[1:], *arguments.faces)):
        raise ProbeStillsError(
            "expected for each further track, box or face why it shows the same person (clothing, sequence …), got none"
        )
    check_one_face_each(arguments.faces)


def check_apart(tracks: Sequence[Track]) -> None:
    """Refuse two tracks that are in sight at the same time: two faces in one picture are two people."""
    for one, other in combinations(tracks, 2):
        if one.id == other.id:
            raise ProbeStillsError(f"expected each track once, got track {one.number} twice")
        if one.exhibit == other.exhibit and one.first_ms <= other.last_ms and other.first_ms <= one.last_ms:
            raise ProbeStillsError(
                f"expected tracks of one person, got tracks {one.number} and {other.number}, in sight at the same time"
            )


def clock_of(time_ms: int) -> str:
    """Write a moment of a recording.

    Example:
        >>> clock_of(3_723_045)
        '1:02:03.045'
    """
    seconds, thousandths = divmod(time_ms, _SECOND_MS)
    minutes, seconds = divmod(seconds, _MINUTE_S)
    hours, minutes = divmod(minutes, _HOUR_MIN)
    return f"{hours}:{minutes:02}:{seconds:02}.{thousandths:03}"


def _track(turn: Turn, picked: PickedTrack) -> Track:
    tracks = [one for one in turn.work.tracks.where(exhibit=picked.exhibit) if one.number == picked.number]
    if not tracks:
        raise ProbeStillsError(f"expected the number of a track of this recording, got {picked.number}")
    if not all(1 <= place <= len(tracks[0].stills) for place in picked.stills):
        raise ProbeStillsError(f"expected places from 1 to {len(tracks[0].stills)}, got {picked.stills}")
    return tracks[0]


def _stills_of(turn: Turn, picked: PickedTrack, track: Track) -> Iterator[_Still]:
    recording = turn.work.exhibits.get(picked.exhibit)
    followed = f"track {track.number}: one face followed from {clock_of(track.first_ms)} to {clock_of(track.last_ms)}"
    basis = "; ".join(part for part in (picked.same_person_basis.strip(), followed) if part)
    for place, still in enumerate(track.stills, 1):
        if not picked.stills or place in picked.stills:
            rgb = pixels_of(turn.work, still)
            faces, at = _faces(turn, rgb, face_of(still))
            name = f"track {track.number}, {clock_of(still.time_ms)}"
            yield _Still(recording=recording, name=name, rgb=rgb, faces=faces, place=at, basis=basis)


def _faces(turn: Turn, rgb: RgbImage, seen: Detection) -> tuple[tuple[Detection, ...], int]:
    """Locate the faces of a still thoroughly, and say which of them is the one that was followed."""
    found = turn.desk.engine.locate(rgb, thorough=True)
    at, overlap = _nearest(found, seen.box_xyxy_px)
    return (found, at) if overlap >= _SAME_FACE else ((seen, *found), 0)


def _still_in(turn: Turn, marked: MarkedBox) -> _Still:
    recording = recording_of(turn, marked.exhibit)
    with turn.work.blobs.open(recording.blob, key=recording.key) as sealed:
        time_ms, whole = picture_at(sealed, marked.time_ms)
    left, top, right, bottom = marked.box_px
    margin = round(_AROUND * max(right - left, bottom - top))
    x, y = max(0, left - margin), max(0, top - margin)
    rgb = np.ascontiguousarray(whole[y : bottom + margin, x : right + margin])
    found = turn.desk.engine.locate(rgb, thorough=True) if rgb.size else ()
    at, overlap = _nearest(found, np.array([left - x, top - y, right - x, bottom - y], dtype=np.float32))
    if overlap < _IN_THE_BOX:
        raise ProbeStillsError(f"expected a box around a face at {clock_of(time_ms)}, got one without")
    basis = marked.same_person_basis.strip() or f"marked by hand at {clock_of(time_ms)}"
    return _Still(recording=recording, name=clock_of(time_ms), rgb=rgb, faces=tuple(found), place=at, basis=basis)


def _nearest(found: Sequence[Detection], box: BoxXyxyPx) -> tuple[int, float]:
    overlaps = [intersection_over_union(face.box_xyxy_px, box) for face in found]
    return (int(np.argmax(overlaps)), max(overlaps)) if overlaps else (0, 0.0)


def _kept(turn: Turn, stills: Iterable[_Still]) -> Iterator[tuple[_Still, LocatedFace]]:
    """Give each still with its face as it would be kept; nothing is yet."""
    for still in stills:
        exhibit = _exhibit(turn, still)
        yield still, located_face(exhibit, None, still.place + 1, still.rgb, still.faces)


def _good(turn: Turn, located: Iterable[tuple[_Still, LocatedFace]], note: str) -> list[tuple[MarkedFace, LocatedFace]]:
    """Keep the stills that reach the floors of quality; where none does, refuse for what the best one lacks."""
    pairs = sorted(located, key=lambda pair: -pair[1].unified)
    good = [pair for pair in pairs if all(verdict.allowed for verdict in quality_of(turn, pair[1], note))]
    if not good:
        turn.check(*quality_of(turn, pairs[0][1], note))
    return [
        (_sealed(turn, still, face, note, basis=still.basis if number else ""), face)
        for number, (still, face) in enumerate(good)
    ]


def _exhibit(turn: Turn, still: _Still) -> Exhibit:
    """Give the exhibit that a still would be; its file is not sealed yet."""
    parent = still.recording
    return replace(
        parent,
        id=ExhibitId(new_id()),
        number=f"{parent.number}, {still.name}",
        medium=Medium.IMAGE,
        format="PNG",
        width_px=still.rgb.shape[1],
        height_px=still.rgb.shape[0],
        derived_from=DerivedFrom(
            sha256=parent.sha256,
            reference=parent.number,
            holder="this case",
            tool=f"countersign {turn.desk.code}, still of a recording at {still.name}",
            operator=turn.actor.id,
        ),
        sealed_at=turn.now,
        sealed_by=turn.actor.id,
    )


def _sealed(turn: Turn, still: _Still, face: LocatedFace, note: str, *, basis: str) -> MarkedFace:
    """Seal a still as an exhibit, with all faces in it: so that those of others are masked in every view."""
    data = png(still.rgb)
    exhibit = replace(
        _exhibit(turn, still),
        id=face.exhibit,
        sha256=sha256(data),
        size_bytes=len(data),
        blob=turn.work.blobs.put(data, key=face.key),
    )
    record_sealed(turn, exhibit)
    numbers = range(1, len(still.faces) + 1)
    others = [located_face(exhibit, None, at, still.rgb, still.faces) for at in numbers if at != face.number]
    turn.work.faces.add_all([face, *others])
    return MarkedFace(exhibit=exhibit.id, number=face.number, same_person_basis=basis, quality_note=note)
