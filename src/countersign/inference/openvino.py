"""Networks run by OpenVINO on the processor, at pinned precision.

The precision hint is always set: left alone, OpenVINO picks bf16 where the processor has it, and all templates change.
Pinned, features are the same bits for every batch size and number of threads; f32 is what every processor has.
"""

import queue
import sys
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from countersign.errors import Refused
from countersign.inference.folding import fold
from countersign.inference.quantising import quantise
from countersign.inference.registry import Network
from countersign.inference.session import BatchShapeError

# OpenVINO reports its own import to an analytics service when openvino_telemetry is installed. Marked as absent, its
# stub is used instead: a process that holds faces opens no connection that nobody asked for.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino  # noqa: E402 - see above

__all__ = ["OpenVinoSession", "PrecisionMissingError"]

_CHANNELS = 3


class PrecisionMissingError(Refused):
    """This processor does not have the network's precision: in another one it would be another extractor."""

    code = "network_precision_missing"


class OpenVinoSession:
    """A network compiled once, for any batch size; see ``Session`` for what is promised.

    Each caller runs on one thread, and as many callers at once as there are streams: many pictures side by side are
    faster than one picture on all threads.
    """

    def __init__(self, network: Network, data: bytes, *, streams: int = 1) -> None:
        """Fold and compile a network.

        Args:
            network: What is registered about it.
            data: Its file, already checked against the registered digest.
            streams: How many callers run at once; others wait.

        Raises:
            PrecisionMissingError: The processor does not have the registered precision.
            QuantisingError: The registered ranges are not those of this network.
        """
        core = openvino.Core()
        _demand_precision(network, core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
        settings = {
            # At int8 what is not quantised stays f32.
            "INFERENCE_PRECISION_HINT": "f32" if network.ranges else network.precision,
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": streams,
            # Two networks each pin their threads to the same processors, and then wait for each other beside idle ones.
            "ENABLE_CPU_PINNING": False,
        }
        self._compiled = core.compile_model(core.read_model(_prepared(network, data)), "CPU", settings)
        self._outputs = len(self._compiled.outputs)
        self._idle: queue.SimpleQueue[openvino.InferRequest] = queue.SimpleQueue()
        for _ in range(streams):
            self._idle.put(self._compiled.create_infer_request())
        self._size = (network.input_height_px, network.input_width_px)
        self.identity = f"openvino/{network.number_format}/{network.sha256}"

    def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Run the network; shapes seen before run without preparation.

        Args:
            batch: Images, shape (n, 3, height, width), float32.

        Returns:
            Outputs in the order of the graph, each with n rows first; copies, so they stay when the next batch runs.

        Raises:
            BatchShapeError: Not such a batch, or not of the network's input size.
        """
        size = tuple(wanted or given for wanted, given in zip(self._size, batch.shape[2:], strict=False))
        if batch.dtype != np.float32 or batch.ndim != 4 or batch.shape[1:] != (_CHANNELS, *size):  # noqa: PLR2004
            raise BatchShapeError(
                f"expected float32 (n, 3, {self._size[0] or 'height'}, {self._size[1] or 'width'}), "
                f"got {batch.dtype} {batch.shape}"
            )
        request = self._idle.get()
        # The tensor borrows this memory and does not keep it: it needs a name until the network has run.
        lent = np.ascontiguousarray(batch)
        try:
            # Tensors are set and read one by one: OpenVINO's dictionaries of them cost a third of a millisecond a call.
            request.set_input_tensor(openvino.Tensor(lent, shared_memory=True))
            request.infer()
            return tuple(
                np.array(request.get_output_tensor(place).data, dtype=np.float32) for place in range(self._outputs)
            )
        finally:
            self._idle.put(request)


def _prepared(network: Network, data: bytes) -> bytes:
    folded = fold(data)
    return quantise(folded, network.ranges) if network.ranges else folded


def _demand_precision(network: Network, capabilities: Collection[str]) -> None:
    """Refuse what OpenVINO would quietly run in another precision."""
    if network.precision.upper().replace("F32", "FP32") not in capabilities:
        raise PrecisionMissingError(
            f"expected a processor with {network.precision} for network {network.name}, got {sorted(capabilities)}"
        )
