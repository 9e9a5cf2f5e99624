"""A network of one's own through the command line: taken in, listed, compared, described; or refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from countersign import bootstrap
from countersign.cli.app import main
from countersign.cli.door import PLACES
from countersign.inference.registry import load_registry
from countersign.primitives.digest import sha256
from countersign.settings import Settings
from tests import networks
from tests.fakes import Face, FakeEngine, draw
from tests.journeys.command_line import CommandLine, RememberingEngine
from tests.journeys.station import Station

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(PLACES, "given", {})
    monkeypatch.setenv("COLUMNS", "100")

    def ran(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--data", str(tmp_path / "data"), *map(str, words)])
        return cast("int", ended.value.code or 0), capsys.readouterr().out

    return ran


def added(run: Run, tmp_path: Path, licence: str = "MIT", **change: object) -> tuple[int, dict[str, object]]:
    data = networks.extractor()
    (tmp_path / "arc.onnx").write_bytes(data)
    told = {
        "name": "arc-512", "role": "extractor", "sha256": sha256(data), "licence": licence, "dimension": 512,
        "source": "https://example.org", "training-data": "people who consented", "mean": 127.5, "deviation": 127.5,
    } | change  # fmt: skip
    options = [part for name, value in told.items() for part in (f"--{name}", value)]
    code, out = run("network", "add", tmp_path / "arc.onnx", *options, "--json")
    return code, json.loads(out)


def test_a_network_of_ones_own_is_listed_and_can_be_put_to_work(run: Run, tmp_path: Path):
    code, shown = added(run, tmp_path)
    listed = json.loads(run("network", "list", "--json")[1])["networks"]
    engine = bootstrap.open_engine(Settings(data=tmp_path / "data", extractor="arc-512"))

    assert (code, shown["name"], shown["dimension"]) == (0, "arc-512", 512)
    assert [one["name"] for one in listed][-1] == "arc-512"
    assert engine.extractor.startswith(cast("str", shown["sha256"]))


def test_a_network_without_a_licence_is_refused_and_not_listed(run: Run, tmp_path: Path):
    for licence, reason in (("", "network_without_licence"), ("CC-BY-NC-4.0", "network_licence")):
        code, shown = added(run, tmp_path, licence)
        assert (code, shown["error"], shown["code"]) == (3, "Refused", reason)
    assert "arc-512" not in run("network", "list")[1]


def test_a_programme_may_be_made_where_networks_already_lie_and_nothing_else(tmp_path: Path):
    settings = Settings(data=tmp_path / "data", keys=tmp_path / "keys", witness=tmp_path / "witness")
    bootstrap.own_networks(settings).mkdir(parents=True)
    station = Station(CommandLine(tmp_path, RememberingEngine()))
    station.initialise()
    assert bootstrap.database_of(settings).exists()

    other = Station(CommandLine(tmp_path / "other", station.command.engine))
    (other.home / "data/pictures").mkdir(parents=True)
    with pytest.raises(AssertionError, match="folder_taken"):
        other.initialise()


def test_a_card_is_printed_or_written_once(run: Run, tmp_path: Path):
    added(run, tmp_path)
    code, out = run("network", "card", "arc-512")
    assert code == 0
    assert out.startswith("# arc-512\n")
    assert "people who consented" in out
    assert run("network", "card", "arc-512", "--out", tmp_path / "card.md")[0] == 0
    assert (tmp_path / "card.md").read_text(encoding="utf-8") == out
    assert run("network", "card", "arc-512", "--out", tmp_path / "card.md")[0] == 6
    assert json.loads(run("network", "card", "arc-512", "--json")[1])["card"] == out


def test_a_register_that_cannot_be_read_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COUNTERSIGN_NETWORKS", str(tmp_path / "none.toml"))
    code, out = run("network", "list", "--json")
    assert (code, json.loads(out)["code"]) == (5, "network_registry_unreadable")


def faces(folder: Path) -> Path:
    rows = ["dataset,subject,file,kind,view"]
    for person in range(1, 5):
        for kind, view in (("mugshot", '"yaw=0,pitch=0"'), ("cctv", "a")):
            draw(folder / f"{person}-{kind}.png", Face(person=person, view=len(kind)))
            rows.append(f"m,{person},{person}-{kind}.png,{kind},{view}")
    draw(folder / "9.png", Face(person=9))
    rows.append("n,9,9.png,news,")
    (folder / "manifest.csv").write_text("\n".join(rows))
    (folder / "pairs.csv").write_text(
        "first,second,mated\n1-mugshot.png,1-cctv.png,1\n1-mugshot.png,2-cctv.png,0\n2-mugshot.png,2-cctv.png,1\n"
    )
    return folder


def test_two_networks_are_compared_on_searches_and_pairs(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap, "open_engine", lambda place: FakeEngine(place.extractor))
    data = faces(tmp_path / "faces")
    words = ("evaluate", "compare", "sface-2021dec", "sface-2021dec-bf16", "--data", data)
    code, out = run(*words, "--pairs", data / "pairs.csv", "--out", tmp_path / "compared.json")
    told = json.loads((tmp_path / "compared.json").read_text(encoding="utf-8"))

    assert code == 0
    assert "frontal single: 4 mated of 4, 4 people, N = 5" in out
    assert "pairs: 2 mated of 3, 4 people" in out or "pairs: 2 mated of 3" in out
    assert max(map(len, out.splitlines())) <= 100
    assert (told["first"]["extractor"], told["second"]["extractor"]) == ("sface-2021dec", "sface-2021dec-bf16")
    assert [one["protocol"] for one in told["compared"]] == [
        "frontal single", "frontal sets", "seven single", "seven sets", "pairs",
    ]  # fmt: skip
    assert str(tmp_path) not in json.dumps(told)


def test_networks_that_do_different_work_are_not_compared(run: Run, tmp_path: Path):
    code, out = run(
        "evaluate", "compare", "sface-2021dec", "yunet-2023mar", "--data", faces(tmp_path / "faces"), "--json"
    )
    assert (code, json.loads(out)["code"]) == (5, "networks_unlike")


def test_detectors_are_compared_with_one_extractor(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shipped = load_registry()
    data = shipped.read(shipped.get("yunet-2023mar"))
    (tmp_path / "y.onnx").write_bytes(data)
    code, _ = run(
        "network", "add", tmp_path / "y.onnx", "--name", "our-yunet", "--role", "detector", "--sha256", sha256(data),
        "--licence", "MIT", "--source", "https://example.org", "--training-data", "WIDER FACE",
    )  # fmt: skip
    opened: list[str] = []

    def open_engine(place: Settings) -> FakeEngine:
        opened.append(place.detector)
        return FakeEngine()

    monkeypatch.setattr(bootstrap, "open_engine", open_engine)
    done, out = run(
        "evaluate", "compare", "yunet-2023mar", "our-yunet", "--data", faces(tmp_path / "faces"), "--views", "seven",
        "--json",
    )  # fmt: skip
    assert (code, done) == (0, 0)
    assert opened == ["yunet-2023mar", "our-yunet"]
    assert len(json.loads(out)["compared"]) == 2
