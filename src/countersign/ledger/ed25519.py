"""Ed25519 verification in plain Python, so that a verifier needs nothing but Python.

It signs nothing: no secret is here.

Strict, so that two honest verifiers cannot disagree (RFC 8032 leaves room): the key and R must be canonical encodings,
S below the group's order, and a key of small order is refused, because a signature under it says nothing about who
made it. The equation is checked without the cofactor, as OpenSSL does.

Source:
    RFC 8032 sections 5.1.3, 5.1.4, 5.1.7.
"""

import hashlib
from functools import lru_cache
from typing import TypeAlias

KEY_BYTES_ED25519 = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

_Point: TypeAlias = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""

_IDENTITY: _Point = (0, 1, 1, 0)


def _sum(p: _Point, q: _Point) -> _Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * p[3] * q[3] * _D % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _double(p: _Point) -> _Point:
    a, b = p[0] * p[0], p[1] * p[1]
    h = a + b
    e = h - (p[0] + p[1]) ** 2
    g = a - b
    f = 2 * p[2] * p[2] + g
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _decode(encoded: bytes) -> _Point | None:
    """Give the point of an encoding, or None when it is not the canonical encoding of a point."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P == -u % _P:
        x = x * _SQRT_MINUS_ONE % _P
    if v * x * x % _P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def _encode(p: _Point) -> bytes:
    inverse = pow(p[2], -1, _P)
    x, y = p[0] * inverse % _P, p[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _linear(s: int, h: int, minus_key: _Point) -> _Point:
    """Give sB + h(-A), both at once. Not in constant time: everything here is public."""
    both = _sum(_BASE, minus_key)
    found = _IDENTITY
    for bit in reversed(range(max(s.bit_length(), h.bit_length()))):
        found = _double(found)
        match s >> bit & 1, h >> bit & 1:
            case 1, 1:
                found = _sum(found, both)
            case 1, 0:
                found = _sum(found, _BASE)
            case 0, 1:
                found = _sum(found, minus_key)
    return found


@lru_cache(maxsize=64)
def _key_point(key: bytes) -> _Point | None:
    """Give the point of a public key, or None when the key is not canonical or of small order."""
    point = _decode(key) if len(key) == KEY_BYTES_ED25519 else None
    if point is None or _encode(_double(_double(_double(point)))) == _encode(_IDENTITY):
        return None
    return point


def is_acceptable_key(key: bytes) -> bool:
    """Say whether 32 bytes are a canonical public key that is not of small order."""
    return _key_point(key) is not None


def is_valid_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature of a message is valid under a public key.

    Args:
        key: Public key, 32 bytes.
        message: What was signed.
        signature: R and S, 64 bytes.
    """
    point = _key_point(key)
    if point is None or len(signature) != SIGNATURE_BYTES:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= _L:  # otherwise S + L would be a second signature of the same message
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    h = int.from_bytes(digest, "little") % _L
    minus_key = (_P - point[0], point[1], point[2], _P - point[3])
    # Encoding our own point and comparing bytes refuses an R that is not canonical as well.
    return _encode(_linear(s, h, minus_key)) == signature[:32]


def _base_point() -> _Point:
    y = 4 * pow(5, -1, _P) % _P
    point = _decode(y.to_bytes(32, "little"))
    if point is None:  # pragma: no cover - a constant of the curve
        raise ArithmeticError
    return point


_BASE = _base_point()
