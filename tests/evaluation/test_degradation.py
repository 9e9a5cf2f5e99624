from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from countersign.evaluation.degradation import degrade


def photograph(width_px: int = 200, height_px: int = 100, level: int = 200) -> np.ndarray:
    return np.full((height_px, width_px, 3), level, dtype=np.uint8)


def still(scale: float, seed: int = 1) -> np.ndarray:
    data = degrade(photograph(), scale=scale, rng=np.random.default_rng(seed))
    return np.asarray(Image.open(BytesIO(data)), dtype=np.float64)


def test_the_still_is_smaller_by_the_scale_and_keeps_its_shape():
    assert still(0.5).shape == (50, 100, 3)
    assert still(0.001).shape == (1, 1, 3)


def test_the_light_falls_off_to_the_right_and_downwards():
    seen = still(1.0)

    assert seen[:, :20].mean() > seen[:, -20:].mean() + 40
    assert seen[:10].mean() > seen[-10:].mean() + 10


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    first, again, other = (degrade(photograph(), scale=0.5, rng=np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_the_photograph_is_not_changed():
    rgb = photograph()
    rgb.setflags(write=False)

    assert degrade(rgb, scale=0.5, rng=np.random.default_rng(1)).startswith(b"\xff\xd8")
    assert rgb.max() == rgb.min() == 200


@pytest.mark.parametrize("level", [0, 255])
def test_noise_never_wraps_round_at_the_ends_of_the_scale(level: int):
    data = degrade(photograph(level=level), scale=0.5, rng=np.random.default_rng(1))
    seen = np.asarray(Image.open(BytesIO(data)), dtype=np.float64)

    assert abs(seen[:10, :10].mean() - level * 0.95) < 15
