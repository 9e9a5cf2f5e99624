from datetime import timedelta

import pytest

from countersign.errors import Invalid
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.ledger.figures import count
from countersign.operations.publish_return import published
from countersign.operations.report_year import ANNUAL, AnnualReport, ReportYear, report_year, tables
from countersign.primitives.codec import canonical_text
from tests.operations.scene import Scene, check_refused

PUBLISH = Permission.STATISTICS_PUBLISH


def report(scene: Scene, year: str, who: str = Role.CONTROLLER) -> AnnualReport:
    return scene.force.do(who, PUBLISH, report_year, ReportYear(year=year))


@pytest.mark.row("EU-02")
def test_the_year_is_counted_from_the_log_without_what_operations_need_kept(supported: Scene):
    supported.clock.advance(timedelta(days=365))
    made = report(supported, "2026")

    entry = supported.last()
    assert (entry.kind, entry.facts["month"], entry.facts["size"]) == ("statistics.published", "2026", made.log_size)
    assert {name.split(".")[0] for name in made.tables} == set(ANNUAL)
    assert "searches" in made.tables
    monthly = canonical_text(published(count(supported.entries()[: made.log_size], "2026-01")))
    for sensitive in ("robbery", supported.ids.collection, "cctv", "protest"):
        assert sensitive in monthly
        assert sensitive not in canonical_text(made)


@pytest.mark.row("EU-02")
def test_small_counts_of_a_year_are_left_out(supported: Scene):
    counted = count(supported.entries(), "2026")

    assert {one.column: one.total for one in counted.figures}["searches"] == 1
    assert tables(counted.figures)["searches"].total is None


def test_a_year_that_is_not_over_or_is_none_is_refused(supported: Scene):
    with check_refused(supported, PUBLISH, "year_not_over"):
        report(supported, "2026")
    with check_refused(supported, PUBLISH, "year", family=Invalid):
        report(supported, "twenty")


def test_people_of_casework_are_refused_the_report(supported: Scene):
    with check_refused(supported, PUBLISH, "not_permitted", spoke="policy"):
        report(supported, "2025", "officer")
