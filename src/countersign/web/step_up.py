"""What a session alone may not sign: the page that asks for the passkey, and the command that comes of it.

The form is sent twice to the same address: first as the person filled it in, then from the page that asks for the
passkey, with the same fields and the assertion. Nothing is kept in between; the assertion's challenge is the digest of
the command, so that a field which changed on the way makes another command, over which there is no assertion.
"""

from dataclasses import replace
from typing import TypeVar

from fastapi import Request
from starlette.responses import Response

from countersign.governance.account import session_key
from countersign.governance.passkey import Assertion
from countersign.governance.permission import Permission
from countersign.governance.signature import challenge_of, public_hex, sign_command
from countersign.operations.command import Command
from countersign.operations.read_credentials import read_credentials
from countersign.primitives.clock import parse_rfc3339, rfc3339
from countersign.primitives.codec import to_plain
from countersign.primitives.ids import new_id
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
    credential, client_data, authenticator_data, signature = (fields[name] for name in ASSERTION)
    if not signature:
        return None
    assertion = Assertion(
        credential=credential, client_data=client_data, authenticator_data=authenticator_data, signature=signature
    )
    return replace(_command(visit, permission, arguments, fields[NONCE], fields[AT]), assertion=assertion)


def _command(visit: Visit, permission: Permission, arguments: A, nonce: str, at: str) -> Command[A]:
    key, moment = session_key(visit.secret), parse_rfc3339(at)
    signed = sign_command(key, operation=permission, arguments=to_plain(arguments), nonce=nonce, at=moment)
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
    nonce, at = new_id(), rfc3339(visit.now)
    command = _command(visit, permission, arguments, nonce, at)
    sent = [(name, value) for name in fields if name not in {FORM_VALUE, *ASSERTION} for value in fields.all(name)]
    return render(
        request,
        "passkey.html",
        what=what,
        sent=[*sent, (NONCE, nonce), (AT, at)],
        empty=ASSERTION,
        challenge=challenge_of(command.signed).hex(),
        credentials=read_credentials(visit.desk, visit.person.person),
        rp_id=visit.office.site.rp_id,
    )
