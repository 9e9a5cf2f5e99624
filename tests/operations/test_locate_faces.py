from io import BytesIO

from PIL import Image

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.primitives.ids import ExhibitId
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, Scene, check_refused

LOCATE = Permission.EXHIBIT_LOCATE


def test_faces_are_numbered_best_first_and_no_template_is_made(pilot: Scene):
    picture = pilot.draw("two.png", Face(person=4, quality=0.5), Face(person=0), Face(person=7, quality=0.8))
    exhibit = pilot.casework.seal(picture, taken=LONG_AGO)
    located = pilot.casework.locate(exhibit.id)

    assert [(face.number, round(face.unified, 1), face.box_px[0]) for face in located.faces] == [
        (1, 0.8, 136.0),
        (2, 0.5, 8.0),
    ]
    assert Image.open(BytesIO(located.picture)).format == "PNG"
    assert (pilot.last().kind, dict(pilot.last().facts)) == ("exhibit.located", {"faces": 2})
    assert pilot.engine.described == 0
    assert pilot.engine.looks == [True]


def test_located_again_an_exhibit_keeps_its_faces(marked: Scene):
    first, second = (marked.casework.locate(marked.ids.exhibit) for _ in range(2))

    assert first.faces == second.faces


def test_an_exhibit_without_a_face_is_a_result(pilot: Scene):
    exhibit = pilot.casework.seal(pilot.draw("empty.png", Face(person=0)), taken=LONG_AGO)

    assert pilot.casework.locate(exhibit.id).faces == ()
    assert pilot.last().facts["faces"] == 0


def test_an_exhibit_that_does_not_exist_is_refused(pilot: Scene):
    with check_refused(pilot, LOCATE, "row_missing", family=NotFound):
        pilot.casework.locate(ExhibitId("none"))
