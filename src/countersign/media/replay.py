"""Carrying out the steps of an edit: the same steps on the same pixels give the same bytes and the same digest."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from countersign.media.decoding import PIXEL_LIMIT
from countersign.media.edits import STEPS_LIMIT, EditError, EditStep, Op
from countersign.media.warps import Points, SourceOf, convex_clockwise, flattened, resampled, turned, unbent
from countersign.primitives.arrays import RgbImage
from countersign.primitives.digest import Sha256

_QUARTER_CDEG = 9_000


def apply(steps: Sequence[EditStep], pictures: Sequence[RgbImage]) -> RgbImage:
    """Replay a chain from the originals.

    Args:
        steps: At most `STEPS_LIMIT`; ``average`` only as the first.
        pictures: The original; with ``average`` all that are averaged, of one size.

    Returns:
        The edited picture, read-only.

    Raises:
        EditError: A step does not fit the picture that it is given.
    """
    if not 0 < len(steps) <= STEPS_LIMIT:
        raise EditError(f"expected 1 to {STEPS_LIMIT} steps, got {len(steps)}")
    frames = steps[0].told.get("frames", 1)
    if frames != len(pictures) or any(step.op is Op.AVERAGE for step in steps[1:]):
        raise EditError(f"expected {frames} pictures and an average as the first step only, got {len(pictures)}")
    rgb = averaged(pictures)
    for step in steps:
        _refuse_too_large(step, rgb)
        rgb = _DO[step.op](rgb, step.told)
    rgb = np.ascontiguousarray(rgb).copy()
    rgb.setflags(write=False)
    return rgb


def picture_digest(rgb: RgbImage) -> Sha256:
    """Give the digest of a picture: of its height, width and pixels."""
    height, width = rgb.shape[:2]
    digest = hashlib.sha256(b"%d %d\n" % (height, width))
    digest.update(np.ascontiguousarray(rgb).data)
    return Sha256(digest.hexdigest())


def to_original(steps: Sequence[EditStep], places: Points, *, width: int, height: int) -> Points:
    """Give where places in the edited picture lie in the original.

    Args:
        steps: The chain.
        places: Shape (n, 2), in pixels of the edited picture.
        width: Of the original.
        height: Of the original.
    """
    sources = []
    for step in steps:
        source_of, width, height = _geometry(step, width, height)
        sources.append(source_of)
    for source_of in reversed(sources):
        places = source_of(places)
    return places


def averaged(pictures: Sequence[RgbImage]) -> RgbImage:
    """Give the rounded mean of pictures of one size: what changes from frame to frame, noise above all, is evened."""
    if len({picture.shape for picture in pictures}) != 1:
        raise EditError("expected pictures of one size to average, got several sizes")
    total = np.zeros(pictures[0].shape, dtype=np.uint32)
    for picture in pictures:
        total += picture
    return ((total + len(pictures) // 2) // len(pictures)).astype(np.uint8)


Told = Mapping[str, int]


def _refuse_too_large(step: EditStep, rgb: RgbImage) -> None:
    _, width, height = _geometry(step, rgb.shape[1], rgb.shape[0])
    if width * height > PIXEL_LIMIT:
        raise EditError(f"expected at most {PIXEL_LIMIT} pixels after {step.op}, got {width} x {height}")


def _geometry(step: EditStep, width: int, height: int) -> tuple[SourceOf, int, int]:
    """Give where the pixels of a step's picture come from, and its size."""
    told = step.told
    match step.op:
        case Op.CROP:
            if told["left"] + told["width"] > width or told["top"] + told["height"] > height:
                raise EditError(f"expected a part of {width} x {height} px, got one that reaches outside: {step}")
            return lambda places: places + np.array([told["left"], told["top"]]), told["width"], told["height"]
        case Op.ROTATE:
            return turned(told["cdeg"], width=width, height=height)
        case Op.SCALE:
            wide, high = (max(1, (side * told["percent"] + 50) // 100) for side in (width, height))
            return lambda places: places * np.array([width / wide, height / high]), wide, high
        case Op.DEFISHEYE:
            return unbent(told["permille"], width=width, height=height), width, height
        case Op.PERSPECTIVE:
            corners = np.array([[told[f"x{at}"], told[f"y{at}"]] for at in (1, 2, 3, 4)], dtype=np.float64)
            if not convex_clockwise(corners):
                raise EditError(
                    "expected four corners clockwise from the upper left, got an order that folds or mirrors"
                )
            return flattened(corners, width=told["width"], height=told["height"]), told["width"], told["height"]
        case _:
            return lambda places: places, width, height


def _warp(op: Op) -> Callable[[RgbImage, Told], RgbImage]:
    def do(rgb: RgbImage, told: Told) -> RgbImage:
        step = EditStep(op=op, parameters=tuple(told.values()))
        source_of, width, height = _geometry(step, rgb.shape[1], rgb.shape[0])
        return resampled(rgb, source_of, width=width, height=height)

    return do


def _crop(rgb: RgbImage, told: Told) -> RgbImage:
    return rgb[told["top"] : told["top"] + told["height"], told["left"] : told["left"] + told["width"]]


def _rotate(rgb: RgbImage, told: Told) -> RgbImage:
    if told["cdeg"] % _QUARTER_CDEG == 0:  # nothing is mixed by quarter turns
        return np.rot90(rgb, -told["cdeg"] // _QUARTER_CDEG)
    return _warp(Op.ROTATE)(rgb, told)


def _scale(rgb: RgbImage, told: Told) -> RgbImage:
    _, width, height = _geometry(EditStep(op=Op.SCALE, parameters=(told["percent"],)), rgb.shape[1], rgb.shape[0])
    return np.asarray(Image.fromarray(np.ascontiguousarray(rgb)).resize((width, height), Image.Resampling.BICUBIC))


def _toned(values: Iterable[float]) -> NDArray[np.uint8]:
    return np.array([min(255, max(0, round(value))) for value in values], dtype=np.uint8)


def _exposure(rgb: RgbImage, told: Told) -> RgbImage:
    """Multiply light: stops are of light, which sRGB holds raised to 1/2.4 or so (IEC 61966-2-1)."""
    gain = 2 ** (told["cstops"] / 100)
    return _toned(255 * _encoded(min(1.0, gain * _light(value / 255))) for value in range(256))[rgb]


def _light(shade: float) -> float:
    return shade / 12.92 if shade <= 0.04045 else ((shade + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  the standard's


def _encoded(light: float) -> float:
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055  # noqa: PLR2004  the standard's


def _contrast(rgb: RgbImage, told: Told) -> RgbImage:
    return _toned((value - 127.5) * told["percent"] / 100 + 127.5 for value in range(256))[rgb]


def _gamma(rgb: RgbImage, told: Told) -> RgbImage:
    return _toned(255 * (value / 255) ** (100 / told["percent"]) for value in range(256))[rgb]


def _denoise(rgb: RgbImage, told: Told) -> RgbImage:
    around = ImageFilter.MedianFilter(2 * told["radius"] + 1)
    return np.asarray(Image.fromarray(np.ascontiguousarray(rgb)).filter(around))


def _deinterlace(rgb: RgbImage, told: Told) -> RgbImage:
    """Keep one field; each line of the other becomes the rounded mean of the lines above and below."""
    if len(rgb) < 2:  # noqa: PLR2004  a field needs a line
        raise EditError("expected at least two lines to deinterlace, got one")
    made = rgb.copy()
    for line in range(1 - told["field"], len(rgb), 2):
        around = [rgb[at].astype(np.uint16) for at in (line - 1, line + 1) if 0 <= at < len(rgb)]
        made[line] = (sum(around) + len(around) // 2) // len(around)
    return made


_DO: Mapping[Op, Callable[[RgbImage, Told], RgbImage]] = MappingProxyType(
    {
        Op.AVERAGE: lambda rgb, _: rgb,
        Op.CROP: _crop,
        Op.ROTATE: _rotate,
        Op.SCALE: _scale,
        Op.EXPOSURE: _exposure,
        Op.CONTRAST: _contrast,
        Op.GAMMA: _gamma,
        Op.DENOISE: _denoise,
        Op.DEINTERLACE: _deinterlace,
        Op.DEFISHEYE: _warp(Op.DEFISHEYE),
        Op.PERSPECTIVE: _warp(Op.PERSPECTIVE),
    }
)
