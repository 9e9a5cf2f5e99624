import numpy as np
import pytest

from countersign.faces.blocks import blockiness


def test_steps_at_every_eighth_column_are_seen_wherever_the_grid_lies():
    columns = np.repeat(np.arange(8) * 9, 8)  # a step of 9 after every eighth column, none elsewhere
    picture = np.tile(columns, (64, 1)).astype(np.uint8)

    for cut in (picture, picture[:, 3:], picture.T, picture[5:, 1:]):
        assert blockiness(np.ascontiguousarray(cut)) == pytest.approx((9 + 1) / (0 + 1))


def test_an_even_slope_has_no_blocks():
    assert blockiness(np.tile(np.arange(64, dtype=np.uint8), (64, 1))) == 1.0


def test_a_cut_of_three_blocks_says_nothing():
    picture = np.tile(np.repeat(np.arange(5) * 20, 8), (40, 1)).astype(np.uint8)

    assert blockiness(picture[:24]) == 1.0
    assert blockiness(picture[:25]) > 1.0
