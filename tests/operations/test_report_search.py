from dataclasses import replace

import pytest

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.register import LegalStatus
from countersign.operations.report_facts import HiddenRecords, MadeReport, PictureRole, SearchReport
from countersign.operations.report_search import ReportSearch, report_search
from countersign.outcome.caveat import PERFORMANCE_UNKNOWN
from tests.operations.asking import CHILD
from tests.operations.scene import Scene, check_refused, everyone, nobody

REPORT = Permission.REPORT_SEARCH


def report(scene: Scene, who: str = "requester") -> MadeReport:
    return scene.force.do(who, REPORT, report_search, ReportSearch(request=scene.ids.request))


def opinions(made: MadeReport) -> list[str]:
    assert isinstance(made.report, SearchReport)
    return [str(opinion.conclusion) for opinion in made.report.opinions]


def note(made: MadeReport) -> str:
    assert isinstance(made.report, SearchReport)
    return made.report.basis.performance_note


def test_a_search_has_a_report_that_names_nobody(sealed: Scene):
    made = report(sealed)

    assert isinstance(made.report, SearchReport)
    assert (made.report.candidate_count, made.report.review_state) == (1, "executed")
    assert {picture.role for picture in made.pictures} == {PictureRole.PROBE}
    assert made.report.basis.ledger.checkpoint.startswith("countersign.local/test/")
    assert made.report.basis.evaluation.gallery_size == 613
    entry = sealed.last()
    assert (entry.kind, dict(entry.facts)["report"]) == ("report.disclosed", "search")


def test_the_report_counts_hidden_records_by_reason(sealed: Scene):
    with sealed.altering() as work:
        record = work.records.where()[0]
        work.records.replace(replace(record, searchable=False, status=LegalStatus.NFA))

    made = report(sealed)
    assert isinstance(made.report, SearchReport)
    assert made.report.basis.gallery.hidden == (HiddenRecords(reason="nfa", number=1),)


@pytest.mark.row("P-10", "EQV-11")
def test_a_report_on_a_child_says_that_performance_is_unknown(sealed: Scene):
    assert note(report(sealed)) == ""
    with sealed.altering() as work:
        work.requests.replace(replace(work.requests.get(sealed.ids.request), form=CHILD))

    assert note(report(sealed)) == PERFORMANCE_UNKNOWN


def test_no_opinion_is_in_a_report_while_somebody_may_still_give_one(sealed: Scene):
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    assert opinions(report(sealed)) == []

    sealed.casework.review(sealed.ids.request, "examiner", nobody)
    assert opinions(report(sealed)) == []

    sealed.casework.review(sealed.ids.request, "third", nobody)
    assert opinions(report(sealed)) == ["moderate_support", "no_support", "no_support"]


def test_a_request_without_a_sealed_search_is_refused(authorised: Scene):
    with check_refused(authorised, REPORT, "no_search", family=NotFound):
        report(authorised)


@pytest.mark.parametrize("who", ["examiner", "owner", "administrator"])
def test_whoever_has_no_part_in_it_is_refused(sealed: Scene, who: str):
    with check_refused(sealed, REPORT, "not_permitted", spoke="policy"):
        report(sealed, who)


@pytest.mark.row("REV-13")
def test_an_operator_who_has_not_locked_an_opinion_is_refused_the_facts_of_the_case(sealed: Scene):
    with check_refused(sealed, REPORT, "context_too_early"):
        report(sealed, "operator")
    sealed.casework.review(sealed.ids.request, "operator", everyone)

    assert opinions(report(sealed, "operator")) == []
