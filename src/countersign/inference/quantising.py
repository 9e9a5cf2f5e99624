"""Quantising of a folded network to int8, by ranges that were read once and stand in the register.

Every convolution and fully connected layer multiplies int8 by int8: its weights in steps of their own for each output
channel, its input in steps of one 127th of the layer's range. What lies beyond a range is cut off. The network file
stays the published one; digest, precision and ranges together say which templates come out.
"""

import math
from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from countersign.errors import Invalid

__all__ = ["QuantisingError", "layers", "quantise"]

_LAYERS = {"Conv", "Gemm"}
_LARGEST = 127


class QuantisingError(Invalid):
    """The ranges are not those of this network."""

    code = "network_ranges"


def layers(network: onnx.ModelProto) -> list[onnx.NodeProto]:
    """Give the layers that are quantised, in the order of the graph."""
    return [node for node in network.graph.node if node.op_type in _LAYERS]


def quantise(data: bytes, ranges: Sequence[float]) -> bytes:
    """Quantise a network whose weights are stored values.

    Args:
        data: A folded ONNX file (`inference.folding`).
        ranges: Of each layer the magnitude at which its input is cut off, above 0, in the order of the graph.

    Returns:
        An ONNX file with ``QuantizeLinear`` and ``DequantizeLinear`` before each layer, which engines run in int8.

    Raises:
        QuantisingError: Not one range above 0 for each layer, or a layer whose weights are not stored.

    Source:
        ONNX operator specification, QuantizeLinear-21; signed, symmetric, weights by output channel.
    """
    network = onnx.load_model_from_string(data)
    graph = network.graph
    found = layers(network)
    if len(found) != len(ranges) or not all(math.isfinite(reach) and reach > 0 for reach in ranges):
        raise QuantisingError(f"expected a range above 0 for each of {len(found)} layers, got {list(ranges)}")
    stored = {one.name: one for one in graph.initializer}
    reach_of = {node.output[0]: reach for node, reach in zip(found, ranges, strict=True)}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.output[0] in reach_of:
            weights = stored.pop(node.input[1], None)
            if weights is None:
                raise QuantisingError(f"expected stored weights for layer {node.output[0]}, got computed ones")
            nodes += _before(node, numpy_helper.to_array(weights), reach_of[node.output[0]], stored)
        nodes.append(node)
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(stored.values())
    return bytes(network.SerializeToString())


def _before(
    node: onnx.NodeProto, weights: NDArray[np.generic], reach: float, stored: dict[str, onnx.TensorProto]
) -> list[onnx.NodeProto]:
    """Give the nodes that go before a layer, store what they need and have the layer take what they give."""
    name = node.output[0]
    codes, steps = _coded(weights.astype(np.float32))
    for what, value in {
        "step": np.array(reach / _LARGEST, dtype=np.float32),
        "zero": np.array(0, dtype=np.int8),
        "codes": codes,
        "steps": steps,
    }.items():
        stored[f"{name}/{what}"] = numpy_helper.from_array(value, f"{name}/{what}")
    given, step, zero = node.input[0], f"{name}/step", f"{name}/zero"
    node.input[0], node.input[1] = f"{name}/input", f"{name}/weights"
    make = onnx.helper.make_node
    return [
        make("QuantizeLinear", [given, step, zero], [f"{name}/input_codes"], name=f"{name}/quantise"),
        make("DequantizeLinear", [f"{name}/input_codes", step, zero], [f"{name}/input"], name=f"{name}/dequantise"),
        make("DequantizeLinear", [f"{name}/codes", f"{name}/steps"], [f"{name}/weights"], name=f"{name}/w", axis=0),
    ]


def _coded(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Give codes within ±127 and the step of each output channel, the first axis; a channel of zeros keeps step 1."""
    most = np.abs(weights.reshape(len(weights), -1)).max(axis=1)
    steps = np.where(most > 0, most / _LARGEST, 1).astype(np.float32)
    codes = np.rint(weights / steps.reshape(-1, *[1] * (weights.ndim - 1)))
    return np.clip(codes, -_LARGEST, _LARGEST).astype(np.int8), steps
