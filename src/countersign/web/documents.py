"""Documents that leave the system: each is asked for by a form, goes to somebody named, and is recorded as given out.

What is sent is one archive: the PDF/A, its signature, and how to check it. Schedules of searches are CSV.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields

from fastapi import APIRouter, Request
from starlette.responses import Response

from countersign.errors import CountersignError, NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.issue import IssuedDocument
from countersign.operations.issue_chart import IssueChart, issue_chart
from countersign.operations.issue_lead import IssueLead, issue_lead
from countersign.operations.issue_request import IssueRequest, issue_request
from countersign.operations.issue_result import IssueResult, issue_result
from countersign.operations.list_documents import ListDocuments, list_documents
from countersign.operations.report_schedule import ReportSchedule, ScheduleLine, report_schedule
from countersign.primitives.codec import from_plain
from countersign.primitives.ids import LeadId, RequestId
from countersign.review.facial_review import Position
from countersign.web.refusals import in_words
from countersign.web.rendering import render, summary
from countersign.web.requests import line_of
from countersign.web.visit import Fields, FieldsOf, Visit, Visiting, demand_role

router = APIRouter()
HOW_TO_CHECK = """\
{name}.pdf      the document, PDF/A-2a
{name}.pdf.sig  its signature, a signed note by the key of the log of {origin}

To check that the document is the one that was given out:

    countersign report check {name}.pdf {name}.pdf.sig --log-key KEY

KEY is the log's public key as the force publishes it. It was this one when the document was made:

    {key}
"""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would compute instead of show."""


class NoDocumentError(NotFound):
    """There is no document of this kind."""

    code = "no_document"


def _request(visit: Visit, request_id: str, fields: Fields) -> IssuedDocument:
    arguments = IssueRequest(request=RequestId(request_id), recipient=fields["recipient"])
    return visit.do(Permission.REPORT_SEARCH, issue_request, arguments)


def _result(visit: Visit, request_id: str, fields: Fields) -> IssuedDocument:
    arguments = IssueResult(request=RequestId(request_id), recipient=fields["recipient"])
    return visit.do(Permission.REPORT_SEARCH, issue_result, arguments)


def _lead(visit: Visit, request_id: str, fields: Fields) -> IssuedDocument:
    del fields
    return visit.do(Permission.REPORT_LEAD, issue_lead, IssueLead(lead=line_of(visit, request_id).lead or LeadId("")))


def _chart(visit: Visit, request_id: str, fields: Fields) -> IssuedDocument:
    position, _, letter = fields["chart"].partition(".")
    arguments = IssueChart(
        request=RequestId(request_id),
        position=from_plain(Position, position, "position"),
        letter=letter,
        recipient=fields["recipient"],
    )
    return visit.do(Permission.REPORT_DISCLOSURE, issue_chart, arguments)


ISSUES: Mapping[str, Callable[[Visit, str, Fields], IssuedDocument]] = {
    "request": _request,
    "result": _result,
    "lead": _lead,
    "chart": _chart,
}


@router.post("/documents/{request_id}")
def give_out(request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Give one document out, to whoever is named."""
    issue = ISSUES.get(fields["document"])
    if issue is None:
        raise NoDocumentError(f"expected one of {', '.join(ISSUES)}, got another document")
    made = issue(visit, request_id, fields)
    return _download(packed(made, visit), f"{made.name}.zip", "application/zip")


def packed(made: IssuedDocument, visit: Visit) -> bytes:
    """Put a document, its signature and how to check it into one archive; the same document gives the same bytes."""
    key = visit.desk.log_policy.logs[0]
    parts = {
        f"{made.name}.pdf": made.pdf,
        f"{made.name}.pdf.sig": made.signature.encode(),
        "HOW-TO-CHECK.txt": HOW_TO_CHECK.format(name=made.name, origin=key.name, key=key.vkey).encode(),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as held:
        for name, data in parts.items():
            held.writestr(zipfile.ZipInfo(name), data)
    return archive.getvalue()


def _download(data: bytes, name: str, media_type: str) -> Response:
    return Response(data, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


@router.get("/disclosure")
def ask_case(request: Request, visit: Visiting) -> Response:
    """Ask which case documents are wanted of."""
    demand_role(visit, Role.DISCLOSURE_OFFICER)
    return render(request, "disclosure.html", case="", found=None, answers={}, errors=[], back="")


@router.post("/disclosure")
def show_case(request: Request, visit: Visiting, fields: FieldsOf) -> Response:
    """Show what can be given out of a case; its reference stands in no address."""
    demand_role(visit, Role.DISCLOSURE_OFFICER)
    case = fields["case_reference"]
    if not case:
        return _case_error(request, case, "Enter the case reference")
    try:
        found = visit.do(Permission.REPORT_SCHEDULE, list_documents, ListDocuments(case_reference=case))
    except CountersignError as reason:
        return _case_error(request, case, in_words(reason))
    return render(request, "disclosure.html", case=case, found=found, answers=fields, errors=[], back="/disclosure")


def _case_error(request: Request, case: str, message: str) -> Response:
    errors = [("case_reference", message)]
    return render(
        request,
        "disclosure.html",
        status=422,
        case=case,
        found=None,
        answers={},
        errors=summary(errors),
        wrong=dict(errors),
        back="",
    )


@router.post("/disclosure/schedule")
def schedule(visit: Visiting, fields: FieldsOf) -> Response:
    """Give the lines for the disclosure schedule out: one for each search of the case."""
    arguments = ReportSchedule(case_reference=fields["case_reference"], recipient=fields["recipient"])
    lines = visit.do(Permission.REPORT_SCHEDULE, report_schedule, arguments)
    text = io.StringIO()
    table = csv.DictWriter(text, fields_of_line())
    table.writeheader()
    table.writerows({name: plain_cell(value) for name, value in asdict(line).items()} for line in lines)
    return _download(text.getvalue().encode(), "disclosure-schedule.csv", "text/csv")


def fields_of_line() -> tuple[str, ...]:
    """Give the columns of a schedule."""
    return tuple(field.name for field in fields(ScheduleLine))


def plain_cell(value: object) -> str:
    """Give a cell that a spreadsheet shows and never computes.

    Example:
        >>> plain_cell("=1+1"), plain_cell(3)
        ("'=1+1", '3')
    """
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
