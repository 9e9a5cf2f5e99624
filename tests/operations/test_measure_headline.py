from pathlib import Path

from countersign.operations.measure_headline import measure_headline
from tests.fakes import Face, FakeEngine, draw

FRONTAL = "yaw=0,pitch=0"


def labelled(folder: Path) -> Path:
    lines = ["dataset,subject,file,kind,view"]
    for person in (1, 2):
        draw(folder / f"{person}/custody.png", Face(person=person))
        draw(folder / f"{person}/still.png", Face(person=person, view=2))
        lines += [f'x,{person},{person}/custody.png,mugshot,"{FRONTAL}"', f"x,{person},{person}/still.png,cctv,cam1"]
    draw(folder / "3/empty.png", Face(person=0))
    draw(folder / "9/a.png", Face(person=9))
    draw(folder / "9/b.png", Face(person=9, view=2))
    lines += ["x,1,3/empty.png,cctv,cam2", "x,9,9/a.png,news,", "x,9,9/b.png,news,"]
    (folder / "manifest.csv").write_text("\n".join(lines))
    return folder


def test_the_headline_counts_every_search_and_tells_its_progress(tmp_path: Path):
    told: list[tuple[int, int]] = []

    done = measure_headline(FakeEngine(), labelled(tmp_path), lambda count, number: told.append((count, number)))

    rows = {row.name: row for row in done.protocols}
    assert list(rows) == [f"cctv-{views}-{kind}" for views in ("frontal", "seven", "all") for kind in ("single", "set")]
    single = rows["cctv-seven-single"]
    assert (single.gallery_subjects, single.mated, single.failure_to_acquire) == (3, 3, 1)
    assert single.fnir_rank == {"1": 1 - 2 / 3, "10": 1 - 2 / 3, "50": 1 - 2 / 3}
    assert rows["cctv-seven-set"].fnir_rank["1"] == 0
    assert told == [(count, 6) for count in range(1, 7)]
