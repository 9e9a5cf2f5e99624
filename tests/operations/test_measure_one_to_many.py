from pathlib import Path

import pytest

from countersign.evaluation.manifest import SelectionError
from countersign.operations.measure_one_to_many import MeasureOneToMany, measure_one_to_many, roles_of
from tests.fakes import Face, FakeEngine, draw
from tests.fakes_governance import pack_of_tests

FACES = {1: "F", 2: "M"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    lines = ["dataset,subject,file,kind,view,sex,age,ethnicity"]
    for person, sex in FACES.items():
        for view, turned in enumerate(('"yaw=0,pitch=0"', '"yaw=90,pitch=0"', '"yaw=135,pitch=0"'), start=1):
            draw(tmp_path / f"m/{person}/{view}.png", Face(person=person, view=view))
            lines.append(f"m,{person},m/{person}/{view}.png,mugshot,{turned},{sex},30,")
        for view in (4, 5):
            draw(tmp_path / f"m/{person}/{view}.png", Face(person=person, view=view))
            lines.append(f"m,{person},m/{person}/{view}.png,cctv,cam{view},{sex},30,")
    for view in (1, 2):
        draw(tmp_path / f"n/9/{view}.png", Face(person=9, view=view))
        lines.append(f"n,9,n/9/{view}.png,news,,,,")
    draw(tmp_path / "n/1/1.png", Face(person=1, view=1))
    lines.append("m,1,n/1/1.png,news,,,,")
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    return tmp_path


def test_every_still_is_a_search_and_progress_counts_each_picture(data: Path):
    told: list[tuple[int, int]] = []
    engine = FakeEngine()

    done = measure_one_to_many(
        engine, MeasureOneToMany(data=data), lambda number, everything: told.append((number, everything))
    )

    assert (done.counts.searches, done.counts.mated, done.counts.gallery_subjects) == (4, 4, 3)
    assert done.ranked["1"].value == 1
    assert told == [(number, 9) for number in range(1, 10)]
    assert engine.looks.count(True) == 4
    assert [group.name for group in done.groups[0].groups] == ["F", "M"]


@pytest.mark.parametrize(("views", "number"), [("frontal", 2), ("seven", 4), ("all", 6)])
def test_turned_references_enter_as_asked(data: Path, views: str, number: int):
    assert len(roles_of(MeasureOneToMany(data=data, views=views)).references) == number


def test_who_is_searched_with_fills_no_gallery_and_a_reference_is_no_probe(data: Path):
    roles = roles_of(MeasureOneToMany(data=data, probes=("m:*",)))
    assert [one.subject for one in roles.others] == ["n/9"]
    assert not {one.path for one in roles.references} & {one.path for one in roles.probes}
    assert not roles_of(MeasureOneToMany(data=data, others=())).others


def test_the_points_of_a_pack_are_measured_at_their_own_thresholds(data: Path):
    done = measure_one_to_many(
        FakeEngine(), MeasureOneToMany(data=data, pack=pack_of_tests(), sets=True), lambda *_: None, threads=2
    )
    assert [point.name for point in done.points] == ["strict", "investigation", "FPIR 0.1", "FPIR 0.01"]
    assert done.counts.searches == 2
    assert done.points[0].list_length == pack_of_tests().list_lengths[done.points[0].name]  # type: ignore[index]


def test_a_pattern_that_means_nothing_is_refused(data: Path):
    with pytest.raises(SelectionError, match="which means no picture"):
        roles_of(MeasureOneToMany(data=data, probes=("portrait",)))
