"""`countersign evaluate size` and `likelihood`, and what of them goes into a validation; drawn faces, no networks."""

import json
from pathlib import Path
from typing import cast

import pytest

from countersign.governance.artefact_content import Validation
from countersign.governance.likelihood import LikelihoodMethod
from countersign.governance.policy_pack import shipped
from countersign.primitives.codec import from_plain
from tests.fakes import FakeEngine
from tests.journeys.command_line import CommandLine, RememberingEngine
from tests.operations.test_measure_at_size import people


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return people(tmp_path_factory.mktemp("people"))


@pytest.fixture
def command(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "no-installation", cast("RememberingEngine", FakeEngine()))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    file = tmp_path / "pack.toml"
    file.write_text(shipped("test"), encoding="utf-8")
    return file


@pytest.mark.row("P-04", "EQV-15")
def test_rates_by_size_and_ratios_are_reported_and_go_into_a_validation(
    command: CommandLine, data: Path, pack: Path, tmp_path: Path
):
    sizes, ratios, all_in_all = tmp_path / "size", tmp_path / "ratio", tmp_path / "whole"
    common = ("--data", data, "--pack", pack, "--views", "frontal")

    shown = command.run("evaluate", "size", *common, "--synthetic", 0, "--out", sizes)
    assert (shown.exit_code, shown.err) == (0, "")
    assert "20,000,000" in shown.out
    assert sorted(file.name for file in sizes.iterdir()) == ["size.html", "size.json", "size.pdf"]

    told = command.run("evaluate", "likelihood", *common, "--population", "drawn people", "--out", ratios)
    assert told.exit_code == 0, told.err
    assert "Cllr" in told.out
    method: LikelihoodMethod = from_plain(LikelihoodMethod, json.loads((ratios / "method.json").read_text()))
    assert method.population == "drawn people"

    made = command.run(
        "evaluate", "identification", *common, "--claim", "strict=1,1", "--claim", "investigation=1,1",
        "--sizes", sizes / "size.json", "--method", ratios / "method.json", "--out", all_in_all,
    )  # fmt: skip
    assert made.exit_code == 0, made.err
    validation: Validation = from_plain(Validation, json.loads((all_in_all / "validation.json").read_text()))
    assert validation.certificate is not None
    assert validation.certificate.n_highest == 20_000_000  # a claim of at most 1 is borne anywhere
    assert validation.likelihood == (method,)


def test_sizes_of_other_pictures_do_not_widen_a_validation(
    command: CommandLine, data: Path, pack: Path, tmp_path: Path
):
    wrong = tmp_path / "size.json"
    wrong.write_text("{}")
    ended = command.run(
        "evaluate", "identification", "--data", data, "--pack", pack, "--claim", "strict=1,1",
        "--claim", "investigation=1,1", "--sizes", wrong, "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    assert ended.exit_code == 5
    assert "expected the JSON file of `evaluate size`" in ended.out + ended.err


def test_figures_of_ratios_are_printed_as_json_and_an_empty_band_of_quality_is_refused(
    command: CommandLine, data: Path
):
    asked = ("evaluate", "likelihood", "--data", data, "--population", "drawn people")
    assert "measured" in command.do(*asked)
    empty = command.run(*asked, "--quality", 0.95, "--json")
    assert empty.exit_code == 5
    assert "with a quality from 0.95 to 1" in empty.out + empty.err


def test_landmarks_are_places_in_the_picture(command: CommandLine, tmp_path: Path):
    key = tmp_path / "key"
    ended = command.run(
        "exhibit", "landmarks", "e:1", "--point", "1;2", "--reason", "seen", "--out", tmp_path / "p.png",
        "--key", key, "--json",
    )  # fmt: skip
    assert ended.exit_code == 5
    assert "expected x,y such as 120.5,88" in ended.out + ended.err
