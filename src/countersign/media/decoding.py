"""Turning bytes into pixels: six still formats, whole files only, upright.

Pure: bytes in, array out, so that it can run in a sandbox. Every warning of the decoder counts as damage: an image that
is only nearly right may have been made to be seen differently by different programs.
"""

import re
import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from countersign.errors import Invalid
from countersign.primitives.arrays import RgbImage

__all__ = ["PIXEL_LIMIT", "Still", "UndecodableImageError", "decode_image", "plain_png"]

PIXEL_LIMIT = 50_000_000

_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "TIFF": "TIFF", "BMP": "BMP", "WEBP": "WEBP", "GIF": "GIF"}
_EXIF_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", re.ASCII)
_EXIF_OFFSET = re.compile(r"[+-]\d\d:\d\d", re.ASCII)
_WHITE = (255, 255, 255, 255)


class UndecodableImageError(Invalid):
    """The bytes are no whole image of a format that is taken.

    Attributes:
        reason: What is wrong, for the list of failures.
    """

    code = "undecodable_image"

    def __init__(self, reason: str) -> None:
        super().__init__(f"expected a whole image ({', '.join(dict.fromkeys(_FORMATS.values()))}), got: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Still:
    """A decoded image.

    Attributes:
        rgb_upright: Pixels after the camera's orientation is applied, shape (height, width, 3), read-only.
        width_px: Width of the upright image.
        height_px: Height of the upright image.
        format: Format of the file.
        exif_captured_at: When the camera says it was taken, ISO 8601, with an offset only if the camera gives one. A
            camera's clock can be wrong: this is a hint for a person and never the basis of a time rule.
    """

    rgb_upright: RgbImage
    width_px: int
    height_px: int
    format: str
    exif_captured_at: str | None


def decode_image(data: bytes) -> Still:
    """Decode a still image.

    Args:
        data: A whole file: JPEG, PNG, TIFF, BMP, WEBP or GIF; of several frames the first is taken.

    Returns:
        The image upright, transparency laid on white, 16-bit samples reduced to 8.

    Raises:
        UndecodableImageError: Another format, damaged, cut short, or more than ``PIXEL_LIMIT`` pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _decoded(data)
    except UndecodableImageError:
        raise
    except UnidentifiedImageError as cause:
        raise UndecodableImageError("no image of these formats") from cause
    # Pillow's plugins let out whatever hostile bytes make them stumble on: struct.error, KeyError, OverflowError, …
    except Exception as cause:
        raise UndecodableImageError(f"{type(cause).__name__}: {cause}".replace("\n", " ")[:200]) from cause


def plain_png(data: bytes) -> bytes:
    """Give a picture's upright pixels as a PNG and nothing else: names and places in its metadata are left behind.

    Raises:
        UndecodableImageError: As `decode_image`.
    """
    stream = BytesIO()
    Image.fromarray(decode_image(data).rgb_upright).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _decoded(data: bytes) -> Still:
    with Image.open(BytesIO(data), formats=[name for name in _FORMATS if name != "MPO"]) as opened:
        if opened.width * opened.height > PIXEL_LIMIT:
            raise UndecodableImageError(f"{opened.width} x {opened.height} px, more than {PIXEL_LIMIT} pixels")
        opened.load()
        exif = opened.getexif()
        upright = ImageOps.exif_transpose(opened)
        rgb = _rgb(upright)
    rgb.setflags(write=False)
    return Still(
        rgb_upright=rgb,
        width_px=rgb.shape[1],
        height_px=rgb.shape[0],
        format=_FORMATS[opened.format or ""],
        exif_captured_at=_captured_at(exif),
    )


def _rgb(image: Image.Image) -> RgbImage:
    match image.mode:
        case "I" | "F" | "I;16" | "I;16B" | "I;16L" | "I;16N":
            return np.repeat(_eight_bits(np.asarray(image))[:, :, None], 3, axis=2)
        case "LAB":
            to_rgb = ImageCms.buildTransform(
                ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB"
            )
            image = ImageCms.applyTransform(image, to_rgb) or image
        case _ if image.has_transparency_data:
            layered = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", layered.size, _WHITE), layered)
    return np.array(image.convert("RGB"), dtype=np.uint8)


def _eight_bits(samples: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Reduce grey samples of more than eight bits by the full range of the narrowest format that holds them."""
    values = samples.astype(np.float64)
    if not np.isfinite(values).all() or values.min() < 0:
        raise UndecodableImageError("grey samples that are negative or not finite")
    ranges = (1, 2**8 - 1, 2**16 - 1, 2**32 - 1) if samples.dtype.kind == "f" else (2**16 - 1, 2**32 - 1)
    full = next((top for top in ranges if values.max() <= top), None)
    if full is None:
        raise UndecodableImageError("grey samples beyond 32 bits")
    return np.rint(values * (255 / full)).astype(np.uint8)


def _captured_at(exif: Image.Exif) -> str | None:
    written = exif.get_ifd(ExifTags.IFD.Exif)
    found = _EXIF_TIME.fullmatch(str(written.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 "))
    if found is None:
        return None
    year, month, day, time = found.groups()
    offset = str(written.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    return f"{year}-{month}-{day}T{time}{offset if _EXIF_OFFSET.fullmatch(offset) else ''}"
