"""Finding faces: the decoding by hand, the real network on real photographs."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from countersign.faces.detection import Detection, intersection_over_union
from countersign.faces.detector import FaceDetector, decode
from countersign.inference.openvino import OpenVinoSession
from countersign.inference.registry import load_registry
from countersign.primitives.arrays import RgbImage

DATA = Path(__file__).parents[3] / "shared" / "data"
real_faces = pytest.mark.skipif(not DATA.is_dir(), reason="the face data beside the project is absent")


class SeesOneFace:
    """A network that sees one face at the first corner of images of one width only, and remembers what it was shown."""

    identity = "fake"

    def __init__(self, *, width_px: int | None, landmarks: NDArray[np.int_] | None = None, score: float = 0.95) -> None:
        self.width_px = width_px
        self.score = score
        self.landmarks = landmarks
        self.shown: list[tuple[int, ...]] = []

    def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        self.shown.append(batch.shape)
        _, _, height, width = batch.shape
        counts = [(height // side) * (width // side) for side in (8, 16, 32)]
        outputs = [np.zeros((1, n, k), dtype=np.float32) for k in (1, 1, 4, 10) for n in counts]
        if width == self.width_px:
            outputs[0][0, 0] = outputs[3][0, 0] = self.score
            outputs[9][0, 0] = 0 if self.landmarks is None else self.landmarks
        return tuple(outputs)


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    registry = load_registry()
    network = registry.get("yunet-2023mar")
    return FaceDetector(OpenVinoSession(network, registry.read(network)))


def _picture(path: str) -> RgbImage:
    return np.array(Image.open(DATA / path).convert("RGB"))


def test_a_hand_worked_anchor_is_decoded():
    outputs = [np.zeros((1, n, k), dtype=np.float32) for k in (1, 1, 4, 10) for n in (32, 8, 2)]
    place = 5  # of the level with stride 16 in an image 64 px wide: row 1, column 1
    outputs[1][0, place], outputs[4][0, place] = 0.5, 2.0  # a value above 1 counts as 1
    outputs[7][0, place] = [0.5, 0.25, np.log(2), np.log(3)]
    outputs[10][0, place] = np.arange(10)

    boxes, points, scores = decode(outputs, width_px=64)

    assert int(scores.argmax()) == 32 + place
    assert scores[32 + place] == pytest.approx(0.5**0.5)
    assert boxes[32 + place] == pytest.approx([24 - 16, 20 - 24, 24 + 16, 20 + 24])
    assert points[32 + place].tolist() == [[16, 32], [48, 64], [80, 96], [112, 128], [144, 160]]
    kept = decode(outputs, width_px=64, lowest_score=float(scores.max()))
    assert [part.tolist() for part in kept] == [[part[32 + place].tolist()] for part in (boxes, points, scores)]


def test_every_copy_that_the_network_sees_has_sides_of_whole_multiples_of_32():
    network = SeesOneFace(width_px=None)
    FaceDetector(network).locate(np.zeros((333, 1001, 3), dtype=np.uint8), thorough=False)

    assert sorted({shape[3] for shape in network.shown if shape[3] > shape[2]}) == [160, 320, 640, 1280, 2560]
    assert all(height % 32 == 0 and width % 32 == 0 for _, _, height, width in network.shown)


def test_a_small_image_is_enlarged_three_times_and_no_more():
    network = SeesOneFace(width_px=None)
    FaceDetector(network).locate(np.zeros((64, 32, 3), dtype=np.uint8), thorough=False)

    assert {max(shape[2:]) for shape in network.shown} == {160, 192}


def test_a_quick_look_ends_with_the_first_size_that_shows_a_clear_face():
    first, second, rare = SeesOneFace(width_px=640), SeesOneFace(width_px=320), SeesOneFace(width_px=160)
    image = np.zeros((640, 640, 3), dtype=np.uint8)

    (face,) = FaceDetector(first).locate(image, thorough=False)
    assert [shape[3] for shape in first.shown] == [640]
    assert face.box_xyxy_px.tolist() == [-4, -4, 4, 4]
    (face,) = FaceDetector(second).locate(image, thorough=False)
    assert [shape[3] for shape in second.shown] == [640, 320]
    assert face.box_xyxy_px.tolist() == [-8, -8, 8, 8]  # 8 px around the corner at half size
    (close_up,) = FaceDetector(rare).locate(image, thorough=False)
    assert [shape[3] for shape in rare.shown] == [640, 320, 1280, 160]
    assert close_up.box_xyxy_px.tolist() == [-16, -16, 16, 16]


def test_a_small_picture_is_looked_at_small_first():
    network = SeesOneFace(width_px=320)
    FaceDetector(network).locate(np.zeros((250, 250, 3), dtype=np.uint8), thorough=False)

    assert [shape[3] for shape in network.shown] == [320]


def test_a_face_that_is_not_clear_is_kept_and_the_look_goes_on():
    network = SeesOneFace(width_px=640, score=0.6)
    (face,) = FaceDetector(network).locate(np.zeros((640, 640, 3), dtype=np.uint8), thorough=False)

    assert [shape[3] for shape in network.shown[:5]] == [640, 320, 1280, 160, 1920]
    assert face.score == pytest.approx(0.6)


def test_a_thorough_look_takes_more_sizes_a_mirror_at_all_but_the_largest_and_tilted_copies():
    network = SeesOneFace(width_px=640)
    FaceDetector(network).locate(np.zeros((640, 640, 3), dtype=np.uint8), thorough=True)

    widths = [shape[3] for shape in network.shown]
    assert widths[:9] == [160, 288, 448, 640, 1280, 160, 288, 448, 640]
    assert len(widths[9:]) == 16


def test_a_thorough_look_falls_back_to_the_rare_sizes_too():
    network = SeesOneFace(width_px=2560)
    (face,) = FaceDetector(network).locate(np.zeros((1280, 1280, 3), dtype=np.uint8), thorough=True)

    assert [shape[3] for shape in network.shown[25:28]] == [160, 2560, 160]
    assert face.box_xyxy_px.tolist() == [-2, -2, 2, 2]


def test_what_a_mirror_shows_is_turned_back_in_the_worked_example():
    network = SeesOneFace(width_px=160, landmarks=np.arange(10))
    upright, mirrored = FaceDetector(network).locate(np.zeros((640, 640, 3), dtype=np.uint8), thorough=True)

    # 16 px around the corner at a quarter of the size; seen in the mirror it was at the other corner.
    assert upright.box_xyxy_px.tolist() == [-16, -16, 16, 16]
    assert mirrored.box_xyxy_px.tolist() == [624, -16, 656, 16]
    eyes_nose_mouth = np.arange(10).reshape(5, 2) * 8 * 4
    assert upright.landmarks_px.tolist() == eyes_nose_mouth.tolist()
    assert mirrored.landmarks_px.tolist() == [[640 - x, y] for x, y in eyes_nose_mouth[[1, 0, 2, 4, 3]].tolist()]


@pytest.mark.parametrize("thorough", [False, True])
def test_an_image_without_a_face_is_no_error(detector: FaceDetector, *, thorough: bool):
    noise = np.random.default_rng(3).integers(0, 256, (240, 320, 3)).astype(np.uint8)

    assert detector.locate(noise, thorough=thorough) == ()


@real_faces
@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize(
    "path", ["frmdb/031/mugshot_33.jpg", "london/001/neutral.jpg", "lfw/Abdul_Rahman/Abdul_Rahman_0001.jpg"]
)
def test_a_portrait_shows_its_face_with_landmarks_in_their_order(detector: FaceDetector, path: str, *, thorough: bool):
    face, *_ = detector.locate(_picture(path), thorough=thorough)
    (right_eye, left_eye, nose, right_mouth, left_mouth) = face.landmarks_px

    assert face.score > 0.8
    assert right_eye[0] < nose[0] < left_eye[0]
    assert right_mouth[0] < left_mouth[0]
    assert max(right_eye[1], left_eye[1]) < nose[1] < min(right_mouth[1], left_mouth[1])


@real_faces
def test_a_face_is_found_where_opencvs_own_detector_finds_it(detector: FaceDetector):
    image = _picture("frmdb/032/mugshot_33.jpg")
    registry = load_registry()
    network = np.frombuffer(registry.read(registry.get("yunet-2023mar")), dtype=np.uint8)
    peer = cv2.FaceDetectorYN.create("onnx", network, np.empty(0, np.uint8), image.shape[1::-1], score_threshold=0.5)
    _, (row, *_) = peer.detect(np.ascontiguousarray(image[:, :, ::-1]))

    face, *_ = detector.locate(image, thorough=False)
    box = np.array([row[0], row[1], row[0] + row[2], row[1] + row[3]], dtype=np.float32)
    assert intersection_over_union(face.box_xyxy_px, box) > 0.7
    assert np.abs(face.landmarks_px - row[4:14].reshape(5, 2)).max() < 0.1 * face.width_px


@real_faces
def test_a_close_up_and_a_distant_copy_of_it_both_show_the_face(detector: FaceDetector):
    near = _picture("london/025/neutral.jpg")
    far = np.full((1200, 1600, 3), 128, dtype=np.uint8)
    small = cv2.resize(near, None, fx=60 / near.shape[0], fy=60 / near.shape[0], interpolation=cv2.INTER_AREA)
    far[500 : 500 + small.shape[0], 900 : 900 + small.shape[1]] = small

    assert isinstance(detector.locate(near, thorough=False)[0], Detection)
    face, *_ = detector.locate(far, thorough=False)
    assert 895 < face.box_xyxy_px[0] < face.box_xyxy_px[2] < 905 + small.shape[1]


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("thorough", [False, True])
def test_a_turned_picture_shows_its_face_where_it_is(turns: int, *, thorough: bool):
    class SeesOnlyUpright(SeesOneFace):
        def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
            upright = batch[0, 0, 50, 5] and not batch[0, 0, 5, 50]  # a bar along the left edge, and no mirror of it
            self.width_px = batch.shape[3] if upright else None
            return super().run(batch)

    upright = np.zeros((480, 240, 3), dtype=np.uint8)
    upright[:180, :18] = 200
    network = SeesOnlyUpright(width_px=None, landmarks=np.arange(10))
    (wanted,) = FaceDetector(network).locate(upright, thorough=False)
    (face,) = FaceDetector(network).locate(np.ascontiguousarray(np.rot90(upright, -turns)), thorough=thorough)

    def turned(points: NDArray[np.float32]) -> NDArray[np.float32]:
        sides = [480, 240, 480]  # the height of what is turned clockwise is what x is counted from
        for side in sides[:turns]:
            points = np.stack([side - points[:, 1], points[:, 0]], axis=1)
        return points

    assert np.allclose(face.landmarks_px, turned(wanted.landmarks_px))
    corners = turned(wanted.box_xyxy_px.reshape(2, 2))
    assert np.allclose(face.box_xyxy_px, [*corners.min(axis=0), *corners.max(axis=0)])


def test_what_is_unclear_is_not_believed_in_a_turned_picture():
    class SeesOnItsSide(SeesOneFace):
        def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
            self.width_px = batch.shape[3] if batch.shape[3] > batch.shape[2] else None
            return super().run(batch)

    picture = np.zeros((640, 320, 3), dtype=np.uint8)

    assert FaceDetector(SeesOnItsSide(width_px=None, score=0.89)).locate(picture, thorough=False) == ()
    assert len(FaceDetector(SeesOnItsSide(width_px=None, score=0.91)).locate(picture, thorough=False)) == 1


@real_faces
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_photograph_on_its_side_or_upside_down_shows_its_face(detector: FaceDetector, turns: int):
    upright = _picture("london/001/neutral.jpg")
    face, *_ = detector.locate(np.ascontiguousarray(np.rot90(upright, turns)), thorough=False)
    wanted, *_ = detector.locate(upright, thorough=False)

    (right_eye, left_eye, *_) = face.landmarks_px
    across = np.degrees(np.arctan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0]))

    assert face.score > 0.9
    assert face.area_px == pytest.approx(wanted.area_px, rel=0.15)
    assert (across + 90 * turns + 180) % 360 - 180 == pytest.approx(0, abs=10)


@real_faces
def test_a_thorough_look_at_a_mirrored_still_gives_the_mirrored_landmarks(detector: FaceDetector):
    still = _picture("frmdb/031/cctv_01.jpg")
    face, *_ = detector.locate(still, thorough=True)
    mirrored, *_ = detector.locate(np.ascontiguousarray(still[:, ::-1]), thorough=True)

    back = mirrored.landmarks_px[[1, 0, 2, 4, 3]]
    back[:, 0] = still.shape[1] - back[:, 0]
    assert np.abs(back - face.landmarks_px).max() < 0.1 * face.width_px
