"""A force's own network: checked, kept, run; or refused with a reason and nothing left behind."""

from pathlib import Path

import numpy as np
import pytest

from countersign.errors import Conflict, CountersignError, Invalid, NotFound, Refused
from countersign.faces.detection import Detection
from countersign.inference.own_networks import read_own
from countersign.inference.registry import Registry, load_registry
from countersign.operations.add_network import NewNetwork, add_network
from countersign.operations.engine import OpenVinoEngine, PreprocessingError, cards
from tests import networks
from tests.fakes import LANDMARKS


def add(folder: Path, said: NewNetwork, data: bytes) -> Registry:
    file = folder.parent / "given.onnx"
    file.write_bytes(data)
    add_network(folder, load_registry().joined(read_own(folder)), said, file)
    return load_registry().joined(read_own(folder))


def test_an_arcface_style_extractor_of_512_features_is_registered_and_makes_templates(tmp_path: Path):
    data = networks.extractor()
    registry = add(tmp_path / "networks", networks.said(data), data)
    engine = OpenVinoEngine(registry, threads=1, extractor="arc-512")
    rgb = np.random.default_rng(2).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    box = np.array([10, 10, 90, 90], dtype=np.float32)
    face = Detection(box_xyxy_px=box, landmarks_px=LANDMARKS, score=0.9)

    assert engine.describe_probe([(rgb, face)]).shape == (1, 512)
    assert engine.describe_reference([(rgb, face), (rgb[::-1], face)]).dtype == np.int8
    assert engine.extractor.endswith("/x762.5/rgb-127.5-127.5")
    assert engine.network != OpenVinoEngine(registry, threads=1).network


def test_a_detector_with_the_outputs_of_yunet_is_registered_and_locates(tmp_path: Path):
    shipped = load_registry()
    data = shipped.read(shipped.get("yunet-2023mar"))
    said = networks.said(data, name="our-yunet", role="detector", licence="MIT", dimension=0, mean=0.0, deviation=1.0)
    registry = add(tmp_path / "networks", said, data)
    engine = OpenVinoEngine(registry, threads=1, detector="our-yunet")

    assert engine.locate(np.zeros((64, 64, 3), dtype=np.uint8), thorough=False) == ()
    assert engine.glimpse(np.zeros((64, 64, 3), dtype=np.uint8)) == ()
    assert [one.name for one in cards(registry, detector="our-yunet")] == ["our-yunet", "sface-2021dec"]
    assert engine.extractor == OpenVinoEngine(registry, threads=1).extractor  # the same file under another name
    assert registry.get("our-yunet").preprocessing == shipped.get("yunet-2023mar").preprocessing


def test_another_detector_makes_templates_that_compare_with_no_others(tmp_path: Path):
    data = networks.detector()
    said = networks.said(data, name="our-own", role="detector", dimension=0, mean=0.0, deviation=1.0)
    registry = add(tmp_path / "networks", said, data)
    built_in = OpenVinoEngine(registry, threads=1).extractor

    assert OpenVinoEngine(registry, threads=1, detector="our-own").extractor.startswith(f"{built_in}/found-by-")


REFUSED: dict[str, tuple[bytes, dict[str, object], type[CountersignError], str]] = {
    "no licence": (networks.extractor(), {"licence": ""}, Refused, "network_without_licence"),
    "a licence for research": (networks.extractor(), {"licence": "CC-BY-NC-4.0"}, Refused, "network_licence"),
    "a copyleft licence": (networks.extractor(), {"licence": "GPL-3.0-only"}, Refused, "network_licence"),
    "another digest": (networks.extractor(), {"sha256": "0" * 64}, CountersignError, "network_digest"),
    "another input": (networks.extractor(channels=1), {}, Refused, "network_shape"),
    "another dimension": (networks.extractor(), {"dimension": 128}, Refused, "network_shape"),
    "no network": (b"weights", {}, Invalid, "unfoldable_network"),
    "too many features": (networks.extractor(1041), {"dimension": 1041}, Refused, "network_scores_inexact"),
    "no dimension": (networks.extractor(), {"dimension": 0}, Invalid, "network_statement"),
    "a detector's dimension": (networks.detector(), {"role": "detector"}, Invalid, "network_statement"),
    "no training data said": (networks.extractor(), {"training_data": " "}, Invalid, "network_statement"),
    "no source said": (networks.extractor(), {"source": ""}, Invalid, "network_statement"),
    "a name that is a path": (networks.extractor(), {"name": "../arc"}, Invalid, "network_statement"),
    "a division by nothing": (networks.extractor(), {"deviation": 0.0}, Invalid, "network_statement"),
    "a name that is installed": (networks.extractor(), {"name": "sface-2021dec"}, Conflict, "network_name_taken"),
}


@pytest.mark.row("ENG-05")
@pytest.mark.parametrize(("data", "change", "family", "code"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_run_is_refused_with_a_reason_and_leaves_nothing_behind(
    tmp_path: Path, data: bytes, change: dict[str, object], family: type[CountersignError], code: str
):
    with pytest.raises(family, match="expected") as caught:
        add(tmp_path / "networks", networks.said(data, **change), data)

    assert caught.value.code == code
    assert not (tmp_path / "networks").exists()


def test_a_second_network_of_a_name_is_refused_and_the_first_stays(tmp_path: Path):
    data = networks.extractor()
    add(tmp_path / "networks", networks.said(data), data)
    with pytest.raises(Conflict):
        add(tmp_path / "networks", networks.said(data, licence="MIT"), data)

    assert read_own(tmp_path / "networks").get("arc-512").licence == "Apache-2.0"


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path):
    with pytest.raises(NotFound, match="expected a readable file gone"):
        add_network(tmp_path, load_registry(), networks.said(b""), tmp_path / "gone.onnx")


def test_a_network_is_not_put_to_work_that_it_does_not_do():
    with pytest.raises(PreprocessingError, match="as detector, got"):
        OpenVinoEngine(load_registry(), threads=1, detector="sface-2021dec")
    with pytest.raises(PreprocessingError, match="as extractor, got"):
        OpenVinoEngine(load_registry(), threads=1, extractor="yunet-2023mar")
