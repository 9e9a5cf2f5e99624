"""Sign-in by the force's identity provider: OpenID Connect, authorisation code with PKCE, three algorithms and no more.

This is the only module that speaks to another machine: the provider that whoever serves the site named, over TLS (plain
HTTP on loopback only), at sign-in only. What it says counts once its signature, issuer, audience, times and our nonce
hold; nothing in the statement itself chooses how it is verified.
"""

import json
import secrets
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from countersign.errors import Refused
from countersign.primitives.digest import Sha256, sha256

ALGORITHMS = ("ES256", "RS256", "EdDSA")
LEEWAY_S = 60
LONGEST_S = 10
LARGEST_BYTES = 1024 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ProviderError(Refused):
    """The provider's statement does not hold, or it could not be asked."""

    code = "provider"


class Fetch(Protocol):
    """Asks the provider: GET without a body, POST of a form with one."""

    def __call__(self, address: str, form: Mapping[str, str] | None = None) -> Mapping[str, object]:
        """Give the JSON object that it answers."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The force's identity provider, as its administrator named it.

    Attributes:
        name: As people know it.
        issuer: Its address; discovery is below it.
        client: Our name at the provider.
        client_secret: Shared with it; empty for a public client.
    """

    name: str
    issuer: str
    client: str
    client_secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One sign-in under way; it travels in a cookie of its own until the provider sends the browser back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Whom the provider vouches for, and the digest of its statement."""

    issuer: str
    subject: str
    evidence: Sha256


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it could lead a code or a secret to an address that nobody named."""

    def redirect_request(self, *_: object) -> None:
        """Give no request to follow; the answer then counts as an error."""


_STAYING = urllib.request.build_opener(_Staying)


def fetch(address: str, form: Mapping[str, str] | None = None) -> Mapping[str, object]:
    """Ask the provider over the network.

    Raises:
        ProviderError: No TLS, no answer in time, or no JSON object.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" and (parts.scheme, parts.hostname in _LOOPBACK) != ("http", True):
        raise ProviderError(f"expected an https address of the provider, got {parts.scheme}://{parts.hostname}")
    body = urlencode(form).encode() if form is not None else None
    asked = urllib.request.Request(address, data=body, headers={"Accept": "application/json"})  # noqa: S310  checked
    try:
        with _STAYING.open(asked, timeout=LONGEST_S) as answer:
            read = json.loads(answer.read(LARGEST_BYTES))
    except (urllib.error.URLError, OSError, ValueError) as reason:
        raise ProviderError("expected an answer of the identity provider, got none that can be read") from reason
    if not isinstance(read, dict):
        raise ProviderError("expected an object from the identity provider, got something else")
    return read


def begin() -> Attempt:
    """Begin a sign-in: what ties the answer to this browser and to this attempt."""
    return Attempt(state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48))


def discover(provider: Provider, ask: Callable[[str], Mapping[str, object]]) -> Mapping[str, str]:
    """Give the provider's addresses, which must be its own.

    Raises:
        ProviderError: The document is another issuer's, or lacks an address.
    """
    found = ask(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise ProviderError("expected the provider's own document, got one of another issuer")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if not all(isinstance(found.get(name), str) for name in names):
        raise ProviderError("expected the provider's three addresses, got fewer")
    return {name: str(found[name]) for name in names}


def way_there(provider: Provider, addresses: Mapping[str, str], attempt: Attempt, back: str) -> str:
    """Give the address to which the browser goes to sign in."""
    asked = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": back,
        "scope": "openid",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": create_s256_code_challenge(attempt.verifier),
        "code_challenge_method": "S256",
    }
    return str(add_params_to_uri(addresses["authorization_endpoint"], list(asked.items())))


def way_back(
    provider: Provider, attempt: Attempt, *, code: str, state: str, back: str, ask: Fetch, now: datetime
) -> Vouched:
    """Exchange the code for the provider's statement and verify it.

    Raises:
        ProviderError: The answer is not to this attempt, or the statement does not hold.
    """
    if not code or not secrets.compare_digest(state, attempt.state):
        raise ProviderError("expected the provider's answer to this sign-in, got another")
    addresses = discover(provider, ask)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": provider.client,
        "code_verifier": attempt.verifier,
        **({"client_secret": provider.client_secret} if provider.client_secret else {}),
    }
    statement = ask(addresses["token_endpoint"], form).get("id_token")
    if not isinstance(statement, str):
        raise ProviderError("expected a signed statement of the provider, got none")
    return verify(statement, ask(addresses["jwks_uri"]), provider, nonce=attempt.nonce, now=now)


def verify(statement: str, keys: Mapping[str, object], provider: Provider, *, nonce: str, now: datetime) -> Vouched:
    """Verify the provider's signed statement (an ID token).

    Args:
        statement: A JWS in its compact form.
        keys: The provider's key set.
        provider: Whose it must be, and for whom.
        nonce: Of this attempt.
        now: The present moment.

    Raises:
        ProviderError: Any part does not hold.

    Source:
        OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725, section 3.
    """
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # of the name EdDSA, which providers still use (RFC 9864)
            decoded = jwt.decode(statement, _signing_keys(keys), algorithms=list(ALGORITHMS))
        registry.validate(decoded.claims)
        _check_parties(decoded.claims, provider.client)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as reason:
        raise ProviderError("expected a statement of the identity provider that holds, got another") from reason
    return Vouched(issuer=provider.issuer, subject=str(decoded.claims["sub"]), evidence=sha256(statement.encode()))


def _signing_keys(keys: Mapping[str, object]) -> KeySet:
    """Take the public keys for signatures; a symmetric one would let anybody sign who can read it."""
    found = keys.get("keys")
    usable = [
        one
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict) and one.get("kty") in {"EC", "RSA", "OKP"} and one.get("use", "sig") == "sig"
    ]
    if not usable:
        raise ProviderError("expected a public key of the provider, got none")
    return KeySet.import_key_set({"keys": usable})


def _check_parties(claims: Mapping[str, object], client: str) -> None:
    """Refuse a statement that is for others too, or names another party as the one authorised."""
    audience, party, subject = claims.get("aud"), claims.get("azp"), claims.get("sub")
    if isinstance(audience, list) and audience != [client]:
        raise ProviderError("expected a statement for this site alone, got one for others too")
    if party is not None and party != client:
        raise ProviderError("expected a statement that authorises this site, got one for another")
    if not isinstance(subject, str) or not subject.strip():
        raise ProviderError("expected somebody's name at the provider, got none")
