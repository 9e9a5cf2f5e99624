"""A part of a picture is the same to the bit whether it is cut out before or after its colours are worked out."""

import io

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from countersign.media.upright import part_of, size_of, upright
from tests.media.clips import clip

SIZES = [(96, 64), (98, 66), (6, 40)]


def first_frame(kind: str, size: tuple[int, int]) -> VideoFrame:
    width, height = size
    rgb = np.random.default_rng(1).integers(0, 255, (height, width, 3)).astype(np.uint8)
    with av.open(io.BytesIO(clip([rgb] * 3, kind)), "r") as container:
        return next(container.decode(video=0))


FRAMES = [first_frame("mp4/h264", size) for size in SIZES] + [first_frame("mp4/lossless", SIZES[0])]


@pytest.mark.parametrize("frame", FRAMES)
@given(corners=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)))
def test_a_part_is_what_it_is_in_the_whole_picture(frame: VideoFrame, corners: tuple[float, float, float, float]):
    width, height = size_of(frame)
    left, right = sorted(round(width * edge) for edge in corners[:2])
    top, bottom = sorted(round(height * edge) for edge in corners[2:])
    left, top = min(left, width - 1), min(top, height - 1)
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    whole = upright(frame.reformat(format="rgb24"), frame)

    assert np.array_equal(part_of(frame, (left, top, right, bottom)), whole[top:bottom, left:right])
