"""Who may import whom: the contracts stand in pyproject.toml, and they bite."""

import tomllib

import pytest
from importlinter.cli import lint_imports

from tests.architecture.tree import ROOT

CONTRACTS = ("layers", "flow", "engine", "doors", "ledger-alone", "homes")


def test_every_import_keeps_the_contracts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(ROOT)
    # It would switch off every logger that exists, and the tests after this one read ours.
    monkeypatch.setattr("importlinter.cli.logging_config.dictConfig", lambda _settings: None)

    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)

    assert code == 0, capsys.readouterr().out


def test_the_six_contracts_are_there():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]

    assert tuple(contract["id"] for contract in settings["contracts"]) == CONTRACTS
    assert settings["contracts"][0]["exhaustive"] is True
