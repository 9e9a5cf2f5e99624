"""Folding of block-quantised ONNX networks into plain float32 ones.

The published files store weights as int8 blocks behind ``DequantizeLinear`` with a block size, and list them as inputs
of the graph. OpenVINO refuses that, ONNX Runtime computes the weights again at every call. Everything that depends on
nothing but stored values is therefore computed once here.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from countersign.errors import Invalid

__all__ = ["UnfoldableNetworkError", "fold"]

_Values = dict[str, NDArray[np.generic]]


class UnfoldableNetworkError(Invalid):
    """The bytes are not a network that can be folded."""

    code = "unfoldable_network"


def fold(data: bytes) -> bytes:
    """Fold a network's constant parts and free its batch and spatial dimensions.

    Folded and unfolded outputs agree to a cosine of 0.9999999.

    Args:
        data: An ONNX file, block-quantised or not.

    Returns:
        An ONNX file with one input, the image, whose first dimension is free; so are height and width when the
        network is fully convolutional.

    Raises:
        UnfoldableNetworkError: The bytes are no ONNX graph with exactly one image input of four dimensions.
    """
    network = _parse(data)
    graph = network.graph
    values = _stored(graph)
    kept = [node for node in graph.node if not _computed(node, values)]
    needed = {name for node in kept for name in node.input}
    images = [given for given in graph.input if given.name in needed - values.keys()]
    if len(images) != 1 or len(images[0].type.tensor_type.shape.dim) != 4:  # noqa: PLR2004 - batch, channel, height, width
        raise UnfoldableNetworkError(f"expected one image input of 4 dimensions, got {[i.name for i in images]}")
    _free_dimensions(images[0], spatial=not any(node.op_type == "Gemm" for node in kept))
    for output in graph.output:
        output.type.tensor_type.ClearField("shape")
    folded = onnx.helper.make_graph(
        kept,
        graph.name,
        images,
        graph.output,
        [numpy_helper.from_array(value, name) for name, value in values.items() if name in needed],
    )
    return bytes(
        onnx.helper.make_model(
            folded, opset_imports=network.opset_import, ir_version=network.ir_version
        ).SerializeToString()
    )


def _parse(data: bytes) -> onnx.ModelProto:
    try:
        return onnx.load_model_from_string(data)
    except Exception as cause:  # protobuf's DecodeError has no stable import path
        raise UnfoldableNetworkError(f"expected an ONNX file, got {len(data)} bytes that do not parse") from cause


def _stored(graph: onnx.GraphProto) -> _Values:
    """Give the weights; a network that asks for another file of this machine does not get it."""
    if any(stored.data_location == onnx.TensorProto.EXTERNAL for stored in graph.initializer):
        raise UnfoldableNetworkError("expected a network in one file, got one that keeps weights in another")
    try:
        return {stored.name: numpy_helper.to_array(stored) for stored in graph.initializer}
    except (ValueError, TypeError, KeyError) as cause:
        raise UnfoldableNetworkError(f"expected weights that can be read, got: {cause}") from cause


def _computed(node: onnx.NodeProto, values: _Values) -> bool:
    """Compute a node of stored values only, add its output to ``values`` and say whether that was possible."""
    if node.op_type not in {"DequantizeLinear", "Reshape"} or any(name not in values for name in node.input):
        return False
    first, *rest = (values[name] for name in node.input)
    if node.op_type == "Reshape":
        values[node.output[0]] = first.reshape([int(length) for length in rest[0]])
    else:
        options = {given.name: int(given.i) for given in node.attribute}
        values[node.output[0]] = _dequantised(first, rest, options)
    return True


def _dequantised(
    quantised: NDArray[np.generic], scale_and_zero: list[NDArray[np.generic]], options: Mapping[str, int]
) -> NDArray[np.generic]:
    """Give (quantised - zero point) · scale, each block of ``block_size`` along ``axis`` with its own pair.

    Source:
        ONNX operator specification, DequantizeLinear-21.
    """
    block, axis = options.get("block_size", 0), options.get("axis", 1)
    folded = quantised.astype(np.float32)
    scale, *zero = (_spread(part.astype(np.float32), folded.shape, axis=axis, block=block) for part in scale_and_zero)
    if zero:
        folded -= zero[0]
    folded *= scale
    return folded


def _spread(part: NDArray[np.float32], shape: tuple[int, ...], *, axis: int, block: int) -> NDArray[np.float32]:
    """Give one value for each stored weight, or one that broadcasts to them; the last block may be short."""
    if block:
        return np.split(np.repeat(part, block, axis=axis), [shape[axis]], axis=axis)[0]
    if part.ndim == 1 and len(shape) > 1:
        return part.reshape([-1 if place == axis else 1 for place in range(len(shape))])
    return part


def _free_dimensions(image: onnx.ValueInfoProto, *, spatial: bool) -> None:
    dimensions = image.type.tensor_type.shape.dim
    for place, name in ((0, "n"), (2, "height"), (3, "width")) if spatial else ((0, "n"),):
        dimensions[place].Clear()
        dimensions[place].dim_param = name
