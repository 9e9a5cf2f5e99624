"""Turning aligned faces into templates."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid
from countersign.inference.registry import Network
from countersign.inference.session import Session
from countersign.primitives.arrays import Codes, RgbImage

__all__ = ["FOUND_BY", "FaceShapeError", "TemplateExtractor", "extractor_identity", "quantise"]

FOUND_BY = "/found-by-"
"""Follows an extractor's identity where another detector than the built-in one placed the landmarks."""

_LARGEST_CODE = 127
_BATCH = 16  # crops at a time: memory stays small, and larger batches are no faster


class FaceShapeError(Invalid):
    """An array is not an aligned face, or the network's features of it are unusable."""

    code = "face_shape"


def extractor_identity(network: Network) -> str:
    """Give what decides an extractor's templates: network digest, precision, preprocessing, scale.

    How pixels are fed is named where it is not red first and unscaled.
    """
    fed = f"{network.colour}-{network.mean:g}-{network.deviation:g}"
    apart = "" if fed == "rgb-0-1" else f"/{fed}"
    return f"{network.sha256}/{network.number_format}/{network.preprocessing}/x{network.scale:g}{apart}"


class TemplateExtractor:
    """Extracts templates; those of equal ``identity`` compare with each other and with no others."""

    def __init__(self, session: Session, network: Network) -> None:
        """Use a loaded network.

        Args:
            session: The network.
            network: What is registered about it; its role is ``extractor``.
        """
        self._session = session
        self._network = network
        self.identity = extractor_identity(network)
        self.dimension = network.dimension

    def extract(self, faces: Sequence[Sequence[RgbImage]]) -> Codes:
        """Extract one template a face: the unit sum of the unit features of its crops.

        Args:
            faces: Of each face its crops, at least one, each aligned, (112, 112, 3) uint8 RGB.

        Returns:
            Codes, shape (n, dimension) int8, read-only, in the order of the faces.

        Raises:
            FaceShapeError: Not such a face, or features without length.
        """
        return quantise(self.features(faces), scale=self._network.scale)

    def features(self, faces: Sequence[Sequence[RgbImage]]) -> NDArray[np.float32]:
        """Give what `extract` quantises: rows of unit length, shape (n, dimension). Kept nowhere; for measurements."""
        wanted = (self._network.input_height_px, self._network.input_width_px, 3)
        crops = [crop for of_one in faces for crop in of_one]
        for crop in crops:
            if crop.shape != wanted or crop.dtype != np.uint8:
                raise FaceShapeError(f"expected aligned faces {wanted} uint8, got {crop.shape} {crop.dtype}")
        parts = [self._features(crops[first : first + _BATCH]) for first in range(0, len(crops), _BATCH)]
        units = np.concatenate([np.empty((0, self.dimension), dtype=np.float32), *parts])
        ends = np.cumsum([len(of_one) for of_one in faces], dtype=np.int64)
        sums = [part.sum(axis=0) for part in np.split(units, ends[:-1])] if faces else []
        return _unit(np.array(sums, dtype=np.float32).reshape(-1, self.dimension))

    def _features(self, crops: Sequence[RgbImage]) -> NDArray[np.float32]:
        batch = np.stack(crops).transpose(0, 3, 1, 2).astype(np.float32)
        if self._network.colour == "bgr":
            batch = batch[:, ::-1]
        if (self._network.mean, self._network.deviation) != (0.0, 1.0):
            batch = (batch - np.float32(self._network.mean)) / np.float32(self._network.deviation)
        (features,) = self._session.run(batch)
        return _unit(features)


def _unit(features: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(features, axis=1, keepdims=True)
    if not (np.isfinite(length).all() and (length > 0).all()):
        raise FaceShapeError("expected features of positive finite length, got others")
    return np.asarray(features / length, dtype=np.float32)


def quantise(unit_features: NDArray[np.float32], *, scale: float) -> Codes:
    """Turn unit features into int8 codes: scaled, rounded half to even, clipped to ±127.

    Args:
        unit_features: Rows of unit length, shape (n, d).
        scale: Codes for a feature of 1; about 33.7·√d, so that few are clipped.

    Returns:
        Codes, shape (n, d), read-only; -128 never occurs, so 127²·d bounds every comparison score.

    Example:
        >>> quantise(np.array([[0.6, -0.8]], dtype=np.float32), scale=100.0).tolist()
        [[60, -80]]
        >>> quantise(np.array([[0.6, -0.8]], dtype=np.float32), scale=200.0).tolist()
        [[120, -127]]
    """
    codes: Codes = np.clip(np.rint(unit_features * np.float32(scale)), -_LARGEST_CODE, _LARGEST_CODE).astype(np.int8)
    codes.setflags(write=False)
    return codes
