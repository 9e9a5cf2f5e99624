"""Signing in and out. In a demonstration one click on a scripted person is enough; nowhere else."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.errors import Refused
from countersign.governance.account import session_key
from countersign.governance.permission import Permission
from countersign.governance.signature import public_hex
from countersign.operations.command import sign_command
from countersign.operations.end_session import EndSession, end_session
from countersign.operations.open_session import OpenSession, open_session
from countersign.primitives.ids import PersonId
from countersign.web.rendering import render
from countersign.web.visit import (
    COOKIE,
    FieldsOf,
    Visiting,
    forget_secret,
    keep_secret,
    new_secret,
    office_of,
)

router = APIRouter()


class NotScriptedError(Refused):
    """One click signs in nobody but the scripted people of a demonstration."""

    code = "not_scripted"


@router.get("/sign-in")
def ask(request: Request) -> Response:
    """Show how to sign in; the browser gets a secret, so that the forms on the page can be told to be ours."""
    office, secret = office_of(request), request.cookies.get(COOKIE) or new_secret()
    request.cookies[COOKIE] = secret
    answer = render(
        request,
        "sign_in.html",
        people=office.people,
        provider=office.provider,
        errors=[],
        ended="ended" in request.query_params,
    )
    keep_secret(answer, secret)
    return answer


@router.post("/sign-in/demonstration")
def one_click(request: Request, fields: FieldsOf) -> Response:
    """Sign a scripted person in with their own key; the operation refuses it in any programme but a demonstration."""
    office = office_of(request)
    person = office.people.get(PersonId(fields["person"]))
    if person is None:
        raise NotScriptedError("expected a scripted person of a demonstration, got somebody else")
    secret = new_secret()  # never the one from before: whoever planted that would be signed in too
    arguments = OpenSession(public_key=public_hex(session_key(secret)))
    open_session(office.desk, sign_command(Permission.SESSION_OPEN, arguments, person.key, office.desk.clock))
    answer = RedirectResponse("/", status_code=303)
    keep_secret(answer, secret)
    return answer


@router.post("/sign-out")
def leave(visit: Visiting, fields: FieldsOf) -> Response:
    """End the session at once."""
    del fields
    visit.do(Permission.SESSION_END, end_session, EndSession(public_key=visit.person.public_key))
    visit.office.answers.drop_all(visit.person.person)
    answer = RedirectResponse("/sign-in", status_code=303)
    forget_secret(answer)
    return answer
