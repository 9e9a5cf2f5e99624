"""Ed25519 signatures over artefacts and commands.

Every statement that is signed says in its first field what it is, so that a signature over one kind of statement is
never good for another. Statements are canonical JSON (RFC 8785, of which plain values without floats need only sorted
keys, no spaces and UTF-8), so that signer and verifier build the same bytes.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from countersign.errors import Invalid, Refused
from countersign.primitives.clock import rfc3339
from countersign.primitives.codec import Plain
from countersign.primitives.digest import Sha256, sha256

PrivateKey: TypeAlias = Ed25519PrivateKey
"""A person's private key; the name that other rooms use."""

COMMAND = "countersign/command/v1"
FRESHNESS = timedelta(minutes=5)


class SignatureError(Refused):
    """A signature is missing, wrong, stale or over something else."""

    code = "signature"


class MalformedKeyError(Invalid):
    """A file is not an unencrypted Ed25519 private key in PEM."""

    code = "malformed_key"


class NotCanonicalError(Invalid):
    """A value cannot be written as canonical JSON."""

    code = "not_canonical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed command: who holds the key said this, with these arguments, once, at this time.

    Attributes:
        arguments: Digest of the command's arguments as canonical JSON.
        nonce: Random; the operation remembers it, so that a command cannot be replayed inside its freshness window.
        signature: Ed25519 over the statement, 128 hexadecimal digits.
    """

    operation: str
    arguments: Sha256
    nonce: str
    at: datetime
    signature: str


def _refuse_floats(plain: Plain) -> None:
    if isinstance(plain, float):
        raise NotCanonicalError(f"expected decimal numbers as text such as '0.08', got the float {plain!r}")
    for item in plain.values() if isinstance(plain, dict) else plain if isinstance(plain, list) else ():
        _refuse_floats(item)


def canonical(plain: Plain) -> bytes:
    """Write a plain value as canonical JSON.

    Raises:
        NotCanonicalError: It holds a float (two writers would spell it differently) or text that is not Unicode.
    """
    _refuse_floats(plain)
    try:
        return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except (UnicodeEncodeError, TypeError) as reason:
        raise NotCanonicalError(f"expected a plain value, got {reason}") from reason


def generate() -> Ed25519PrivateKey:
    """Make a fresh private key."""
    return Ed25519PrivateKey.generate()


def load_private_key(pem: bytes) -> Ed25519PrivateKey:
    """Read an unencrypted PKCS #8 PEM.

    Raises:
        MalformedKeyError: It is something else.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as reason:
        raise MalformedKeyError("expected an unencrypted private key in PEM, got something else") from reason
    if not isinstance(key, Ed25519PrivateKey):
        raise MalformedKeyError(f"expected an Ed25519 key, got {type(key).__name__}")
    return key


def private_pem(key: Ed25519PrivateKey) -> bytes:
    """Write a private key as unencrypted PKCS #8 PEM; the caller keeps the file from other eyes."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_hex(key: Ed25519PrivateKey) -> str:
    """Give the raw public key as 64 hexadecimal digits, as `actor.Person` keeps it."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def check_public_key(public_key: str) -> str:
    """Give a raw Ed25519 public key in the one spelling that is kept: 64 lower-case hexadecimal digits.

    Raises:
        MalformedKeyError: It is something else.
    """
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).public_bytes_raw().hex()
    except ValueError as reason:
        raise MalformedKeyError(f"expected 64 hexadecimal digits of an Ed25519 key, got {public_key!r}") from reason


def sign(key: Ed25519PrivateKey, message: bytes) -> str:
    """Sign bytes; gives 128 hexadecimal digits."""
    return key.sign(message).hex()


def verify(public_key: str, message: bytes, signature: str) -> None:
    """Check a signature.

    Raises:
        SignatureError: It does not hold, or key or signature are not hexadecimal of the right length.
    """
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError) as reason:
        raise SignatureError("expected a signature by the registered key, got one that does not hold") from reason


def arguments_digest(arguments: Plain) -> Sha256:
    """Give the digest of a command's arguments, which the signature binds."""
    return sha256(canonical(arguments))


def _statement(*, operation: str, arguments: Sha256, nonce: str, at: datetime) -> bytes:
    return canonical(
        {"statement": COMMAND, "operation": operation, "arguments": arguments, "nonce": nonce, "at": rfc3339(at)}
    )


def challenge_of(signed: Signed) -> bytes:
    """Give the digest that a passkey signs in place of the statement, or beside its signature: 32 bytes."""
    message = _statement(operation=signed.operation, arguments=signed.arguments, nonce=signed.nonce, at=signed.at)
    return bytes.fromhex(sha256(message))


def sign_command(key: Ed25519PrivateKey, *, operation: str, arguments: Plain, nonce: str, at: datetime) -> Signed:
    """Sign one command with these arguments."""
    digest = arguments_digest(arguments)
    message = _statement(operation=operation, arguments=digest, nonce=nonce, at=at)
    return Signed(operation=operation, arguments=digest, nonce=nonce, at=at, signature=sign(key, message))


def verify_command(signed: Signed, *, public_key: str, operation: str, arguments: Plain, now: datetime) -> None:
    """Check that the holder of the key asked for just this, just now. The caller makes sure that the nonce is new.

    Raises:
        SignatureError: Another operation, other arguments, more than five minutes away from now, no nonce, or a
            signature that does not hold. Exactly five minutes still counts as fresh.
    """
    check_statement(signed, operation=operation, arguments=arguments, now=now)
    message = _statement(operation=operation, arguments=signed.arguments, nonce=signed.nonce, at=signed.at)
    verify(public_key, message, signed.signature)


def check_statement(signed: Signed, *, operation: str, arguments: Plain, now: datetime) -> None:
    """Check what is said, before who says it: this operation, these arguments, fresh, with a nonce.

    Raises:
        SignatureError: It says something else.
    """
    if signed.operation != operation:
        raise SignatureError(f"expected a signature over {operation!r}, got one over {signed.operation!r}")
    if signed.arguments != arguments_digest(arguments):
        raise SignatureError("expected a signature over these arguments, got one over others")
    if abs(now - signed.at) > FRESHNESS:
        raise SignatureError(f"expected a signature made within {FRESHNESS} of now, got one of {rfc3339(signed.at)}")
    if not signed.nonce:
        raise SignatureError("expected a nonce, got none")
