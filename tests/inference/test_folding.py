"""Folding: block-quantised weights become the float32 they stand for."""

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from countersign.inference.folding import UnfoldableNetworkError, fold


def _network(
    weight: NDArray[np.int8],
    scale: NDArray[np.float32],
    zero: NDArray[np.int8] | None,
    *,
    axis: int = 1,
    block: int = 0,
    kernel: tuple[int, ...] = (2, 3, 1, 1),
) -> bytes:
    stored = {"q": weight, "s": scale, "shape": np.array(kernel)} | ({} if zero is None else {"z": zero})
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 8, 8])
    listed = [helper.make_tensor_value_info("w", TensorProto.FLOAT, list(kernel))]
    nodes = [
        helper.make_node(
            "DequantizeLinear", ["q", "s", *(["z"] if "z" in stored else [])], ["dq"], axis=axis, block_size=block
        ),
        helper.make_node("Reshape", ["dq", "shape"], ["w"]),
        helper.make_node("Conv", ["image", "w"], ["out"]),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [image, *listed],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 2, 8, 8])],
        [numpy_helper.from_array(value, name) for name, value in stored.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return bytes(made.SerializeToString())


def _weight(data: bytes) -> NDArray[np.float32]:
    (stored,) = onnx.load_model_from_string(fold(data)).graph.initializer
    return np.asarray(numpy_helper.to_array(stored), dtype=np.float32)


def test_blocks_of_a_hand_worked_weight_get_their_own_scale_and_zero_point():
    weight = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.int8)
    scale = np.array([[1, 10], [2, 0.5]], dtype=np.float32)  # blocks of two: the second block is short
    zero = np.array([[0, 1], [2, 0]], dtype=np.int8)

    assert _weight(_network(weight, scale, zero, block=2)).reshape(2, 3).tolist() == [[1, 2, 20], [4, 6, 3]]


def test_one_scale_a_channel_spreads_along_its_axis():
    weight = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.int8)

    assert _weight(_network(weight, np.array([2, 10], dtype=np.float32), None, axis=0)).reshape(2, 3).tolist() == [
        [2, 4, 6],
        [40, 50, 60],
    ]


def test_one_scale_for_all_needs_no_axis():
    weight = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.int8)

    assert _weight(_network(weight, np.array(0.5, dtype=np.float32), None)).ravel().tolist() == [0.5, 1, 1.5, 2, 2.5, 3]


@settings(deadline=None)  # a test never measures time
@given(seed=st.integers(0, 2**32 - 1), block=st.sampled_from([1, 3]))
def test_folding_never_changes_what_a_network_computes(seed: int, block: int):
    random = np.random.default_rng(seed)
    weight = random.integers(-128, 128, (2, 3), dtype=np.int8)
    scale = random.random((2, 3 // block), dtype=np.float32)
    data = _network(weight, scale, random.integers(-9, 9, (2, 3 // block), dtype=np.int8), block=block)
    image = random.random((1, 3, 8, 8), dtype=np.float32)

    # the listed input "w" is what the file should not have had: the naive oracle computes the graph without it
    naive = onnx.load_model_from_string(data)
    del naive.graph.input[1]
    (before,) = ReferenceEvaluator(naive).run(None, {"image": image})
    (after,) = ReferenceEvaluator(onnx.load_model_from_string(fold(data))).run(None, {"image": image})

    np.testing.assert_allclose(after, before, rtol=1e-6)
    assert after.shape == (1, 2, 8, 8)


def test_a_convolutional_network_takes_any_batch_and_size_afterwards():
    weight = np.ones((2, 3), dtype=np.int8)
    graph = onnx.load_model_from_string(fold(_network(weight, np.array(1, dtype=np.float32), None))).graph

    assert [given.name for given in graph.input] == ["image"]
    assert [d.dim_param or d.dim_value for d in graph.input[0].type.tensor_type.shape.dim] == [
        "n",
        3,
        "height",
        "width",
    ]


def test_bytes_that_are_no_network_are_told_apart():
    with pytest.raises(UnfoldableNetworkError, match="expected an ONNX file, got 9 bytes"):
        fold(b"not onnx!")


def test_a_network_without_an_image_input_cannot_be_folded():
    vector = helper.make_tensor_value_info("v", TensorProto.FLOAT, [4])
    graph = helper.make_graph([helper.make_node("Relu", ["v"], ["out"])], "g", [vector], [vector])
    data = helper.make_model(graph).SerializeToString()

    with pytest.raises(UnfoldableNetworkError, match="one image input"):
        fold(data)
