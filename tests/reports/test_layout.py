import dataclasses

import pytest

from countersign.governance.programme import ProgrammeKind
from countersign.operations.report_facts import LeadReport, PictureError, PictureRole, SearchReport
from countersign.outcome.caveat import PERFORMANCE_UNKNOWN
from countersign.reports.document import Document, Part
from countersign.reports.layout import document
from tests.reports.sample_reports import basis, lead_report, picture, search_report


def headings(page: Document, part: Part) -> list[str]:
    return [section.heading for section in page.sections if section.part is part]


def notes(page: Document) -> str:
    return " ".join(section.note for section in page.sections)


def value(page: Document, name: str) -> str:
    return next(row.value for section in page.sections for row in section.rows if row.name == name)


def test_opinions_never_stand_among_the_facts() -> None:
    page = document(lead_report(), ())
    assert headings(page, Part.OPINIONS) == ["Opinions of the examiners", "Reasons against"]
    assert "Opinions of the examiners" not in headings(page, Part.FACTS)


@pytest.mark.parametrize("report", [lead_report(), search_report(candidates=3)])
def test_the_facts_that_a_reader_needs_are_there(report: LeadReport | SearchReport) -> None:
    page = document(report, ())
    assert value(page, "Classification").startswith("post")
    assert value(page, "Age of the imagery") == "at least 213 hours (8.9 days) when searched, by recorder log"
    assert value(page, "Searchable subjects") == "613"
    assert value(page, "Hidden records, by reason") == "14 review overdue; 201 no further action"
    assert value(page, "Listed somebody though the person was not there (FPIR)").startswith(
        "0.002 (95 % interval 0.0004 to 0.006)"
    )
    assert value(page, "Entry") == "4181"


def test_an_empty_list_is_called_normal_and_a_full_one_is_only_counted() -> None:
    assert value(document(search_report(), ()), "Candidates on the list") == "None. This is a normal result."
    assert value(document(search_report(candidates=3), ()), "Candidates on the list") == "3"


def test_no_opinion_is_said_and_not_left_blank() -> None:
    assert "No opinion has been given." in notes(document(search_report(), ()))
    assert "No opinion" not in notes(document(search_report(candidates=3), ()))


@pytest.mark.parametrize(("n_subjects", "warned"), [(613, False), (674, False), (675, True), (10_000, True)])
def test_rates_measured_at_a_smaller_gallery_say_so(n_subjects: int, *, warned: bool) -> None:
    page = document(search_report(basis(n_subjects=n_subjects)), ())
    assert ("Expect both rates to be worse" in notes(page)) is warned


@pytest.mark.row("P-10", "EQV-11")
def test_that_no_rate_holds_for_the_person_stands_beside_the_rates() -> None:
    facts = dataclasses.replace(basis(), performance_note=PERFORMANCE_UNKNOWN)
    assert value(document(search_report(facts), ()), "For this person") == PERFORMANCE_UNKNOWN
    names = [row.name for section in document(search_report(), ()).sections for row in section.rows]
    assert "For this person" not in names


def test_what_is_not_known_is_said() -> None:
    report = dataclasses.replace(lead_report(), reference_image_date=None)
    facts = dataclasses.replace(report.basis.gallery, hidden=(), newest_record=None)
    page = document(dataclasses.replace(report, basis=dataclasses.replace(report.basis, gallery=facts)), ())
    assert value(page, "Reference image taken") == "not known"
    assert value(page, "Newest record") == "not known"
    assert value(page, "Hidden records, by reason") == "none"


def test_a_search_report_shows_no_reference() -> None:
    reference = picture(PictureRole.REFERENCE)
    with pytest.raises(PictureError, match="probe only"):
        document(search_report(), (picture(), reference))
    assert document(lead_report(), (picture(), reference)).sections[0].pictured
    assert document(search_report(basis(ProgrammeKind.PRODUCTION)), (picture(),)).sections[0].pictured
