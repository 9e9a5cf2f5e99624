from pathlib import Path

import pytest

from countersign.evaluation.protocol import NoSamplesError
from countersign.operations.measure_identification import MeasureIdentification, measure
from tests.fakes import Face, FakeEngine, draw


@pytest.fixture
def folders(tmp_path: Path) -> MeasureIdentification:
    for person in (1, 2, 3):
        draw(tmp_path / f"references/{person}/a.png", Face(person=person))
    for person in (1, 2):
        draw(tmp_path / f"probes/{person}/b.png", Face(person=person, view=2))
        draw(tmp_path / f"probes/{person}/c.png", Face(person=person, view=3))
    draw(tmp_path / "others/9/a.png", Face(person=9))
    draw(tmp_path / "others/9/b.png", Face(person=9, view=2))
    return MeasureIdentification(
        references=str(tmp_path / "references"), probes=str(tmp_path / "probes"), others=str(tmp_path / "others")
    )


def test_each_still_is_a_search_and_progress_counts_each_picture(folders: MeasureIdentification):
    told: list[tuple[int, int]] = []
    engine = FakeEngine()

    measured = measure(engine, folders, lambda done, number: told.append((done, number)))

    assert (measured.ranked_first.trials, measured.n_subjects) == (4, 4)
    assert told == [(done, 8) for done in range(1, 9)]
    assert (engine.probes, engine.described, engine.looks.count(True)) == (4, 8, 4)


def test_a_set_of_stills_is_one_search(folders: MeasureIdentification):
    sets = MeasureIdentification(references=folders.references, probes=folders.probes, sets=True)

    measured = measure(FakeEngine(), sets, lambda _done, _number: None)

    assert (measured.ranked_first.trials, measured.n_subjects) == (2, 3)


def test_a_picture_without_a_face_is_a_counted_failure(folders: MeasureIdentification):
    draw(Path(folders.probes) / "1/empty.png", Face(person=0))

    measured = measure(FakeEngine(), folders, lambda _done, _number: None)

    assert [failure.code for failure in measured.failures] == ["no_face"]


def test_a_folder_without_pictures_is_refused(tmp_path: Path):
    with pytest.raises(NoSamplesError, match=r"expected .* got none"):
        measure(
            FakeEngine(),
            MeasureIdentification(references=str(tmp_path), probes=str(tmp_path)),
            lambda _done, _number: None,
        )
