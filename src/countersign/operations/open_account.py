"""Open an account with the code that its person made: a name, a password, and the first passkey."""

from dataclasses import dataclass, replace

from countersign.errors import Conflict
from countersign.governance.account import Account, registration_challenge
from countersign.governance.passkey import Passkey, Registration, Site, check_registration
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import AccountId, PasskeyId, new_id

LOCAL = "local account"
"""Label of the keyed digest of a name to sign in with."""


class NameTakenError(Conflict):
    """Somebody signs in with this name already."""

    code = "name_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """What the person chose.

    Attributes:
        name: To sign in with.
        password: Its Argon2id hash (`governance.account.hash_password`); the password itself never comes here.
        site: Where the passkey may be used.
    """

    name: str
    password: str
    registration: Registration
    site: Site


@operation(Permission.ACCOUNT_OPEN)
def open_account(turn: Turn, arguments: OpenAccount) -> Account:
    """Open the account; the code is used up.

    Raises:
        GuardError: No code of one's own was used, or there is no name.
        NameTakenError: The name is another account's.
        PasskeyError: The authenticator's answer does not hold.
    """
    invitations = turn.work.mandates.where(public_key=turn.command.public_key)
    turn.check(
        require(bool(invitations), "mandate", "expected the code of an invitation, got a key of another kind"),
        require(bool(arguments.name.strip()), "account_name", "expected a name to sign in with, got none"),
    )
    digest = turn.work.keys.keyed_digest(LOCAL, arguments.name.strip().casefold())
    if turn.work.accounts.where(name_digest=digest):
        raise NameTakenError("expected a name that nobody signs in with, got one that is taken")
    made = check_registration(arguments.registration, registration_challenge(turn.command.public_key), arguments.site)
    account = Account(
        id=AccountId(new_id()),
        key=turn.actor.key,
        person=turn.actor.id,
        name_digest=digest,
        password=arguments.password,
        failures=0,
        locked_until=None,
        opened_at=turn.now,
    )
    turn.work.accounts.add(account)
    turn.work.passkeys.add(
        Passkey(
            id=PasskeyId(new_id()),
            key=turn.actor.key,
            person=turn.actor.id,
            credential=made.credential,
            public_key=made.public_key,
            sign_count=made.sign_count,
            site=arguments.site,
            registered_at=turn.now,
        )
    )
    turn.work.mandates.replace(replace(invitations[0], ends_at=turn.now))
    turn.record(EventKind.ACCOUNT_OPENED, {"way": "passkey"}, committed={"session": made.credential})
    return account
