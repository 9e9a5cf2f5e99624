import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from countersign.evaluation.at_size import LARGE, Basis
from countersign.governance.policy_pack import OperatingPoint
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_at_size import (
    AtSizes,
    MeasureAtSize,
    SizeRatesError,
    measure_at_size,
    read_sizes,
    size_rates,
)
from countersign.primitives.codec import to_plain
from countersign.primitives.digest import sha256
from tests.fakes import Face, FakeEngine, draw
from tests.fakes_governance import pack_of_tests

PACK = pack_of_tests()
POINTS = tuple(PACK.operating_points)
GIVEN = EvaluationConditions(
    measured_at=datetime(2026, 11, 25, tzinfo=UTC),
    code="1",
    extractor="digest/f32/crops/x381",
    network=sha256(b"n"),
    data="own",
    data_sha256=sha256(b"m"),
    pack_sha256="",
    asked={},
)


def people(home: Path, *, others: int = 110) -> Path:
    """Draw a few people with two references and two stills each, and others with one picture."""
    lines = ["dataset,subject,file,kind,view"]

    def add(person: int, view: int, kind: str, turned: str) -> None:
        draw(home / f"p/{person}/{view}.png", Face(person=person, view=view))
        lines.append(f"p,{person},p/{person}/{view}.png,{kind},{turned}")

    for person in range(1, 25):
        add(person, 1, "mugshot", '"yaw=0,pitch=0"')
        add(person, 2, "mugshot", '"yaw=90,pitch=0"')
        add(person, 3, "cctv", "cam3")
        add(person, 4, "cctv", "cam4")
    for person in range(100, 100 + others):
        add(person, 1, "news", "")
    (home / "manifest.csv").write_text("\n".join(lines))
    return home


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> AtSizes:
    data = people(tmp_path_factory.mktemp("people"))
    arguments = MeasureAtSize(data=data, pack=PACK, synthetic=2000, draws=8)
    return measure_at_size(FakeEngine(), arguments, lambda _done, _all: None)


def test_frontal_comes_first_and_one_still_before_all_and_every_rule_is_given_at_every_far_size(done: AtSizes):
    assert [(one.views, one.sets) for one in done.measured] == [
        ("frontal", False),
        ("frontal", True),
        ("seven", False),
        ("seven", True),
    ]
    one = done.measured[0]
    assert (one.searches, one.mated, one.people, one.searched_for, one.others) == (48, 48, 24, 24, 110)
    assert [curve.rule for curve in one.curves] == [
        "strict", "investigation", "FPIR 0.1", "FPIR 0.01", "rank 1", "rank 10", "rank 20",
    ]  # fmt: skip
    for curve in one.curves:
        far = [point.n for point in curve.points if point.basis is Basis.EXTRAPOLATED]
        assert far == [134, *LARGE]
        assert max(point.n for point in curve.points if point.basis is Basis.SYNTHETIC) == 2024
    assert one.agreement is not None
    assert (one.agreement.real, one.agreement.synthetic) == (55, 20_000)


def test_synthetic_strangers_may_be_left_out(tmp_path: Path):
    arguments = MeasureAtSize(data=people(tmp_path), views=("seven",), synthetic=0, draws=2)
    (one, _) = measure_at_size(FakeEngine(), arguments, lambda _done, _all: None).measured
    assert one.agreement is None
    assert {point.basis for curve in one.curves for point in curve.points} == {Basis.MEASURED, Basis.EXTRAPOLATED}


def test_a_still_without_a_face_is_a_miss_among_synthetic_strangers_too(tmp_path: Path):
    data = people(tmp_path)
    draw(data / "p/1/9.png", Face(person=0))
    with (data / "manifest.csv").open("a") as manifest:
        manifest.write("\np,1,p/1/9.png,cctv,cam9")
    arguments = MeasureAtSize(data=data, views=("frontal",), synthetic=200, draws=2)
    (one, _) = measure_at_size(FakeEngine(), arguments, lambda _done, _all: None).measured
    assert (one.searches, one.failed) == (49, 1)
    for curve in one.curves:
        assert all((point.fnir.value or 0) >= 1 / 49 - 1e-6 for point in curve.points)


@pytest.mark.row("P-04")
def test_what_was_extrapolated_becomes_the_sizes_of_a_certificate(done: AtSizes):
    rates = size_rates(done.measured, POINTS, "seven", sets=True)
    assert {(one.n, one.point) for one in rates} == {(n, point) for n in (134, *LARGE) for point in POINTS}
    strict = [one for one in rates if one.point is OperatingPoint.STRICT]
    assert [one.fpir for one in strict] == sorted(one.fpir for one in strict)
    assert all(one.fpir <= one.fpir_high and one.fnir <= one.fnir_high for one in rates)


def test_sizes_that_were_not_measured_as_the_evaluation_was_are_refused(done: AtSizes):
    with pytest.raises(SizeRatesError, match="with all views at investigation, strict"):
        size_rates(done.measured, POINTS, "all", sets=True)
    bare = tuple(replace(one, curves=one.curves[2:]) for one in done.measured)
    with pytest.raises(SizeRatesError, match="at investigation, strict, got none"):
        size_rates(bare, POINTS, "seven", sets=True)


def test_what_was_written_is_read_again_for_the_same_network_pictures_and_pack_only(done: AtSizes):
    written = json.dumps({"conditions": to_plain(GIVEN), "measured": asdict(done)}).encode()
    assert read_sizes(written, GIVEN) == done
    for other in (
        replace(GIVEN, extractor="other"),
        replace(GIVEN, data_sha256=sha256(b"o")),
        replace(GIVEN, pack_sha256="o"),
    ):
        with pytest.raises(SizeRatesError, match="of the same network, pictures and pack"):
            read_sizes(written, other)


@pytest.mark.parametrize("data", [b"no JSON", b"[]", b"{}", b'{"conditions": {}, "measured": {}}', b"\xff"])
def test_a_file_of_something_else_is_refused(data: bytes):
    with pytest.raises(SizeRatesError, match="expected the JSON file of `evaluate size`"):
        read_sizes(data, GIVEN)
