"""Quantising to int8: by hand on a tiny network, refusals, and the real network beside f32."""

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from countersign.inference.folding import fold
from countersign.inference.openvino import OpenVinoSession
from countersign.inference.quantising import QuantisingError, layers, quantise
from countersign.inference.registry import load_registry

WEIGHTS = np.array([[1.27, -0.634], [0.0, 0.0]], dtype=np.float32)


def tiny(weights: NDArray[np.float32] = WEIGHTS, *, stored: bool = True) -> bytes:
    """Give a network of one fully connected layer of two inputs, and a doubling after it."""
    image = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2])
    given = [image] if stored else [image, helper.make_tensor_value_info("w", TensorProto.FLOAT, [2, 2])]
    nodes = [helper.make_node("Gemm", ["x", "w"], ["y"], transB=1), helper.make_node("Add", ["y", "y"], ["z"])]
    output = helper.make_tensor_value_info("z", TensorProto.FLOAT, ["n", 2])
    weight = [numpy_helper.from_array(weights, "w")] if stored else []
    graph = helper.make_graph(nodes, "tiny", given, [output], weight)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return bytes(made.SerializeToString())


def run(data: bytes, *rows: tuple[float, float]) -> list[list[float]]:
    (given,) = ReferenceEvaluator(onnx.load_model_from_string(data)).run(None, {"x": np.array(rows, dtype=np.float32)})
    return [[round(float(value), 3) for value in row] for row in given]


def test_inputs_go_in_steps_of_the_range_and_weights_in_steps_of_their_channel():
    data = quantise(tiny(), [12.7])  # a step of 0.1 for the input and of 0.01 for the first channel's weights

    # -0.634 becomes -0.63, 1.04 becomes 1.0; a channel of zeros stays one.
    assert run(data, (1.04, 2.0)) == [[round(2 * (1.27 * 1.0 - 0.63 * 2.0), 3), 0.0]]
    assert run(tiny(), (1.04, 2.0)) == [[round(2 * (1.27 * 1.04 - 0.634 * 2.0), 3), 0.0]]


def test_what_lies_beyond_the_range_is_cut_off():
    data = quantise(tiny(), [1.27])

    assert run(data, (1.27, 0.0)) == run(data, (9.0, 0.0))
    assert run(data, (1.26, 0.0)) < run(data, (1.27, 0.0))


@pytest.mark.parametrize("ranges", [[], [1.0, 1.0], [0.0], [-1.0], [float("nan")], [float("inf")]])
def test_ranges_that_are_not_one_above_zero_for_each_layer_are_refused(ranges: list[float]):
    with pytest.raises(QuantisingError, match="expected a range above 0 for each of 1 layers, got"):
        quantise(tiny(), ranges)


def test_a_layer_whose_weights_are_not_stored_is_refused():
    with pytest.raises(QuantisingError, match="expected stored weights for layer y, got computed ones"):
        quantise(tiny(stored=False), [1.0])


def test_at_int8_templates_are_the_same_bits_in_any_batch_and_near_those_of_f32():
    registry = load_registry()
    network = registry.get("sface-2021dec-int8")
    data = registry.read(network)
    assert len(layers(onnx.load_model_from_string(fold(data)))) == len(network.ranges)
    session = OpenVinoSession(network, data, streams=2)
    rng = np.random.default_rng(3)
    shades = rng.uniform(0, 255, (5, 3, 7, 7)).repeat(16, axis=2).repeat(16, axis=3).astype(np.float32)

    (together,) = session.run(shades)
    alone = np.concatenate([session.run(shades[place : place + 1])[0] for place in range(5)])
    f32 = registry.get("sface-2021dec")
    (exact,) = OpenVinoSession(f32, registry.read(f32)).run(shades)

    assert np.array_equal(together, alone)
    cosines = (together * exact).sum(axis=1) / np.linalg.norm(together, axis=1) / np.linalg.norm(exact, axis=1)
    assert not np.array_equal(together, exact)
    assert cosines.min() > 0.9  # shades are no faces: of faces it is 0.995
    assert session.identity == f"openvino/{network.number_format}/{network.sha256}"
