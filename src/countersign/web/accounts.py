"""Local accounts: name and password, then the passkey; and opening one with the code that its person made."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from countersign.errors import CountersignError
from countersign.governance.account import MINIMUM_PASSWORD_CHARS, hash_password, registration_challenge, session_key
from countersign.governance.passkey import Registration
from countersign.governance.permission import Permission
from countersign.governance.signature import public_hex
from countersign.operations.check_password import check_password
from countersign.operations.command import sign_command
from countersign.operations.open_account import OpenAccount, open_account
from countersign.operations.open_session import OpenSession, open_session
from countersign.primitives.ids import new_id
from countersign.web.refusals import in_words
from countersign.web.rendering import render, summary
from countersign.web.step_up import asserted, passkey_page
from countersign.web.visit import COOKIE, FieldsOf, keep_secret, new_secret, office_of

router = APIRouter()


@router.post("/sign-in")
def take_password(request: Request, fields: FieldsOf) -> Response:
    """Check name and password, and ask for the passkey. Nobody is signed in by this."""
    office, secret = office_of(request), new_secret()
    public_key = public_hex(session_key(secret))
    try:
        half = check_password(office.desk, name=fields["name"], password=fields["password"], public_key=public_key)
    except CountersignError:
        errors = summary([("name", "Enter the name and password of your account. After five wrong tries, wait")])
        return render(
            request,
            "sign_in.html",
            status=403,
            people=office.people,
            ended=False,
            errors=errors,
            provider=office.provider,
        )
    request.cookies[COOKIE] = secret
    answer = passkey_page(
        request,
        office,
        secret,
        Permission.SESSION_OPEN,
        OpenSession(public_key=public_key),
        sent=(),
        person=half.person,
        what="You sign in.",
        action="/sign-in/passkey",
    )
    keep_secret(answer, secret)
    return answer


@router.post("/sign-in/passkey")
def take_passkey(request: Request, fields: FieldsOf) -> Response:
    """Open the session of the key that waits for its passkey."""
    office, secret = office_of(request), request.cookies[COOKIE]
    arguments = OpenSession(public_key=public_hex(session_key(secret)))
    open_session(office.desk, asserted(secret, fields, Permission.SESSION_OPEN, arguments))
    return RedirectResponse("/", status_code=303)


@router.get("/join")
def ask_code(request: Request) -> Response:
    """Ask for the one-time code."""
    secret = request.cookies.get(COOKIE) or new_secret()
    request.cookies[COOKIE] = secret
    answer = render(request, "join.html", errors=[])
    keep_secret(answer, secret)
    return answer


@router.post("/join")
def ask_account(request: Request, fields: FieldsOf) -> Response:
    """Ask for a name, a password and a passkey. Whether the code is good shows when it is used."""
    code = fields["code"].replace(" ", "").replace("-", "").casefold()
    if not code:
        return render(request, "join.html", status=422, errors=summary([("code", "Enter the code")]))
    return _account_page(request, code, "", [])


def _account_page(request: Request, code: str, name: str, errors: list[tuple[str, str]]) -> Response:
    return render(
        request,
        "join_account.html",
        status=422 if errors else 200,
        code=code,
        name=name,
        challenge=registration_challenge(public_hex(session_key(code))).hex(),
        handle=new_id(),
        rp_id=office_of(request).site.rp_id,
        least=MINIMUM_PASSWORD_CHARS,
        errors=summary(errors),
        wrong=dict(errors),
    )


@router.post("/join/account")
def open_one(request: Request, fields: FieldsOf) -> Response:
    """Open the account."""
    office, code, name = office_of(request), fields["code"], fields["name"]
    registration = Registration(
        credential=fields["credential"], client_data=fields["client_data"], attestation=fields["attestation"]
    )
    try:
        hashed = hash_password(fields["password"])
        arguments = OpenAccount(name=name, password=hashed, registration=registration, site=office.site)
        key = session_key(code)
        open_account(office.desk, sign_command(Permission.ACCOUNT_OPEN, arguments, key, office.desk.clock))
    except CountersignError as reason:
        field = "password" if reason.code == "password_short" else "name"
        return _account_page(request, code, name, [(field, in_words(reason))])
    return RedirectResponse("/sign-in", status_code=303)
