"""The supervisor: what waits for whom and until when, who covers for whom, who may not act. Nothing of any case."""

from collections.abc import Mapping, Sequence
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.errors import CountersignError, NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.request_rules import Duty
from countersign.operations.bar_person import BarPerson, BarReason, bar_person
from countersign.operations.cover_absence import CoverAbsence, Covered, cover_absence
from countersign.operations.list_queues import ListQueues, QueuedRequest, Queues, Workload, list_queues
from countersign.operations.readmit_person import ReadmitPerson, ReadmitReason, readmit_person
from countersign.operations.reassign_request import HAND_OVER, ReassignReason, ReassignRequest, reassign_request
from countersign.primitives.codec import from_plain
from countersign.primitives.ids import PersonId, RequestId
from countersign.web.refusals import in_words
from countersign.web.rendering import render, summary
from countersign.web.team_words import BAR, DUTY, READMIT, REASSIGN, REFUSED
from countersign.web.visit import Fields, FieldsOf, Visit, Visiting, demand_role
from countersign.web.wording import Words

router = APIRouter(prefix="/team")
ROLE_OF: Mapping[Duty, Role] = {
    Duty.REQUESTER: Role.REQUESTER,
    Duty.OFFICER: Role.AUTHORISING_OFFICER,
    Duty.EXAMINER: Role.EXAMINER,
}


class NotInTeamError(NotFound):
    """Not of this supervisor's organisation, or does not wait for anybody."""

    code = "not_in_team"


def queues_of(visit: Visit) -> Queues:
    """Give what waits in the supervisor's organisation."""
    demand_role(visit, Role.SUPERVISOR)
    return visit.do(Permission.QUEUE_LIST, list_queues, ListQueues())


@router.get("")
def listed(request: Request, visit: Visiting) -> Response:
    """Show queues and people."""
    found = queues_of(visit)
    said = {"given", "barred", "readmitted"} & set(request.query_params)
    return render(request, "team/queues.html", found=found, now=visit.now, today=visit.now.date(), said=said, back="")


@router.get("/requests/{request_id}")
def ask_handover(request: Request, request_id: str, visit: Visiting) -> Response:
    """Ask who goes on with a request."""
    return _handover_page(request, visit, request_id, [], {})


def _handover_page(
    request: Request, visit: Visit, request_id: str, errors: list[tuple[str, str]], answers: Mapping[str, str]
) -> Response:
    found = queues_of(visit)
    line = next((one for one in found.waiting if one.request == request_id), None)
    if line is None:
        raise NotInTeamError("expected a request that waits for somebody here, got another or none")
    return render(
        request,
        "team/handover.html",
        status=422 if errors else 200,
        line=line,
        now=visit.now,
        duties=_duties(line),
        people=_people(
            found.people,
            {ROLE_OF[holder.duty] for holder in line.holders if holder.duty in HAND_OVER},
            visit.now.date(),
        ),
        reasons=REASSIGN,
        answers=answers,
        errors=summary(errors),
        wrong=dict(errors),
        back="/team",
    )


def _duties(line: QueuedRequest) -> Words:
    """Give the duties that can be given to somebody else, with who has each."""
    return {
        holder.duty: (f"{DUTY[holder.duty][0]}: {holder.name}", "" if holder.here else "Is not here")
        for holder in line.holders
        if holder.duty in HAND_OVER
    }


def _people(people: Sequence[Workload], roles: set[Role], today: date) -> Words:
    """Give the people who are here and have one of the roles, the least busy first; others the operation refuses."""
    here = [one for one in people if roles & set(one.roles) and _is_here(one, today)]
    return {
        one.person: (
            f"{one.name}, {', '.join(role.replace('_', ' ') for role in one.roles)}",
            f"{one.team}; {one.open} open",
        )
        for one in sorted(here, key=lambda one: (one.open, one.name))
    }


def _is_here(one: Workload, today: date) -> bool:
    return not (one.barred or one.left or (one.absent_until and one.absent_until >= today))


@router.post("/requests/{request_id}")
def hand_over(request: Request, request_id: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Give a duty to somebody else."""
    needed = {
        "duty": "Select the duty that somebody else goes on with",
        "to": "Select who goes on with it",
        "reason": "Select why",
    }
    answers = {name: fields[name] for name in needed}
    errors = [(name, message) for name, message in needed.items() if not answers[name]]
    if errors:
        return _handover_page(request, visit, request_id, errors, answers)
    try:
        arguments = ReassignRequest(
            request=RequestId(request_id),
            duty=from_plain(Duty, answers["duty"], "duty"),
            to=PersonId(answers["to"]),
            reason=from_plain(ReassignReason, answers["reason"], "reason"),
        )
        visit.do(Permission.REQUEST_REASSIGN, reassign_request, arguments)
    except CountersignError as reason:
        return _handover_page(request, visit, request_id, [("to", in_words(reason, theirs=True))], answers)
    return RedirectResponse("/team?given", status_code=303)


@router.get("/people/{person}")
def show_person(request: Request, person: str, visit: Visiting) -> Response:
    """Show one person's workload, and what can be done about it."""
    return _person_page(request, visit, person, [], {})


def _person_page(
    request: Request,
    visit: Visit,
    person: str,
    errors: list[tuple[str, str]],
    answers: Mapping[str, str],
    covered: Sequence[Covered] | None = None,
) -> Response:
    found = queues_of(visit)
    one = next((one for one in found.people if one.person == person), None)
    if one is None:
        raise NotInTeamError("expected somebody of your own organisation, got another person or nobody")
    others = [other for other in found.people if other.person != person]
    return render(
        request,
        "team/person.html",
        status=422 if errors else 200,
        one=one,
        is_self=person == visit.person.person,
        waiting=[line for line in found.waiting if any(holder.person == person for holder in line.holders)],
        people=_people(others, set(one.roles), visit.now.date()),
        covered=covered,
        refused=REFUSED,
        bar=BAR,
        readmit=READMIT,
        now=visit.now,
        today=visit.now.date(),
        answers=answers,
        errors=summary(errors),
        wrong=dict(errors),
        back="/team",
    )


@router.post("/people/{person}/cover")
def cover(request: Request, person: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Record an absence, and say which duties went over and which stayed."""
    answers = {name: fields[name] for name in ("until", "cover")}
    try:
        until = date.fromisoformat(answers["until"])
    except ValueError:
        return _person_page(request, visit, person, [("until", "Enter the last day of the absence")], answers)
    to = PersonId(answers["cover"]) if answers["cover"] not in {"", "nobody"} else None
    try:
        done = visit.do(
            Permission.REQUEST_REASSIGN, cover_absence, CoverAbsence(person=PersonId(person), until=until, to=to)
        )
    except CountersignError as reason:
        return _person_page(request, visit, person, [("until", in_words(reason, theirs=True))], answers)
    return _person_page(request, visit, person, [], {}, done)


@router.post("/people/{person}/bar")
def bar(request: Request, person: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Bar a person at once."""
    return _barring(request, visit, person, fields, "bar")


@router.post("/people/{person}/readmit")
def readmit(request: Request, person: str, visit: Visiting, fields: FieldsOf) -> Response:
    """Readmit a person whom somebody else barred."""
    return _barring(request, visit, person, fields, "readmit")


def _barring(request: Request, visit: Visit, person: str, fields: Fields, act: str) -> Response:
    answers = {act: fields[act]}
    if not fields[act]:
        return _person_page(request, visit, person, [(act, f"Select why you {act} them")], answers)
    who = PersonId(person)
    try:
        if act == "bar":
            why: BarReason = from_plain(BarReason, fields[act], "reason")
            visit.do(Permission.PERSON_BAR, bar_person, BarPerson(person=who, reason=why))
        else:
            again: ReadmitReason = from_plain(ReadmitReason, fields[act], "reason")
            visit.do(Permission.PERSON_READMIT, readmit_person, ReadmitPerson(person=who, reason=again))
    except CountersignError as reason:
        return _person_page(request, visit, person, [(act, in_words(reason, theirs=True))], answers)
    return RedirectResponse(f"/team?{'barred' if act == 'bar' else 'readmitted'}", status_code=303)
