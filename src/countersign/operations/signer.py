"""Who signed a command: a person's own key, or a session that may sign for them, with a passkey where that is needed.

Three signatures are accepted, all over the same statement (operation, digest of the arguments, nonce, time):

- Ed25519 by the person's own key: enough for everything
- Ed25519 by the key of a mandate: enough for what the mandate may sign (`governance.account`)
- the same, and a passkey's assertion by the same person: enough for what `permission.STEP_UP` lists
"""

from dataclasses import dataclass, replace
from datetime import datetime

from countersign.errors import Refused
from countersign.governance.account import Mandate, may_sign
from countersign.governance.actor import Person
from countersign.governance.passkey import Assertion, PasskeyError, check_assertion
from countersign.governance.permission import STEP_UP, Permission
from countersign.governance.signature import SignatureError, challenge_of, verify_command
from countersign.governance.verdict import check
from countersign.operations.command import Command
from countersign.operations.work import Work
from countersign.primitives.codec import to_plain
from countersign.primitives.ids import PersonId


class LeftServiceError(Refused):
    """The key is of somebody who left."""

    code = "left_service"


class BarredError(Refused):
    """The key is of somebody who is barred for now."""

    code = "barred"


class StepUpError(Refused):
    """A session asked for something that needs the person's passkey, and no assertion came with it."""

    code = "step_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """For whom a key stands; without a mandate it is the person's own."""

    person: Person
    mandate: Mandate | None


def find_signer(work: Work, command: Command[object]) -> Signer:
    """Give the person for whom the command's key stands.

    Raises:
        SignatureError: It stands for nobody.
    """
    people = work.people.where(public_key=command.public_key)
    mandates = [] if people else work.mandates.where(public_key=command.public_key)
    if not people and not mandates:
        raise SignatureError("expected the key of a registered person, got one that nobody registered")
    return Signer(
        person=people[0] if people else work.people.get(mandates[0].person), mandate=mandates[0] if mandates else None
    )


def check_in_service(person: Person) -> None:
    """Let nobody act who left or is barred: from the moment that it is recorded, whatever their training says.

    Raises:
        LeftServiceError: They left.
        BarredError: They are barred.
    """
    if person.left_on is not None:
        raise LeftServiceError("expected a person in service, got one who left")
    if person.barred_at is not None:
        raise BarredError("expected a person whom nobody barred, got one who is barred until they are readmitted")


def verify_signer(work: Work, command: Command[object], permission: Permission, now: datetime) -> int | None:
    """Check every signature that this command needs.

    Returns:
        The passkey's new count, where one was needed; `count_use` stores it.

    Raises:
        SignatureError: The Ed25519 signature does not hold.
        GuardError: The session is over, or may not sign this.
        StepUpError: A passkey's assertion is needed and there is none.
        PasskeyError: The assertion does not hold, or is another person's.
    """
    verify_command(
        command.signed,
        public_key=command.public_key,
        operation=permission,
        arguments=to_plain(command.arguments),
        now=now,
    )
    signer = find_signer(work, command)
    if signer.mandate is None:
        return None
    check(may_sign(signer.mandate, permission, now))
    if permission not in STEP_UP:
        return None
    if command.assertion is None:
        raise StepUpError(f"expected a passkey's assertion over {permission}, got a session alone")
    return verify_assertion(work, signer.person.id, command.assertion, challenge_of(command.signed))


def verify_assertion(work: Work, person: PersonId, assertion: Assertion, challenge: bytes) -> int:
    """Check an assertion of one of a person's passkeys and give the passkey's new count; `count_use` stores it.

    Raises:
        PasskeyError: It is of no passkey of theirs, or does not hold.
    """
    found = work.passkeys.where(person=person, credential=assertion.credential)
    if not found:
        raise PasskeyError("expected a passkey of this person, got another")
    return check_assertion(found[0], assertion, challenge)


def count_use(work: Work, person: PersonId, assertion: Assertion, sign_count: int) -> None:
    """Store the count after a use, so that a copy of the authenticator is found out."""
    (passkey,) = work.passkeys.where(person=person, credential=assertion.credential)
    work.passkeys.replace(replace(passkey, sign_count=sign_count))
