"""What a cheap camera far away would have made of a good photograph, to show the work without anybody's footage.

It is no measurement: error rates come from real stills only. The steps follow the way of the light: distance, lens,
lamp, sensor, file.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from countersign.primitives.arrays import RgbImage

__all__ = ["FACE_WIDTH_PX", "degrade"]

FACE_WIDTH_PX = 48
"""Width of the face in the still; the median of real CCTV stills is about 60, a quarter is under 42."""

_BLUR_PX = 1.0
_NOISE_LEVELS = 10.0
_LIGHT_LEFT_RIGHT, _LIGHT_TOP_BOTTOM = (1.0, 0.55), (0.95, 0.75)
_QUALITY = 45


def degrade(rgb: RgbImage, *, scale: float, rng: np.random.Generator) -> bytes:
    """Make a still like that of a security camera.

    Args:
        rgb: Upright photograph, shape (height, width, 3); it is not changed.
        scale: Size of the still as a share of the photograph's, in (0, 1].
        rng: Source of the sensor's noise; the same seed gives the same bytes.

    Returns:
        A JPEG: smaller, blurred, unevenly lit, noisy, strongly compressed.
    """
    whole = Image.fromarray(rgb)
    size = (max(1, round(whole.width * scale)), max(1, round(whole.height * scale)))
    seen = whole.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(_BLUR_PX))
    lit = np.asarray(seen, dtype=np.float32) * _light(*size)
    grey = rng.normal(0, _NOISE_LEVELS, (*lit.shape[:2], 1))  # a sensor's noise is mostly one for all colours
    coloured = rng.normal(0, _NOISE_LEVELS / 2, lit.shape)
    taken = np.clip(np.rint(lit + grey + coloured), 0, 255).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(taken).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _light(width_px: int, height_px: int) -> NDArray[np.float32]:
    """Give the share of light that reaches each pixel from one lamp at the upper left, shape (height, width, 1)."""
    across = np.linspace(*_LIGHT_LEFT_RIGHT, width_px, dtype=np.float32)
    down = np.linspace(*_LIGHT_TOP_BOTTOM, height_px, dtype=np.float32)
    return (down[:, None] * across)[:, :, None]
