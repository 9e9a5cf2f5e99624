"""Give out a request with what was decided on it as a signed file: to its parties and to the disclosure officer."""

from dataclasses import dataclass

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request import SearchRequest
from countersign.governance.verdict import Verdict, require
from countersign.operations.issue import IssuedDocument, issue
from countersign.operations.issued_facts import DecisionFacts, RequestReport
from countersign.operations.list_requests import concerns
from countersign.operations.overlays import readable
from countersign.operations.read_request import may_know
from countersign.operations.report_basis import probe_shown
from countersign.operations.report_facts import MadeReport
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.primitives.codec import to_plain
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRequest:
    """Which request, and who gets the file."""

    request: RequestId
    recipient: str


@operation_in_turns(Permission.REPORT_SEARCH)
def issue_request(turns: Turns, arguments: IssueRequest) -> IssuedDocument:
    """Give the request out.

    Raises:
        RecipientError: Nobody is named.
        GuardError: Somebody without a part in it, or who examines and has locked no opinion yet, or it is restricted.
    """

    def gather(turn: Turn) -> tuple[SearchRequest, MadeReport]:
        request = turn.work.requests.get(arguments.request)
        turn.check(
            party(turn, request),
            readable(turn.work, request.id, turn.actor.roles),
            require(
                may_know(turn, request),
                "context_too_early",
                "expected an own opinion that is locked before the facts of the case are told, got none",
            ),
        )
        pictures = probe_shown(turn.work, turn.work.probes.get(request.probe))
        return request, MadeReport(report=_report(turn, request, arguments.recipient), pictures=pictures)

    return issue(turns, gather, report="request", recipient=arguments.recipient)


def party(turn: Turn, request: SearchRequest) -> Verdict:
    """Refuse whoever has no part in a request and is no disclosure officer."""
    return require(
        Role.DISCLOSURE_OFFICER in turn.actor.roles or concerns(turn.work, request, turn.actor),
        "not_party",
        "expected somebody who has a part in this request, got another person",
    )


def _report(turn: Turn, request: SearchRequest, recipient: str) -> RequestReport:
    plain = to_plain(request.form)
    answers = plain.items() if isinstance(plain, dict) else ()
    return RequestReport(
        programme_kind=turn.programme.kind,
        case_reference=turn.work.cases.get(request.case).reference,
        request_number=request.id,
        made_at=turn.now,
        recipient=recipient.strip(),
        requester=request.requester,
        drafted_at=request.drafted_at,
        tier=request.tier,
        state=request.state.replace("_", " "),
        answers=tuple((name, _said(value)) for name, value in answers if value not in (None, "", [])),
        decisions=tuple(
            DecisionFacts(
                officer=one.officer,
                granted_at=one.granted_at,
                expires_at=one.expires_at,
                state=one.state.replace("_", " "),
                necessity=one.necessity,
                proportionality=one.proportionality,
            )
            for one in turn.work.authorisations.where(request=request.id)
        ),
    )


def _said(value: object) -> str:
    return {"True": "yes", "False": "no"}.get(str(value), str(value))
