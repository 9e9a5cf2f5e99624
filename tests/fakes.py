"""Stand-ins that tests share: pictures whose colours say who is shown, and an engine that reads them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from countersign.faces.detection import Detection, order
from countersign.primitives.arrays import Codes, RgbImage
from countersign.primitives.digest import sha256
from countersign.templates.extractor import quantise

TILE_PX = 64
DIMENSION = 128
LANDMARKS = np.array([[20, 26], [44, 26], [32, 36], [24, 46], [40, 46]], dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A drawn face: ``person`` and ``view`` from 1 to 255, quality in [0, 1]. Person 0 draws an empty tile."""

    person: int
    view: int = 1
    quality: float = 0.9


def draw(path: Path, *faces: Face) -> Path:
    """Write a picture of one tile a face, side by side; the colour of a tile is its face."""
    path.parent.mkdir(parents=True, exist_ok=True)
    colours = np.array([[face.person, face.view, round(face.quality * 255)] for face in faces], dtype=np.uint8)
    Image.fromarray(np.tile(np.repeat(colours, TILE_PX, axis=0), (TILE_PX, 1, 1))).save(path)
    return path


class FakeEngine:
    """An `operations.desk.Engine` without networks. Same person: nearly the same template; others: unrelated ones.

    ``meanwhile`` is called once, between a search's start and its seal or before a batch is written, where another
    process could do something.
    """

    network = sha256(b"no network")

    def __init__(self, extractor: str = "no-extractor/int8") -> None:
        self.extractor = extractor
        self.described = 0
        self.looks: list[bool] = []
        """Of each picture that was looked at, whether it was looked at thoroughly."""
        self.probes = 0
        """How many of the templates were made to search with."""
        self.meanwhile: Callable[[], object] | None = None

    def glimpse(self, rgb: RgbImage) -> tuple[Detection, ...]:
        """Find drawn faces in a recording's picture, in which colours are only nearly what was drawn."""
        return tuple(replace(face, score=0.9) for face in self.locate(rgb // 8 * 8, thorough=False))

    def locate(self, rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        self.looks.append(thorough)
        found = []
        for left in range(0, rgb.shape[1], TILE_PX):
            person, _, quality = rgb[0, left].tolist()
            if person:
                box = np.array([left + 8, 8, left + TILE_PX - 8, TILE_PX - 8], dtype=np.float32)
                landmarks = LANDMARKS + np.array([left, 0], dtype=np.float32)
                found.append(Detection(box_xyxy_px=box, landmarks_px=landmarks, score=quality / 255))
        return order(found)

    def describe_probe(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        self.probes += len(faces)
        return self.describe_reference(faces)

    def describe_reference(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        action, self.meanwhile = self.meanwhile, None
        if action is not None:
            action()
        self.described += len(faces)
        features = np.array([_features(rgb, face) for rgb, face in faces], dtype=np.float32)
        return quantise(features.reshape(len(faces), DIMENSION), scale=381.0)


def _features(rgb: RgbImage, face: Detection) -> NDArray[np.float64]:
    person, view, _ = rgb[0, int(face.box_xyxy_px[0])].tolist()
    features = np.random.default_rng(person).standard_normal(DIMENSION)
    features += 0.2 * np.random.default_rng([person, view]).standard_normal(DIMENSION)
    return np.asarray(features / np.linalg.norm(features))
