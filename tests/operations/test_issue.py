"""Documents that are given out: signed, recorded, to somebody named, and only to whoever may."""

from dataclasses import replace

import pytest

from countersign.errors import Invalid, NotFound
from countersign.faces.charting import Pointer, chart
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.ledger.document import check_document
from countersign.operations.issue import IssuedDocument, named
from countersign.operations.issue_chart import IssueChart, issue_chart
from countersign.operations.issue_lead import IssueLead, issue_lead
from countersign.operations.issue_request import IssueRequest, issue_request
from countersign.operations.issue_result import IssueResult, issue_result
from countersign.operations.list_documents import DocumentsOfRequest, ListDocuments, list_documents
from countersign.review.facial_review import Mark, Position, Side, StruckStill
from tests.fakes import Face
from tests.operations.asking import submitted
from tests.operations.scene import Scene, check_refused, everyone

WHO = "K. Marsh, Crown Prosecution Service"


def request_file(scene: Scene, who: str = "requester", recipient: str = WHO) -> IssuedDocument:
    arguments = IssueRequest(request=scene.ids.request, recipient=recipient)
    return scene.force.do(who, Permission.REPORT_SEARCH, issue_request, arguments)


def result_file(scene: Scene, who: str = "requester") -> IssuedDocument:
    arguments = IssueResult(request=scene.ids.request, recipient=WHO)
    return scene.force.do(who, Permission.REPORT_SEARCH, issue_result, arguments)


def chart_file(scene: Scene, position: Position = Position.FIRST, letter: str = "A") -> IssuedDocument:
    arguments = IssueChart(request=scene.ids.request, position=position, letter=letter, recipient=WHO)
    return scene.force.do("disclosure", Permission.REPORT_DISCLOSURE, issue_chart, arguments)


def documents(scene: Scene) -> tuple[DocumentsOfRequest, ...]:
    arguments = ListDocuments(case_reference="CASE/2026/0117")
    return scene.force.do("disclosure", Permission.REPORT_SCHEDULE, list_documents, arguments)


def check_signed(scene: Scene, made: IssuedDocument) -> None:
    assert made.pdf.startswith(b"%PDF-")
    assert b"pdfaid:part" in made.pdf
    check_document(made.pdf, made.signature.encode(), scene.desk.log_policy.logs[0])


@pytest.mark.parametrize("who", ["requester", "officer", "disclosure"])
def test_a_request_is_given_out_signed_and_recorded_to_somebody_named(authorised: Scene, who: str):
    made = request_file(authorised, who)

    check_signed(authorised, made)
    entry = authorised.last()
    assert (entry.kind, dict(entry.facts)) == (
        "report.disclosed",
        {"report": "request", "justification": "investigation"},
    )
    assert {"recipient", "document"} <= set(entry.commit)
    with authorised.reading() as work:
        openings = work.openings.get(entry.seq)  # type: ignore[arg-type]
    assert openings is not None
    assert WHO in openings["recipient"].value.decode()
    assert made.sha256 in openings["document"].value.decode()


def test_a_request_without_a_decision_is_given_out_too(marked: Scene):
    request = submitted(marked)
    arguments = IssueRequest(request=request, recipient=WHO)

    check_signed(marked, marked.force.do("requester", Permission.REPORT_SEARCH, issue_request, arguments))


def test_somebody_without_a_part_in_it_is_refused_the_request_and_the_record(sealed: Scene):
    sealed.hire("colleague", Role.REQUESTER)
    for file in (request_file, result_file):
        with check_refused(sealed, Permission.REPORT_SEARCH, "not_party"):
            file(sealed, "colleague")


@pytest.mark.row("P-21")
def test_whoever_examines_is_refused_the_request_until_their_own_opinion_is_locked(sealed: Scene):
    with check_refused(sealed, Permission.REPORT_SEARCH, "context_too_early"):
        request_file(sealed, "operator")
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    check_signed(sealed, request_file(sealed, "operator"))


@pytest.mark.parametrize("recipient", ["", "   ", "two\nlines", "x" * 201])
def test_without_a_named_recipient_nothing_is_given_out_and_that_is_refused(authorised: Scene, recipient: str):
    with check_refused(authorised, Permission.REPORT_SEARCH, "recipient", family=Invalid):
        request_file(authorised, recipient=recipient)
    assert named(" K. Marsh ") == "K. Marsh"


def test_the_record_of_a_search_is_given_out(sealed: Scene):
    check_signed(sealed, result_file(sealed))
    assert dict(sealed.last().facts) == {"report": "search", "justification": "investigation"}


def test_without_a_search_its_record_is_refused(authorised: Scene):
    with check_refused(authorised, Permission.REPORT_SEARCH, "no_search", family=NotFound):
        result_file(authorised)


def test_a_lead_is_given_out_to_its_recipient_alone_and_others_are_refused(supported: Scene):
    lead = supported.ids.lead
    supported.casework.reconfirm(lead)
    supported.casework.release(lead)
    supported.hire("colleague", Role.REQUESTER)

    check_signed(supported, supported.force.do("requester", Permission.REPORT_LEAD, issue_lead, IssueLead(lead=lead)))
    assert {"lead", "recipient", "document"} <= set(supported.last().commit)
    with check_refused(supported, Permission.REPORT_LEAD, "not_recipient"):
        supported.force.do("colleague", Permission.REPORT_LEAD, issue_lead, IssueLead(lead=lead))


@pytest.mark.row("P-23")
def test_a_chart_of_each_opinion_is_given_out_with_its_marks(supported: Scene):
    marks = (
        Mark(side=Side.PROBE, picture=1, at_px=(20, 20), feature="nose", seen="similar"),
        Mark(side=Side.REFERENCE, picture=1, at_px=(20, 20), to_px=(40, 30), feature="ears", seen="not_visible"),
    )
    with supported.altering() as work:
        for review in work.reviews.where(request=supported.ids.request):
            opinions = tuple(replace(one, marks=marks) for one in review.opinions)
            struck = (StruckStill(number=2, reason="somebody else"),)
            analysis = replace(review.analysis, struck=struck) if review.analysis else None
            work.reviews.replace(replace(review, opinions=opinions, analysis=analysis))
    (listed,) = documents(supported)

    assert {position for position, _ in listed.charts} == {Position.FIRST, Position.SECOND}
    for position, letter in listed.charts:
        check_signed(supported, chart_file(supported, position, letter))
    assert dict(supported.last().facts)["report"] == "chart"


def test_a_chart_is_given_out_where_the_analysis_or_the_pictures_are_gone(supported: Scene):
    with supported.altering() as work:
        for review in work.reviews.where(request=supported.ids.request):
            work.reviews.replace(replace(review, analysis=None, order=(), locked_at=None))

    check_signed(supported, chart_file(supported))


def test_no_chart_is_given_out_while_somebody_may_still_opine_and_none_that_there_is_not(
    sealed: Scene, supported: Scene
):
    assert documents(sealed)[0].charts == ()
    with check_refused(sealed, Permission.REPORT_DISCLOSURE, "no_search", family=NotFound):
        chart_file(sealed)
    for position, letter in ((Position.THIRD, "A"), (Position.FIRST, "Z")):
        with check_refused(supported, Permission.REPORT_DISCLOSURE, "no_opinion", family=NotFound):
            chart_file(supported, position, letter)


def test_what_there_is_of_a_case_is_listed_for_the_disclosure_officer_and_others_are_refused(sealed: Scene):
    (listed,) = documents(sealed)

    assert (listed.request, listed.searched) == (sealed.ids.request, True)
    assert dict(sealed.last().facts) == {"what": "case.documents", "justification": "criminal_proceedings"}
    arguments = ListDocuments(case_reference="CASE/2026/0117")
    with check_refused(sealed, Permission.REPORT_SCHEDULE, "not_permitted", spoke="policy"):
        sealed.force.do("requester", Permission.REPORT_SCHEDULE, list_documents, arguments)


def test_marks_are_drawn_on_a_copy_of_the_picture(sealed: Scene):
    data = sealed.draw("plain.png", Face(person=9)).read_bytes()
    drawn = chart(data, [Pointer(number=1, at_px=(5, 5), to_px=None), Pointer(number=2, at_px=(9, 9), to_px=(30, 30))])

    assert drawn.startswith(b"\x89PNG")
    assert drawn != chart(data, [])
