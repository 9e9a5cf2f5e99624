"""Pictures of a recording as people see them: upright, whole or a part. It runs in the sandbox only."""

import numpy as np
from av.video.frame import VideoFrame

from countersign.primitives.arrays import RgbImage

__all__ = ["part_of", "size_of", "upright"]

_QUARTER = 90
_PLAIN = {"yuv420p", "yuvj420p"}
_ROOM_PX = 8


def size_of(frame: VideoFrame) -> tuple[int, int]:
    """Give width and height of the upright picture."""
    sides = (frame.width, frame.height)
    return sides if _turns_of(frame) % 2 == 0 else sides[::-1]


def upright(converted: VideoFrame, frame: VideoFrame) -> RgbImage:
    """Give the pixels of a picture whose colours were worked out, turned as the one that it was made of says."""
    return np.ascontiguousarray(np.rot90(np.asarray(converted.to_ndarray(), dtype=np.uint8), _turns_of(frame)))


def part_of(frame: VideoFrame, box_px: tuple[int, int, int, int]) -> RgbImage:
    """Give a part of an upright picture; of a large one the colours of all the rest need not be worked out."""
    if not _is_plain(frame):
        return _whole(frame)[box_px[1] : box_px[3], box_px[0] : box_px[2]].copy()
    # Whole blocks, and some room around: colours at an edge are worked out from both sides of it.
    left, top = (max(0, edge - _ROOM_PX) // 2 * 2 for edge in box_px[:2])
    right, bottom = (
        min(most // 2 * 2, -(-(edge + _ROOM_PX) // 2) * 2)
        for edge, most in zip(box_px[2:], (frame.width, frame.height), strict=True)
    )
    if box_px[2] > right or box_px[3] > bottom:  # the last row or column of a picture of odd size
        return _whole(frame)[box_px[1] : box_px[3], box_px[0] : box_px[2]].copy()
    planes = []
    for plane, less in zip(frame.planes, (1, 2, 2), strict=True):
        rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(plane.height, plane.line_size)
        planes.append(rows[top // less : bottom // less, left // less : right // less].ravel())
    stacked = np.concatenate(planes).reshape(-1, right - left)
    small = VideoFrame.from_ndarray(stacked, format=frame.format.name)
    small.colorspace, small.color_range = frame.colorspace, frame.color_range
    rgb = np.asarray(small.reformat(format="rgb24").to_ndarray(), dtype=np.uint8)
    return rgb[box_px[1] - top : box_px[3] - top, box_px[0] - left : box_px[2] - left].copy()


def _turns_of(frame: VideoFrame) -> int:
    return round(frame.rotation / _QUARTER) % 4 if frame.rotation % _QUARTER == 0 else 0


def _whole(frame: VideoFrame) -> RgbImage:
    return upright(frame.reformat(format="rgb24"), frame)


def _is_plain(frame: VideoFrame) -> bool:
    """Say whether a part of the picture can be taken out before its colours are worked out."""
    return (
        frame.format.name in _PLAIN and _turns_of(frame) == 0 and frame.width >= _ROOM_PX and frame.height >= _ROOM_PX
    )
