"""The networks at work: locates faces and makes templates with two registered networks, run by OpenVINO."""

from collections.abc import Sequence
from functools import cached_property

from countersign.errors import Refused
from countersign.faces import detector as detecting
from countersign.faces.crops import PREPROCESSING, probe_crops, reference_crops
from countersign.faces.detection import Detection
from countersign.faces.detector import FaceDetector
from countersign.inference.registry import Network, Registry, Role, load_registry
from countersign.inference.session import Session
from countersign.operations.report_facts import NetworkFacts
from countersign.primitives.arrays import Codes, RgbImage
from countersign.primitives.digest import Sha256, sha256
from countersign.templates.extractor import FOUND_BY, TemplateExtractor, extractor_identity

__all__ = ["DETECTOR", "EXTRACTOR", "OpenVinoEngine", "PreprocessingError", "cards"]

DETECTOR = "yunet-2023mar"
EXTRACTOR = "sface-2021dec"


class PreprocessingError(Refused):
    """The registry says that a network is fed as this version does not feed it, or that it does something else."""

    code = "network_preprocessing"


class OpenVinoEngine:
    """YuNet and SFace by OpenVINO, each loaded when first asked for; their identities are known without loading."""

    def __init__(
        self, registry: Registry, *, threads: int, extractor: str = EXTRACTOR, detector: str = DETECTOR
    ) -> None:
        self._registry = registry
        self._threads = threads
        self._detector_network = _prepared(registry.get(detector), "detector", detecting.PREPROCESSING)
        self._extractor_network = _prepared(registry.get(extractor), "extractor", PREPROCESSING)
        self.extractor = extractor_identity(self._extractor_network) + _found_by(self._detector_network)
        self.network = sha256(f"{self._detector_network.sha256} {self.extractor}".encode())

    @cached_property
    def _detector(self) -> FaceDetector:
        return FaceDetector(self._session(self._detector_network))

    @cached_property
    def _glimpser(self) -> FaceDetector:
        """What looks through recordings: the same file in fewer bits, where it is registered and the processor can."""
        from countersign.inference.openvino import PrecisionMissingError  # noqa: PLC0415  loading OpenVINO takes a second

        chosen = self._detector_network
        for network in self._registry.networks.values():
            if (network.sha256, network.role, network.precision) == (chosen.sha256, "detector", "bf16"):
                try:
                    return FaceDetector(self._session(network))
                except PrecisionMissingError:
                    break
        return self._detector

    @cached_property
    def _describer(self) -> TemplateExtractor:
        return TemplateExtractor(self._session(self._extractor_network), self._extractor_network)

    def _session(self, network: Network) -> Session:
        from countersign.inference.openvino import OpenVinoSession  # noqa: PLC0415  loading OpenVINO takes a second

        return OpenVinoSession(network, self._registry.read(network), streams=self._threads)

    def glimpse(self, rgb: RgbImage) -> tuple[Detection, ...]:
        """Find faces at the picture's own size."""
        return self._glimpser.glimpse(rgb)

    def locate(self, rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        """Locate faces, best first."""
        return self._detector.locate(rgb, thorough=thorough)

    def describe_probe(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        """Make one template a face to search with."""
        return self._describer.extract([probe_crops(rgb, face.landmarks_px) for rgb, face in faces])

    def describe_reference(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        """Make one template a face to enrol."""
        return self._describer.extract([reference_crops(rgb, face.landmarks_px) for rgb, face in faces])


def _prepared(network: Network, role: Role, preprocessing: str) -> Network:
    """Refuse a network whose outcome would not be what its register says."""
    if (network.role, network.preprocessing) != (role, preprocessing):
        raise PreprocessingError(
            f"expected of {network.name} preprocessing {preprocessing} as {role}, "
            f"got {network.preprocessing} as {network.role}"
        )
    return network


def _found_by(detector: Network) -> str:
    """Give what another detector than the built-in one adds to the extractor's identity.

    It places landmarks elsewhere: templates are made again, and a certificate of the built-in one does not hold.
    """
    built_in = load_registry().get(DETECTOR).sha256
    return "" if detector.sha256 == built_in else f"{FOUND_BY}{detector.sha256[:16]}"


def cards(registry: Registry, *, extractor: str = EXTRACTOR, detector: str = DETECTOR) -> tuple[NetworkFacts, ...]:
    """Give what reports say of the networks."""
    return tuple(
        NetworkFacts(name=one.name, role=one.role, sha256=Sha256(one.sha256), licence=one.licence)
        for one in (registry.get(detector), registry.get(extractor))
    )
