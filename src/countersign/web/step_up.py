"""What a session alone may not sign: the page that asks for the passkey, and the command that comes of it.

The form is sent twice to the same address: first as the person filled it in, then from the page that asks for the
passkey, with the same fields and the assertion. Nothing is kept in between; the assertion's challenge is the digest of
the command, so that a field which changed on the way makes another command, over which there is no assertion.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from fastapi import Request
from starlette.responses import Response

from countersign.governance.account import session_key
from countersign.governance.passkey import Assertion
from countersign.governance.permission import Permission
from countersign.governance.signature import SignatureError, challenge_of, public_hex, sign_command
from countersign.operations.command import Command
from countersign.operations.read_credentials import read_credentials
from countersign.primitives.clock import parse_rfc3339, rfc3339
from countersign.primitives.codec import to_plain
from countersign.primitives.ids import PersonId, new_id
from countersign.web.office import Office
from countersign.web.rendering import render
from countersign.web.visit import FORM_VALUE, Fields, Visit

A = TypeVar("A")
NONCE, AT = "stepup_nonce", "stepup_at"
ASSERTION = ("stepup_credential", "stepup_client_data", "stepup_authenticator_data", "stepup_signature")


def stepped_up(visit: Visit, fields: Fields, permission: Permission, arguments: A) -> Command[A] | None:
    """Give the command with its assertion, or None when the person has yet to be asked for the passkey.

    A scripted person of a demonstration signs with their own key, which is more than a session's.
    """
    if visit.own_key is not None:
        return visit.command(permission, arguments)
    return asserted(visit.secret, fields, permission, arguments) if fields[ASSERTION[-1]] else None


def asserted(secret: str, fields: Fields, permission: Permission, arguments: A) -> Command[A]:
    """Give the command that the page which asked for the passkey was about, with what the passkey answered.

    Raises:
        SignatureError: The page's nonce or time is not there any more.
    """
    credential, client_data, authenticator_data, signature = (fields[name] for name in ASSERTION)
    assertion = Assertion(
        credential=credential, client_data=client_data, authenticator_data=authenticator_data, signature=signature
    )
    try:
        command = command_at(secret, permission, arguments, fields[NONCE], parse_rfc3339(fields[AT]))
    except ValueError as reason:
        raise SignatureError("expected the time of the page that asked for the passkey, got none") from reason
    return replace(command, assertion=assertion)


def command_at(secret: str, permission: Permission, arguments: A, nonce: str, at: datetime) -> Command[A]:
    """Sign a command with a session's key, with the nonce and time that a page was made with."""
    key = session_key(secret)
    signed = sign_command(key, operation=permission, arguments=to_plain(arguments), nonce=nonce, at=at)
    return Command(arguments=arguments, public_key=public_hex(key), signed=signed)


def ask_for_passkey(
    request: Request, visit: Visit, fields: Fields, permission: Permission, arguments: object, *, what: str
) -> Response:
    """Ask the person to confirm with their passkey, over just this command.

    Args:
        request: The form's.
        visit: Whose.
        fields: What was sent; sent again with the assertion.
        permission: Of the operation.
        arguments: Of the command.
        what: What is confirmed, in plain words.
    """
    sent = [(name, value) for name in fields if name not in {FORM_VALUE, *ASSERTION} for value in fields.all(name)]
    return passkey_page(
        request, visit.office, visit.secret, permission, arguments, sent=sent, person=visit.person.person, what=what
    )


def passkey_page(  # noqa: PLR0913  every part of the page
    request: Request,
    office: Office,
    secret: str,
    permission: Permission,
    arguments: object,
    *,
    sent: Sequence[tuple[str, str]],
    person: PersonId,
    what: str,
    action: str = "",
) -> Response:
    """Render the page that asks for the passkey over one command; ``action`` is the form's own address if empty."""
    nonce, at = new_id(), office.desk.clock.now()
    command = command_at(secret, permission, arguments, nonce, at)
    return render(
        request,
        "passkey.html",
        what=what,
        action=action or request.url.path,
        sent=[*sent, (NONCE, nonce), (AT, rfc3339(command.signed.at))],
        empty=ASSERTION,
        challenge=challenge_of(command.signed).hex(),
        credentials=read_credentials(office.desk, person),
        rp_id=office.site.rp_id,
    )
