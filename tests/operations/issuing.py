"""How tests have documents given out, and check that they are signed."""

from countersign.governance.permission import Permission
from countersign.ledger.document import check_document
from countersign.operations.issue import IssuedDocument
from countersign.operations.issue_chart import IssueChart, issue_chart
from countersign.operations.issue_request import IssueRequest, issue_request
from countersign.operations.issue_result import IssueResult, issue_result
from countersign.operations.list_documents import DocumentsOfRequest, ListDocuments, list_documents
from countersign.review.facial_review import Position
from tests.archive_files import check_archive_file
from tests.operations.scene import Scene

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
    check_archive_file(made.pdf)
    check_document(made.pdf, made.signature.encode(), scene.desk.log_policy.logs[0])
