"""The authorising officer: the queue, what a decision rests on, and the decision in the officer's own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.errors import CountersignError
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.authorise_request import AuthoriseRequest, authorise_request
from countersign.operations.authorise_urgently import AuthoriseUrgently, authorise_urgently
from countersign.operations.confirm_urgent import ConfirmUrgent, confirm_urgent
from countersign.operations.consider_request import ConsiderRequest, consider_request
from countersign.operations.list_requests import ListRequests, list_requests
from countersign.operations.read_choices import read_choices
from countersign.operations.read_request import ReadRequest, read_request
from countersign.operations.reconfirm_lead import ReconfirmLead, reconfirm_lead
from countersign.operations.refer_request import ReferRequest, refer_request
from countersign.operations.refuse_request import RefusalReason, RefuseRequest, refuse_request
from countersign.operations.return_request import ReturnReason, ReturnRequest, return_request
from countersign.operations.show_probe import ShowProbe, show_probe
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from countersign.primitives.codec import from_plain
from countersign.primitives.ids import LeadId, RequestId
from countersign.web.faces import bars
from countersign.web.refusals import in_words
from countersign.web.rendering import render, summary
from countersign.web.requests import SEARCHED, answers_of, line_of
from countersign.web.step_up import ask_for_passkey, stepped_up
from countersign.web.visit import Fields, FieldsOf, Visit, Visiting, demand_role
from countersign.web.wording import REFUSAL, RETURN, WITHDRAWAL

router = APIRouter()
DECIDED = frozenset({"authorised", "urgent_authorised", "ext_pending"})
CHOICES = {
    "authorise": ("Authorise one search", ""),
    "urgent": (
        "Authorise at once: a life or serious harm is at stake",
        "Confirm it in writing within 48 hours",
    ),
    "refer": ("Refer it to the external authority", "For a search for somebody named"),
    "return": ("Return it for amendment", ""),
    "refuse": ("Refuse it for good", ""),
}


@router.get("/decisions")
def queue(request: Request, visit: Visiting) -> Response:
    """Show what waits for a decision, urgent first, and what this officer decided."""
    demand_role(visit, Role.AUTHORISING_OFFICER)
    lines = [one for one in visit.do(Permission.CASE_READ, list_requests, ListRequests()) if not one.asked_by_me]
    return render(
        request,
        "decisions.html",
        waiting=[one for one in lines if one.state == "submitted"],
        decided=[one for one in lines if one.state != "submitted"],
        now=visit.now,
        back="",
    )


@router.get("/decisions/{request_id}")
def basis(request: Request, request_id: str, visit: Visiting) -> Response:
    """Show everything that a decision rests on; opening it is recorded, and no decision is taken without it."""
    demand_role(visit, Role.AUTHORISING_OFFICER)
    line = line_of(visit, request_id)
    if line.state != "submitted":
        return _decided_page(request, visit, request_id, [], {})
    which = RequestId(request_id)
    shown = visit.do(Permission.REQUEST_CONSIDER, consider_request, ConsiderRequest(request=which))
    floors = read_choices(visit.desk).quality_floors
    return render(
        request,
        "basis.html",
        line=line,
        now=visit.now,
        basis=shown,
        rows=answers_of(visit, shown.form),
        quality=[(one.exhibit_number, bars(one.measures, floors)) for one in shown.quality],
        coverage=shown.coverage,
        groups=[(name, list(rows)) for name, rows in groupby(shown.groups, key=lambda one: one.attribute)],
        stills=_stills(visit, which),
        back="/decisions",
    )


def _stills(visit: Visit, which: RequestId) -> list[tuple[str, str]]:
    stills = visit.do(Permission.CASE_READ, show_probe, ShowProbe(request=which))
    return [(one.exhibit_number, visit.shelve(one.data)) for one in stills]


@router.get("/decisions/{request_id}/decide")
def ask(request: Request, request_id: str, visit: Visiting) -> Response:
    """Ask for the decision."""
    demand_role(visit, Role.AUTHORISING_OFFICER)
    return _decide_page(request, visit, request_id, [], visit.answers(request_id))


def _decide_page(
    request: Request, visit: Visit, request_id: str, errors: list[tuple[str, str]], answers: Mapping[str, str]
) -> Response:
    line = line_of(visit, request_id)
    return render(
        request,
        "decide.html",
        status=422 if errors else 200,
        line=line,
        now=visit.now,
        decisions=CHOICES if line.urgent else {name: words for name, words in CHOICES.items() if name != "urgent"},
        refusals=REFUSAL,
        returns=RETURN,
        least=read_choices(visit.desk).minimum_chars.reasons,
        answers=answers,
        errors=summary(errors),
        wrong=dict(errors),
        back=f"/decisions/{request_id}",
    )


ASKED = ("decision", "necessity", "proportionality", "return_reason", "refusal_reason", "explanation")


@router.post("/decisions/{request_id}/decide")
def decide(request: Request, request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Take the decision; authorising needs the officer's passkey over just this."""
    answers = {name: fields[name] for name in ASKED}
    visit.answer(request_id, answers)
    errors = _wrong(answers)
    if errors:
        return _decide_page(request, visit, request_id, errors, answers)
    try:
        asked = _carry_out(request, visit, fields, RequestId(request_id), answers["decision"])
    except CountersignError as reason:
        return _decide_page(request, visit, request_id, [("decision", in_words(reason))], answers)
    if asked is not None:
        return asked
    visit.forget(request_id)
    return RedirectResponse("/decisions", status_code=303)


REASONS = {"necessity": "Enter why it is strictly necessary", "proportionality": "Enter why it is proportionate"}
NEEDED = {
    "authorise": REASONS,
    "urgent": REASONS,
    "refer": REASONS,
    "return": {"return_reason": "Select what is to be amended", "explanation": "Enter it in your own words"},
    "refuse": {"refusal_reason": "Select why you refuse", "explanation": "Enter why in your own words"},
}


def _wrong(answers: Mapping[str, str]) -> list[tuple[str, str]]:
    needed = NEEDED.get(answers["decision"])
    if needed is None:
        return [("decision", "Select your decision")]
    return [(name, message) for name, message in needed.items() if not answers[name]]


def _carry_out(request: Request, visit: Visit, fields: Fields, which: RequestId, decision: str) -> Response | None:
    """Carry a decision out, or give the page that asks for the passkey."""
    necessity, proportionality, words = fields["necessity"], fields["proportionality"], fields["explanation"]
    match decision:
        case "authorise":
            arguments = AuthoriseRequest(request=which, necessity=necessity, proportionality=proportionality)
            command = stepped_up(visit, fields, Permission.REQUEST_AUTHORISE, arguments)
            if command is None:
                return _ask(request, visit, fields, arguments, "You authorise one search for one person.")
            authorise_request(visit.desk, command)
        case "urgent":
            urgently = AuthoriseUrgently(request=which, necessity=necessity, proportionality=proportionality)
            at_once = stepped_up(visit, fields, Permission.REQUEST_AUTHORISE, urgently)
            if at_once is None:
                return _ask(request, visit, fields, urgently, "You authorise one urgent search for one person.")
            authorise_urgently(visit.desk, at_once)
        case "refer":
            referred = ReferRequest(request=which, necessity=necessity, proportionality=proportionality)
            visit.do(Permission.REQUEST_REFER, refer_request, referred)
        case "return":
            amend: ReturnReason = from_plain(ReturnReason, fields["return_reason"], "reason")
            returned = ReturnRequest(request=which, reason=amend, explanation=words)
            visit.do(Permission.REQUEST_RETURN, return_request, returned)
        case _:
            why: RefusalReason = from_plain(RefusalReason, fields["refusal_reason"], "reason")
            refused = RefuseRequest(request=which, reason=why, explanation=words)
            visit.do(Permission.REQUEST_REFUSE, refuse_request, refused)
    return None


def _ask(request: Request, visit: Visit, fields: Fields, arguments: object, what: str) -> Response:
    return ask_for_passkey(request, visit, fields, Permission.REQUEST_AUTHORISE, arguments, what=what)


def _decided_page(
    request: Request, visit: Visit, request_id: str, errors: list[tuple[str, str]], answers: Mapping[str, str]
) -> Response:
    """Show a decided request, and what is left for the officer to do."""
    which, line = RequestId(request_id), line_of(visit, request_id)
    asked = visit.do(Permission.CASE_READ, read_request, ReadRequest(request=which))
    return render(
        request,
        "decided.html",
        status=422 if errors else 200,
        line=line,
        now=visit.now,
        rows=answers_of(visit, asked.form),
        stills=_stills(visit, which),
        searched=line.state in SEARCHED,
        can_revoke=line.state in DECIDED,
        can_confirm=line.limit == "unconfirmed",
        can_reconfirm=line.state == "lead_supported",
        withdrawal=WITHDRAWAL,
        answers=answers,
        errors=summary(errors),
        wrong=dict(errors),
        back="/decisions",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Something that an officer does after the decision.

    Attributes:
        field: Of the form, which must be filled in.
        missing: What is said when it is not.
    """

    field: str
    missing: str
    do: Callable[[Visit, RequestId, str], object]


def _revoke(visit: Visit, which: RequestId, text: str) -> object:
    reason: WithdrawalReason = from_plain(WithdrawalReason, text, "reason")
    return visit.do(Permission.REQUEST_WITHDRAW, withdraw_request, WithdrawRequest(request=which, reason=reason))


def _confirm(visit: Visit, which: RequestId, text: str) -> object:
    return visit.do(Permission.REQUEST_CONFIRM, confirm_urgent, ConfirmUrgent(request=which, statement=text))


def _reconfirm(visit: Visit, which: RequestId, text: str) -> object:
    lead = line_of(visit, which).lead or LeadId("")
    return visit.do(Permission.LEAD_RECONFIRM, reconfirm_lead, ReconfirmLead(lead=lead, reasons_against=text))


LATER = {
    "revoke": Later(field="reason", missing="Select why you revoke it", do=_revoke),
    "confirm": Later(field="statement", missing="Enter what you find now", do=_confirm),
    "reconfirm": Later(field="reasons_against", missing="Enter what speaks against the lead", do=_reconfirm),
}


@router.post("/decisions/{request_id}/{act}")
def later(request: Request, request_id: str, act: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Revoke, confirm in writing, or reconfirm before release."""
    step = LATER.get(act)
    if step is None:
        return RedirectResponse(f"/decisions/{request_id}", status_code=303)
    text = fields[step.field]
    answers = {step.field: text}
    if not text:
        return _decided_page(request, visit, request_id, [(step.field, step.missing)], answers)
    try:
        step.do(visit, RequestId(request_id), text)
    except CountersignError as reason:
        return _decided_page(request, visit, request_id, [(step.field, in_words(reason))], answers)
    return RedirectResponse(f"/decisions/{request_id}", status_code=303)
