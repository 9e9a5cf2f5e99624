"""Turning bytes into pixels: still formats of a closed list, whole files only, upright.

Pure: bytes in, array out. It runs in the sandbox only: `sandbox.decoder` is what everybody else calls. Every warning of
the decoder counts as damage: an image that is only nearly right may have been made to be seen differently by different
programs.
"""

import re
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from countersign.errors import Invalid
from countersign.primitives.arrays import RgbImage

__all__ = ["FORMATS", "PIXEL_LIMIT", "Still", "UndecodableImageError", "decode_image", "open_decoders"]

PIXEL_LIMIT = 50_000_000

FORMATS = {
    "JPEG": "JPEG",
    "MPO": "JPEG",
    "PNG": "PNG",
    "TIFF": "TIFF",
    "BMP": "BMP",
    "WEBP": "WEBP",
    "GIF": "GIF",
    "JPEG2000": "JPEG2000",
    "AVIF": "AVIF",
    "HEIF": "HEIC",
}
"""Formats as Pillow names them, and as people do."""
_OPENED = FORMATS.keys() - {"MPO", "HEIF"}  # MPO opens as JPEG, HEIF only where its extra was registered
RATIO_LIMIT = 50
_ROWS = 1 << 8
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
        super().__init__(f"expected a whole image ({', '.join(dict.fromkeys(FORMATS.values()))}), got: {reason}")
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


def open_decoders() -> None:
    """Load the decoders and forget every other that Pillow knows; HEIC needs `pi-heif` (an extra)."""
    if find_spec("pi_heif") is not None:
        import pi_heif  # noqa: PLC0415  optional

        pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    Image.init()
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    for name in set(Image.OPEN) - FORMATS.keys():
        del Image.OPEN[name]


def _decoded(data: bytes) -> Still:
    with Image.open(
        BytesIO(data), formats=[name for name in FORMATS if name in _OPENED or name in Image.OPEN]
    ) as opened:
        if opened.width * opened.height > PIXEL_LIMIT:
            raise UndecodableImageError(f"{opened.width} x {opened.height} px, more than {PIXEL_LIMIT} pixels")
        if max(opened.size) > RATIO_LIMIT * min(opened.size):
            raise UndecodableImageError(
                f"{opened.width} x {opened.height} px, longer than {RATIO_LIMIT} times its width"
            )
        opened.load()
        exif = opened.getexif()
        # Each copy of a large picture costs a locked-in child as much again: its memory is new to it, page by page.
        ImageOps.exif_transpose(opened, in_place=True)
        rgb = _rgb(opened)
    rgb.setflags(write=False)
    return Still(
        rgb_upright=rgb,
        width_px=rgb.shape[1],
        height_px=rgb.shape[0],
        format=FORMATS[opened.format or ""],
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
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"), dtype=np.uint8)


def _eight_bits(samples: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Reduce grey samples of more than eight bits by the full range of the narrowest format that holds them."""
    least, most = float(samples.min()), float(samples.max())
    if not (np.isfinite(least) and np.isfinite(most)) or least < 0:
        raise UndecodableImageError("grey samples that are negative or not finite")
    ranges = (1, 2**8 - 1, 2**16 - 1, 2**32 - 1) if samples.dtype.kind == "f" else (2**16 - 1, 2**32 - 1)
    full = next((top for top in ranges if most <= top), None)
    if full is None:
        raise UndecodableImageError("grey samples beyond 32 bits")
    reduced = np.empty(samples.shape, dtype=np.uint8)
    for row in range(0, len(samples), _ROWS):  # in double precision a large image would not fit into its limit
        reduced[row : row + _ROWS] = np.rint(samples[row : row + _ROWS].astype(np.float64) * (255 / full))
    return reduced


def _captured_at(exif: Image.Exif) -> str | None:
    written = exif.get_ifd(ExifTags.IFD.Exif)
    found = _EXIF_TIME.fullmatch(str(written.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 "))
    if found is None:
        return None
    year, month, day, time = found.groups()
    offset = str(written.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    return f"{year}-{month}-{day}T{time}{offset if _EXIF_OFFSET.fullmatch(offset) else ''}"
