from pathlib import Path

from countersign.operations.measure_one_to_one import measure_one_to_one
from tests.fakes import Face, FakeEngine, draw


def test_pairs_are_compared_and_each_picture_is_read_once(tmp_path: Path):
    for name, face in {
        "a/1.png": Face(person=1),
        "a/2.png": Face(person=1, view=2),
        "b/1.png": Face(person=2),
        "b/2.png": Face(person=0),
    }.items():
        draw(tmp_path / name, face)
    (tmp_path / "pairs.csv").write_text("first,second,mated\na/1.png,a/2.png,1\na/1.png,b/1.png,0\nb/1.png,b/2.png,1\n")
    told: list[tuple[int, int]] = []
    engine = FakeEngine()

    done = measure_one_to_one(
        engine, tmp_path / "pairs.csv", tmp_path, lambda number, everything: told.append((number, everything))
    )

    assert (done.mated, done.non_mated, done.failures_to_acquire.count) == (2, 1, 1)
    assert [failure.code for failure in done.failures] == ["no_face"]
    assert told[-1] == (4, 4)
    assert (engine.probes, engine.looks.count(True)) == (0, 0)
    assert done.points[0].fnmr.value == 0.5
