"""`countersign account`: how a person comes to sign in to the web application."""

import secrets
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit
from countersign.governance.permission import Permission
from countersign.primitives.ids import PersonId

app = typer.Typer(name="account", help="Accounts of the web application.", no_args_is_help=True)


@app.command()
def invite(key: KeyOption, as_json: JsonOption = False) -> None:
    """Make a one-time code with which you, and nobody else, open your account in the browser."""
    from countersign.governance.account import session_key
    from countersign.governance.signature import public_hex
    from countersign.operations.invite_account import InviteAccount, invite_account

    code = secrets.token_hex(16)
    arguments = InviteAccount(public_key=public_hex(session_key(code)))
    made = act(key, Permission.ACCOUNT_INVITE, invite_account, arguments)
    spoken = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
    shown = {"code": spoken, "ends_at": made.ends_at}
    emit(shown, as_json=as_json, title="Enter this code at /join of the site, once, by the time below")


@app.command()
def link(
    person: Annotated[str, typer.Option(help="Person id.")],
    issuer: Annotated[str, typer.Option(help="The identity provider's issuer.")],
    subject: Annotated[str, typer.Option(help="The provider's name for the person (sub).")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Say whose account of the identity provider is whose."""
    from countersign.operations.link_account import LinkAccount, link_account

    arguments = LinkAccount(person=PersonId(person), issuer=issuer, subject=subject)
    made = act(key, Permission.ACCOUNT_LINK, link_account, arguments)
    emit({"account": made.id, "person": made.person}, as_json=as_json, title="Linked")
