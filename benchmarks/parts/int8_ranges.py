"""Read the ranges at which a network's layers are cut off in int8: those with the least mean square error.

Prints the line ``ranges = […]`` for ``networks.toml``. Whoever changes it makes another extractor. Usage:
int8_ranges.py NETWORK FOLDER OF <subject>/*.jpg …
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import openvino
from numpy.typing import NDArray

from countersign.bootstrap import open_engine
from countersign.faces.crops import probe_crops, reference_crops
from countersign.inference.folding import fold
from countersign.inference.quantising import layers
from countersign.inference.registry import load_registry
from countersign.media.intake import read_file
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.describe_pictures import portrayed
from countersign.settings import Settings

PICTURES = 60
"""Of each folder."""
SAMPLED = 40_000
"""Values of a layer that are kept of each face."""


def main() -> None:
    name, *folders = sys.argv[1:]
    registry = load_registry()
    network = onnx.load_model_from_string(fold(registry.read(registry.get(name))))
    inputs = [node.input[0] for node in layers(network)]
    del network.graph.output[:]
    network.graph.output.extend(onnx.helper.make_empty_tensor_value_info(one) for one in inputs)
    core = openvino.Core()
    graph = core.read_model(network.SerializeToString())
    compiled = core.compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    rng = np.random.default_rng(0)
    kept: list[list[NDArray[np.float32]]] = [[] for _ in inputs]
    for crop in crops([Path(folder) for folder in folders]):
        given = compiled([crop.transpose(2, 0, 1)[None].astype(np.float32)])
        for values, output in zip(kept, given.to_tuple(), strict=True):
            flat = np.abs(output.ravel())
            values.append(rng.choice(flat, SAMPLED) if flat.size > SAMPLED else flat)
    print("ranges =", [best_range(np.concatenate(values)) for values in kept])


def crops(folders: Sequence[Path]) -> Iterator[NDArray[np.uint8]]:
    """Give faces cut out as references are and as probes are."""
    engine = open_engine(Settings(threads=2))
    for folder in folders:
        paths = sorted(folder.rglob("*.jpg"))
        for path in paths[:: max(1, len(paths) // PICTURES)][:PICTURES]:
            rgb = decode_image(read_file(str(path), limit_bytes=1 << 26).data).rgb_upright
            faces = engine.locate(rgb, thorough=False)
            if faces:
                points = portrayed(faces, rgb).landmarks_px
                yield from reference_crops(rgb, points)
                yield probe_crops(rgb, points)[-1]


def best_range(magnitudes: NDArray[np.float32]) -> float:
    """Give the range with the least mean square error among 46 shares of the largest magnitude."""
    largest = float(magnitudes.max())

    def error(reach: float) -> float:
        step = reach / 127
        return float(np.mean((np.minimum(np.rint(magnitudes / step), 127) * step - magnitudes) ** 2))

    return round(float(min((largest * share for share in np.linspace(0.1, 1, 46)), key=error)), 3)


if __name__ == "__main__":
    main()
