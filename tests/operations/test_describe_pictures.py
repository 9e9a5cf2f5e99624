"""Describing pictures: every picture ends as a description or a reason, in order, whatever is beside it."""

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from countersign.faces.detection import Detection
from countersign.media.decoding import Still, UndecodableImageError
from countersign.media.sandbox.decoder import Outcome
from countersign.operations.describe_pictures import (
    GROUP,
    GROUP_PIXELS,
    WAITING,
    WORKERS_PER_THREAD,
    Described,
    Description,
    NoFaceError,
    describe_pictures,
    portrayed,
)
from countersign.primitives.arrays import Codes, RgbImage
from countersign.templates.extractor import FaceShapeError
from tests.fakes import LANDMARKS, TILE_PX, Face, FakeEngine


def picture(*faces: Face, blank_px: int = 0) -> Still:
    """Give the picture that `tests.fakes.draw` would write, with so many empty columns beside it."""
    colours = np.array([[face.person, face.view, round(face.quality * 255)] for face in faces], dtype=np.uint8)
    rgb = np.tile(np.repeat(colours, TILE_PX, axis=0), (TILE_PX, 1, 1))
    rgb = np.concatenate([rgb, np.zeros((TILE_PX, blank_px, 3), dtype=np.uint8)], axis=1)
    return Still(rgb_upright=rgb, width_px=rgb.shape[1], height_px=rgb.shape[0], format="PNG", exif_captured_at=None)


def described(engine: FakeEngine, pictures: Sequence[Outcome | None], *, threads: int = 2) -> list[Described | None]:
    """Describe pictures; their places come back with them, in order."""
    found = list(describe_pictures(engine, enumerate(pictures), threads=threads))
    assert [place for place, _ in found] == list(range(len(pictures)))
    return [one for _, one in found]


class Remembering(FakeEngine):
    """An engine that remembers how many faces it described at a time, and cannot describe one person."""

    def __init__(self, *, spoilt: int = 0) -> None:
        super().__init__()
        self.spoilt = spoilt
        self.together: list[int] = []

    def describe_reference(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        self.together.append(len(faces))
        if any(int(rgb[0, 0, 0]) == self.spoilt for rgb, _ in faces):
            raise FaceShapeError("expected features of positive finite length, got others")
        return super().describe_reference(faces)


@pytest.mark.parametrize("threads", [1, 3])
def test_pictures_come_back_in_order_with_what_was_found(threads: int):
    broken = UndecodableImageError("no image")
    people = [1 + number % 9 for number in range(30)]
    pictures: list[Outcome | None] = [picture(Face(person=person)) for person in people]
    pictures[4:4] = [broken, None, picture(Face(person=0))]

    found = described(FakeEngine(), pictures, threads=threads)

    assert found[4] is broken
    assert found[5] is None
    assert isinstance(found[6], NoFaceError)
    codes = [one.codes.tolist() for one in found if isinstance(one, Description)]
    alone = [FakeEngine().describe_reference([(picture(Face(person=person)).rgb_upright, FACE)]) for person in people]
    assert codes == [one[0].tolist() for one in alone]


FACE = Detection(
    box_xyxy_px=np.array([8, 8, 56, 56], dtype=np.float32), landmarks_px=LANDMARKS.astype(np.float32), score=0.9
)


def test_faces_of_a_group_are_extracted_together():
    engine = Remembering()

    described(engine, [picture(Face(person=1))] * (2 * GROUP + 3), threads=1)

    assert engine.together == [GROUP, GROUP, 3]


def test_a_face_that_spoils_a_group_costs_itself_alone():
    engine = Remembering(spoilt=2)

    first, second, third = described(engine, [picture(Face(person=person)) for person in (1, 2, 3)])

    assert isinstance(first, Description)
    assert isinstance(second, FaceShapeError)
    assert isinstance(third, Description)
    assert engine.together == [3, 1, 1, 1]


def test_large_pictures_are_not_gathered():
    engine = Remembering()
    large = picture(Face(person=1), blank_px=GROUP_PIXELS // TILE_PX // 2)

    described(engine, [large] * 4, threads=1)

    assert engine.together == [2, 2]


def test_no_more_pictures_are_taken_than_threads_can_look_at():
    taken = 0

    def endless() -> Iterator[tuple[None, Outcome]]:
        nonlocal taken
        while True:
            taken += 1
            yield None, picture(Face(person=1))

    found = describe_pictures(FakeEngine(), endless(), threads=2)
    next(found)
    found.close()

    assert taken <= GROUP * (2 * WORKERS_PER_THREAD + WAITING + 1)
    assert threading.active_count() == 1


def test_other_faces_in_a_picture_are_measured_against_the_one_that_it_portrays():
    (alone,) = described(FakeEngine(), [picture(Face(person=1))])
    (beside,) = described(FakeEngine(), [picture(Face(person=1), Face(person=2))])

    assert isinstance(alone, Description)
    assert isinstance(beside, Description)
    assert (alone.quality.score("single_face"), beside.quality.score("single_face")) == (100.0, 0.0)


def test_a_photograph_portrays_the_large_face_near_its_middle():
    rgb = np.zeros((200, 300, 3), dtype=np.uint8)

    def face(left: float, top: float, size: float) -> Detection:
        box = np.array([left, top, left + size, top + size], dtype=np.float32)
        return Detection(box_xyxy_px=box, landmarks_px=LANDMARKS, score=0.9)

    poster, bystander, sitter = face(0, 0, 90), face(140, 90, 20), face(110, 60, 80)

    assert portrayed([poster, bystander, sitter], rgb) is sitter
