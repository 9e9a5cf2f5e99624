"""The register of networks: digest, licence and exactness are checked before anything runs."""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.errors import IntegrityBroken, Invalid, NotFound, Refused
from countersign.inference.licence import LicenceBarsUseError, UndeclaredLicenceError
from countersign.inference.registry import (
    InexactScoreError,
    Network,
    NetworkDigestError,
    NetworkMissingError,
    RegistryUnreadableError,
    UnknownNetworkError,
    load_registry,
    parse_registry,
)

ROW = """
[[network]]
name = "n"
role = "extractor"
sha256 = "00"
licence = "MIT"
source = "s"
training_data = "t"
package = "carrier_of_networks"
file = "n.onnx"
precision = "f32"
preprocessing = "p/1"
dimension = 128
"""


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Network:
    folder = tmp_path / "carrier_of_networks"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "n.onnx").write_bytes(b"weights")
    monkeypatch.syspath_prepend(str(tmp_path))
    return replace(parse_registry(ROW).get("n"), sha256=hashlib.sha256(b"weights").hexdigest())


def test_every_installed_network_declares_its_facts_and_its_file_has_the_digest():
    registry = load_registry()

    assert set(registry.networks) == {
        *("yunet-2023mar", "yunet-2023mar-bf16", "sface-2021dec", "sface-2021dec-bf16", "sface-2021dec-int8")
    }
    for network in registry.networks.values():
        assert network.licence in {"MIT", "Apache-2.0"}
        assert network.source.startswith("https://")
        assert hashlib.sha256(registry.read(network)).hexdigest() == network.sha256


def test_reading_a_network_never_imports_the_package_that_carries_it(carried: Network):
    assert parse_registry(ROW).read(carried) == b"weights"
    assert "carrier_of_networks" not in sys.modules


@pytest.mark.row("SEC-11", "ENG-05")
def test_one_changed_byte_is_a_broken_integrity(carried: Network):
    with pytest.raises(NetworkDigestError, match="expected SHA-256 00 for network n") as caught:
        parse_registry(ROW).read(replace(carried, sha256="00"))

    assert isinstance(caught.value, IntegrityBroken)


@pytest.mark.parametrize("change", [{"file": "other.onnx"}, {"package": "no_such_package"}, {"package": "stat"}])
def test_a_package_or_file_that_is_not_there_is_not_found(carried: Network, change: dict[str, str]):
    with pytest.raises(NetworkMissingError) as caught:
        parse_registry(ROW).read(replace(carried, **change))  # type: ignore[arg-type]

    assert isinstance(caught.value, NotFound)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UnknownNetworkError, match=r"expected one of \['n'\], got 'm'"):
        parse_registry(ROW).get("m")


@pytest.mark.row("ENG-05")
@pytest.mark.parametrize("licence", ["", "  "])
def test_a_network_without_a_licence_is_refused(licence: str):
    with pytest.raises(UndeclaredLicenceError) as caught:
        parse_registry(ROW.replace('"MIT"', f'"{licence}"'))

    assert isinstance(caught.value, Refused)


@pytest.mark.row("ENG-05")
def test_a_network_whose_licence_bars_use_is_refused():
    with pytest.raises(LicenceBarsUseError, match="got CC-BY-NC"):
        parse_registry(ROW.replace('"MIT"', '"CC-BY-NC-4.0"'))


def test_a_template_is_refused_from_the_first_length_whose_scores_float32_cannot_hold():
    assert parse_registry(ROW.replace("128", "1040")).get("n").dimension == 1040
    with pytest.raises(InexactScoreError, match="got 16790289 at 1041"):
        parse_registry(ROW.replace("128", "1041"))


@pytest.mark.parametrize(
    "text",
    [
        "][",
        "",
        ROW.replace('licence = "MIT"', ""),
        ROW.replace('"MIT"', "1"),
        ROW.replace("128", '"128"'),
        ROW.replace('"extractor"', '"guesser"'),
        ROW.replace('"f32"', '"f8"'),
        ROW + "x = 1",
        ROW + 'colour = "grey"',
        ROW + "deviation = 0",
        ROW + "ranges = [1.0]",
        ROW.replace('"f32"', '"int8"'),
        ROW + "deviation = inf",
        ROW + "mean = nan",
        ROW + ROW,
    ],
)
def test_a_register_that_is_not_one_is_invalid(text: str):
    with pytest.raises(RegistryUnreadableError) as caught:
        parse_registry(text)

    assert isinstance(caught.value, Invalid)


def test_ranges_are_part_of_what_makes_a_network_at_int8_and_of_no_other():
    one, other = (
        parse_registry(ROW.replace('"f32"', '"int8"') + f"ranges = [1.0, {reach}]").get("n") for reach in (2.0, 2.5)
    )

    assert one.number_format.startswith("int8-")
    assert one.number_format != other.number_format
    assert parse_registry(ROW).get("n").number_format == "f32"
