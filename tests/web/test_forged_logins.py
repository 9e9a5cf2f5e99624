"""More than a hundred ways to be somebody else, each of which fails: statements, passkeys, cookies, forms."""

import base64
import hashlib
import hmac
import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from joserfc import jwk, jwt

from countersign.governance.account import session_key
from countersign.governance.passkey import (
    Assertion,
    Passkey,
    PasskeyError,
    Site,
    check_assertion,
    check_registration,
)
from countersign.governance.signature import public_hex
from countersign.operations.resume_session import SessionEndedError, resume_session
from countersign.primitives.ids import KeyId, PasskeyId, PersonId
from countersign.web.provider import Provider, ProviderError, verify
from countersign.web.security import Guard
from countersign.web.visit import COOKIE, FormOriginError, check_form, form_value
from tests.authenticator import PRESENT, VERIFIED, Authenticator
from tests.operations.scene import Scene
from tests.web.browsing import SITE, Browser

NOW = datetime(2026, 1, 10, 9, tzinfo=UTC)
AT = int(NOW.timestamp())
PROVIDER = Provider(name="force", issuer="https://login.force.example.org", client="countersign")
EC, RSA, OKP = (
    jwk.ECKey.generate_key("P-256", parameters={"kid": "ec"}),
    jwk.RSAKey.generate_key(2048, parameters={"kid": "rsa"}),
    jwk.OKPKey.generate_key("Ed25519", parameters={"kid": "okp"}),
)
STRANGER = jwk.ECKey.generate_key("P-256", parameters={"kid": "ec"})
KEYS: dict[str, object] = {"keys": [key.as_dict(private=False) for key in (EC, RSA, OKP)]}
CLAIMS: dict[str, object] = {
    "iss": PROVIDER.issuer, "aud": PROVIDER.client, "sub": "a1b2c3", "iat": AT, "exp": AT + 300, "nonce": "n" * 43,
}  # fmt: skip

Json = dict[str, object]


def coded(plain: object) -> str:
    data = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(
    claims: Json | None = None, *, key: object = EC, alg: str = "ES256", kid: str = "ec", **header: object
) -> str:
    every = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "EdDSA", "HS256", "HS384", "HS512"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of algorithms that nobody should use: that is what is tried here
        return jwt.encode({"alg": alg, "kid": kid, **header}, claims or CLAIMS, key, algorithms=every)  # type: ignore[arg-type]


def without(name: str) -> Json:
    return {key: value for key, value in CLAIMS.items() if key != name}


NONES = ("none", "None", "NONE", "nOnE", "", "null")
PRETENDED = ("none", "ES256", "RS256", "EdDSA")
KEYED = (("sha256", "HS256"), ("sha384", "HS384"), ("sha512", "HS512"))


def unsigned(header: Json, claims: Json | None = None, signature: bytes = b"") -> str:
    return f"{coded(header)}.{coded(claims or CLAIMS)}.{coded(signature) if signature else ''}"


def by_hmac(secret: bytes, name: str = "sha256", alg: str = "HS256") -> str:
    body = f"{coded({'alg': alg, 'kid': 'ec'})}.{coded(CLAIMS)}"
    return f"{body}.{coded(hmac.digest(secret, body.encode(), name))}"


def swapped() -> str:
    head, _, end = signed().split(".")
    return f"{head}.{coded({**CLAIMS, 'sub': 'somebody-else'})}.{end}"


def with_header(**changed: object) -> str:
    _, body, end = signed().split(".")
    return f"{coded({'alg': 'ES256', 'kid': 'ec', **changed})}.{body}.{end}"


PUBLIC_PEM = RSA.as_pem(private=False)
WRONG: dict[str, list[object]] = {
    "iss": ["https://login.force.example.org/", "https://evil.example.org", "login.force.example.org", ""],
    "aud": ["another", "", ["another"], ["countersign", "another"], "countersign2", "COUNTERSIGN", None],
    "sub": ["", "  ", None],
    "exp": [AT - 61, AT - 86_400, 0, -1, "never", None],
    "iat": [AT + 3600, "now"],
    "nbf": [AT + 3600],
    "nonce": ["", "m" * 43, None, "n" * 42],
    "azp": ["another", ""],
}
STATEMENTS: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "one part": lambda: "a",
    "two parts": lambda: "a.b",
    "four parts": lambda: signed() + ".a",
    "five parts, as if encrypted": lambda: "a.b.c.d.e",
    "no JSON": lambda: f"{coded(b'header')}.{coded(CLAIMS)}.{coded(b'x')}",
    "claims that are a list": lambda: unsigned({"alg": "ES256", "kid": "ec"}, [], b"x" * 64),  # type: ignore[arg-type]
    **{f"alg {alg!r} unsigned": partial(unsigned, {"alg": alg}) for alg in NONES},
    **{f"alg {alg!r} with bytes": partial(unsigned, {"alg": alg}, None, b"x" * 64) for alg in PRETENDED},
    "no alg": lambda: unsigned({"kid": "ec"}, None, b"x" * 64),
    "alg a number": lambda: unsigned({"alg": 256}, None, b"x" * 64),
    "alg a list": lambda: unsigned({"alg": ["ES256"]}, None, b"x" * 64),
    "alg that nobody knows": lambda: unsigned({"alg": "ES256K1"}, None, b"x" * 64),
    **{
        f"keyed with the public key in PEM, {name}": partial(by_hmac, PUBLIC_PEM, name, alg)
        for name, alg in KEYED
    },
    "keyed with nothing": lambda: by_hmac(b""),
    "keyed with the client's name": lambda: by_hmac(b"countersign"),
    "keyed with the coordinates": lambda: by_hmac(json.dumps(EC.as_dict(private=False)).encode()),
    "a stranger's key of the same id": lambda: signed(key=STRANGER),
    "a stranger's key of no id": lambda: signed(key=STRANGER, kid="other"),
    "the id of another key": lambda: signed(kid="rsa"),
    "an id that leads out of the set": lambda: signed(kid="../../etc/passwd"),
    "RS384": lambda: signed(key=RSA, alg="RS384", kid="rsa"),
    "RS512": lambda: signed(key=RSA, alg="RS512", kid="rsa"),
    "PS256": lambda: signed(key=RSA, alg="PS256", kid="rsa"),
    "the key in the header": lambda: signed(key=STRANGER, kid="x", jwk=STRANGER.as_dict(private=False)),
    "the address of keys in the header": lambda: signed(key=STRANGER, kid="x", jku="https://evil.example.org/keys"),
    "a certificate in the header": lambda: signed(key=STRANGER, kid="x", x5u="https://evil.example.org/cert"),
    "critical extension": lambda: with_header(crit=["exp"]),
    "another subject under the same signature": swapped,
    "header changed under the same signature": lambda: with_header(typ="other"),
    "signature cut short": lambda: signed()[:-4],
    "signature of another statement": lambda: (
        signed().rsplit(".", 1)[0] + "." + signed({**CLAIMS, "sub": "x"}).rsplit(".", 1)[1]
    ),
    "signature of zeros": lambda: signed().rsplit(".", 1)[0] + "." + coded(bytes(64)),
    "signature r = s = 1": lambda: signed().rsplit(".", 1)[0] + "." + coded((b"\0" * 31 + b"\1") * 2),
    **{f"without {name}": partial(signed, without(name)) for name in ("iss", "aud", "sub", "iat", "exp", "nonce")},
    **{
        f"{name} {value!r}": partial(signed, {**CLAIMS, name: value})
        for name, values in WRONG.items()
        for value in values
    },
}  # fmt: skip


@pytest.mark.parametrize("forgery", STATEMENTS)
def test_a_forged_statement_of_the_provider_is_refused(forgery: str):
    with pytest.raises(ProviderError, match=r"expected .*got"):
        verify(STATEMENTS[forgery](), KEYS, PROVIDER, nonce="n" * 43, now=NOW)


@pytest.mark.parametrize(("key", "alg", "kid"), [(EC, "ES256", "ec"), (RSA, "RS256", "rsa"), (OKP, "EdDSA", "okp")])
def test_a_statement_in_each_of_the_three_algorithms_holds(key: object, alg: str, kid: str):
    vouched = verify(signed(key=key, alg=alg, kid=kid), KEYS, PROVIDER, nonce="n" * 43, now=NOW)

    assert (vouched.issuer, vouched.subject) == (PROVIDER.issuer, "a1b2c3")


SYMMETRIC = {"kty": "oct", "k": coded(b"countersign" * 4), "kid": "ec"}


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": []},
        {"keys": "ec"},
        {"keys": [SYMMETRIC]},
        {"keys": [{**EC.as_dict(private=False), "use": "enc"}]},
        {"keys": [{"kty": "EC", "crv": "P-256"}]},
        {"keys": [STRANGER.as_dict(private=False)]},
    ],
)
def test_a_set_of_keys_that_cannot_verify_verifies_nothing(keys: Json):
    with pytest.raises(ProviderError):
        verify(signed(), keys, PROVIDER, nonce="n" * 43, now=NOW)


CHALLENGE = hashlib.sha256(b"this very command").digest()


def passkey_of(device: Authenticator) -> Passkey:
    made = check_registration(device.register(CHALLENGE), CHALLENGE, SITE)
    return Passkey(
        id=PasskeyId("1"), key=KeyId("1"), person=PersonId("1"), site=SITE, registered_at=NOW,
        credential=made.credential, public_key=made.public_key, sign_count=5,
    )  # fmt: skip


def asserted(**lies: object) -> Assertion:
    """Give the assertion of an authenticator that lies about some part of it."""
    device = Authenticator(SITE, key=HONEST.key, credential=HONEST.credential, count=10)
    challenge = lies.pop("challenge", CHALLENGE)
    for name, value in lies.items():
        setattr(device, name, value)
    assert isinstance(challenge, bytes)
    return device.sign_over(challenge)


def changed(name: str, value: str) -> Assertion:
    return replace(asserted(), **{name: value})


HONEST = Authenticator(SITE)
ASSERTIONS: dict[str, Callable[[], Assertion]] = {
    "nothing signed": lambda: changed("signature", ""),
    "signature no hexadecimal": lambda: changed("signature", "zz"),
    "signature of zeros": lambda: changed("signature", "00" * 70),
    "signature cut short": lambda: changed("signature", asserted().signature[:-2]),
    "signature of another assertion": lambda: changed("signature", asserted(challenge=bytes(32)).signature),
    "another key": lambda: asserted(key=Authenticator(SITE).key),
    "no client data": lambda: changed("client_data", ""),
    "client data no JSON": lambda: changed("client_data", b"data".hex()),
    "client data of another assertion": lambda: changed("client_data", asserted(challenge=bytes(32)).client_data),
    "client data with a space more": lambda: changed("client_data", asserted().client_data + "20"),
    "no authenticator data": lambda: changed("authenticator_data", ""),
    "authenticator data cut short": lambda: changed("authenticator_data", asserted().authenticator_data[:60]),
    "flags raised under the same signature": lambda: replace(
        asserted(flags=PRESENT), authenticator_data=asserted().authenticator_data
    ),
    "count raised under the same signature": lambda: changed(
        "authenticator_data", asserted(count=99).authenticator_data
    ),
    "person not verified": lambda: asserted(flags=PRESENT),
    "person not present": lambda: asserted(flags=VERIFIED),
    "nobody at all": lambda: asserted(flags=0),
    "a registration's type": lambda: asserted(typed="webauthn.create"),
    "a payment's type": lambda: asserted(typed="payment.get"),
    "an empty challenge": lambda: asserted(challenge=b""),
    "another command's challenge": lambda: asserted(challenge=hashlib.sha256(b"another command").digest()),
    "the challenge cut short": lambda: asserted(challenge=CHALLENGE[:31]),
    "the challenge of a longer command": lambda: asserted(challenge=CHALLENGE + b"\0"),
    **{
        f"origin {origin}": partial(asserted, site=Site(rp_id=SITE.rp_id, origin=origin))
        for origin in (
            "http://localhost", "https://localhost:444", "https://localhost.example.org", "https://evil.example.org",
            "https://sub.localhost", "null", "", "https://localhost/",
        )
    },
    **{
        f"domain {domain!r}": partial(asserted, site=Site(rp_id=domain, origin=SITE.origin))
        for domain in ("example.org", "", "LOCALHOST", "sub.localhost")
    },
    "a copy that counts behind": lambda: asserted(count=3),
    "a copy that counts the same": lambda: asserted(count=4),
    "a count that stands still": lambda: asserted(count=0),
}  # fmt: skip


@pytest.mark.parametrize("forgery", ASSERTIONS)
def test_a_forged_assertion_of_a_passkey_is_refused(forgery: str):
    with pytest.raises(PasskeyError, match=r"expected .*got"):
        check_assertion(passkey_of(HONEST), ASSERTIONS[forgery](), CHALLENGE)


def test_an_assertion_that_tells_the_truth_holds():
    assert check_assertion(passkey_of(HONEST), asserted(), CHALLENGE) == 11


SECRET = "ab" * 32
COOKIES = {
    "none": "",
    "a zero": "0",
    "zeros": "00" * 32,
    "the secret in capitals": SECRET.upper(),
    "the secret cut short": SECRET[:-1],
    "the secret and more": SECRET + "0",
    "the public key that is stored": public_hex(session_key(SECRET)),
    "the digest of the secret": hashlib.sha256(SECRET.encode()).hexdigest(),
    "quoted": f'"{SECRET}"',
    "with a space": f" {SECRET}",
    "a person's id": "1" * 32,
    "a condition": "' OR 1=1 --",
    "a wildcard": "%",
    "letters beyond ASCII": "ü" * 32,
}


@pytest.mark.parametrize("forgery", COOKIES)
def test_a_forged_cookie_is_nobodys_session(scene: Scene, forgery: str):
    from countersign.governance.permission import Permission
    from countersign.operations.open_session import OpenSession, open_session

    opened = OpenSession(public_key=public_hex(session_key(SECRET)))
    scene.force.do("officer", Permission.SESSION_OPEN, open_session, opened)
    assert resume_session(scene.desk, opened.public_key).name == "A. Orme"

    with pytest.raises(SessionEndedError):
        resume_session(scene.desk, public_hex(session_key(COOKIES[forgery])))


FORMS = {
    "no value": (SECRET, ""),
    "another session's value": (SECRET, form_value("cd" * 32)),
    "the secret itself": (SECRET, SECRET),
    "the value in capitals": (SECRET, form_value(SECRET).upper()),
    "the value cut short": (SECRET, form_value(SECRET)[:-1]),
    "no cookie, and the value of none": ("", form_value("")),
    "letters beyond ASCII": (SECRET, "ü"),
}


@pytest.mark.parametrize("forgery", FORMS)
def test_a_form_with_a_forged_value_is_refused(forgery: str):
    with pytest.raises(FormOriginError, match=r"expected .*got"):
        check_form(*FORMS[forgery])
    check_form(SECRET, form_value(SECRET))


ORIGINS: dict[str, dict[str, str]] = {
    "another site": {"origin": "https://evil.example.org"},
    "another scheme": {"origin": "http://localhost"},
    "another port": {"origin": "https://localhost:444"},
    "a longer name": {"origin": "https://localhost.example.org"},
    "null": {"origin": "null"},
    "empty": {"origin": ""},
    "nothing said": {},
    "cross-site": {"sec-fetch-site": "cross-site"},
    "same-site": {"sec-fetch-site": "same-site"},
    "typed in": {"sec-fetch-site": "none"},
    "our origin from another site": {"origin": "https://localhost", "sec-fetch-site": "cross-site"},
    "our origin from a sibling": {"origin": "https://localhost", "sec-fetch-site": "same-site"},
}


def scope(
    headers: dict[str, str], method: str = "POST", host: str = "localhost", path: str = "/ask"
) -> dict[str, object]:
    sent = {"host": host, "content-length": "10", **headers}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    return {"type": "http", "method": method, "path": path, "headers": raw, "client": ("192.0.2.1", 1)}


async def nothing(*_: object) -> None:
    """Stand in for the application: it is never reached."""


@pytest.mark.parametrize("forgery", ORIGINS)
def test_a_form_from_elsewhere_is_refused(forgery: str):
    refusal = Guard(nothing, site=SITE).refusal(scope(ORIGINS[forgery]))

    assert refusal is not None
    assert refusal[0] == 403


def test_a_form_of_this_site_goes_on_and_another_host_or_size_does_not():
    guard = Guard(nothing, site=SITE)
    ours = {"origin": "https://localhost"}

    assert guard.refusal(scope(ours)) is None
    assert guard.refusal(scope({"sec-fetch-site": "same-origin"})) is None
    assert guard.refusal(scope({}, "GET")) is None
    for host in ("evil.example.org", "localhost:444", "", "localhost.evil.example.org"):
        assert (guard.refusal(scope(ours, host=host)) or (0,))[0] == 421
    for length in ("", "-1", "1e3", "9999999999"):
        assert (guard.refusal(scope({**ours, "content-length": length})) or (0,))[0] == 413
    assert guard.refusal(scope({**ours, "content-length": "9999999"}, path="/exhibits/new")) is None


def test_a_burst_of_sign_ins_is_refused_until_a_minute_passed():
    now = [0.0]
    from countersign.web.security import Buckets

    guard = Guard(nothing, site=SITE, buckets=Buckets(lambda: now[0]))
    attempt = scope({"origin": "https://localhost"}, path="/sign-in")
    assert [guard.refusal(attempt) for _ in range(10)] == [None] * 10
    assert (guard.refusal(attempt) or (0,))[0] == 429
    now[0] += 6
    assert guard.refusal(attempt) is None


@pytest.mark.parametrize("path", ["/ask", "/sign-out", "/ask/check", "/sign-in/demonstration", "/exhibits/new"])
def test_a_form_without_its_value_changes_nothing(browser: Browser, path: str):
    browser.sign_in("requester")
    before = len(browser.scene.entries())
    answer = browser.client.post(path, data={"person": "x"}, headers={"origin": SITE.origin})

    assert answer.status_code == 403
    assert len(browser.scene.entries()) == before
    assert browser.client.cookies[COOKIE]


def test_there_are_at_least_a_hundred_forgeries():
    assert len(STATEMENTS) + len(ASSERTIONS) + len(COOKIES) + len(FORMS) + len(ORIGINS) >= 130
