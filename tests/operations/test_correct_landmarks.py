from collections.abc import Sequence

import numpy as np
import pytest

from countersign.errors import Refused
from countersign.governance.permission import Permission
from countersign.media.exhibit import Exhibit, LocatedFace
from countersign.operations.correct_landmarks import (
    CorrectedFace,
    CorrectLandmarks,
    LandmarksError,
    check_landmarks,
    correct_landmarks,
)
from countersign.operations.edited_pictures import edit_history
from countersign.operations.locate_faces import LocateFaces, locate_faces
from countersign.operations.mark_probe import MarkedFace, MarkProbe, mark_probe
from countersign.operations.probe_pictures import probe_pictures
from countersign.search.probe import Probe
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, Scene, check_refused

EDIT = Permission.EXHIBIT_EDIT


def located(scene: Scene) -> tuple[Exhibit, list[LocatedFace]]:
    picture = scene.draw("hand.png", Face(person=3, quality=0.7), Face(person=7, view=4))
    exhibit = scene.casework.seal(picture, taken=LONG_AGO, number="CTV/9")
    arguments = LocateFaces(exhibit=exhibit.id)
    found = scene.force.do("requester", Permission.EXHIBIT_LOCATE, locate_faces, arguments)
    return exhibit, list(found.faces)


def moved(face: LocatedFace, by: float = 1.0) -> tuple[float, ...]:
    return tuple(place + by for place in face.landmarks_px)


def correct(
    scene: Scene, exhibit: Exhibit, number: int, places: Sequence[float], reason: str = "the right eye is hidden"
) -> CorrectedFace:
    arguments = CorrectLandmarks(exhibit=exhibit.id, number=number, landmarks_px=tuple(places), reason=reason)
    return scene.force.do("requester", EDIT, correct_landmarks, arguments)


def marked(scene: Scene, exhibit: Exhibit, number: int) -> Probe:
    arguments = MarkProbe(reason="at the till", faces=(MarkedFace(exhibit=exhibit.id, number=number),))
    return scene.force.do("requester", Permission.EXHIBIT_MARK, mark_probe, arguments)


@pytest.mark.row("PRB-04")
def test_a_correction_is_a_face_of_its_own_on_record_and_the_located_one_stays(enrolled: Scene):
    exhibit, faces = located(enrolled)
    made = correct(enrolled, exhibit, 1, moved(faces[0]))
    again = correct(enrolled, exhibit, made.face.number, moved(faces[0], 2.0))

    assert (made.face.number, again.face.number) == (3, 4)
    assert made.face.landmarks_px == moved(faces[0])
    assert made.face.box_px == faces[0].box_px
    assert made.face.unified == pytest.approx(faces[0].unified)
    assert made.face.corrected is not None
    assert again.face.corrected is not None
    assert (made.face.corrected.face, again.face.corrected.face) == (faces[0].id, faces[0].id)
    assert made.face.corrected.moved_px == pytest.approx(2**0.5)
    assert made.picture.startswith(b"\x89PNG")
    entry = enrolled.last()
    assert (entry.kind, dict(entry.facts)) == ("exhibit.landmarks", {"number": 4, "corrected": 3})
    with enrolled.reading() as work:
        assert work.faces.get(faces[0].id) == faces[0]
        assert work.faces.get(again.face.id) == again.face


@pytest.mark.row("PRB-04")
def test_the_search_that_follows_aligns_by_the_corrected_landmarks_and_the_reports_say_so(enrolled: Scene):
    exhibit, faces = located(enrolled)
    sought = next(face for face in faces if face.number == 1)
    made = correct(enrolled, exhibit, sought.number, moved(sought))
    probe = marked(enrolled, exhibit, made.face.number)

    with enrolled.reading() as work:
        (still,) = probe.stills
        history = edit_history(work, still)
        shown = probe_pictures(work, probe)
    assert still.face == made.face.id
    assert history == ("landmarks corrected by hand: the right eye is hidden",)
    assert len(shown) == 1


@pytest.mark.row("LFR-04")
def test_the_located_face_of_the_same_person_does_not_mask_the_corrected_one(enrolled: Scene):
    exhibit, faces = located(enrolled)
    plain = marked(enrolled, exhibit, 1)
    probe = marked(enrolled, exhibit, correct(enrolled, exhibit, 1, moved(faces[0], 0.0)).face.number)
    with enrolled.reading() as work:
        assert probe_pictures(work, probe) == probe_pictures(work, plain)


def test_the_number_must_be_of_a_located_face(enrolled: Scene):
    exhibit, faces = located(enrolled)
    with check_refused(enrolled, EDIT, "landmarks", family=LandmarksError):
        correct(enrolled, exhibit, 9, moved(faces[0]))


def test_a_correction_without_a_reason_is_refused(enrolled: Scene):
    exhibit, faces = located(enrolled)
    with check_refused(enrolled, EDIT, "edit_reason_missing", family=Refused):
        correct(enrolled, exhibit, 1, moved(faces[0]), reason=" ")


FACE = (10.0, 10.0, 20.0, 10.0, 15.0, 15.0, 11.0, 20.0, 19.0, 20.0)


@pytest.mark.parametrize(
    ("places", "why"),
    [
        (FACE[:8], "got 8 numbers"),
        ((float("nan"), *FACE[1:]), "got 10 numbers"),
        ((-1.0, *FACE[1:]), "expected the right eye from"),
        ((60.0, *FACE[1:]), "expected the right eye from"),
        ((FACE[2], FACE[3], *FACE[2:]), "five different points"),
        ((*FACE[2:4], *FACE[:2], *FACE[4:]), "got them crossed"),
    ],
)
def test_points_that_are_no_landmarks_of_the_face_are_refused(places: tuple[float, ...], why: str):
    from countersign.faces.detection import Detection

    face = Detection(
        box_xyxy_px=np.array([5, 5, 25, 25], dtype=np.float32),
        landmarks_px=np.array(FACE, dtype=np.float32).reshape(5, 2),
        score=0.9,
    )
    rgb = np.zeros((100, 100, 3), dtype=np.uint8)
    assert check_landmarks(FACE, face, rgb).landmarks_px.ravel().tolist() == list(FACE)
    with pytest.raises(LandmarksError, match=why):
        check_landmarks(places, face, rgb)
