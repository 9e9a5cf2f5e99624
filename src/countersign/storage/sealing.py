"""Authenticated encryption of one value: AES-256-GCM, bound to the place where the value is kept.

A sealed value is nonce (12 bytes), ciphertext, tag (16 bytes). The place goes in as associated data, so that a value
which somebody copied from one row, column or file to another does not open there.

Source: NIST SP 800-38D; a fresh random nonce each time, far below its limit of 2^32 values a key.
"""

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from countersign.errors import IntegrityBroken

NONCE_BYTES = 12
TAG_BYTES = 16
OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES
KEY_BYTES = 32


class SealBrokenError(IntegrityBroken):
    """A sealed value was altered, moved, or sealed under another key."""

    code = "seal_broken"


def place(*parts: str | int) -> bytes:
    """Give the associated data of a place; two different lists of parts never give the same bytes."""
    return json.dumps(parts, separators=(",", ":")).encode()


def new_key() -> bytes:
    """Give a fresh random AES-256 key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(cipher: AESGCM, data: bytes, where: bytes) -> bytes:
    """Encrypt ``data`` for the place ``where``."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, data, where)


def unseal(cipher: AESGCM, sealed: bytes, where: bytes) -> bytes:
    """Decrypt what was sealed for the place ``where``.

    Raises:
        SealBrokenError: It was altered, comes from another place, or the key is another.
    """
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], where)
    except (InvalidTag, ValueError) as reason:
        raise SealBrokenError(f"expected a value sealed for {where.decode()}, got one that does not open") from reason
