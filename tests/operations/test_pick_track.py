from dataclasses import replace

import pytest

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.media.exhibit import Medium
from countersign.operations.mark_probe import MarkedFace
from countersign.operations.pick_track import MarkedBox, PickedTrack, PickTrack, clock_of, pick_track
from countersign.operations.probe_pictures import probe_pictures
from countersign.operations.scan_exhibit import ScanExhibit, scan_exhibit
from countersign.primitives.ids import ExhibitId
from countersign.search.probe import Probe
from tests.fakes import Face
from tests.operations.films import NOBODY, film
from tests.operations.scene import LONG_AGO, SOUGHT, Scene, check_refused

MARK = Permission.EXHIBIT_MARK
CROWD = [Face(person=SOUGHT * 8 + 4), *(Face(person=8 * k + 4) for k in range(10, 24))]
NOTE = "the only recording there is, and the face is small in all of it"


def pick(
    scene: Scene,
    *tracks: PickedTrack,
    who: str = "requester",
    reason: str = "the one at the till",
    boxes: tuple[MarkedBox, ...] = (),
    faces: tuple[MarkedFace, ...] = (),
    quality_note: str = "",
) -> Probe:
    arguments = PickTrack(reason=reason, tracks=tracks, boxes=boxes, faces=faces, quality_note=quality_note)
    return scene.force.do(who, MARK, pick_track, arguments)


def scanned(scene: Scene, *pictures: list[Face], reference: str = "CASE/2026/0117") -> ExhibitId:
    casework = replace(scene.casework, reference=reference)
    path = film(scene.folder / "pictures" / f"{reference[-3:]}.mp4", pictures)
    exhibit = casework.seal(path, taken=LONG_AGO).id
    scene.force.do("requester", Permission.EXHIBIT_SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit))
    return exhibit


def twice(scene: Scene, reference: str = "CASE/2026/0117") -> ExhibitId:
    """One person, nobody for two seconds, the same person again."""
    one = Face(person=44)
    return scanned(scene, *[[one, NOBODY]] * 5, *[[NOBODY, NOBODY]] * 10, *[[one, NOBODY]] * 5, reference=reference)


@pytest.mark.row("LFR-04", "PRB-03")
def test_of_a_recording_of_many_faces_exactly_one_probe_is_made(enrolled: Scene):
    exhibit = scanned(enrolled, *[CROWD] * 4)
    described, probes = enrolled.engine.described, enrolled.engine.probes
    probe = pick(enrolled, PickedTrack(exhibit=exhibit, number=3))

    assert enrolled.engine.described == described
    with enrolled.reading() as work:
        assert len(work.tracks.where(exhibit=exhibit)) == len(CROWD)
        assert [one.id for one in work.probes.where()] == [probe.id]
        assert {track.number for track in work.tracks.where(exhibit=exhibit) if track.probe} == {3}
        stills = [work.exhibits.get(still.exhibit) for still in probe.stills]
    request = enrolled.casework.ask(probe.id, enrolled.ids.collection)
    enrolled.casework.search(request)

    assert enrolled.engine.probes - probes == len(probe.stills) == len(stills)


def test_stills_of_a_track_are_exhibits_made_from_the_recording(pilot: Scene):
    exhibit = twice(pilot)
    probe = pick(pilot, PickedTrack(exhibit=exhibit, number=1))

    with pilot.reading() as work:
        recording = work.exhibits.get(exhibit)
        still = work.exhibits.get(probe.stills[0].exhibit)
    assert still.medium is Medium.IMAGE
    assert still.derived_from is not None
    assert still.derived_from.sha256 == recording.sha256
    assert (still.capture, still.lawful_origin, still.case) == (
        recording.capture,
        recording.lawful_origin,
        recording.case,
    )
    assert still.number.startswith("CTV/1, track 1, 0:00:00.")
    assert pilot.last().kind == "probe.marked"
    kinds = [entry.facts["origin"] for entry in pilot.entries() if entry.kind == "exhibit.sealed"]
    assert kinds == ["original", *["derived"] * len(probe.stills)]


def test_further_stills_of_a_track_rest_on_the_track(pilot: Scene):
    probe = pick(pilot, PickedTrack(exhibit=twice(pilot), number=1))

    assert len(probe.stills) == 2
    assert probe.stills[0].same_person_basis == ""
    assert probe.stills[1].same_person_basis == "track 1: one face followed from 0:00:00.000 to 0:00:00.800"


def test_tracks_of_one_person_are_joined_by_a_person_with_the_basis(pilot: Scene):
    exhibit, elsewhere = twice(pilot), twice(pilot)
    probe = pick(
        pilot,
        PickedTrack(exhibit=exhibit, number=1, stills=(1,)),
        PickedTrack(exhibit=exhibit, number=2, stills=(1,), same_person_basis="the same coat"),
        PickedTrack(exhibit=elsewhere, number=1, stills=(1,), same_person_basis="walks from one camera to the next"),
    )

    assert len(probe.stills) == 3
    bases = {still.same_person_basis.partition("; track")[0] for still in probe.stills[1:]}
    assert bases & {"the same coat", "walks from one camera to the next"}
    with pilot.reading() as work:
        assert sum(track.probe == probe.id for track in work.tracks.where()) == 3


@pytest.mark.row("PRB-03")
def test_from_the_choice_on_all_others_are_masked(pilot: Scene):
    exhibit = scanned(pilot, *[CROWD[:3]] * 4)
    before = pilot.force.do("requester", Permission.EXHIBIT_SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit))
    probe = pick(pilot, PickedTrack(exhibit=exhibit, number=2))
    after = pilot.force.do("requester", Permission.EXHIBIT_SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit))

    assert not any(track.is_masked for track in before.shown)
    assert next((track.number, track.is_picked, track.is_masked) for track in after.shown) == (2, True, False)
    assert all(track.is_masked for track in after.shown[1:])
    with pilot.reading() as work:
        assert len(probe_pictures(work, probe)) == len(probe.stills)


def test_a_box_by_hand_on_any_picture_makes_a_probe(pilot: Scene):
    exhibit = twice(pilot)
    box = MarkedBox(exhibit=exhibit, time_ms=300, box_px=(8, 8, 56, 56))
    probe = pick(pilot, boxes=(box,))

    with pilot.reading() as work:
        assert work.exhibits.get(probe.stills[0].exhibit).number.startswith("CTV/1, 0:00:00.3")


def test_a_box_joins_a_track_with_its_basis(pilot: Scene):
    exhibit = twice(pilot)
    box = MarkedBox(exhibit=exhibit, time_ms=3300, box_px=(8, 8, 56, 56), same_person_basis="the same coat")
    probe = pick(pilot, PickedTrack(exhibit=exhibit, number=1, stills=(1,)), boxes=(box,))

    assert len(probe.stills) == 2


def still(scene: Scene, *faces: Face, reference: str = "CASE/2026/0117") -> ExhibitId:
    casework = replace(scene.casework, reference=reference)
    exhibit = casework.seal(scene.draw("still.png", *faces), taken=LONG_AGO).id
    casework.locate(exhibit)
    return exhibit


def face(exhibit: ExhibitId, number: int = 1, basis: str = "the same coat", note: str = "") -> MarkedFace:
    return MarkedFace(exhibit=exhibit, number=number, same_person_basis=basis, quality_note=note)


@pytest.mark.row("PRB-03", "LFR-04")
def test_a_face_of_a_picture_joins_a_track_with_its_own_provenance_and_basis(pilot: Scene):
    exhibit, picture = twice(pilot), still(pilot, Face(person=44), Face(person=84))
    described = pilot.engine.described
    probe = pick(pilot, PickedTrack(exhibit=exhibit, number=1, stills=(1,)), faces=(face(picture),))

    assert pilot.engine.described == described
    assert [one.same_person_basis for one in probe.stills] == ["", "the same coat"]
    with pilot.reading() as work:
        first, second = (work.exhibits.get(one.exhibit) for one in probe.stills)
        assert first.derived_from is not None
        assert (second.id, second.derived_from) == (picture, None)
        assert {work.faces.get(one.face).number for one in probe.stills[1:]} == {1}
        assert len(probe_pictures(work, probe)) == 2
    sheet = pilot.force.do("requester", Permission.EXHIBIT_SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit))
    assert {track.number: track.is_masked for track in sheet.shown} == {1: False, 2: True}


@pytest.mark.row("LFR-04")
def test_a_face_of_a_picture_that_is_not_said_to_be_the_same_one_person_is_refused(pilot: Scene):
    track = PickedTrack(exhibit=twice(pilot), number=1)
    picture = still(pilot, Face(person=44), Face(person=84))

    for faces in (
        (face(picture, basis=" "),),
        (face(picture), face(picture, 2, "twins")),
        (face(picture, 3),),
        (face(still(pilot, Face(person=44), reference="CASE/other")),),
    ):
        with check_refused(pilot, MARK, "probe_stills", family=Invalid):
            pick(pilot, track, faces=faces)
    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(pilot, faces=(face(picture),))
    with pilot.reading() as work:
        assert work.probes.where() == []
        assert {one.medium for one in work.exhibits.where()} == {Medium.VIDEO, Medium.IMAGE}


@pytest.mark.row("PRB-05")
def test_a_face_of_a_picture_needs_its_own_note_on_quality(pilot: Scene):
    track, picture = PickedTrack(exhibit=twice(pilot), number=1), still(pilot, Face(person=44, quality=0.4))

    with check_refused(pilot, MARK, "quality_note"):
        pick(pilot, track, faces=(face(picture),), quality_note=NOTE)
    probe = pick(pilot, track, faces=(face(picture, note=NOTE),))
    assert (probe.stills[0].quality_note, probe.stills[-1].quality_note) == ("", NOTE)


def test_a_box_without_a_face_is_refused(pilot: Scene):
    exhibit = twice(pilot)

    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(pilot, boxes=(MarkedBox(exhibit=exhibit, time_ms=300, box_px=(100, 8, 120, 20)),))
    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(pilot, boxes=(MarkedBox(exhibit=exhibit, time_ms=300, box_px=(900, 900, 950, 950)),))


def test_a_box_in_a_picture_is_refused(marked: Scene):
    with check_refused(marked, MARK, "not_a_recording", family=Invalid):
        pick(marked, boxes=(MarkedBox(exhibit=marked.ids.exhibit, time_ms=0, box_px=(8, 8, 56, 56)),))


def test_nothing_picked_and_no_reason_are_refused(pilot: Scene):
    exhibit = twice(pilot)

    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(pilot)
    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(pilot, PickedTrack(exhibit=exhibit, number=1), reason=" ")


@pytest.mark.row("LFR-04")
def test_a_further_track_without_a_basis_is_refused(pilot: Scene):
    exhibit = twice(pilot)

    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(pilot, PickedTrack(exhibit=exhibit, number=1), PickedTrack(exhibit=exhibit, number=2))


@pytest.mark.row("LFR-04")
def test_two_tracks_in_sight_at_the_same_time_are_refused(pilot: Scene):
    exhibit = scanned(pilot, *[CROWD[:2]] * 4)

    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(
            pilot,
            PickedTrack(exhibit=exhibit, number=1),
            PickedTrack(exhibit=exhibit, number=2, same_person_basis="twins"),
        )
    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(
            pilot,
            PickedTrack(exhibit=exhibit, number=1),
            PickedTrack(exhibit=exhibit, number=1, same_person_basis="the same"),
        )


def test_a_track_or_still_that_does_not_exist_is_refused(pilot: Scene):
    exhibit = twice(pilot)

    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(pilot, PickedTrack(exhibit=exhibit, number=9))
    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(pilot, PickedTrack(exhibit=exhibit, number=1, stills=(9,)))


def test_tracks_of_two_cases_are_refused(pilot: Scene):
    exhibit, elsewhere = twice(pilot), twice(pilot, "CASE/other")

    with check_refused(pilot, MARK, "probe_stills", family=Invalid):
        pick(
            pilot,
            PickedTrack(exhibit=exhibit, number=1),
            PickedTrack(exhibit=elsewhere, number=1, same_person_basis="the same coat"),
        )


@pytest.mark.row("PRB-05")
def test_a_track_without_a_still_that_is_good_enough_is_refused(pilot: Scene):
    faint = Face(person=44, quality=0.4)
    exhibit = scanned(pilot, *[[faint]] * 6)

    with check_refused(pilot, MARK, "quality_note"):
        pick(pilot, PickedTrack(exhibit=exhibit, number=1))
    probe = pick(pilot, PickedTrack(exhibit=exhibit, number=1), quality_note=NOTE)
    assert probe.stills[0].quality_note == NOTE


def test_people_outside_casework_are_refused(pilot: Scene):
    exhibit = twice(pilot)

    with check_refused(pilot, MARK, "not_permitted", spoke="policy"):
        pick(pilot, PickedTrack(exhibit=exhibit, number=1), who="examiner")


def test_moments_are_written_with_hours():
    assert clock_of(3_723_045) == "1:02:03.045"
