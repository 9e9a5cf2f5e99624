"""Passkeys: a second kind of signature over a command, made by a person's authenticator after it saw the person.

The challenge of an assertion is the digest of the statement that an Ed25519 signature covers too: operation, arguments,
nonce and time. So an assertion is good for one command and for no other.
"""

from dataclasses import dataclass
from datetime import datetime

import webauthn
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)

from countersign.errors import Refused
from countersign.primitives.ids import KeyId, PasskeyId, PersonId


class PasskeyError(Refused):
    """An assertion or a registration does not hold: another challenge, place or key, or nobody was verified."""

    code = "passkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a passkey may be used: the address of the web application, and the domain in it."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A registered public key of a person's authenticator.

    Attributes:
        credential: The authenticator's name for it, hexadecimal.
        public_key: COSE key, hexadecimal.
        sign_count: Grows with each use where the authenticator counts; a copy is found out by it.
    """

    id: PasskeyId
    key: KeyId
    person: PersonId
    credential: str
    public_key: str
    sign_count: int
    site: Site
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What the authenticator signed; all hexadecimal."""

    credential: str
    client_data: str
    authenticator_data: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What an authenticator answers when a passkey is made; all hexadecimal."""

    credential: str
    client_data: str
    attestation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """What a registration that holds says."""

    credential: str
    public_key: str
    sign_count: int


def check_assertion(passkey: Passkey, assertion: Assertion, challenge: bytes) -> int:
    """Check an assertion over a challenge and give the authenticator's new count.

    Raises:
        PasskeyError: It does not hold, the person was not verified, or the count did not grow.
    """
    try:
        raw = bytes.fromhex(assertion.credential)
        verified = webauthn.verify_authentication_response(
            credential=AuthenticationCredential(
                id=bytes_to_base64url(raw),
                raw_id=raw,
                response=AuthenticatorAssertionResponse(
                    client_data_json=bytes.fromhex(assertion.client_data),
                    authenticator_data=bytes.fromhex(assertion.authenticator_data),
                    signature=bytes.fromhex(assertion.signature),
                ),
            ),
            expected_challenge=challenge,
            expected_rp_id=passkey.site.rp_id,
            expected_origin=passkey.site.origin,
            credential_public_key=bytes.fromhex(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,  # the library's default is False: a stolen key without its PIN would do
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as reason:
        raise PasskeyError("expected an assertion of a registered passkey over this command, got another") from reason
    return verified.new_sign_count


def check_registration(registration: Registration, challenge: bytes, site: Site) -> NewPasskey:
    """Check what an authenticator answers to a registration.

    Raises:
        PasskeyError: It does not hold, or the person was not verified.
    """
    try:
        raw = bytes.fromhex(registration.credential)
        verified = webauthn.verify_registration_response(
            credential=RegistrationCredential(
                id=bytes_to_base64url(raw),
                raw_id=raw,
                response=AuthenticatorAttestationResponse(
                    client_data_json=bytes.fromhex(registration.client_data),
                    attestation_object=bytes.fromhex(registration.attestation),
                ),
            ),
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as reason:
        raise PasskeyError("expected the answer of an authenticator to this registration, got another") from reason
    return NewPasskey(
        credential=verified.credential_id.hex(),
        public_key=verified.credential_public_key.hex(),
        sign_count=verified.sign_count,
    )
