import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from countersign.cli.app import main
from countersign.cli.demonstration import material
from countersign.cli.demonstration.cast import CAST, SIGNERS
from countersign.cli.demonstration.chronicle import Chronicle
from countersign.cli.demonstration.folder import (
    MARKER,
    NoDemonstrationError,
    OutputTakenError,
    erase,
    prepare,
)
from countersign.cli.demonstration.narrator import Narrator
from countersign.cli.demonstration.story import FacesInsideOutputError, Play, play
from countersign.cli.door import plain
from countersign.ledger.command import CLEAN, FOUND

GALLERY = 40
NOW = datetime(2026, 1, 10, 9, tzinfo=UTC)


def told(scene: Play, *, width: int = 80) -> tuple[Chronicle, str]:
    said = io.StringIO()
    chronicle = play(scene, Narrator(Console(file=said, width=width, highlight=False)))
    return chronicle, said.getvalue()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Chronicle, str]:
    return told(Play(out=tmp_path_factory.mktemp("demo") / "out", gallery_size=GALLERY, quiet=True))


@pytest.fixture(scope="module")
def own(shown: tuple[Chronicle, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Chronicle, str]:
    """Tell the story on own images: one known person, one nobody knows, one whose only file is broken."""
    pictures, faces = Path(shown[0].out, "pictures"), tmp_path_factory.mktemp("faces")
    files = {
        "references/astronaut/front.png": pictures / "references/astronaut/astronaut.png",
        "probes/astronaut/still.jpg": pictures / "probes/astronaut/still.jpg",
        "probes/nobody/a.jpg": pictures / "references/rear-admiral/grace_hopper.jpg",
    }
    for name, source in files.items():
        (faces / name).parent.mkdir(parents=True, exist_ok=True)
        (faces / name).write_bytes(source.read_bytes())
    for name in (
        "references/astronaut/broken.jpg",
        "references/astronaut/notes.txt",
        "probes/torn/x.jpg",
        "probes/y.jpg",
    ):
        (faces / name).parent.mkdir(exist_ok=True)
        (faces / name).write_bytes(b"not a picture")
    scene = Play(out=tmp_path_factory.mktemp("own") / "out", faces=faces, gallery_size=GALLERY, quiet=True)
    return told(scene, width=34)


def test_the_story_finds_the_lead_among_the_gallery_and_names_nobody_else(shown: tuple[Chronicle, str]):
    chronicle, _ = shown

    assert [(case.name, case.candidates, case.lead_name, case.n_subjects) for case in chronicle.cases] == [
        ("astronaut", 1, "astronaut", GALLERY)
    ]
    assert (chronicle.enrolled, chronicle.synthetic) == ({"astronaut": 1, "rear-admiral": 1}, GALLERY - 2)


def test_the_story_shows_what_is_refused_with_the_entry_of_each(shown: tuple[Chronicle, str]):
    chronicle, text = shown

    assert [(one.code, one.spoke) for one in chronicle.refusals] == [
        ("imagery_too_young", "guard"),
        ("not_permitted", "policy"),
        ("authorisation_spent", "guard"),
        ("no_independent_evidence", "guard"),
    ]
    assert all(f"entry {one.entry}" in text for one in chronicle.refusals)


def test_the_story_says_that_it_is_a_demonstration_and_never_shows_a_score(shown: tuple[Chronicle, str]):
    chronicle, text = shown

    assert "DEMONSTRATION" in text
    assert "/demonstration/" in chronicle.origin
    assert not re.search(r"score (of|is|:)|\d\.\d+ *%", text)


def test_the_log_verifies_and_the_changed_copy_does_not(shown: tuple[Chronicle, str]):
    chronicle, _ = shown
    verifier = [sys.executable, "-I", chronicle.places["verifier"]]
    clean, changed = (
        subprocess.run([*verifier, chronicle.places[name]], capture_output=True, text=True, check=False)
        for name in ("export of the log", "changed copy of it")
    )

    assert chronicle.verified
    assert chronicle.changed_found
    assert (clean.returncode, changed.returncode) == (CLEAN, FOUND)
    assert "nothing found" in clean.stdout


def test_everything_that_is_named_lies_there_and_keys_are_their_owners(shown: tuple[Chronicle, str]):
    chronicle, _ = shown
    keys = list(Path(chronicle.out, "people").glob("*.key"))

    assert [place for place in chronicle.places.values() if not Path(place.removesuffix("/*.key")).exists()] == []
    assert len(keys) == len(CAST) + len(SIGNERS)
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
    assert len(chronicle.cases[0].reports) == 4


def test_one_goes_on_with_the_demonstrations_data_on_the_command_line(
    shown: tuple[Chronicle, str], capsys: pytest.CaptureFixture[str]
):
    chronicle, _ = shown
    out = Path(chronicle.out)
    places = [f"--{name}={out / name}" for name in ("data", "keys", "witness")]
    request, key = str(chronicle.cases[0].request), str(out / "people" / "officer.key")
    with pytest.raises(SystemExit) as ended:
        main([*places, "request", "show", request, "--key", key, "--json"])

    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["state"] == "outcome_recorded"


def test_the_simulated_clock_never_passes_the_real_one(shown: tuple[Chronicle, str]):
    chronicle, _ = shown
    lines = Path(chronicle.places["export of the log"], "entries.jsonl").read_text(encoding="utf-8").splitlines()

    assert json.loads(lines[-1])["at"] < chronicle.erase_after
    assert all(datetime.fromisoformat(json.loads(line)["at"]) < datetime.now(UTC) for line in lines)


def test_own_images_find_whom_they_show_and_say_honestly_when_there_is_nobody(own: tuple[Chronicle, str]):
    chronicle, text = own

    assert [(case.name, case.stills, case.candidates, case.lead_name) for case in chronicle.cases] == [
        ("astronaut", 1, 1, "astronaut"),
        ("nobody", 1, 0, ""),
        ("torn", 0, 0, ""),
    ]
    assert "No candidate" in text
    assert "agreed" in text


def test_files_that_cannot_be_used_are_listed_and_stop_nothing(own: tuple[Chronicle, str]):
    chronicle, _ = own

    assert sorted(Path(one.file).name for one in chronicle.not_taken) == ["broken.jpg", "notes.txt", "x.jpg", "y.jpg"]
    assert all(one.reason for one in chronicle.not_taken)


def test_with_nobody_to_spare_a_synthetic_data_subject_is_erased(own: tuple[Chronicle, str]):
    assert own[0].erased.startswith("synthetic/")


def test_what_is_printed_as_json_holds_no_opening_of_the_log(shown: tuple[Chronicle, str]):
    written = json.dumps(plain(shown[0]))

    assert {"cases", "refusals", "places", "erase_after"} <= json.loads(written).keys()


def test_a_second_demonstration_replaces_the_first(tmp_path: Path):
    folder, said = prepare(tmp_path / "out", NOW)
    (folder.pictures / "left.jpg").touch()
    again, erased = prepare(tmp_path / "out", NOW + timedelta(hours=1))

    assert said == ""
    assert "before it was due" in erased
    assert not list(again.pictures.iterdir())
    assert "due since" in erase(tmp_path / "out", NOW + timedelta(hours=25))


@pytest.mark.parametrize("marker", [None, "no json", "[]", '{"kind": "production"}', '{"kind": "demonstration"}'])
def test_a_folder_that_no_demonstration_made_is_refused_and_left_alone(tmp_path: Path, marker: str | None):
    (tmp_path / "work.txt").write_text("mine")
    if marker is not None:
        (tmp_path / MARKER).write_text(marker)
    for attempt in (prepare, erase):
        with pytest.raises(OutputTakenError):
            attempt(tmp_path, NOW)

    assert (tmp_path / "work.txt").read_text() == "mine"


def test_a_link_to_a_demonstration_is_refused_and_left_alone(tmp_path: Path):
    prepare(tmp_path / "real", NOW)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(OutputTakenError):
        erase(tmp_path / "link", NOW)
    assert (tmp_path / "real" / MARKER).exists()


def test_erasing_nothing_is_refused(tmp_path: Path):
    with pytest.raises(NoDemonstrationError):
        erase(tmp_path / "none", NOW)


def test_the_verb_erases_a_demonstration(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    prepare(tmp_path / "out", NOW)
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--erase", "--out", str(tmp_path / "out"), "--json"])

    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out) == {"erased": str(tmp_path / "out")}
    assert not (tmp_path / "out").exists()


def test_own_images_inside_the_output_folder_are_refused(tmp_path: Path):
    with pytest.raises(FacesInsideOutputError):
        told(Play(out=tmp_path, faces=tmp_path / "faces"))


def test_more_than_fifty_people_are_refused(tmp_path: Path):
    for number in range(51):
        (tmp_path / "references" / str(number)).mkdir(parents=True)
    (tmp_path / "probes" / "0").mkdir(parents=True)

    with pytest.raises(material.TooManySubjectsError, match="at most 50 people in a demonstration, got 51"):
        material.own_material(tmp_path)


def test_a_folder_of_another_shape_is_refused(tmp_path: Path):
    with pytest.raises(material.OwnFolderError, match="references"):
        material.own_material(tmp_path)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch):
    absent = replace(material.PHOTOGRAPHS[0], module="countersign_has_no_such_package", package="scikit-image")
    monkeypatch.setattr(material, "PHOTOGRAPHS", (absent, material.PHOTOGRAPHS[1]))

    with pytest.raises(material.PhotographMissingError, match="pip install scikit-image"):
        material.photographs()
