"""Templates: unit, summed, scaled, clipped; and on real photographs alike for one person."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image

from countersign.faces.crops import reference_crops
from countersign.faces.detector import FaceDetector
from countersign.inference.openvino import OpenVinoSession
from countersign.inference.registry import load_registry
from countersign.primitives.arrays import RgbImage
from countersign.templates.extractor import FaceShapeError, TemplateExtractor, quantise

DATA = Path(__file__).parents[3] / "shared" / "data"
NETWORK = replace(load_registry().get("sface-2021dec"), dimension=2, scale=100.0)


class LeftAndRight:
    """A network whose two features are the brightness of the left and of the right half of a face."""

    identity = "fake"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        self.batches.append(len(batch))
        halves = [batch[:, :, :, :56].mean(axis=(1, 2, 3)), batch[:, :, :, 56:].mean(axis=(1, 2, 3))]
        return (np.stack(halves, axis=1).astype(np.float32),)


def _lit(left: int, right: int) -> RgbImage:
    face = np.empty((112, 112, 3), dtype=np.uint8)
    face[:, :56], face[:, 56:] = left, right
    return face


def test_a_template_is_the_unit_sum_of_its_crops_in_the_worked_example():
    codes = TemplateExtractor(LeftAndRight(), NETWORK).extract([[_lit(60, 80), _lit(80, 60)], [_lit(60, 80)]])

    assert codes.tolist() == [[71, 71], [60, 80]]
    assert codes.dtype == np.int8
    assert not codes.flags.writeable


def test_crops_of_all_faces_go_through_together_sixteen_at_a_time_and_faces_stay_in_order():
    network = LeftAndRight()
    one, other = _lit(9, 0), _lit(0, 9)
    codes = TemplateExtractor(network, NETWORK).extract([[one, one, other], [other], [one] * 15])

    assert network.batches == [16, 3]
    assert codes.tolist() == [[round(100 * 2 / 5**0.5), round(100 / 5**0.5)], [0, 100], [100, 0]]


def test_every_crop_counts_the_same_however_bright_it_is():
    codes = TemplateExtractor(LeftAndRight(), NETWORK).extract([[_lit(200, 0), _lit(0, 10)]])

    assert codes.tolist() == [[71, 71]]


def test_pixels_are_fed_as_the_register_says_in_the_worked_example():
    seen: list[NDArray[np.float32]] = []

    class Watched(LeftAndRight):
        def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
            seen.append(batch[0, :, 0, 0])
            return super().run(batch)

    face = np.empty((112, 112, 3), dtype=np.uint8)
    face[:] = (255, 127, 0)
    fed = replace(NETWORK, colour="bgr", mean=127.0, deviation=128.0)
    for network in (NETWORK, fed):
        TemplateExtractor(Watched(), network).extract([[face]])

    assert [pixel.tolist() for pixel in seen] == [[255, 127, 0], [-127 / 128, 0, 1]]


def test_features_are_what_codes_are_made_of():
    extractor = TemplateExtractor(LeftAndRight(), NETWORK)
    features = extractor.features([[_lit(60, 80)], [_lit(3, 4)]])

    assert np.allclose(features, [[0.6, 0.8], [0.6, 0.8]])
    assert np.array_equal(quantise(features, scale=100.0), extractor.extract([[_lit(60, 80)], [_lit(3, 4)]]))


def test_no_faces_give_no_templates():
    assert TemplateExtractor(LeftAndRight(), NETWORK).extract([]).shape == (0, 2)


@pytest.mark.parametrize("face", [np.zeros((112, 111, 3), np.uint8), np.zeros((112, 112, 3), np.int8)])
def test_what_is_no_aligned_face_is_refused(face: RgbImage):
    with pytest.raises(FaceShapeError, match="expected aligned faces"):
        TemplateExtractor(LeftAndRight(), NETWORK).extract([[_lit(1, 1), face]])


def test_features_without_length_are_refused_and_never_become_a_template():
    with pytest.raises(FaceShapeError, match="positive finite length"):
        TemplateExtractor(LeftAndRight(), NETWORK).extract([[_lit(0, 0)]])


def test_whatever_changes_templates_changes_the_identity():
    registered = load_registry().get("sface-2021dec")
    extractors = [
        TemplateExtractor(LeftAndRight(), network)
        for network in (
            registered,
            replace(registered, sha256="00"),
            replace(registered, preprocessing="other/2"),
            replace(registered, scale=380.0),
            replace(registered, colour="bgr"),
            replace(registered, mean=127.5),
            replace(registered, deviation=128.0),
        )
    ]

    assert (
        extractors[0].identity
        == f"{registered.sha256}/f32/rgb255-align112-zooms3-shift20-mirror-coarse40blur9fine/4/x381"
    )
    assert extractors[0].dimension == 128
    assert len({extractor.identity for extractor in extractors}) == 7


@given(features=arrays(np.float32, (3, 4), elements=st.floats(-1, 1, width=32)), scale=st.floats(1, 1000))
def test_codes_keep_sign_and_never_leave_their_range(features: NDArray[np.float32], scale: float):
    codes = quantise(features, scale=scale).astype(int)

    assert np.abs(codes).max() <= 127
    assert (codes * features >= 0).all()
    assert np.array_equal(quantise(-features, scale=scale).astype(int), -codes)


def test_rounding_is_to_the_nearest_and_clipping_at_127_in_the_worked_example():
    assert quantise(np.array([[0.6, -0.8]], dtype=np.float32), scale=200.0).tolist() == [[120, -127]]
    assert quantise(np.array([[0.006, -0.008]], dtype=np.float32), scale=100.0).tolist() == [[1, -1]]


@pytest.mark.skipif(not DATA.is_dir(), reason="the face data beside the project is absent")
def test_two_photographs_of_one_person_score_above_any_of_two_persons():
    registry = load_registry()
    finding, extracting = registry.get("yunet-2023mar"), registry.get("sface-2021dec")
    detector = FaceDetector(OpenVinoSession(finding, registry.read(finding)))
    extractor = TemplateExtractor(OpenVinoSession(extracting, registry.read(extracting)), extracting)
    images = [
        np.array(Image.open(DATA / "london" / person / f"{kind}.jpg").convert("RGB"))
        for person in ("001", "025", "033")
        for kind in ("neutral", "smiling")
    ]
    places = [detector.locate(image, thorough=False)[0].landmarks_px for image in images]
    crops = [reference_crops(image, landmarks) for image, landmarks in zip(images, places, strict=True)]
    codes = extractor.extract(crops).astype(int)
    scores = codes @ codes.T
    same = np.equal.outer(np.arange(6) // 2, np.arange(6) // 2)

    assert scores[same].min() > 2 * scores[~same].max()
    assert np.abs(np.sqrt(np.diag(scores)) - 381).max() < 2
