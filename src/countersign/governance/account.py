"""Accounts of the web, and mandates: keys that may sign for a person for a while.

A person's own Ed25519 key need not lie on the machine of the web. Instead a fresh key is made for each session, and the
person says once, by a passkey, by a provider or by their own key, that it may sign for them. Its private half follows
from a secret that only the person's browser holds; what is kept here can verify and never sign.

Rules of a mandate:

- an invitation signs nothing but the opening of the account, once, within a day
- a password alone opens nothing: its mandate waits a few minutes, and signs the opening of a session with a passkey
- a session ends after 15 minutes without a request, and after 10 hours in any case
- what `permission.STEP_UP` lists is never signed by a session alone
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from countersign.errors import Refused
from countersign.governance.permission import Permission
from countersign.governance.signature import PrivateKey
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.digest import sha256
from countersign.primitives.ids import AccountId, KeyId, MandateId, PersonId

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=10)
INVITED = timedelta(hours=24)
HALF_SIGNED_IN = timedelta(minutes=5)
"""How long a password waits for its passkey."""
FAILURES = 5
LOCKED = timedelta(minutes=15)
"""After so many wrong passwords in a row an account takes none for so long."""
MINIMUM_PASSWORD_CHARS = 15
"""NIST SP 800-63B-4 for a password; no rule on its composition. The passkey beside it is what proves who it is."""

_HASHER = PasswordHasher()
_SESSION = b"countersign/session-key/v1"
_REGISTRATION = b"countersign/passkey-registration/v1"


class SignInError(Refused):
    """Name, password, passkey or provider do not show who this is. It never says which of them was wrong."""

    code = "sign_in"


class Way(StrEnum):
    """What a sign-in rests on."""

    DEMONSTRATION = "demonstration"
    PASSKEY = "passkey"
    PROVIDER = "provider"


class MandateKind(StrEnum):
    """What a mandate may sign."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105  the name of a step, no secret
    SESSION = "session"


_SIGNED_BY = {
    Permission.ACCOUNT_OPEN: MandateKind.INVITATION,
    Permission.SESSION_OPEN: MandateKind.PASSWORD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How a person signs in.

    Attributes:
        name_digest: Keyed digest of the name to sign in with, or of a provider's issuer and subject.
        password: Argon2id hash; empty where a provider signs the person in.
        failures: Wrong passwords in a row.
    """

    id: AccountId
    key: KeyId
    person: PersonId
    name_digest: str
    password: str
    failures: int
    locked_until: datetime | None
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A key that may sign for a person until ``ends_at``.

    Attributes:
        public_key: Raw Ed25519 public key of the session, 64 hexadecimal digits.
        seen_at: When a request last came with it, to the minute.
    """

    id: MandateId
    person: PersonId
    public_key: str
    kind: MandateKind
    way: Way
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime


def session_key(secret: str) -> PrivateKey:
    """Give the signing key that follows from the secret in a person's browser (at least 256 random bits)."""
    return PrivateKey.from_private_bytes(bytes.fromhex(sha256(_SESSION + secret.encode())))


def holds(mandate: Mandate, now: datetime) -> Verdict:
    """Say whether a mandate may still be used; the very last moment counts as over."""
    idle = now - mandate.seen_at >= IDLE and mandate.kind is MandateKind.SESSION
    return require(
        now < mandate.ends_at and not idle, "session_ended", "expected a session that is not over, got one that ended"
    )


def may_sign(mandate: Mandate, permission: Permission, now: datetime) -> Verdict:
    """Say whether a mandate may sign a command of this operation at all."""
    wanted = _SIGNED_BY.get(permission, MandateKind.SESSION)
    return first_refusal(
        holds(mandate, now),
        require(
            mandate.kind is wanted,
            "mandate",
            f"expected a mandate of kind {wanted} for {permission}, got one of kind {mandate.kind}",
        ),
    )


def registration_challenge(public_key: str) -> bytes:
    """Give what an authenticator signs when a passkey is made under an invitation, known by its public key."""
    return bytes.fromhex(sha256(_REGISTRATION + bytes.fromhex(public_key)))


def hash_password(password: str) -> str:
    """Hash a password with Argon2id.

    Raises:
        SignInError: It is shorter than `MINIMUM_PASSWORD_CHARS`.
    """
    if len(password) < MINIMUM_PASSWORD_CHARS:
        raise SignInError(
            f"expected a password of at least {MINIMUM_PASSWORD_CHARS} characters, got {len(password)}",
            code="password_short",
        )
    return _HASHER.hash(password)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's password")


def password_holds(account: Account | None, password: str) -> bool:
    """Say whether the password is the account's; takes as long for an account that does not exist."""
    try:
        _HASHER.verify(account.password if account else _nobodys(), password)
    except (Argon2Error, InvalidHashError):
        return False
    return account is not None
