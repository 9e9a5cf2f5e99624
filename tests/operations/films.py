"""Recordings of drawn faces, without loss, so that their colours say who is shown in every picture."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.fakes import TILE_PX, Face
from tests.media.clips import clip

NOBODY = Face(person=0, view=0, quality=0)


def film(path: Path, pictures: Sequence[Sequence[Face]], *, each: int = 5, every_key: int = 25) -> Path:
    """Write a recording at 25 pictures a second, each row of faces shown ``each`` times; something always moves."""
    frames = []
    for number in range(len(pictures) * each):
        row = pictures[number // each]
        colours = [
            [face.person, 10 + 12 * (number % 20), round(face.quality * 255)] if face.person else [0, 0, 0]
            for face in row
        ]
        frames.append(np.tile(np.repeat(np.array([colours], dtype=np.uint8), TILE_PX, axis=1), (TILE_PX, 1, 1)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(clip(frames, "mp4/lossless", every_key=every_key))
    return path
