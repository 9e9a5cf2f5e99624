import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from countersign.faces.detection import Detection
from countersign.faces.quality import COMPONENTS
from countersign.faces.standard_quality import (
    CONFIGURATION,
    PREFIX,
    NoStandardQualityError,
    StandardQuality,
    StandardQualityError,
    component_name,
    open_standard_quality,
)

FACE = Detection(
    box_xyxy_px=np.array([40, 50, 60, 80], dtype=np.float32),
    landmarks_px=np.array([[44, 60], [56, 60], [50, 66], [45, 72], [55, 72]], dtype=np.float32),
    score=0.9,
)


class OfiqError(Exception):
    """What OFIQ raises."""


class FakeOfiq:
    """Gives what it was told to, and remembers what it was shown."""

    def __init__(self, given: Mapping[str, Mapping[str, float] | None] | Exception) -> None:
        self._given = given
        self.shown: list[NDArray[np.uint8]] = []

    def vector_quality(
        self,
        image_rgb: NDArray[np.uint8],
        include_raw: bool,  # noqa: FBT001  as OFIQ has it
    ) -> Mapping[str, Mapping[str, float] | None]:
        assert include_raw
        self.shown.append(image_rgb)
        if isinstance(self._given, Exception):
            raise self._given
        return self._given


def picture() -> NDArray[np.uint8]:
    return np.arange(100 * 90 * 3, dtype=np.uint8).reshape(100, 90, 3)


@pytest.mark.row("PRB-05")
def test_each_value_carries_the_name_of_the_standard_its_raw_value_and_the_method():
    fake = FakeOfiq({"UnifiedQualityScore": {"scalar": 71.0, "raw": 23.5}, "EyesOpen": {"scalar": 90, "raw": 0.2}})
    eyes, unified = StandardQuality(fake, "1.1.0", OfiqError).measure(picture(), FACE)
    assert (unified.component, unified.score, unified.raw, unified.method) == (
        "iso_29794_5_unified_quality_score", 71.0, 23.5, "ofiq/1.1.0",
    )  # fmt: skip
    assert eyes.component == "iso_29794_5_eyes_open"


def test_a_component_that_could_not_be_measured_is_left_out_and_never_zero():
    fake = FakeOfiq({"EyesOpen": None, "Sharpness": {"scalar": 0.0, "raw": -3.0}})
    (sharpness,) = StandardQuality(fake, "1", OfiqError).measure(picture(), FACE)
    assert (sharpness.component, sharpness.score) == ("iso_29794_5_sharpness", 0.0)


def test_it_is_shown_the_face_with_its_surroundings_within_the_picture():
    fake = FakeOfiq({})
    assert StandardQuality(fake, "1", OfiqError).measure(picture(), FACE) == ()
    (shown,) = fake.shown
    # The box is 20 wide and 30 high: 20 to 80 and 20 to 110, of which the picture has 100 rows.
    assert np.array_equal(shown, picture()[20:100, 20:80])
    assert shown.flags.c_contiguous


@pytest.mark.parametrize(
    "wrong", [{"scalar": 101.0, "raw": 0.0}, {"scalar": -1.0, "raw": 0.0}, {"scalar": 5.0, "raw": float("inf")}]
)
def test_a_value_that_the_standard_does_not_know_is_refused(wrong: Mapping[str, float]):
    with pytest.raises(StandardQualityError, match=r"expected Sharpness in \[0, 100\]"):
        StandardQuality(FakeOfiq({"Sharpness": wrong}), "1", OfiqError).measure(picture(), FACE)


def test_a_face_that_it_does_not_find_is_an_error_of_one_picture():
    with pytest.raises(StandardQualityError, match="expected OFIQ to measure the face, got: no face"):
        StandardQuality(FakeOfiq(OfiqError("no face")), "1", OfiqError).measure(picture(), FACE)


@pytest.mark.row("PRB-05")
def test_no_measure_of_our_own_bears_a_name_of_the_standard():
    assert not [name for name in COMPONENTS if name.startswith(PREFIX) or "iso" in name.split("_")]
    assert component_name("NoHeadCoverings") == "iso_29794_5_no_head_coverings"


def test_a_folder_without_its_networks_is_said_and_nothing_is_fetched(tmp_path: Path):
    with pytest.raises(NoStandardQualityError, match="expected ofiq_config"):
        open_standard_quality(tmp_path)


def test_networks_that_cannot_be_loaded_are_said(tmp_path: Path):
    pytest.importorskip("ofiq", reason="needs the extra countersign[ofiq]")
    (tmp_path / CONFIGURATION).write_text("no configuration")
    with pytest.raises(NoStandardQualityError, match="expected networks that OFIQ can load"):
        open_standard_quality(tmp_path)


def test_the_real_networks_measure_a_face():
    folder = os.environ.get("OFIQ_DATA_DIR")
    if not folder or not Path(folder, CONFIGURATION).is_file():
        pytest.skip("needs OFIQ's networks, some 400 MB that are fetched apart: set OFIQ_DATA_DIR")
    research = Path(__file__).resolve().parents[3] / "shared" / "data" / "london" / "001" / "neutral.jpg"
    if not research.is_file():
        pytest.skip("needs a portrait of the research images, which are kept beside the checkout only")
    from countersign.bootstrap import open_engine
    from countersign.media.sandbox.decoder import decode_image
    from countersign.settings import Settings

    rgb = decode_image(research.read_bytes()).rgb_upright
    face = open_engine(Settings()).locate(rgb, thorough=False)[0]
    measures = open_standard_quality(Path(folder)).measure(rgb, face)
    assert "iso_29794_5_unified_quality_score" in {one.component for one in measures}
    assert all(0 <= one.score <= 100 for one in measures)
