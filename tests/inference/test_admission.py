"""A network is run once before it is believed."""

import contextlib
from dataclasses import replace

import numpy as np
import onnx
import pytest

from countersign.errors import CountersignError, Refused
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


def test_a_network_that_asks_for_another_file_of_the_machine_is_refused():
    made = onnx.load_model_from_string(networks.extractor(16))
    stored = made.graph.initializer[0]
    stored.ClearField("raw_data")
    stored.data_location = onnx.TensorProto.EXTERNAL
    stored.external_data.add(key="location", value="/etc/passwd")
    data = made.SerializeToString()
    with pytest.raises(UnfoldableNetworkError, match="expected a network in one file"):
        admit(registered(data, dimension=16), data)


def test_weights_that_are_cut_short_are_refused():
    made = onnx.load_model_from_string(networks.extractor(16))
    made.graph.initializer[0].raw_data = made.graph.initializer[0].raw_data[:-4]
    data = made.SerializeToString()
    with pytest.raises(UnfoldableNetworkError, match="expected weights that can be read"):
        admit(registered(data, dimension=16), data)


def test_a_broken_file_is_refused_and_never_crashes():
    whole = networks.extractor(16)
    rng = np.random.default_rng(3)
    for at in range(40):
        broken = bytearray(whole if at % 2 else whole[: rng.integers(1, len(whole))])
        for place in rng.integers(0, min(400, len(broken)), 3):
            broken[place] = rng.integers(0, 256)
        data = bytes(broken)
        with contextlib.suppress(CountersignError):
            admit(registered(data, dimension=16), data)
    assert admit(registered(whole, dimension=16), whole) is None  # type: ignore[func-returns-value]
