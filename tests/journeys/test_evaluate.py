"""`countersign evaluate folders` on the research sets: what it gives, and that the networks are good enough."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import pytest

from tests.journeys.command_line import CommandLine, RememberingEngine
from tests.journeys.test_frmdb_and_lfw import references, views

REPORTED = {
    "per_probe", "n_subjects", "threshold_id", "list_length", "failures_to_enrol", "failures_to_acquire",
    "ranked_first", "ranked_10", "ranked_50", "fnir", "fpir", "failures",
}  # fmt: skip


def copied(folder: Path, files: Iterable[tuple[str, Path]]) -> Path:
    """Copy pictures (subject, file) as `<folder>/<subject>/<file>`."""
    for subject, file in files:
        (folder / subject).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / subject / file.name)
    return folder


def subjects(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory, research_images: Path) -> Path:
    """Give one picture of every lfw subject."""
    files = [(who, file) for who, file in references(research_images) if who.startswith("lfw-")]
    return copied(tmp_path_factory.mktemp("lfw"), files)


@pytest.fixture
def command(tmp_path: Path, networks: RememberingEngine) -> CommandLine:
    return CommandLine(tmp_path / "no-installation", networks)


def measured(command: CommandLine, references: Path, probes: Path, *more: object) -> Mapping[str, object]:
    return command.do("evaluate", "folders", "--references", references, "--probes", probes, *more)


def counts(shown: Mapping[str, object], name: str) -> tuple[int, int]:
    rate = cast("dict[str, int]", shown[name])
    return rate["count"], rate["trials"]


@pytest.fixture(scope="module")
def mugshots_and_stills(tmp_path_factory: pytest.TempPathFactory, research_images: Path) -> tuple[Path, Path]:
    people = subjects(research_images / "frmdb")
    home = tmp_path_factory.mktemp("frmdb")
    mugshots = copied(
        home / "references", [(one.name, file) for one in people for file in views(research_images, one.name)]
    )
    return mugshots, copied(home / "probes", [(one.name, file) for one in people for file in one.glob("cctv_0?.jpg")])


def test_one_still_finds_its_subject_first_among_613_in_at_least_45_of_100(
    command: CommandLine, mugshots_and_stills: tuple[Path, Path], strangers: Path
):
    shown = measured(command, *mugshots_and_stills, "--others", strangers)
    first, searches = counts(shown, "ranked_first")

    assert shown.keys() == REPORTED
    assert (shown["per_probe"], shown["n_subjects"], searches) == ("still", 613, 60)
    assert first >= 0.45 * searches
    assert counts(shown, "failures_to_acquire")[1] == searches


def test_five_stills_as_one_probe_find_their_subject_first_more_often_than_one(
    command: CommandLine, mugshots_and_stills: tuple[Path, Path], strangers: Path
):
    shown = measured(command, *mugshots_and_stills, "--others", strangers, "--sets")
    first, searches = counts(shown, "ranked_first")

    assert (shown["per_probe"], searches) == ("set", 12)
    assert first >= searches - 1


def test_without_a_threshold_no_rate_that_needs_one_is_given(
    command: CommandLine, mugshots_and_stills: tuple[Path, Path]
):
    shown = measured(command, *mugshots_and_stills)

    assert (shown["fnir"], shown["fpir"], shown["threshold_id"]) == (None, None, "")


def several(images: Path) -> dict[str, list[Path]]:
    """Give the pictures of each subject of meds and london who has at least two."""
    files = {
        f"{name}-{one.name}": sorted(one.glob("*.jpg"))
        for name in ("meds", "london")
        for one in subjects(images / name)
    }
    return {who: pictures for who, pictures in files.items() if len(pictures) > 1}


@pytest.mark.parametrize("enrolled", [0, -1], ids=["the first enrolled", "the last enrolled"])
def test_every_person_with_two_images_is_found_first_by_another_in_at_least_95_of_100(
    enrolled: int, command: CommandLine, tmp_path: Path, research_images: Path, strangers: Path
):
    people = several(research_images)
    one = [(who, pictures[enrolled]) for who, pictures in people.items()]
    rest = [(who, file) for who, pictures in people.items() for file in pictures if file != pictures[enrolled]]
    shown = measured(command, copied(tmp_path / "one", one), copied(tmp_path / "rest", rest), "--others", strangers)
    first, searches = counts(shown, "ranked_first")

    assert shown["n_subjects"] == len(people) + 601
    assert searches == len(rest) >= len(people) > 20
    assert first >= 0.95 * searches


def test_a_broken_picture_is_counted_and_named_and_stops_nothing(
    command: CommandLine, tmp_path: Path, research_images: Path
):
    people = dict(list(several(research_images).items())[:3])
    one = copied(tmp_path / "one", [(who, pictures[0]) for who, pictures in people.items()])
    other = copied(tmp_path / "other", [(who, pictures[1]) for who, pictures in people.items()])
    broken = next(iter(people))
    next((other / broken).iterdir()).write_bytes(b"\xff\xd8\xff no picture")
    shown = measured(command, one, other)

    assert counts(shown, "failures_to_acquire") == (1, 3)
    assert counts(shown, "ranked_first") == (2, 3)
    assert [failure["subject"] for failure in cast("list[dict[str, str]]", shown["failures"])] == [broken]


def test_the_text_gives_counts_with_their_intervals_on_80_columns(
    command: CommandLine, tmp_path: Path, research_images: Path
):
    people = dict(list(several(research_images).items())[:3])
    one = copied(tmp_path / "one", [(who, pictures[0]) for who, pictures in people.items()])
    other = copied(tmp_path / "other", [(who, pictures[1]) for who, pictures in people.items()])
    ended = command.run("evaluate", "folders", "--references", one, "--probes", other)

    assert ended.exit_code == 0
    assert "ranked_first" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_a_folder_without_pictures_is_an_error_of_the_family_invalid(command: CommandLine, tmp_path: Path):
    ended = command.run("evaluate", "folders", "--references", tmp_path, "--probes", tmp_path, "--json")

    assert ended.exit_code == 5
    assert ended.json()["code"] == "no_samples"
