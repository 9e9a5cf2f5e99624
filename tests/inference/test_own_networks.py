"""A force's own networks: whole or not there, never written over."""

from dataclasses import replace
from pathlib import Path

import pytest

from countersign.errors import Conflict
from countersign.inference.licence import UndeclaredLicenceError
from countersign.inference.own_networks import NetworkNameTakenError, keep_network, read_own
from countersign.inference.registry import (
    Network,
    NetworkDigestError,
    NetworkMissingError,
    Registry,
    RegistryUnreadableError,
    load_registry,
)
from countersign.primitives.digest import sha256

DATA = b"weights"


def own(name: str = "arc-512", **change: object) -> Network:
    row = replace(load_registry().get("sface-2021dec"), name=name, package="", file="network.onnx", sha256=sha256(DATA))
    return replace(row, **change)  # type: ignore[arg-type]


def test_what_was_kept_is_read_again_whole(tmp_path: Path):
    network = own(colour="bgr", mean=127.5, deviation=128.0, training_data='people who said "yes"\nin writing')
    keep_network(tmp_path / "networks", network, DATA)
    found = read_own(tmp_path / "networks")

    assert found.networks == {"arc-512": network}
    assert found.read(network) == DATA
    assert [path.name for path in (tmp_path / "networks").iterdir()] == ["arc-512"]


def test_a_detector_without_an_input_size_is_read_again_as_such(tmp_path: Path):
    network = own(role="detector", dimension=0, scale=0.0, input_height_px=None, input_width_px=None)
    keep_network(tmp_path, network, DATA)

    assert read_own(tmp_path).get("arc-512") == network


def test_a_missing_folder_holds_no_network(tmp_path: Path):
    assert read_own(tmp_path / "none") == Registry(networks={})


def test_a_network_is_never_written_over_and_nothing_is_left_behind(tmp_path: Path):
    keep_network(tmp_path, own(), DATA)
    with pytest.raises(NetworkNameTakenError, match="expected arc-512 to be new") as caught:
        keep_network(tmp_path, own(licence="MIT"), b"other")

    assert isinstance(caught.value, Conflict)
    assert read_own(tmp_path).get("arc-512").licence == "Apache-2.0"
    assert [path.name for path in tmp_path.iterdir()] == ["arc-512"]


def test_what_a_crash_left_is_not_read(tmp_path: Path):
    keep_network(tmp_path, own(), DATA)
    (tmp_path / "arc-512").rename(tmp_path / ".unfinished-x")

    assert not read_own(tmp_path).networks


def test_a_file_that_was_changed_or_taken_away_is_not_run(tmp_path: Path):
    keep_network(tmp_path, own(), DATA)
    found = read_own(tmp_path)
    (tmp_path / "arc-512/network.onnx").write_bytes(b"other")
    with pytest.raises(NetworkDigestError):
        found.read(own())
    (tmp_path / "arc-512/network.onnx").unlink()
    with pytest.raises(NetworkMissingError, match="the folder of the force's own networks"):
        found.read(own())


@pytest.mark.parametrize("file", ["../arc-512/network.onnx", "/etc/passwd"])
def test_a_file_elsewhere_than_beside_its_register_is_not_read(tmp_path: Path, file: str):
    keep_network(tmp_path, own(), DATA)
    with pytest.raises(NetworkMissingError, match="got no such place"):
        read_own(tmp_path).read(own(file=file))


@pytest.mark.row("ENG-05")
def test_a_register_that_somebody_wrote_by_hand_passes_the_licence_gate_too(tmp_path: Path):
    keep_network(tmp_path, own(), DATA)
    said = tmp_path / "arc-512/network.toml"
    said.write_text(said.read_text(encoding="utf-8").replace("Apache-2.0", ""), encoding="utf-8")
    with pytest.raises(UndeclaredLicenceError):
        read_own(tmp_path)


@pytest.mark.parametrize("text", [b"\xff", b"]["])
def test_a_register_that_cannot_be_read_is_named(tmp_path: Path, text: bytes):
    keep_network(tmp_path, own(), DATA)
    (tmp_path / "arc-512/network.toml").write_bytes(text)
    with pytest.raises(RegistryUnreadableError):
        read_own(tmp_path)


def test_an_own_network_takes_no_name_that_is_installed(tmp_path: Path):
    keep_network(tmp_path, own("sface-2021dec"), DATA)
    with pytest.raises(RegistryUnreadableError, match="expected one network a name"):
        load_registry().joined(read_own(tmp_path))
