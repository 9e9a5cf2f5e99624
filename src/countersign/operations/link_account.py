"""Say whose account of the force's identity provider is whose: issuer and subject here, a person there."""

from dataclasses import dataclass

from countersign.errors import Conflict
from countersign.governance.account import Account
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import AccountId, PersonId, new_id

PROVIDER = "provider account"
"""Label of the keyed digest of issuer and subject."""


class SubjectTakenError(Conflict):
    """The provider's account is linked already."""

    code = "subject_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAccount:
    """Whom the provider's (issuer, subject) stands for."""

    person: PersonId
    issuer: str
    subject: str


@operation(Permission.ACCOUNT_LINK)
def link_account(turn: Turn, arguments: LinkAccount) -> Account:
    """Link a provider's account to a person; never to the one who links.

    Raises:
        GuardError: The administrator's own account, or issuer or subject is empty.
        SubjectTakenError: It is linked.
    """
    person = turn.work.people.get(arguments.person)
    turn.check(
        require(person.id != turn.actor.id, "own_account", "expected another person's account, got one's own"),
        require(
            bool(arguments.issuer.strip() and arguments.subject.strip()),
            "account_name",
            "expected issuer and subject of the provider's account, got an empty one",
        ),
    )
    digest = turn.work.keys.keyed_digest(PROVIDER, subject_name(arguments.issuer, arguments.subject))
    if turn.work.accounts.where(name_digest=digest):
        raise SubjectTakenError("expected an account that is linked to nobody, got one that is")
    account = Account(
        id=AccountId(new_id()),
        key=person.key,
        person=person.id,
        name_digest=digest,
        password="",
        failures=0,
        locked_until=None,
        opened_at=turn.now,
    )
    turn.work.accounts.add(account)
    turn.record(EventKind.ACCOUNT_OPENED, {"way": "provider"}, committed={"person": person.id})
    return account


def subject_name(issuer: str, subject: str) -> str:
    """Write issuer and subject as one text that no other pair can be."""
    return f"{len(issuer)}:{issuer}{subject}"
