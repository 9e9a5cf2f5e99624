import re
from datetime import UTC, datetime

import numpy as np
import pytest

from countersign.evaluation.ratios import Comparisons, fit_ratios
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_ratios import Ratios
from countersign.primitives.digest import sha256
from countersign.reports.evaluation import to_html, to_pdf
from countersign.reports.evaluation_ratios import ratios_page

MADE_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
GIVEN = EvaluationConditions(
    measured_at=MADE_AT,
    code="0.1",
    extractor="e" * 64 + "/f32",
    network=sha256(b"networks"),
    data="<data>",
    data_sha256=sha256(b"manifest"),
    pack_sha256="",
    asked={"command": "evaluate likelihood"},
)


def measured(*, apart: float, stills: int = 1, views: int = 1) -> Ratios:
    rng = np.random.default_rng(1)
    same = np.arange(240) < 40
    given = Comparisons(
        score=rng.standard_normal(240) + np.where(same, apart, 0.0),
        same=same,
        person=np.concatenate([np.arange(40) // 2, 20 + np.arange(200)]),
        quality=rng.uniform(0.1, 0.9, 240),
    )
    return Ratios(
        population="adults in custody in one county", power=8, stills_from=1, stills_to=stills, views_from=1,
        views_to=views, bands=fit_ratios(given, (0.5,)), failures=(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def done() -> Ratios:
    return measured(apart=4)


@pytest.mark.row("EQV-15")
def test_the_report_names_population_bounds_and_cost_of_each_band(done: Ratios):
    text = re.sub(r"\s+", " ", to_html(ratios_page(done, GIVEN)))
    assert "somebody else of this population: adults in custody in one county" in text
    assert "one still against references of one view" in text
    for part in ("Quality 0.00 to 0.50", "Quality 0.50 to 1.00", "Tippett", "Empirical cross-entropy", "Calibration:"):
        assert part in text
    assert "does not say how likely it is that two pictures show one person" in text


def test_a_band_that_may_say_nothing_is_said_to():
    text = to_html(ratios_page(measured(apart=0, stills=5, views=7), GIVEN))
    assert "a ratio may say nothing at all" in text
    assert "1 to 5 stills against references of 1 to 7 views" in text


def test_the_pdf_is_drawn(done: Ratios):
    assert to_pdf(ratios_page(done, GIVEN), MADE_AT).startswith(b"%PDF")
