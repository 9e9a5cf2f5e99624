"""A network is run once before it is believed."""

from dataclasses import replace

import pytest

from countersign.errors import Refused
from countersign.inference.admission import NetworkShapeError, admit
from countersign.inference.folding import UnfoldableNetworkError
from countersign.inference.registry import Network, NetworkDigestError, load_registry
from countersign.primitives.digest import sha256
from tests import networks


def registered(data: bytes, **change: object) -> Network:
    row = replace(load_registry().get("sface-2021dec"), package="", file="n.onnx", sha256=sha256(data), dimension=512)
    return replace(row, **change)  # type: ignore[arg-type]


def as_detector(data: bytes) -> Network:
    return registered(data, role="detector", dimension=0, input_height_px=None, input_width_px=None)


def test_an_extractor_and_a_detector_of_the_known_shapes_are_admitted():
    for data, made in ((networks.extractor(), registered), (networks.detector(), as_detector)):
        assert admit(made(data), data) is None  # type: ignore[func-returns-value]


def test_the_shipped_networks_would_be_admitted():
    registry = load_registry()
    for name in ("yunet-2023mar", "sface-2021dec"):
        network = registry.get(name)
        assert admit(network, registry.read(network)) is None  # type: ignore[func-returns-value]


@pytest.mark.row("ENG-05")
def test_another_file_than_was_said_is_refused_before_it_is_parsed():
    with pytest.raises(NetworkDigestError, match="expected SHA-256"):
        admit(registered(networks.extractor()), b"something else")


def test_bytes_that_are_no_network_are_refused():
    with pytest.raises(UnfoldableNetworkError):
        admit(registered(b"weights"), b"weights")


@pytest.mark.row("ENG-05")
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            networks.extractor(128),
            r"expected \[\(2, 512\)\] of network sface-2021dec for two images, got \[\(2, 128\)\]",
        ),
        (networks.extractor(channels=1), "to take 2 images"),
        (networks.fixed_batch(), "to take 2 images|for two images"),
        (networks.constant(), "that differ by image"),
        (networks.detector(), "for two images|to take 2 images"),
    ],
    ids=["dimension", "one channel", "one image at a time", "says the same of all", "a detector"],
)
def test_an_extractor_that_is_not_what_was_said_is_refused(data: bytes, says: str):
    with pytest.raises(NetworkShapeError, match=says) as caught:
        admit(registered(data), data)
    assert isinstance(caught.value, Refused)


@pytest.mark.row("ENG-05")
@pytest.mark.parametrize(
    "data", [networks.detector((1, 1, 4, 8)), networks.extractor()], ids=["landmarks", "extractor"]
)
def test_a_detector_with_other_outputs_than_yunet_is_refused(data: bytes):
    with pytest.raises(NetworkShapeError, match="as YuNet gives them"):
        admit(as_detector(data), data)
