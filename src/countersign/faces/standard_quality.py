"""Quality by OFIQ, the reference implementation of ISO/IEC 29794-5: the only values that carry the standard's names.

It is an extra of its own (`pip install 'countersign[ofiq]'`), and its networks, some 400 MB, are fetched by whoever
installs it, never by this program (`docs/how-to/measure-quality-by-the-standard.md`). Measures of our own
(`faces.quality`) approximate components and never bear their names.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Invalid, NotFound
from countersign.faces.detection import Detection
from countersign.media.exhibit import QualityMeasure
from countersign.primitives.arrays import RgbImage

__all__ = ["PREFIX", "NoStandardQualityError", "StandardAssessor", "StandardQuality", "open_standard_quality"]

PREFIX = "iso_29794_5_"
"""How the name of each value begins; no measure of our own begins so."""
CONFIGURATION = "ofiq_config.jaxn"
_MARGIN = 1.0
"""OFIQ finds the face itself: it gets the box with so many of its sides around it, and no other face's."""

Given = Mapping[str, Mapping[str, float] | None]


class NoStandardQualityError(NotFound):
    """OFIQ is not installed, or its networks are not where they should be."""

    code = "no_standard_quality"


class StandardQualityError(Invalid):
    """OFIQ could not measure the picture, or gave what the standard does not know."""

    code = "standard_quality"


class StandardAssessor(Protocol):
    """What is used of ``ofiq.OFIQ``; not safe in several threads at once."""

    def vector_quality(self, image_rgb: NDArray[np.uint8], include_raw: bool) -> Given:  # noqa: FBT001  as OFIQ has it
        """Give ``scalar`` in [0, 100] and ``raw`` of each component by its name; None where it was not measured."""
        ...


class StandardQuality:
    """Measures faces by OFIQ."""

    def __init__(self, assessor: StandardAssessor, version: str, failure: type[Exception]) -> None:
        """Use a loaded OFIQ.

        Args:
            assessor: OFIQ.
            version: Its version, which becomes part of the method's name.
            failure: What it raises of a picture that it cannot measure.
        """
        self._assessor, self._method, self._failure = assessor, f"ofiq/{version}", failure

    def measure(self, rgb: RgbImage, face: Detection) -> tuple[QualityMeasure, ...]:
        """Measure one face.

        Args:
            rgb: Upright image, shape (height, width, 3).
            face: The face that is meant.

        Returns:
            The components that could be measured, by name; one that could not is left out and never 0.

        Raises:
            StandardQualityError: OFIQ found no face, failed, or gave a value outside [0, 100].
        """
        cut = np.ascontiguousarray(_around(rgb, face))
        try:
            given = self._assessor.vector_quality(cut, True)
        except self._failure as cause:
            raise StandardQualityError(f"expected OFIQ to measure the face, got: {cause}") from cause
        return tuple(self._measure(name, values) for name, values in sorted(given.items()) if values is not None)

    def _measure(self, name: str, values: Mapping[str, float]) -> QualityMeasure:
        score, raw = float(values["scalar"]), float(values["raw"])
        if not (0 <= score <= 100 and math.isfinite(raw)):  # noqa: PLR2004  every score lies in [0, 100]
            raise StandardQualityError(f"expected {name} in [0, 100] and a finite raw value, got {score} and {raw}")
        return QualityMeasure(component=component_name(name), score=score, raw=raw, method=self._method)


def component_name(name: str) -> str:
    """Give the name of a component as it is kept.

    Example:
        >>> component_name("UnderExposurePrevention"), component_name("HeadPoseYaw")
        ('iso_29794_5_under_exposure_prevention', 'iso_29794_5_head_pose_yaw')
    """
    return PREFIX + re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def open_standard_quality(folder: Path) -> StandardQuality:
    """Load OFIQ with the networks in a folder; nothing is fetched.

    Args:
        folder: Holds OFIQ's configuration and its networks.

    Raises:
        NoStandardQualityError: The extra is not installed, or the folder does not hold them.
    """
    if not (folder / CONFIGURATION).is_file():
        raise NoStandardQualityError(f"expected {CONFIGURATION} and OFIQ's networks in {folder}, got none")
    try:
        import ofiq  # noqa: PLC0415  an extra
    except ImportError as cause:
        raise NoStandardQualityError("expected the extra countersign[ofiq], got an installation without it") from cause
    try:
        loaded = ofiq.OFIQ(str(folder), CONFIGURATION)
    except ofiq.OFIQError as cause:
        raise NoStandardQualityError(f"expected networks that OFIQ can load in {folder}, got: {cause}") from cause
    return StandardQuality(loaded, ofiq.__ofiq_version__, ofiq.OFIQError)


def _around(rgb: RgbImage, face: Detection) -> RgbImage:
    left, top, right, bottom = (float(edge) for edge in face.box_xyxy_px)
    wide, high = _MARGIN * (right - left), _MARGIN * (bottom - top)
    rows = slice(max(0, round(top - high)), max(1, round(bottom + high)))
    columns = slice(max(0, round(left - wide)), max(1, round(right + wide)))
    return rgb[rows, columns]
