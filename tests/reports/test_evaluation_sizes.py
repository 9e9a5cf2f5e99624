import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from countersign.evaluation.at_size import AtSize, Rule, at_size
from countersign.evaluation.score_table import ScoreTable
from countersign.evaluation.synthetic import Agreement
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_at_size import AtSizes
from countersign.primitives.digest import sha256
from countersign.reports.evaluation import to_html, to_pdf
from countersign.reports.evaluation_sizes import at_size_page
from countersign.search.operating_point import OperatingPoint

MADE_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
GIVEN = EvaluationConditions(
    measured_at=MADE_AT,
    code="0.1",
    extractor="e" * 64 + "/f32",
    network=sha256(b"networks"),
    data="<data>",
    data_sha256=sha256(b"manifest"),
    pack_sha256="",
    asked={"command": "evaluate size"},
)
STRICT = OperatingPoint(name="strict", thresholds={(1, 7): 3000}, list_length=10)


def measured(*, pack: bool, sets: bool = False) -> AtSize:
    rng = np.random.default_rng(1)
    known = rng.normal(0, 1000, (20, 10))
    known[np.arange(20), np.arange(20) // 2] = -np.inf
    table = ScoreTable(
        people=tuple(str(one // 2) for one in range(20)),
        probes=((),) * 20,
        mated=np.ones(20, dtype=np.bool_),
        mate=rng.normal(3000, 1000, 20),
        mate_views=np.full(20, 1),
        known=known,
        known_views=np.full(10, 1),
        others=rng.normal(0, 1000, (20, 200)),
        failed=np.zeros(20, dtype=np.bool_),
    )
    agreed = Agreement(real=100, synthetic=20_000, ks=0.04, ks_alike=0.05, best_difference=-0.1)
    rules: list[Rule] = [*([STRICT] if pack else []), 0.1, 0.01, 1, 10, 20]
    return at_size(
        table, rules, views="frontal", sets=sets, agreement=agreed if pack else None, draws=10,
        synthetic=rng.normal(0, 1000, (20, 2000)) if pack else None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def done() -> AtSizes:
    return AtSizes(measured=(measured(pack=True), measured(pack=False, sets=True)), failures=())


def words(done: AtSizes) -> str:
    return re.sub(r"\s+", " ", to_html(at_size_page(done, GIVEN)))


def test_findings_name_the_sizes_and_what_is_extrapolated(done: AtSizes):
    text = words(done)
    assert "210 (measured)" in text
    for n in ("100,000", "500,000", "20,000,000"):
        assert n in text
    assert "was never searched: it is extrapolated" in text
    assert "One picture against a frontal photograph" in text
    assert "All pictures of a person against a frontal photograph" in text


def test_tables_say_what_each_figure_rests_on_and_give_fpir_for_a_pack_only(done: AtSizes):
    text = words(done)
    for basis in ("measured", "synthetic", "extrapolated"):
        assert f"<td>{basis}</td>" in text or basis in text
    assert "strict, at most 10" in text
    assert "Wrong lists where the pack" in text
    without = words(AtSizes(measured=(measured(pack=False),), failures=()))
    assert "Wrong lists where the pack" not in without
    assert "100 and 20,000" in text


def test_the_pdf_is_drawn_and_the_same_report_gives_the_same_bytes(done: AtSizes, tmp_path: Path):
    pdf = to_pdf(at_size_page(done, GIVEN), MADE_AT)
    (tmp_path / "size.pdf").write_bytes(pdf)
    assert pdf.startswith(b"%PDF")
    assert pdf == to_pdf(at_size_page(done, GIVEN), MADE_AT)
