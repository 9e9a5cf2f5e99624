import numpy as np
import pytest

from countersign.faces.detector import FaceDetector
from countersign.inference.openvino import PrecisionMissingError
from countersign.inference.registry import Network, Registry, load_registry
from countersign.inference.session import Session
from countersign.operations.engine import OpenVinoEngine

NOTHING = np.zeros((64, 64, 3), dtype=np.uint8)


class Asked(OpenVinoEngine):
    """Says which networks were loaded; a processor without bf16 where ``plain``."""

    def __init__(self, registry: Registry, *, plain: bool = False) -> None:
        super().__init__(registry, threads=1)
        self.loaded: list[str] = []
        self._plain = plain

    def _session(self, network: Network) -> Session:
        self.loaded.append(network.precision)
        if self._plain and network.precision == "bf16":
            raise PrecisionMissingError("expected a processor with bf16, got one without")
        return super()._session(network)


def without_bf16() -> Registry:
    registry = load_registry()
    kept = {name: one for name, one in registry.networks.items() if name != "yunet-2023mar-bf16"}
    return Registry(networks=kept)


def test_on_a_processor_without_bf16_recordings_are_looked_through_at_f32():
    engine = Asked(load_registry(), plain=True)

    assert engine.glimpse(NOTHING) == ()
    assert engine.loaded == ["bf16", "f32"]


def test_where_no_quicker_network_is_registered_recordings_are_looked_through_with_the_detector_itself():
    engine = Asked(without_bf16())

    assert engine.glimpse(NOTHING) == engine.locate(NOTHING, thorough=False) == ()
    assert engine.loaded == ["f32"]


def test_the_quicker_network_is_the_same_file_and_changes_no_identity():
    registry = load_registry()

    assert registry.get("yunet-2023mar-bf16").sha256 == registry.get("yunet-2023mar").sha256
    assert Asked(registry).network == Asked(without_bf16()).network


def test_looking_again_at_another_size_leaves_nothing_of_the_picture_before():
    engine = Asked(without_bf16())
    detector: FaceDetector = engine._detector  # noqa: SLF001  what is kept between two looks lies inside
    noise = np.random.default_rng(3).integers(0, 255, (96, 128, 3)).astype(np.uint8)
    first = detector.glimpse(noise)
    detector.glimpse(NOTHING)

    assert [face.score for face in detector.glimpse(noise)] == pytest.approx([face.score for face in first])
