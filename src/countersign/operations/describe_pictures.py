"""Describe reference pictures at the rate of the processor: decode, locate, measure, align and extract, overlapped.

While a locked-in child decodes, threads look at what it has given. Each thread takes a few pictures at a time and runs
the extractor once on all of their faces. What waits between two stages is bounded in pictures and in pixels, so that
memory does not depend on how many there are.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from countersign.errors import CountersignError, Invalid
from countersign.faces.detection import Detection
from countersign.faces.quality import Quality, measure
from countersign.media.decoding import Still, UndecodableImageError
from countersign.media.sandbox.decoder import Outcome
from countersign.operations.desk import Engine
from countersign.primitives.arrays import Codes, RgbImage
from countersign.primitives.parallel import each

GROUP = 4
"""Pictures that a thread takes at a time."""
GROUP_PIXELS = 8_000_000
"""A group that has come to this many pixels is full, so that large pictures do not pile up."""
WORKERS_PER_THREAD = 2
"""A worker waits while its network runs in a thread of its own; another one has work for that core meanwhile."""
WAITING = 1
"""Groups that are ready beside those being looked at."""

Tag = TypeVar("Tag")


class NoFaceError(Invalid):
    """No face was located: a failure to enrol, counted."""

    code = "no_face"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Description:
    """What is known of the one face that a picture portrays.

    Attributes:
        codes: Its template, shape (d,).
        landmarks_px: Where eyes, nose and corners of the mouth lie, x and y in turn.
    """

    quality: Quality
    codes: Codes
    landmarks_px: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Portrait:
    rgb: RgbImage
    face: Detection
    quality: Quality


Described = Description | CountersignError
"""A picture's description, or why there is none."""


def describe_pictures(
    engine: Engine, pictures: Iterable[tuple[Tag, Outcome | None]], *, threads: int
) -> Generator[tuple[Tag, Described | None], None, None]:
    """Describe pictures in the order in which they come.

    Args:
        engine: The networks.
        pictures: Each with whatever its caller wants back beside it; taken only as fast as threads become free. None,
            where there is nothing to describe, stays None.
        threads: How many processor threads the networks have; at 1 nothing is overlapped.

    Yields:
        Tag and description. A picture that cannot be described costs itself and nothing else.
    """
    workers = 1 if threads == 1 else threads * WORKERS_PER_THREAD
    for described in each(partial(_describe, engine), _grouped(pictures), threads=workers, waiting=WAITING):
        yield from described


def _grouped(pictures: Iterable[tuple[Tag, Outcome | None]]) -> Iterator[list[tuple[Tag, Outcome | None]]]:
    group: list[tuple[Tag, Outcome | None]] = []
    pixels = 0
    for tag, picture in pictures:
        group.append((tag, picture))
        pixels += picture.width_px * picture.height_px if isinstance(picture, Still) else 0
        if len(group) == GROUP or pixels >= GROUP_PIXELS:
            yield group
            group, pixels = [], 0
    if group:
        yield group


def _describe(engine: Engine, group: Sequence[tuple[Tag, Outcome | None]]) -> list[tuple[Tag, Described | None]]:
    looked = [(tag, None if picture is None else _look(engine, picture)) for tag, picture in group]
    described = iter(_extract(engine, [portrait for _, portrait in looked if isinstance(portrait, _Portrait)]))
    return [(tag, next(described) if isinstance(one, _Portrait) else one) for tag, one in looked]


def _look(engine: Engine, picture: Outcome) -> _Portrait | CountersignError:
    if isinstance(picture, UndecodableImageError):
        return picture
    rgb = picture.rgb_upright
    try:
        faces = engine.locate(rgb, thorough=False)
        if not faces:
            raise NoFaceError("expected a face, got a picture in which none was located")
        face = portrayed(faces, rgb)
        return _Portrait(rgb=rgb, face=face, quality=measure(rgb, face, [one for one in faces if one is not face]))
    except CountersignError as reason:
        return reason


def _extract(engine: Engine, portraits: Sequence[_Portrait]) -> list[Described]:
    """Describe faces together; where one of them spoils it for all, one by one."""
    if not portraits:
        return []
    try:
        codes = engine.describe_reference([(one.rgb, one.face) for one in portraits])
    except CountersignError as reason:
        return [reason] if len(portraits) == 1 else [_extract(engine, [one])[0] for one in portraits]
    return [_described(one, code) for one, code in zip(portraits, codes, strict=True)]


def _described(portrait: _Portrait, codes: Codes) -> Description:
    landmarks_px = tuple(map(float, portrait.face.landmarks_px.ravel()))
    return Description(quality=portrait.quality, codes=codes, landmarks_px=landmarks_px)


def portrayed(faces: Iterable[Detection], rgb: RgbImage) -> Detection:
    """Give the face that a custody photograph is of: large, and near the middle."""
    height, width = rgb.shape[:2]
    middle, longer = np.array([width, height]) / 2, max(width, height)

    def prominence(face: Detection) -> float:
        left, top, right, bottom = face.box_xyxy_px
        distance = float(np.hypot(*(np.array([left + right, top + bottom]) / 2 - middle))) / longer
        return float(face.area_px / (1 + (4 * distance) ** 2))

    return max(faces, key=prominence)
