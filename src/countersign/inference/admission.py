"""Admits a network of a force's own: licence, digest, shape of what goes in and comes out, exact scores.

It is run on noise before anything is written down: a file that is no network, or another one than was said, never comes
into the register.
"""

import numpy as np
from numpy.typing import NDArray

from countersign.errors import CountersignError, Refused
from countersign.inference.openvino import OpenVinoSession
from countersign.inference.registry import Network, check_digest

__all__ = ["NetworkShapeError", "admit"]

_DETECTOR_SIDE_PX = 320
_STRIDES_PX = (8, 16, 32)
_PARTS = (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10))
"""What YuNet gives at each stride for each anchor: a detector of another kind cannot be read."""

_IMAGES = 2


class NetworkShapeError(Refused):
    """What the network takes or gives is not what was said of it."""

    code = "network_shape"


def admit(network: Network, data: bytes) -> None:
    """Accept a network's file, or say why not.

    Args:
        network: What is said about it; a licence that bars use was refused when this was made.
        data: The file.

    Raises:
        NetworkDigestError: The file has another digest than was said.
        NetworkShapeError: It does not take such images, or gives something else than was said.
        UnfoldableNetworkError: It is no network with one image input.
        PrecisionMissingError: This processor does not have the precision that was said.
    """
    check_digest(network, data)
    if network.role == "detector":
        _check_detector(network.name, _run(network, data, images=1, side_px=_DETECTOR_SIDE_PX))
    else:
        _check_extractor(network, data)


def _run(network: Network, data: bytes, *, images: int, side_px: int) -> tuple[NDArray[np.float32], ...]:
    noise = np.random.default_rng(0).integers(0, 256, (images, 3, side_px, side_px)).astype(np.float32)
    try:
        return OpenVinoSession(network, data).run(noise)
    except CountersignError:
        raise
    except Exception as cause:  # of two libraries' parsers: an unknown operator, a shape that does not fit, broken text
        reason = next((line for line in reversed(str(cause).splitlines()) if line.strip()), "an error without words")
        raise NetworkShapeError(
            f"expected network {network.name} to take {images} images (3, {side_px}, {side_px}), got: {reason.strip()}"
        ) from cause


def _check_detector(name: str, given: tuple[NDArray[np.float32], ...]) -> None:
    anchors = [(_DETECTOR_SIDE_PX // stride) ** 2 for stride in _STRIDES_PX]
    wanted = [(1, number, width) for _, width in _PARTS for number in anchors]
    if (shapes := [part.shape for part in given]) != wanted:
        raise NetworkShapeError(f"expected outputs of network {name} as YuNet gives them, {wanted}, got {shapes}")


def _check_extractor(network: Network, data: bytes) -> None:
    given = _run(network, data, images=_IMAGES, side_px=network.input_height_px or 0)
    wanted = [(_IMAGES, network.dimension)]
    if (shapes := [part.shape for part in given]) != wanted:
        raise NetworkShapeError(f"expected {wanted} of network {network.name} for two images, got {shapes}")
    first, second = given[0]
    if not np.isfinite(given[0]).all() or np.array_equal(first, second):
        raise NetworkShapeError(f"expected features of network {network.name} that differ by image, got others")
