from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from countersign.errors import Invalid, NotFound
from countersign.faces.detection import Detection
from countersign.inference.registry import load_registry
from countersign.operations.compare_networks import CompareNetworks, _Looks, compare_networks, role_of_both
from countersign.operations.measure_one_to_many import MeasureOneToMany
from countersign.primitives.arrays import Codes, RgbImage
from tests.fakes import Face, FakeEngine, draw


class Blind(FakeEngine):
    """Gives everybody the same template."""

    def describe_reference(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        return np.ones_like(super().describe_reference(faces))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    lines = ["dataset,subject,file,kind,view"]
    for person in range(1, 13):
        for view, kind in enumerate(('mugshot,"yaw=0,pitch=0"', 'mugshot,"yaw=45,pitch=0"', "cctv,a", "cctv,b")):
            draw(tmp_path / f"m/{person}/{view}.png", Face(person=person, view=view))
            lines.append(f"m,{person},m/{person}/{view}.png,{kind}")
    draw(tmp_path / "n/99/1.png", Face(person=99, view=1))
    lines.append("n,99,n/99/1.png,news,")
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    (tmp_path / "pairs.csv").write_text(
        "first,second,mated\n" + "".join(f"m/{who}/0.png,m/{who}/1.png,1\n" for who in range(1, 13))
        + "".join(f"m/{who}/0.png,m/{who + 1}/1.png,0\n" for who in range(1, 12))
    )  # fmt: skip
    return tmp_path


def test_each_gallery_is_searched_with_single_probes_and_sets_and_then_come_the_pairs(data: Path):
    told: list[tuple[int, int]] = []
    first, second = FakeEngine(), Blind()
    arguments = CompareNetworks(searches=MeasureOneToMany(data=data), pairs=(data / "pairs.csv", data))
    done = compare_networks(first, second, arguments, lambda *so_far: told.append(so_far), threads=2)

    assert [(one.protocol, one.gallery_subjects, one.trials) for one in done] == [
        ("frontal single", 13, 24), ("frontal sets", 13, 12), ("seven single", 13, 24), ("seven sets", 13, 12),
        ("pairs", 0, 23),
    ]  # fmt: skip
    assert [one.rates[0].verdict for one in done] == ["worse"] * 5
    assert sorted(told) == [(number, 98) for number in range(1, 99)]


def test_networks_with_one_detector_look_at_each_picture_once(data: Path):
    arguments = CompareNetworks(searches=MeasureOneToMany(data=data), views=("seven",))
    for same, looks in ((True, (49, 0)), (False, (49, 49))):
        first, second = FakeEngine(), FakeEngine("other")
        done = compare_networks(first, second, replace(arguments, same_detector=same), lambda *_: None)

        assert (len(first.looks), len(second.looks)) == looks
        assert {rate.verdict for one in done for rate in one.rates} == {"not told apart"}
        assert {rate.difference.value for one in done for rate in one.rates} == {0}


def test_two_networks_must_do_the_same_and_be_two():
    registry = load_registry()
    assert role_of_both(registry, "sface-2021dec", "sface-2021dec-bf16") == "extractor"
    for second in ("yunet-2023mar", "sface-2021dec"):
        with pytest.raises(Invalid, match="expected two networks that do the same"):
            role_of_both(registry, "sface-2021dec", second)
    with pytest.raises(NotFound):
        role_of_both(registry, "sface-2021dec", "other")


def test_an_engine_that_takes_over_looks_is_the_same_in_everything_else():
    engine = FakeEngine("other")
    looks = _Looks(engine)
    picture = np.zeros((8, 8, 3), dtype=np.uint8)

    assert (looks.extractor, looks.network) == (engine.extractor, engine.network)
    assert looks.glimpse(picture) == engine.glimpse(picture)
