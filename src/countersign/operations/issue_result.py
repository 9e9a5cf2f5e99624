"""Give out the record of a search as a signed file: to those with a part in it and to the disclosure officer."""

from dataclasses import dataclass

from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.operations.issue import IssuedDocument, issue
from countersign.operations.issue_request import party
from countersign.operations.report_facts import MadeReport
from countersign.operations.report_search import search_report
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueResult:
    """Of which request, and who gets the file."""

    request: RequestId
    recipient: str


@operation_in_turns(Permission.REPORT_SEARCH)
def issue_result(turns: Turns, arguments: IssueResult) -> IssuedDocument:
    """Give the record out; it names nobody.

    Raises:
        RecipientError: Nobody is named.
        NoSearchError: Nothing was sealed for this request.
        GuardError: Somebody without a part in it, or it is restricted.
    """

    def gather(turn: Turn) -> tuple[SearchRequest, MadeReport]:
        request = turn.work.requests.get(arguments.request)
        turn.check(party(turn, request))
        return request, search_report(turn, request)

    return issue(turns, gather, report="search", recipient=arguments.recipient)
