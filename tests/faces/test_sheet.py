import io

import numpy as np
import pytest
from PIL import Image

from countersign.faces.sheet import Card, Span, draw_sheet, draw_timeline, reduced
from countersign.primitives.arrays import RgbImage

BLUE, GREEN, RED = (29, 112, 184), (0, 112, 60), (212, 53, 28)
STILL = np.full((90, 60, 3), 77, dtype=np.uint8)


def pixels(data: bytes) -> RgbImage:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def counted(rgb: RgbImage, colour: tuple[int, int, int]) -> int:
    return int((rgb == colour).all(axis=2).sum())


def span(first_ms: int, last_ms: int, *, picked: bool = False) -> Span:
    return Span(first_ms=first_ms, last_ms=last_ms, is_picked=picked)


def test_tracks_that_overlap_lie_in_lanes_above_each_other():
    one = pixels(draw_timeline([span(0, 9000)], 10_000, scanned_ms=10_000))
    after = pixels(draw_timeline([span(0, 4000), span(5000, 9000)], 10_000, scanned_ms=10_000))
    over = pixels(draw_timeline([span(0, 9000), span(5000, 9500)], 10_000, scanned_ms=10_000))

    assert one.shape == after.shape
    assert over.shape[0] > one.shape[0]
    assert counted(one, BLUE) > counted(after, BLUE) > 0


def test_a_crowd_does_not_make_the_timeline_grow_without_end():
    few = pixels(draw_timeline([span(0, 9000)] * 24, 10_000, scanned_ms=10_000))
    many = pixels(draw_timeline([span(0, 9000)] * 500, 10_000, scanned_ms=10_000))

    assert few.shape == many.shape


def test_what_is_picked_damaged_or_not_scanned_yet_can_be_seen():
    plain = pixels(draw_timeline([span(0, 100)], 10_000, scanned_ms=10_000))
    picked = pixels(draw_timeline([span(0, 100, picked=True)], 10_000, scanned_ms=4000, damaged_ms=[(2000, 3000)]))

    assert counted(plain, GREEN) == counted(plain, RED) == 0
    assert counted(picked, GREEN) > 0
    assert counted(picked, RED) > 500
    assert counted(picked, (238, 239, 239)) > 10_000


@pytest.mark.parametrize("duration_ms", [0, 900, 45_000, 3_600_000, 36_000_000])
def test_recordings_of_any_length_are_drawn(duration_ms: int):
    assert pixels(draw_timeline([span(0, duration_ms)], duration_ms, scanned_ms=duration_ms)).shape[1] == 1720


def test_a_sheet_shows_stills_whole_and_says_which_track_was_picked():
    timeline = draw_timeline([span(0, 900)], 1000, scanned_ms=1000)
    card = Card(title="Track 1", under="now", stills=(("0:00:00.000", STILL),) * 7, is_picked=False)
    picked = Card(title="Track 2, picked", under="now", stills=(("0:00:00.000", STILL),), is_picked=True)
    sheet = pixels(draw_sheet("Faces", "2 tracks", [card, picked], timeline, watermark="TEST"))

    # Seven stills of 60 x 90 px become six of 85 x 128, as there is room for six; a picked one has a frame on it.
    assert counted(sheet, (77, 77, 77)) >= 6 * 85 * 127
    assert counted(sheet, GREEN) > 400
    assert counted(sheet, RED) > 100


def test_an_empty_sheet_is_drawn_too():
    assert pixels(draw_sheet("Faces", "none", [], draw_timeline([], 0, scanned_ms=0))).shape[1] == 1720


def test_stills_are_made_smaller_and_never_larger():
    assert pixels(reduced(STILL, 45)).shape == (45, 30, 3)
    assert pixels(reduced(STILL, 450)).shape == STILL.shape
