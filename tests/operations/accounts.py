"""Accounts in a scene: invited by their person's key, opened with a passkey, signed in step by step."""

from dataclasses import replace

from countersign.governance.account import Account, Mandate, hash_password, registration_challenge, session_key
from countersign.governance.passkey import Site
from countersign.governance.permission import Permission
from countersign.governance.signature import challenge_of, public_hex
from countersign.operations.check_password import check_password
from countersign.operations.command import Command, sign_command
from countersign.operations.invite_account import InviteAccount, invite_account
from countersign.operations.open_account import OpenAccount, open_account
from countersign.operations.open_session import OpenSession, open_session
from tests.authenticator import Authenticator
from tests.operations.scene import Scene

SITE = Site(rp_id="localhost", origin="https://localhost")
CODE, SECRET = "c0de" * 16, "5ec2" * 16
NAME, PASSWORD = "o.penn", "correct horse battery staple"


def invite(scene: Scene, who: str = "operator", code: str = CODE) -> Mandate:
    arguments = InviteAccount(public_key=public_hex(session_key(code)))
    return scene.force.do(who, Permission.ACCOUNT_INVITE, invite_account, arguments)


def account_of(
    scene: Scene, device: Authenticator, *, code: str = CODE, name: str = NAME, challenge: bytes | None = None
) -> Account:
    """Open the account as the holder of a code."""
    key = session_key(code)
    registration = device.register(challenge or registration_challenge(public_hex(key)))
    arguments = OpenAccount(name=name, password=hash_password(PASSWORD), registration=registration, site=SITE)
    return open_account(scene.desk, sign_command(Permission.ACCOUNT_OPEN, arguments, key, scene.clock))


def command_of(
    scene: Scene, permission: Permission, arguments: object, device: Authenticator | None, secret: str = SECRET
) -> Command[object]:
    """Sign with a session's key, and with a passkey where there is one."""
    command = sign_command(permission, arguments, session_key(secret), scene.clock)
    return command if device is None else replace(command, assertion=device.sign_over(challenge_of(command.signed)))


def sign_in(scene: Scene, device: Authenticator, secret: str = SECRET) -> Mandate:
    """Sign in with password and passkey."""
    public_key = public_hex(session_key(secret))
    check_password(scene.desk, name=NAME, password=PASSWORD, public_key=public_key)
    arguments = OpenSession(public_key=public_key)
    command = sign_command(Permission.SESSION_OPEN, arguments, session_key(secret), scene.clock)
    return open_session(scene.desk, replace(command, assertion=device.sign_over(challenge_of(command.signed))))
