from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from countersign.errors import IntegrityBroken, Invalid
from countersign.governance.permission import Permission
from countersign.media.edits import read_step
from countersign.media.exhibit import Exhibit
from countersign.operations.edit_exhibit import EditExhibit, MadeEdit, edit_exhibit
from countersign.operations.edited_pictures import edit_history
from countersign.operations.locate_faces import LocatedFaces, LocateFaces, locate_faces
from countersign.operations.mark_probe import MarkedFace, MarkProbe, mark_probe
from countersign.operations.probe_binding import probe_binding
from countersign.operations.probe_pictures import probe_pictures, shown_stills
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import EditId, ExhibitId
from countersign.search.probe import Probe
from tests.fakes import TILE_PX, Face
from tests.operations.scene import LONG_AGO, Scene, check_refused

EDIT = Permission.EXHIBIT_EDIT
CROP = f"crop left={TILE_PX} top=0 width={TILE_PX} height={TILE_PX}"
"""Cuts away the bystander, who stands in the first tile."""


def two_people(scene: Scene, number: str = "CTV/7", reference: str | None = None) -> Exhibit:
    casework = replace(scene.casework, reference=reference) if reference else scene.casework
    picture = scene.draw(f"{number[-1]}.png", Face(person=3, quality=0.7), Face(person=7, view=4))
    return casework.seal(picture, taken=LONG_AGO, number=number)


def edit(
    scene: Scene, exhibit: ExhibitId, *steps: str, others: tuple[ExhibitId, ...] = (), reason: str = "too dark"
) -> MadeEdit:
    arguments = EditExhibit(exhibit=exhibit, steps=tuple(map(read_step, steps)), reason=reason, others=others)
    return scene.force.do("requester", EDIT, edit_exhibit, arguments)


def locate(scene: Scene, exhibit: ExhibitId, edited: EditId | None) -> LocatedFaces:
    arguments = LocateFaces(exhibit=exhibit, edit=edited)
    return scene.force.do("requester", Permission.EXHIBIT_LOCATE, locate_faces, arguments)


def mark(scene: Scene, exhibit: ExhibitId, edited: EditId | None) -> Probe:
    arguments = MarkProbe(reason="at the till", faces=(MarkedFace(exhibit=exhibit, number=1, edit=edited),))
    return scene.force.do("requester", Permission.EXHIBIT_MARK, mark_probe, arguments)


def pixels(png: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


@pytest.mark.row("PRB-04")
def test_an_edit_is_recorded_with_its_steps_and_the_original_stays(enrolled: Scene):
    exhibit = two_people(enrolled)
    with enrolled.reading() as work:
        before = work.blobs.get(exhibit.blob, key=exhibit.key)
    made = edit(enrolled, exhibit.id, "scale percent=200", "rotate cdeg=9000")

    assert (made.edit.number, made.edit.width_px, made.edit.height_px) == (1, 2 * TILE_PX, 4 * TILE_PX)
    entry = enrolled.last()
    assert (entry.kind, dict(entry.facts)) == ("exhibit.edited", {"steps": 2, "averaged": 1})
    assert {"edit", "arguments", "signature"} == set(entry.commit)
    with enrolled.reading() as work:
        assert work.edits.get(made.edit.id) == made.edit
        assert work.blobs.get(exhibit.blob, key=exhibit.key) == before
    assert edit(enrolled, exhibit.id, "gamma percent=90").edit.number == 2


@pytest.mark.row("PRB-04")
def test_the_edited_picture_is_never_shown_without_its_original(enrolled: Scene):
    exhibit = two_people(enrolled)
    made = edit(enrolled, exhibit.id, CROP)
    shown = pixels(made.picture)
    located = pixels(locate(enrolled, exhibit.id, made.edit.id).picture)

    # The original on the left, a gap, the edited picture on the right, whatever size each is drawn in.
    for picture in (shown, located):
        columns = np.nonzero((picture == picture[-1, -1]).all(axis=(0, 2)))[0]
        assert picture.shape[1] > 640 + 12
        assert len(columns) < picture.shape[1]


@pytest.mark.row("PRB-04")
def test_the_probe_is_made_from_the_edited_picture(enrolled: Scene):
    exhibit = two_people(enrolled)
    made = edit(enrolled, exhibit.id, CROP)
    located = locate(enrolled, exhibit.id, made.edit.id)
    assert [(face.number, face.edit, face.box_px[0]) for face in located.faces] == [(1, made.edit.id, 8.0)]

    probe = mark(enrolled, exhibit.id, made.edit.id)
    assert probe.stills[0].edited_sha256 == made.edit.sha256
    request = enrolled.casework.ask(probe.id, enrolled.ids.collection)
    enrolled.casework.search(request)
    with enrolled.reading() as work:
        assert len(work.lists.get(work.runs.where(request=request)[0].id).candidates) == 1
        assert edit_history(work, probe.stills[0]) == (CROP,)


@pytest.mark.row("PRB-03")
@pytest.mark.row("PRB-04")
def test_beside_the_edited_picture_the_original_shows_the_marked_face_alone(enrolled: Scene):
    """The crop cut the bystander away; in the original that is shown with it the bystander is masked all the same."""
    path = enrolled.draw("crowd.png", Face(person=3, quality=0.7), Face(person=7, view=4))
    rgb = np.array(Image.open(path))
    rgb[8:56] = np.random.default_rng(1).integers(0, 256, rgb[8:56].shape)
    Image.fromarray(rgb).save(path)
    exhibit = enrolled.casework.seal(path, taken=LONG_AGO)
    made = edit(enrolled, exhibit.id, CROP)
    locate(enrolled, exhibit.id, made.edit.id)
    probe = mark(enrolled, exhibit.id, made.edit.id)
    with enrolled.reading() as work:
        (picture,) = probe_pictures(work, probe)
        (still,) = shown_stills(work, probe)

    factor = 5
    inner = [slice(16 * factor, 48 * factor), slice(16 * factor, 48 * factor)]
    bystander, marked = (
        pixels(picture)[inner[0], inner[1].start + left : inner[1].stop + left] for left in (0, TILE_PX * factor)
    )
    assert bystander.std() < 10
    assert marked.std() > 50
    assert still.original is not None
    assert still.edits == (CROP,)
    assert (pixels(still.data).shape[1], pixels(still.original).shape[1]) == (TILE_PX, 2 * TILE_PX)
    assert pixels(still.original)[12:30, 16:48].std() < 10 < pixels(still.original)[12:30, 80:112].std()


def test_frames_are_averaged_within_a_case_and_never_across(enrolled: Scene):
    first, second = two_people(enrolled, "CTV/7"), two_people(enrolled, "CTV/8")
    other = two_people(enrolled, "CTV/9", "CASE/other")
    made = edit(enrolled, first.id, "average frames=2", others=(second.id,))

    assert dict(enrolled.last().facts) == {"steps": 1, "averaged": 2}
    assert len(locate(enrolled, first.id, made.edit.id).faces) == 2
    with check_refused(enrolled, EDIT, "edit_across_cases", family=Invalid):
        edit(enrolled, first.id, "average frames=2", others=(other.id,))


def test_a_step_that_does_not_fit_is_refused(enrolled: Scene):
    exhibit = two_people(enrolled)

    with check_refused(enrolled, EDIT, "edit", family=Invalid):
        edit(enrolled, exhibit.id, "crop left=0 top=0 width=9999 height=1")


def test_an_edit_without_a_reason_is_refused(enrolled: Scene):
    exhibit = two_people(enrolled)

    with check_refused(enrolled, EDIT, "edit_reason_missing"):
        edit(enrolled, exhibit.id, "denoise radius=1", reason=" ")


def test_an_edit_of_another_exhibit_is_refused(enrolled: Scene):
    first, second = two_people(enrolled, "CTV/7"), two_people(enrolled, "CTV/8")
    made = edit(enrolled, first.id, "denoise radius=1")

    with check_refused(enrolled, Permission.EXHIBIT_LOCATE, "edit_of_other_exhibit", family=Invalid):
        locate(enrolled, second.id, made.edit.id)


@pytest.mark.row("PRB-04")
def test_steps_that_give_another_picture_than_they_gave_are_noticed(enrolled: Scene):
    exhibit = two_people(enrolled)
    made = edit(enrolled, exhibit.id, "gamma percent=90")
    with enrolled.altering() as work:
        work.edits.replace(replace(made.edit, steps=(read_step("gamma percent=91"),)))

    with pytest.raises(IntegrityBroken, match="from the same steps"):
        locate(enrolled, exhibit.id, made.edit.id)


def test_an_authorisation_binds_the_edited_picture_too(enrolled: Scene):
    exhibit = two_people(enrolled)
    made = edit(enrolled, exhibit.id, "gamma percent=90")
    locate(enrolled, exhibit.id, made.edit.id)
    probe = mark(enrolled, exhibit.id, made.edit.id)
    still = probe.stills[0]

    bound = probe_binding(probe, enrolled.ids.collection)
    for other in (None, Sha256("0" * 64)):
        exchanged = replace(probe, stills=(replace(still, edited_sha256=other),))
        assert probe_binding(exchanged, enrolled.ids.collection) != bound


def test_people_outside_casework_are_refused(enrolled: Scene):
    exhibit = two_people(enrolled)
    arguments = EditExhibit(exhibit=exhibit.id, steps=(read_step("denoise radius=1"),), reason="noise")

    with check_refused(enrolled, EDIT, "not_permitted", spoke="policy"):
        enrolled.force.do("examiner", EDIT, edit_exhibit, arguments)
