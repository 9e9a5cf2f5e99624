"""A card says what a network is and what was measured with it; another network's figures are refused."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from countersign.errors import Invalid, NotFound
from countersign.inference.registry import load_registry
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_one_to_many import MeasureOneToMany, measure_one_to_many
from countersign.operations.measure_one_to_one import measure_one_to_one
from countersign.operations.network_card import CERTIFIES_NOTHING, NOTHING_MEASURED, lines, network_card, read_measured
from countersign.primitives.codec import to_plain
from countersign.primitives.digest import Sha256, sha256
from countersign.templates.extractor import extractor_identity
from tests.fakes import Face, FakeEngine, draw

REGISTRY = load_registry()
EXTRACTOR = extractor_identity(REGISTRY.get("sface-2021dec"))
GIVEN = EvaluationConditions(
    measured_at=datetime(2026, 11, 25, tzinfo=UTC),
    code="1.0",
    extractor=EXTRACTOR,
    network=Sha256(sha256(f"{REGISTRY.get('yunet-2023mar').sha256} {EXTRACTOR}".encode())),
    data="faces",
    data_sha256=Sha256("ab" * 32),
    pack_sha256="",
    asked={"command": "evaluate identification --data faces"},
)


def written(place: Path, measured: object, given: EvaluationConditions = GIVEN) -> Path:
    place.write_text(json.dumps({"conditions": to_plain(given), "measured": asdict(measured)}))  # type: ignore[call-overload]
    return place


@pytest.fixture
def searched(tmp_path: Path) -> Path:
    rows = ["dataset,subject,file,kind,view"]
    for person in (1, 2):
        for kind in ("mugshot", "cctv"):
            draw(tmp_path / f"{person}-{kind}.png", Face(person=person if (person, kind) != (2, "cctv") else 0))
            rows.append(f"m,{person},{person}-{kind}.png,{kind},")
    draw(tmp_path / "9.png", Face(person=9))
    rows.append("n,9,9.png,news,")
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    done = measure_one_to_many(FakeEngine(), MeasureOneToMany(data=tmp_path), lambda *_: None)
    return written(tmp_path / "identification.json", done)


@pytest.fixture
def paired(tmp_path: Path) -> Path:
    for name, person in (("a", 1), ("b", 1), ("c", 2)):
        draw(tmp_path / f"{name}.png", Face(person=person))
    (tmp_path / "pairs.csv").write_text("first,second,mated\na.png,b.png,1\na.png,c.png,0\n")
    done = measure_one_to_one(FakeEngine(), tmp_path / "pairs.csv", tmp_path, lambda *_: None)
    return written(tmp_path / "verification.json", done)


def test_the_list_holds_every_network_with_licence_and_digest():
    assert [(one.name, one.role, one.licence, one.precision) for one in lines(REGISTRY)] == [
        ("yunet-2023mar", "detector", "MIT", "f32"),
        ("yunet-2023mar-bf16", "detector", "MIT", "bf16"),
        ("sface-2021dec", "extractor", "Apache-2.0", "f32"),
        ("sface-2021dec-bf16", "extractor", "Apache-2.0", "bf16"),
        ("sface-2021dec-int8", "extractor", "Apache-2.0", "int8"),
    ]


def test_a_card_of_an_extractor_holds_its_facts_and_each_rate_with_interval(searched: Path, paired: Path):
    card = network_card(REGISTRY, "sface-2021dec", [read_measured(searched), read_measured(paired)])

    for fact in ("# sface-2021dec", REGISTRY.get("sface-2021dec").sha256, "Apache-2.0", EXTRACTOR, "MS-Celeb-1M"):
        assert fact in card
    assert (
        "## One-to-many search, 2 references of 2 people sought, N = 3, one still a probe, on faces, 25 November 2026"
        in card
    )
    assert "## One-to-one comparison, 1 mated and 1 non-mated pairs" in card
    assert "| mate among the first 1 | 0.500 | 0.000 to 1.000 | 2 | 2 |" in card
    assert "| no template of a probe | 0.500 | 0.013 to 0.987 | 2 |  |" in card
    assert "| FNMR at FMR 0.1 | 0.000 | 0.000 to 0.975 | 1 | 1 |" in card
    assert "`countersign evaluate identification --data faces`; list of pictures `abab" in card
    assert card.endswith(f"{CERTIFIES_NOTHING}\n")
    assert "no_face" not in card


def test_a_card_of_a_detector_holds_what_it_did_not_find(searched: Path):
    card = network_card(REGISTRY, "yunet-2023mar", [read_measured(searched)])

    assert "locates faces" in card
    assert f"Extractor: `{EXTRACTOR}`" in card
    assert [line.split(" | ")[0] for line in card.splitlines() if line.startswith(("| no", "| mate", "| FNIR"))] == [
        "| no template of a probe",
        "| no template of a reference",
    ]


def test_an_extractor_keeps_its_figures_whatever_detector_placed_the_landmarks(searched: Path):
    measured = read_measured(searched)
    other = replace(measured.conditions, extractor=f"{EXTRACTOR}/found-by-00")

    assert "mate among the first 1" in network_card(REGISTRY, "sface-2021dec", [replace(measured, conditions=other)])


def test_a_card_without_an_evaluation_says_so():
    assert f"{NOTHING_MEASURED} {CERTIFIES_NOTHING}" in network_card(REGISTRY, "sface-2021dec-bf16")


@pytest.mark.parametrize("name", ["sface-2021dec-bf16", "yunet-2023mar"])
def test_the_figures_of_another_network_are_refused(searched: Path, name: str):
    measured = read_measured(searched)
    other = replace(measured.conditions, network=Sha256("00" * 32))
    with pytest.raises(Invalid, match=f"expected an evaluation of {name}"):
        network_card(REGISTRY, name, [replace(measured, conditions=other)])


@pytest.mark.parametrize("text", [b"\xff", b"[]", b"{}", b'{"measured": {}, "conditions": {}}'])
def test_a_file_that_is_no_evaluation_is_refused(tmp_path: Path, text: bytes):
    (tmp_path / "x.json").write_bytes(text)
    with pytest.raises(Invalid, match=r"expected the JSON file of an evaluation in x\.json"):
        read_measured(tmp_path / "x.json")


def test_a_file_or_a_network_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(Invalid, match="gone"):
        read_measured(tmp_path / "gone.json")
    with pytest.raises(NotFound):
        network_card(REGISTRY, "other")
