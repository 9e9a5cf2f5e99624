"""The first step of signing in to an account: the password. It opens nothing, and waits a few minutes for the passkey.

Nobody is known yet, so there is no signed command: a failure is recorded as ``denied`` without an actor, so that a
burst of guesses stands in the log and names nobody.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from countersign.governance.account import (
    FAILURES,
    HALF_SIGNED_IN,
    LOCKED,
    Account,
    Mandate,
    MandateKind,
    SignInError,
    Way,
    password_holds,
)
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.desk import Desk
from countersign.operations.open_account import LOCAL
from countersign.operations.recording import record_entry
from countersign.operations.signer import LeftServiceError, check_in_service
from countersign.operations.work import Work
from countersign.primitives.ids import MandateId, PersonId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfSignedIn:
    """Whose passkey is waited for; ``credentials`` are those that the browser may offer."""

    person: PersonId
    credentials: tuple[str, ...]


def check_password(desk: Desk, *, name: str, password: str, public_key: str) -> HalfSignedIn:
    """Check a name and password, and let the session's key wait for the passkey.

    Raises:
        SignInError: They are no account's, or it takes none for a while. Which of these it was is not said.
    """
    now = desk.clock.now()
    with desk.archive.begin() as work:
        desk.check(work.ledger)
        found = work.accounts.where(name_digest=work.keys.keyed_digest(LOCAL, name.strip().casefold()))
        account = found[0] if found and found[0].password else None
        holds = password_holds(account, password)  # asked even of a locked account: an answer takes as long either way
        begun = _begin(work, account, public_key, now) if account and holds and _may_try(account, now) else None
        if begun is None:
            _failed(work, desk, account, now)
        work.commit()
    desk.seal()
    if begun is None:
        raise SignInError("expected the name and password of an account, got something else; after five tries wait")
    return begun


def _may_try(account: Account, now: datetime) -> bool:
    return account.locked_until is None or now >= account.locked_until


def _begin(work: Work, account: Account, public_key: str, now: datetime) -> HalfSignedIn | None:
    try:
        check_in_service(work.people.get(account.person))
    except LeftServiceError:
        return None
    work.accounts.replace(replace(account, failures=0, locked_until=None))
    work.mandates.add(
        Mandate(
            id=MandateId(new_id()),
            person=account.person,
            public_key=public_key,
            kind=MandateKind.PASSWORD,
            way=Way.PASSKEY,
            opened_at=now,
            seen_at=now,
            ends_at=now + HALF_SIGNED_IN,
        )
    )
    credentials = tuple(one.credential for one in work.passkeys.where(person=account.person))
    return HalfSignedIn(person=account.person, credentials=credentials)


def _failed(work: Work, desk: Desk, account: Account | None, now: datetime) -> None:
    if account is not None and _may_try(account, now):
        failures = account.failures + 1
        locked = now + LOCKED if failures % FAILURES == 0 else None
        work.accounts.replace(replace(account, failures=failures, locked_until=locked))
    facts = {"operation": str(Permission.SESSION_OPEN), "reason": SignInError.code, "spoke": "guard"}
    record_entry(work, desk, EventKind.DENIED, None, facts, {})
