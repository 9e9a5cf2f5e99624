from pathlib import Path

import pytest

from countersign.media.sandbox.decoder import decode_image
from countersign.operations.make_still import NoFaceToShrinkError, make_still
from tests.fakes import Face, FakeEngine, draw


def test_a_still_is_small_and_the_same_for_the_same_seed(tmp_path: Path):
    photograph = draw(tmp_path / "a.png", Face(person=1)).read_bytes()

    first, again, other = (make_still(FakeEngine(), photograph, seed=seed) for seed in (1, 1, 2))

    assert first == again != other
    assert decode_image(first).format == "JPEG"


def test_a_photograph_without_a_face_is_refused(tmp_path: Path):
    with pytest.raises(NoFaceToShrinkError, match=r"expected .* got "):
        make_still(FakeEngine(), draw(tmp_path / "a.png", Face(person=0)).read_bytes(), seed=1)
