"""The requester's requests: what waits for whom until when, the released lead, and what became of it."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.errors import CountersignError, NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.list_requests import ListedRequest, ListRequests, list_requests
from countersign.operations.read_choices import read_choices
from countersign.operations.read_request import ReadRequest, read_request
from countersign.operations.record_outcome import RecordOutcome, record_outcome
from countersign.operations.report_facts import MadeReport, PictureRole
from countersign.operations.report_lead import ReportLead, report_lead
from countersign.operations.show_probe import ShowProbe, show_probe
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from countersign.outcome.lead import Evidence, EvidenceType, OutcomeCode
from countersign.primitives.codec import from_plain, to_plain
from countersign.primitives.ids import LeadId, RequestId
from countersign.web.questions import said
from countersign.web.refusals import in_words
from countersign.web.rendering import render, summary
from countersign.web.request_form import STEPS
from countersign.web.visit import Fields, FieldsOf, Visit, Visiting, demand_role
from countersign.web.wording import EVIDENCE, OUTCOME, WITHDRAWAL

router = APIRouter()
WITHDRAWABLE = frozenset({"draft", "submitted", "returned", "authorised", "urgent_authorised", "ext_pending"})
SEARCHED = frozenset(
    {"executed", "no_candidate", "screening", "proposed_lead", "blind_verify", "conflict", "lead_supported", "no_lead"}
    | {"released", "corroboration", "outcome_recorded", "disproved", "closed"}
)
"""States of a request of which a search was sealed, so that there is a record of it."""
LEAD_STATES = frozenset({"released", "corroboration", "outcome_recorded"})


class UnlistedError(NotFound):
    """The request does not concern this person."""

    code = "unlisted"


@router.get("/requests")
def listed(request: Request, visit: Visiting) -> Response:
    """List the person's own requests with their clocks."""
    demand_role(visit, Role.REQUESTER)
    own = [one for one in visit.do(Permission.CASE_READ, list_requests, ListRequests()) if one.asked_by_me]
    return render(request, "requests.html", requests=own, now=visit.now, back="")


def line_of(visit: Visit, request_id: str) -> ListedRequest:
    """Give the line of one request that concerns the person.

    Raises:
        UnlistedError: It does not concern them, or does not exist.
    """
    lines = visit.do(Permission.CASE_READ, list_requests, ListRequests())
    found = next((one for one in lines if one.request == request_id), None)
    if found is None:
        raise UnlistedError("expected a request that concerns you, got another or none")
    return found


@router.get("/requests/{request_id}")
def status(request: Request, request_id: str, visit: Visiting) -> Response:
    """Show where a request stands, until when, and what was asked."""
    demand_role(visit, Role.REQUESTER)
    return _status_page(request, visit, request_id, [])


def _status_page(request: Request, visit: Visit, request_id: str, errors: list[tuple[str, str]]) -> Response:
    line = line_of(visit, request_id)
    stills = visit.do(Permission.CASE_READ, show_probe, ShowProbe(request=RequestId(request_id)))
    asked = visit.do(Permission.CASE_READ, read_request, ReadRequest(request=RequestId(request_id)))
    return render(
        request,
        "request.html",
        status=422 if errors else 200,
        line=line,
        now=visit.now,
        stills=[(one.exhibit_number, visit.shelve(one.data)) for one in stills],
        rows=answers_of(visit, asked.form),
        searched=line.state in SEARCHED,
        withdrawable=line.state in WITHDRAWABLE,
        withdrawal=WITHDRAWAL,
        has_lead=line.lead is not None and line.state in LEAD_STATES,
        sent="sent" in request.query_params,
        errors=summary(errors),
        wrong=dict(errors),
        back="/requests",
    )


def answers_of(visit: Visit, form: object) -> list[tuple[str, str]]:
    """Give the answers of a request's form by their questions, in our words."""
    plain = to_plain(form)
    answers = {name: str(value) for name, value in plain.items()} if isinstance(plain, dict) else {}
    choices = read_choices(visit.desk)
    return [
        (question.caption, text)
        for step in STEPS
        for question in step.questions
        if question.name != "collection"
        and (text := said(question, answers, choices))
        # Where nothing was asked of the person nothing is there to read: an officer reads many of these.
        and not (question.optional and answers.get(question.name) == "none")
    ]


@router.post("/requests/{request_id}/withdraw")
def withdraw(request: Request, request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Withdraw a request."""
    if not fields["reason"]:
        return _status_page(request, visit, request_id, [("reason", "Select why you withdraw it")])
    reason: WithdrawalReason = from_plain(WithdrawalReason, fields["reason"], "reason")
    arguments = WithdrawRequest(request=RequestId(request_id), reason=reason)
    visit.do(Permission.REQUEST_WITHDRAW, withdraw_request, arguments)
    return RedirectResponse(f"/requests/{request_id}", status_code=303)


@router.get("/requests/{request_id}/lead")
def lead(request: Request, request_id: str, visit: Visiting) -> Response:
    """Show the released lead under its caveat; a disclosure, recorded as one."""
    demand_role(visit, Role.REQUESTER)
    return _lead_page(request, visit, request_id, [], {})


def _lead_page(
    request: Request, visit: Visit, request_id: str, errors: list[tuple[str, str]], answers: dict[str, str]
) -> Response:
    line = line_of(visit, request_id)
    if line.lead is None:
        raise UnlistedError("expected a request with a released lead, got one without")
    made: MadeReport = visit.do(Permission.REPORT_LEAD, report_lead, ReportLead(lead=line.lead))
    return render(
        request,
        "lead.html",
        status=422 if errors else 200,
        line=line,
        now=visit.now,
        report=made.report,
        probe=[(one.caption, visit.shelve(one.data)) for one in made.pictures if one.role is PictureRole.PROBE],
        reference=[(one.caption, visit.shelve(one.data)) for one in made.pictures if one.role is PictureRole.REFERENCE],
        outcomes=OUTCOME,
        evidence=EVIDENCE,
        least=read_choices(visit.desk).minimum_chars.outcome,
        recorded=line.state == "outcome_recorded",
        answers=answers,
        errors=summary(errors),
        wrong=dict(errors),
        back=f"/requests/{request_id}",
    )


ASKED_OF_OUTCOME = ("own_comparison", "reasons_against", "code", "evidence_type", "evidence_reference", "line_up")


@router.post("/requests/{request_id}/lead")
def outcome(request: Request, request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Record what became of the lead: the own comparison comes first, and what speaks against it."""
    answers = {name: fields[name] for name in ASKED_OF_OUTCOME}
    errors = _wrong_outcome(fields, read_choices(visit.desk).minimum_chars.outcome)
    if errors:
        return _lead_page(request, visit, request_id, errors, answers)
    line = line_of(visit, request_id)
    kind, reference = fields["evidence_type"], fields["evidence_reference"]
    item = Evidence(type=from_plain(EvidenceType, kind, "evidence"), reference=reference) if kind else None
    arguments = RecordOutcome(
        lead=line.lead or LeadId(""),
        code=from_plain(OutcomeCode, fields["code"], "code"),
        own_comparison=fields["own_comparison"],
        reasons_against=fields["reasons_against"],
        evidence=(item,) if item else (),
        line_up=bool(fields["line_up"]),
    )
    try:
        visit.do(Permission.LEAD_OUTCOME, record_outcome, arguments)
    except CountersignError as reason:
        return _lead_page(request, visit, request_id, [("code", in_words(reason))], answers)
    return RedirectResponse(f"/requests/{request_id}", status_code=303)


def _wrong_outcome(fields: Fields, least: int) -> list[tuple[str, str]]:
    short = [name for name in ("own_comparison", "reasons_against") if len(fields[name]) < least]
    errors = [(name, f"Write at least {least} characters") for name in short]
    return [*errors, *([] if fields["code"] in OUTCOME else [("code", "Select an outcome")])]
