"""A visit: one request by one person who is signed in, and how it acts: it signs a command and calls one operation."""

import hmac
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from countersign.errors import Refused
from countersign.governance.account import Way, session_key
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.signature import PrivateKey, public_hex
from countersign.operations.command import Command, sign_command
from countersign.operations.desk import Desk
from countersign.operations.resume_session import SessionEndedError, SignedIn, resume_session
from countersign.operations.signer import BarredError, LeftServiceError
from countersign.primitives.digest import sha256
from countersign.web.office import Office

A = TypeVar("A")
R = TypeVar("R")

COOKIE = "__Host-countersign"
FORM_VALUE = "csrf"


class FormOriginError(Refused):
    """The form does not carry the value that this session's pages have."""

    code = "form_origin"


class RoleError(Refused):
    """This page is another role's."""

    code = "role"


class Fields(Mapping[str, str]):
    """The text fields of a form; a field that is not there reads as empty, and files are apart."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def __getitem__(self, name: str) -> str:
        value = self._form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._form)

    def __len__(self) -> int:
        return len(self._form)

    def all(self, name: str) -> list[str]:
        """Give every value of a field that may come more than once."""
        return [value for value in self._form.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        """Give the file of a field, if one was chosen."""
        value = self._form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who is signed in, and the key of their session.

    Attributes:
        secret: What the browser keeps; nobody else can make the key that signs.
        own_key: The person's own key, in a demonstration only.
    """

    office: Office
    person: SignedIn
    secret: str
    own_key: PrivateKey | None

    @property
    def desk(self) -> Desk:
        """Where operations are done."""
        return self.office.desk

    @property
    def now(self) -> datetime:
        """The desk's time."""
        return self.office.desk.clock.now()

    def command(self, permission: Permission, arguments: A) -> Command[A]:
        """Sign a command for the person: with their own key in a demonstration, else with the session's."""
        key = self.own_key or session_key(self.secret)
        return sign_command(permission, arguments, key, self.desk.clock)

    def do(self, permission: Permission, run: Callable[[Desk, Command[A]], R], arguments: A) -> R:
        """Sign and carry out what a session alone may sign; `step_up` is for the rest."""
        return run(self.desk, self.command(permission, arguments))

    def answers(self, form: str) -> dict[str, str]:
        """Give what this person has answered in a form so far."""
        return self.office.answers.read(self.person.person, form, self.now)

    def answer(self, form: str, answers: Mapping[str, str]) -> None:
        """Keep answers of a form."""
        self.office.answers.write(self.person.person, form, answers, self.now)

    def forget(self, form: str) -> None:
        """Forget a form."""
        self.office.answers.drop(self.person.person, form)

    def shelve(self, data: bytes) -> str:
        """Hold a picture for this session and give the address that a page shows it by."""
        return self.office.shelf.put(self.person.public_key, data, self.now)

    def has(self, role: Role) -> bool:
        """Say whether the person has a role; what they may do is the operations' to decide."""
        return role in self.person.roles


def office_of(request: Request) -> Office:
    """Give the wired parts."""
    office: Office = request.app.state.office
    return office


def form_value(secret: str) -> str:
    """Give the value that forms of a session carry."""
    return sha256(f"countersign/form/v1 {secret}".encode())


def new_secret() -> str:
    """Make the secret of a session: 256 random bits."""
    return secrets.token_hex(32)


def keep_secret(response: Response, secret: str) -> None:
    """Give the browser a secret: this host only, over TLS only, never to a script, never from another site."""
    response.set_cookie(COOKIE, secret, secure=True, httponly=True, samesite="strict", path="/")


def forget_secret(response: Response) -> None:
    """Take the secret back."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict", path="/")


def visiting(request: Request) -> Visit:
    """Give the visit of this request.

    Raises:
        SessionEndedError: Nobody is signed in.
    """
    office, secret = office_of(request), request.cookies.get(COOKIE, "")
    person = resume_session(office.desk, public_hex(session_key(secret)))
    scripted = office.people.get(person.person) if person.way is Way.DEMONSTRATION else None
    visit = Visit(office=office, person=person, secret=secret, own_key=scripted.key if scripted else None)
    request.state.visit = visit
    return visit


def perhaps_visiting(request: Request) -> Visit | None:
    """Give the visit of this request, or None: for pages that anybody may read."""
    try:
        return visiting(request)
    except (SessionEndedError, LeftServiceError, BarredError):
        return None


async def read_fields(request: Request) -> AsyncIterator[Fields]:
    """Read a form and check that it is one of ours.

    Raises:
        FormOriginError: It does not carry this session's value.
    """
    async with request.form() as form:  # its files are closed when the page is answered
        fields = Fields(form)
        check_form(request.cookies.get(COOKIE, ""), fields[FORM_VALUE])
        yield fields


def check_form(secret: str, value: str) -> None:
    """Check the value of a form against the secret in the browser's cookie."""
    if not secret or not hmac.compare_digest(value.encode(), form_value(secret).encode()):
        raise FormOriginError("expected a form of a page of this session, got another: open the page again")


def demand_role(visit: Visit, *roles: Role) -> None:
    """Lead people away from pages that are not theirs; the operations behind them refuse in any case.

    Raises:
        RoleError: They have none of the roles.
    """
    if not any(visit.has(role) for role in roles):
        named = " or ".join(role.replace("_", " ") for role in roles)
        raise RoleError(f"expected {named}, got a person with other roles")


Visiting = Annotated[Visit, Depends(visiting)]
PerhapsVisiting = Annotated[Visit | None, Depends(perhaps_visiting)]
FieldsOf = Annotated[Fields, Depends(read_fields)]
