"""Tiny networks with the shapes of real ones: nobody's weights are needed to test how a network is taken in."""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from countersign.operations.add_network import NewNetwork
from countersign.primitives.digest import sha256


def extractor(dimension: int = 512, *, side_px: int = 112, channels: int = 3) -> bytes:
    """Give a network of the ArcFace kind: an image of 112 px to so many features."""
    weight = np.random.default_rng(1).standard_normal((dimension, channels, 16, 16)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["seen"], strides=[16, 16]),
        helper.make_node("Tanh", ["seen"], ["bent"]),
        helper.make_node("GlobalAveragePool", ["bent"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["features"]),
    ]
    return _network(nodes, {"w": weight}, [1, channels, side_px, side_px], ["features"])


def constant(dimension: int = 512) -> bytes:
    """Give a network that says the same of every image."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["features"]),
    ]
    return _network(nodes, {"w": np.zeros((3, dimension), dtype=np.float32)}, [1, 3, 112, 112], ["features"])


def fixed_batch(dimension: int = 512) -> bytes:
    """Give a network that takes one image at a time only: its export wrote the batch of 1 into a shape."""
    nodes = [
        helper.make_node("Reshape", ["image", "shape"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["out"]),
    ]
    weight = np.random.default_rng(1).standard_normal((3 * 112 * 112, 1)).astype(np.float32).repeat(dimension, axis=1)
    stored = {"shape": np.array([1, 3 * 112 * 112]), "w": weight}
    return _network(nodes, stored, [1, 3, 112, 112], ["out"])


def detector(parts: Sequence[int] = (1, 1, 4, 10)) -> bytes:
    """Give a network with YuNet's outputs: ``cls``, ``obj``, ``bbox``, ``kps``, each at strides 8, 16 and 32."""
    nodes, stored, outputs = [], {}, []
    for part, width in enumerate(parts):
        stored[f"w{width}"] = np.full((width, 3, 1, 1), 0.001, dtype=np.float32)
        stored[f"s{width}"] = np.array([1, -1, width])
        for stride in (8, 16, 32):
            name = f"{part}-{stride}"
            nodes += [
                helper.make_node(
                    "AveragePool", ["image"], [f"p{name}"], kernel_shape=[stride, stride], strides=[stride, stride]
                ),
                helper.make_node("Conv", [f"p{name}", f"w{width}"], [f"c{name}"]),
                helper.make_node("Transpose", [f"c{name}"], [f"t{name}"], perm=[0, 2, 3, 1]),
                helper.make_node("Reshape", [f"t{name}", f"s{width}"], [name]),
            ]
            outputs.append(name)
    return _network(nodes, stored, [1, 3, 320, 320], outputs)


def _network(
    nodes: Sequence[onnx.NodeProto], stored: dict[str, np.ndarray], image: Sequence[int], outputs: Sequence[str]
) -> bytes:
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, image)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in stored.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(made.SerializeToString())


def said(data: bytes, **change: object) -> NewNetwork:
    """Give what an honest person says of an extractor with 512 features."""
    told: dict[str, object] = {
        "name": "arc-512",
        "role": "extractor",
        "sha256": sha256(data),
        "licence": "Apache-2.0",
        "source": "https://example.org/arc",
        "training_data": "people who consented",
        "dimension": 512,
        "mean": 127.5,
        "deviation": 127.5,
    }
    return NewNetwork(**(told | change))  # type: ignore[arg-type]
